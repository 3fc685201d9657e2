"""When a failed delivery is tried again, and when a receiver counts as dead. The numbers are data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from events.webhooks import Progress

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds before each further attempt (the last one holds on), and what is too much: both limits together."""

    pauses: Sequence[float] = (5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR)
    dead_failures: int = 10
    dead_after: timedelta = timedelta(days=3)
    longest: timedelta = timedelta(days=1)
    """How long a receiver may ask us to wait (`Retry-After`)."""


PLAIN = Schedule()


def failed(progress: Progress, now: datetime, schedule: Schedule, wanted: timedelta | None = None) -> Progress:
    """After an attempt that failed; paused with `dead` when that is too much. `wanted` is the receiver's own pause."""
    failures = progress.failures + 1
    since = progress.failing_since or now
    if failures >= schedule.dead_failures and now - since >= schedule.dead_after:
        return replace(paused(progress, "dead"), failures=failures, failing_since=since)
    pause = timedelta(seconds=schedule.pauses[min(failures, len(schedule.pauses)) - 1])
    if wanted is not None:
        pause = max(pause, min(wanted, schedule.longest))
    return replace(progress, failures=failures, failing_since=since, due=now + pause)


def done(progress: Progress, sequence: int, now: datetime) -> Progress:
    """After an attempt that the receiver took; the next one keeps to the rate that it allows."""
    due = now + timedelta(minutes=1 / progress.rate) if progress.rate else None
    place = max(progress.place, sequence)
    return replace(progress, place=place, failures=0, failing_since=None, due=due)


def paused(progress: Progress, reason: str) -> Progress:
    """Nothing more is sent until somebody resumes it."""
    return replace(progress, status="paused", reason=reason, due=None)


def resumed(progress: Progress) -> Progress:
    """The receiver is asked again whether it agrees; it goes on where it was."""
    return replace(progress, status="pending", reason=None, failures=0, failing_since=None, due=None)
