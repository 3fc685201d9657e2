"""Python runs this before anything else in a process that finds this folder on its path: its clock is wrong.

`SKEW_SECONDS` is by how much; a third of all processes, by their number, is ahead, a third behind, and a third right.
Measured time (`time.monotonic`) goes on as it is.
"""

from __future__ import annotations

import os
import sys
import time


def _skew() -> int:
    asked = int(os.environ.get("SKEW_SECONDS", "0"))
    return asked * (os.getpid() % 3 - 1)


if _skew():
    import time_machine

    time_machine.travel(time.time() + _skew(), tick=True).start()
    sys.stderr.write(f"the clock of this process is wrong by {_skew()} seconds\n")
