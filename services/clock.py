"""The only place that reads the clock: the shell's time, real or driven by the story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

import uuid_utils

from events.times import Instant, instant, moment


class Clock(Protocol):
    """What time it is for the shell."""

    @property
    def demo(self) -> bool:
        """Whether the story drives this clock."""

    def now(self) -> Instant:
        """The present instant."""


class SystemClock:
    """The machine's clock, in UTC."""

    demo = False

    def now(self) -> Instant:
        """The present instant."""
        return instant(datetime.now(UTC))


class StoryClock:
    """A clock that stands still until it is moved, and never moves back."""

    demo = True

    def __init__(self, start: Instant) -> None:
        self._now = start

    def now(self) -> Instant:
        """The story's present."""
        return self._now

    def move(self, to: Instant) -> None:
        """Go on to a later instant; ValueError for an earlier one."""
        if to < self._now:
            raise ValueError(f"the story's clock stands at {self._now} and cannot go back to {to}")
        self._now = to


def wall_clock() -> datetime:
    """The machine's clock, for expiry of tokens and durations shown to people."""
    return datetime.now(UTC)


def moments(clock: Clock) -> Callable[[], datetime]:
    """The clock as aware datetimes, for the store's recording time."""
    return lambda: moment(clock.now())


def event_id() -> str:
    """A fresh UUIDv7."""
    return str(uuid_utils.uuid7())
