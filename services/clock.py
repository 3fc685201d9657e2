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

    @property
    def moves(self) -> bool:
        """Whether it is this process that moves it."""

    def now(self) -> Instant:
        """The present instant."""

    async def refresh(self) -> None:
        """Learn the present anew where another process moves it; call before work that asks for `now`."""


class SystemClock:
    """The machine's clock, in UTC."""

    demo = False
    moves = False

    def now(self) -> Instant:
        """The present instant."""
        return instant(datetime.now(UTC))

    async def refresh(self) -> None:
        """Nothing to learn."""


class StoryClock:
    """A clock that stands still until it is moved, and never moves back."""

    demo = True
    moves = True

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

    async def refresh(self) -> None:
        """Nothing to learn: only this process moves it."""

    async def share(self) -> None:
        """Nobody to tell."""


class SharedTime(Protocol):
    """Where the processes of one demo agree on what time it is."""

    async def load(self) -> Instant | None:
        """The story's present; None before it was first moved."""

    async def store(self, to: Instant) -> None:
        """Move it for everybody; an earlier instant changes nothing."""


class SharedStoryClock(StoryClock):
    """The story's clock of several processes: one moves it, the others learn of it before they act."""

    def __init__(self, start: Instant, shared: SharedTime, *, moves: bool = False) -> None:
        super().__init__(start)
        self._shared = shared
        self.moves = moves

    async def refresh(self) -> None:
        """Take over what another process has set."""
        told = await self._shared.load()
        if told is not None and told > self.now():
            self.move(told)

    async def share(self) -> None:
        """Tell the others where it stands; they must know before anything happens at that time."""
        await self._shared.store(self.now())


def wall_clock() -> datetime:
    """The machine's clock, for expiry of tokens and durations shown to people."""
    return datetime.now(UTC)


def moments(clock: Clock) -> Callable[[], datetime]:
    """The clock as aware datetimes, for the store's recording time."""
    return lambda: moment(clock.now())


def event_id() -> str:
    """A fresh UUIDv7."""
    return str(uuid_utils.uuid7())
