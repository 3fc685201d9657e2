"""One partition of one member: a feed of what came, and the engine that runs over it until the partition goes away."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError

from events.adapters.kafka.incoming import Event, event_of
from events.consumer import Consumer, Fenced, Gap, Sink
from events.store import Recorded, StoreUnavailable

log = structlog.get_logger()

Turn: TypeAlias = Callable[[Recorded], Awaitable[bool]]
"""Whether everything that an event may rest on has been handled, by whichever process."""

Stray: TypeAlias = Callable[[Recorded], Awaitable[None]]
"""Keeps a record that is no event; its position is 0."""

ROOM = 1_000
FINISH_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
FIRST_LOOK, LONGEST_LOOK = 0.005, 0.2


async def at_once(_event: Recorded) -> bool:
    """Every event's turn has come."""
    return True


async def nowhere(_event: Recorded) -> None:
    """Strays are in the program's log alone."""


class Partition:
    """A Feed of one partition for one consumer, and the task of that consumer.

    It keeps what has no effect yet, so that a consumer that begins again gets it again. `unprocessed` is the offset of
    the first of it, once something was processed; `hint` that of the last event handled, or what follows on a stray.
    """

    def __init__(
        self,
        client: AIOKafkaConsumer,
        where: TopicPartition,
        name: str,
        sink: Sink,
        alarms: dict[str, str],
        quiet: frozenset[str],
        turn: Turn,
        stray: Stray,
    ) -> None:
        self._client = client
        self._alarms = alarms
        self._quiet = quiet
        self._turn = turn
        self._stray = stray
        self._strays: deque[tuple[Event, int]] = deque()
        self._consumer = Consumer(self, sink)
        self.sink = sink
        self._kept: deque[tuple[Event, int]] = deque()
        self._given = 0
        self._came = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._gap_at: int | None = None
        self.where = where
        self.name = name
        self.unprocessed: int | None = None
        self.hint: int | None = None
        self.committed: int | None = None

    @property
    def position(self) -> int:
        """The last position handled; below 0 before it began."""
        return self._consumer.position

    @property
    def hungry(self) -> bool:
        """Whether there is room for more."""
        return len(self._kept) < ROOM

    def behind(self) -> int:
        """How many records have no effect yet, as far as the broker told."""
        end = self._client.highwater(self.where) or 0
        return max(end - (self.unprocessed or 0), 0) if self.unprocessed is not None else len(self._kept)

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def finish(self) -> None:
        """Finish the event in hand and stop; what takes too long is cut off, and will be repeated by the next."""
        self._closing.set()
        self._came.set()
        task, self._task = self._task, None
        if task is not None:
            done, _ = await asyncio.wait({task}, timeout=FINISH_SECONDS)
            if not done:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    def put(self, records: Sequence[Any]) -> None:
        """What was fetched, in the partition's order."""
        for record in records:
            event = event_of(record, self.name)
            (self._kept if event.position else self._strays).append((event, record.offset + 1))
        self._came.set()

    async def batches(self, consumer: str, after: int, *, limit: int = 500) -> AsyncGenerator[Sequence[Recorded], None]:
        """As the port says: it ends when the partition goes away. At most the last event of a batch is not quiet."""
        self._given = 0
        while not self._closing.is_set():
            await self._set_aside()
            # What was seen gets no acknowledgement of its own.
            self._forget(max(after, self._consumer.position))
            batch, due = self._next(limit)
            if batch:
                self._given += len(batch)
                yield batch
            elif due is None:
                await self._came.wait()
                self._came.clear()
            elif await self._comes(due):
                self._given += 1
                yield (due,)

    def previous(self, recorded: Recorded) -> int:
        """As the port says."""
        found: int = recorded.previous  # type: ignore[attr-defined]  # what comes from Kafka has it
        return found

    async def acknowledge(self, consumer: str, position: int) -> None:
        """As the port says."""
        self._forget(position)
        self._gap_at = None
        self._alarms.pop(self.name, None)

    def _forget(self, position: int) -> None:
        while self._kept and self._kept[0][0].position <= position:
            _, self.unprocessed = self._kept.popleft()
            self.hint = self.unprocessed - 1
            self._given = max(self._given - 1, 0)

    def _next(self, limit: int) -> tuple[list[Recorded], Recorded | None]:
        """The quiet events that come next, and the one after them that is not."""
        quiet: list[Recorded] = []
        for event, _ in islice(self._kept, self._given, self._given + limit):
            if event.type not in self._quiet:
                return quiet, event
            quiet.append(event)
        return quiet, None

    async def _set_aside(self) -> None:
        """Strays go to the list before any event that came after them."""
        while self._strays:
            event, following = self._strays[0]
            await self._stray(event)
            self._strays.popleft()
            if not self._kept:
                # A stray is not met again: whoever discarded it has done with it.
                self.unprocessed = self.hint = following

    async def _comes(self, event: Recorded) -> bool:
        """Wait for an event's turn; False when the partition goes away first."""
        pause = FIRST_LOOK
        while not self._closing.is_set():
            if await self._turn(event):
                return True
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._closing.wait()
            pause = min(pause * 2, LONGEST_LOOK)
        return False

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            before = self._consumer.position
            try:
                await self._consumer.run()
            except Gap as gap:
                self._gap(gap)
            except Fenced as fenced:
                log.info("another member has gone on", consumer=self.name, error=str(fenced))
            except (StoreUnavailable, ConnectionError) as error:
                log.warning("consumer waits for the store", consumer=self.name, error=str(error))
                self._alarms[self.name] = str(error)
            except Exception as error:  # the boundary of the partition's task
                # Events that cannot be digested were parked: this is about the machinery, and may be mended meanwhile.
                self._alarms[self.name] = f"{type(error).__name__}: {error}"
                log.exception("consumer failed, and will try again", consumer=self.name)
            pause = FIRST_PAUSE if self._consumer.position > before else min(pause * 2, LONGEST_PAUSE)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._closing.wait()

    def _gap(self, gap: Gap) -> None:
        """Look again from the beginning; a gap that is there again at the same place is an alarm."""
        if self._gap_at == self._consumer.position:
            self._alarms[self.name] = str(gap)
            log.error("a gap in a partition", consumer=self.name, error=str(gap))
        else:
            log.warning("reading a partition again from its beginning", consumer=self.name, error=str(gap))
        self._gap_at = self._consumer.position
        self._kept.clear()
        self._strays.clear()
        self._given = 0
        # The partition may just have been taken away.
        with suppress(IllegalStateError):
            self._client.seek(self.where, 0)
