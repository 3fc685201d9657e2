"""The monitor's clock: the only file of this package that reads one."""

from __future__ import annotations

import time


def now_ms() -> int:
    """Milliseconds since 1970, for the age of what the log holds."""
    return time.time_ns() // 1_000_000  # noqa: TID251 -- the monitor's shell tells what time it is


def ticking() -> float:
    """Seconds that only go forward, for patience."""
    return time.monotonic()  # noqa: TID251 -- the watchdog measures how long nothing moved
