"""The one engine that carries reactions, timers and projections over a feed.

It knows ports only. A sink makes a batch's effects durable together with its place, or so that repeating the batch
changes nothing; the engine delivers in the log's order, drops what was seen, and stops at a gap instead of skipping.
What follows on what, the feed knows: it may carry the whole log or one partition of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Protocol

from events.feed import Feed
from events.store import Recorded, StoreUnavailable


class Fenced(Exception):
    """Another instance of this consumer has taken over: this one must stop, its effects were not written."""


class Gap(Exception):
    """The feed skipped a position: a hole in the log or a broken feed. Nothing after it was handled."""


class Rewound(StoreUnavailable):
    """The store has forgotten the latest effects: it crashed before it had synced them. Run again, from its place."""


class Places(Protocol):
    """Where each consumer has come to, kept beside its effects."""

    async def load(self, consumer: str) -> int:
        """The last position handled; 0 for a new consumer."""

    async def advance(self, consumer: str, expected: int, position: int) -> None:
        """Move the place; Fenced when it is not `expected` any more."""


class Sink(Protocol):
    """What a consumer does with events."""

    @property
    def name(self) -> str:
        """The consumer's name; its place is kept under it."""

    async def place(self) -> int:
        """The last position whose effects are durable."""

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """Make the effects of the batch durable and move the place to its last position; Fenced if superseded."""


class Consumer:
    """One named consumer: a feed, a sink, and how far it has come (`position`)."""

    def __init__(self, feed: Feed, sink: Sink) -> None:
        self._feed = feed
        self._sink = sink
        self._moved = asyncio.Condition()
        self.position = -1

    @property
    def name(self) -> str:
        """The consumer's name."""
        return self._sink.name

    async def run(self) -> None:
        """Consume for ever. Raises what the sink raises; a gap raises Gap. Cancel to stop: the batch in hand is
        either done or will be repeated."""
        await self._arrive(await self._sink.place())
        async with aclosing(self._feed.batches(self.name, self.position)) as batches:
            async for batch in batches:
                fresh = self._fresh(batch)
                if not fresh:
                    continue
                self._complete(fresh)
                await self._apply(fresh)
                await self._arrive(fresh[-1].position)
                await self._feed.acknowledge(self.name, self.position)

    async def reached(self, position: int) -> None:
        """Wait until the effects of everything up to the position are durable."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.position >= position)

    @property
    def alarms(self) -> Mapping[str, str]:
        """None of its own: what it cannot get past, it raises."""
        return {}

    def behind(self, head: int) -> int:
        """How many events it has not handled, when the log ends at `head`."""
        return max(head - max(self.position, 0), 0)

    async def _apply(self, fresh: Sequence[Recorded]) -> None:
        try:
            await self._sink.apply(fresh)
        except Fenced:
            place = await self._sink.place()
            if place < self.position:
                # Nobody has gone on from where we stood.
                raise Rewound(f"{self.name} stood at {self.position}, the store knows of {place}") from None
            raise

    def _fresh(self, batch: Sequence[Recorded]) -> list[Recorded]:
        """What has not come before, in earlier batches or in this one. A hole is not seen here: the order is."""
        fresh: list[Recorded] = []
        for event in batch:
            if event.position > (fresh[-1].position if fresh else self.position):
                fresh.append(event)
        return fresh

    def _complete(self, fresh: Sequence[Recorded]) -> None:
        last = self.position
        for event in fresh:
            if (previous := self._feed.previous(event)) != last:
                raise Gap(f"{self.name}: {previous} comes before {event.position}, and {last} was the last to come")
            last = event.position

    async def _arrive(self, position: int) -> None:
        async with self._moved:
            self.position = position
            self._moved.notify_all()
