"""The command line: every command ends in an exit code of the contract and, if it failed, one sentence."""
