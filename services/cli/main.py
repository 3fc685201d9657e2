"""The console script `wijkspoor`. A process with one role in a cluster loads what that takes, and not every command."""

from __future__ import annotations

import sys
from importlib import import_module

ROLES = frozenset({"serve", "work", "relay", "project", "timers", "publish"})


def main() -> None:
    """Run the command of this process's arguments, and exit with its code."""
    arguments = sys.argv[1:]
    room = "one_role" if arguments and arguments[0] in ROLES else "every_command"
    sys.exit(import_module(f"services.cli.{room}").run(arguments))


if __name__ == "__main__":
    main()
