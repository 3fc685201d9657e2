"""The feed in `single`: the tail of an event store, whichever it is.

One reader a process follows the log's end and keeps the latest events in a ring; every consumer that has caught up is
served from it, so that idle consumers cost nothing and ten of them one read an append. Who is behind reads for itself.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from events.store import EventStore, Recorded, StoreUnavailable

PAUSE_SECONDS = 0.5


class TailFeed:
    """A Feed over a store. It keeps `ring` events or `ring_bytes` of bodies; every `idle` seconds comes a sign of life.

    While the store cannot be reached consumers wait, and go on where they were.
    """

    def __init__(
        self, store: EventStore, *, ring: int = 4_096, ring_bytes: int = 8 * 1024 * 1024, idle: float = 5.0
    ) -> None:
        self._store = store
        self._limit = ring
        self._limit_bytes = ring_bytes
        self._idle = idle
        self._ring: list[Recorded] = []
        self._bytes = 0
        self._start = 0
        # -1 until the reader knows where the log ends.
        self._end = -1
        self._grown = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    async def batches(self, consumer: str, after: int, *, limit: int = 500) -> AsyncGenerator[Sequence[Recorded], None]:
        """As the port says."""
        if self._reader is None:
            self._reader = asyncio.create_task(self._follow(), name="store tail")
        place = after
        while True:
            batch = await self._after(place, limit)
            if batch:
                place = batch[-1].position
            elif await self._grows(place):
                continue
            yield batch

    def previous(self, recorded: Recorded) -> int:
        """As the port says: a store's positions have no holes."""
        return recorded.position - 1

    async def acknowledge(self, consumer: str, position: int) -> None:
        """Nothing to do: the store keeps everything, and the consumer its place."""

    async def close(self) -> None:
        """Stop reading; consumers that still wait get no more."""
        if self._reader is not None:
            reader, self._reader = self._reader, None
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader

    async def _after(self, place: int, limit: int) -> Sequence[Recorded]:
        if self._end < 0:
            return ()
        if self._start <= place:
            first = bisect_right(self._ring, place, key=_position)
            return self._ring[first : first + limit]
        try:
            return await self._store.read_all(place, limit=limit)
        except StoreUnavailable:
            await asyncio.sleep(PAUSE_SECONDS)
            return ()

    async def _grows(self, place: int) -> bool:
        grown = self._grown
        if self._end > place:
            # A turn for the others, whatever the store may answer next.
            await asyncio.sleep(0)
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._idle):
                await grown.wait()
                return True
        return False

    async def _follow(self) -> None:
        while True:
            try:
                if self._end < 0:
                    self._start = self._end = (await self._store.head()).position
                    self._wake()
                if await self._store.wait_for(self._end + 1, self._idle):
                    self._keep(await self._store.read_all(self._end, limit=1_000))
            except StoreUnavailable:
                await asyncio.sleep(PAUSE_SECONDS)

    def _keep(self, events: Sequence[Recorded]) -> None:
        if not events:
            return
        self._ring.extend(events)
        self._bytes += sum(len(event.body) for event in events)
        self._end = events[-1].position
        if len(self._ring) > self._limit or self._bytes > self._limit_bytes:
            self._trim()
        self._wake()

    def _trim(self) -> None:
        # Half at a time: cutting a list's front costs its length.
        gone = self._ring[: -self._limit // 2] or self._ring[: len(self._ring) // 2]
        self._start = gone[-1].position if gone else self._start
        self._ring = self._ring[len(gone) :]
        self._bytes = sum(len(event.body) for event in self._ring)

    def _wake(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()


def _position(event: Recorded) -> int:
    return event.position
