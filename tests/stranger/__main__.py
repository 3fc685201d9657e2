"""`python -m tests.stranger FOLDER`: what a stranger finds in an exported log; exit 1 if that is something."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.stranger.checking import check
from tests.stranger.reading import read


def main() -> None:
    """Read, check, tell."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.stranger FOLDER")
    events = list(read(Path(sys.argv[1])))
    findings = list(check(events, whole=False))
    for one in findings:
        sys.stdout.write(f"{one.rule}  {one.position}  {one.about}  {one.detail}\n")
    sys.stdout.write(f"{len(events)} events, {len(findings)} findings\n")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
