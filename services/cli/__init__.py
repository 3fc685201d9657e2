"""The command line: every command ends in an exit code of the contract and, if it failed, one sentence."""

from __future__ import annotations


def main() -> None:
    """The console script `wijkspoor`."""
    # Bootstrap is composed for our ports, which live in this package: it is imported when the program starts.
    from services.bootstrap import open_empty, open_shared, open_whole, rebuild_views  # noqa: PLC0415 -- as said
    from services.cli.app import exit_with  # noqa: PLC0415 -- as said
    from services.cli.ports import Doors  # noqa: PLC0415 -- as said

    exit_with(Doors(whole=open_whole, shared=open_shared, empty=open_empty, rebuild=rebuild_views))
