"""Several consumers and one reader: who stands near the others takes what was read once for all of them.

The fastest asks for more, and nobody waits for the slowest: who falls too far behind, or stands still, reads on its own
until it is near again. A reader that failed is nobody's any more; its other consumers go on with a fresh one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from events.store import Recorded

KEPT = 5_000
"""How many events are kept for those who are behind the fastest."""


class Brings(Protocol):
    """A reader of the whole log."""

    async def start(self) -> None:
        """Connect."""

    async def more(self) -> Sequence[Recorded]:
        """What comes next in the one order, or nothing as a sign of life."""

    async def acknowledge(self, position: int) -> None:
        """Everything up to the position need not come again."""

    async def close(self) -> None:
        """Disconnect."""


class Company:
    """The consumers of one reader that begins after a position. Make a new one when it is `broken`."""

    def __init__(self, reader: Brings, after: int, kept: int = KEPT) -> None:
        self._reader = reader
        self._kept = kept
        self._events: deque[Recorded] = deque()
        self._begin = self._end = after
        self._members: dict[str, int] = {}
        self._one = asyncio.Lock()
        self._started = False
        self.broken = False

    def serves(self, after: int) -> bool:
        """Whether it can go on from here."""
        return not self.broken and self._begin <= after <= self._end

    def join(self, consumer: str, after: int) -> None:
        """One more who takes part, from a position at which it serves; nothing new where it does already."""
        self._members.setdefault(consumer, after)

    async def leave(self, consumer: str) -> bool:
        """One less. True when it was the last: the reader is closed then."""
        self._members.pop(consumer, None)
        if self._members:
            return False
        self.broken = True
        if self._started:
            self._started = False
            await self._reader.close()
        return True

    async def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The next events after a position at which it serves, or nothing as a sign of life.

        Raises what the reader raises to whoever asked it for more; it is broken then, and serves nobody any more.
        """
        while self._lacks(position):
            async with self._one:
                # Whoever waited for the same finds it brought, or nobody left to bring it.
                if self._lacks(position) and not await self._bring():
                    return ()
        first = position - self._begin
        return list(islice(self._events, first, first + limit)) if self.serves(position) else ()

    async def acknowledge(self, consumer: str, position: int) -> None:
        """A member's effects are durable up to here: what all have behind them is let go."""
        if consumer not in self._members:
            return
        self._members[consumer] = position
        lowest = min(self._members.values())
        self._forget(lowest)
        if self._started:
            await self._reader.acknowledge(lowest)

    def _lacks(self, position: int) -> bool:
        return position == self._end and not self.broken

    async def _bring(self) -> bool:
        try:
            if not self._started:
                self._started = True
                await self._reader.start()
            brought = await self._reader.more()
        except BaseException:  # however it ends, what it holds is not trusted again
            self.broken = True
            raise
        self._events.extend(brought)
        self._end += len(brought)
        self._forget(self._end - self._kept)
        return bool(brought)

    def _forget(self, position: int) -> None:
        while self._events and self._begin < position:
            self._events.popleft()
            self._begin += 1
