"""How fast an export is written and verified, a core.

Usage: python -m tests.unit.projections.audit.speed [EVENTS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.unit.events.proof.forge import Forge
from tests.unit.projections.audit.exports import check, write


def main(events: int) -> None:
    """Print CPU seconds for a million events, measured on so many."""
    with tempfile.TemporaryDirectory() as folder:
        log = Forge().log(events)
        size = sum(len(event.body) for event in log) // events
        began = time.process_time()
        out = write(log, Path(folder) / "out")
        _say(f"export, {size} bytes an event", events, began)
        del log
        for level in ("chain", "full"):
            began = time.process_time()
            assert check(out, level=level).ok
            _say(f"verify {level}", events, began)


def _say(what: str, events: int, began: float) -> None:
    spent = time.process_time() - began
    sys.stdout.write(f"{what}: {spent / events * 1_000_000:.1f} s a million, {events / spent:,.0f}/s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
