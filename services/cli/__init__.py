"""The command line: every command ends in an exit code of the contract and, if it failed, one sentence."""

from __future__ import annotations

from services.bootstrap import open_runtime
from services.cli.app import exit_with
from services.cli.ports import Doors


def main() -> None:
    """The console script `wijkspoor`."""
    exit_with(Doors(whole=open_runtime, shared=open_runtime))
