"""Keeps the consumers of this process going, and knows when everything is quiet.

A consumer that the store cannot serve is started again with growing pauses. One that is fenced, or that meets an event
it cannot digest, stops for good, is named in `failures`, and turns health to DOWN: nothing is skipped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog

from events.consumer import Consumer
from events.store import EventStore, StoreUnavailable
from events.timers import TimerStore
from events.times import Instant
from services.clock import Clock, StoryClock
from services.timers import Alarm

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
WAKE_SECONDS = 1.0
WATCH_SECONDS = 2.0


async def _nothing_to_say() -> str | None:
    return None


class Stopped(RuntimeError):
    """A consumer has stopped for good: waiting for it makes no sense. The message names it and its error."""


class Supervisor:
    """Runs consumers, the alarm of the timers and the running check as tasks of this event loop.

    `watch` looks at the whole every few seconds and says what is wrong, or None.
    """

    def __init__(
        self,
        consumers: Sequence[Consumer],
        store: EventStore,
        timers: TimerStore,
        alarm: Alarm,
        clock: Clock,
        watch: Callable[[], Coroutine[Any, Any, str | None]] = _nothing_to_say,
    ) -> None:
        self._consumers = consumers
        self._store = store
        self._timers = timers
        self._alarm = alarm
        self._clock = clock
        self._watch = watch
        self._tasks: list[asyncio.Task[None]] = []
        self._failed = asyncio.Event()
        self._firing = asyncio.Lock()
        self.failures: dict[str, str] = {}

    def start(self) -> None:
        """Begin; must be called inside the event loop."""
        for consumer in self._consumers:
            self._spawn(consumer.name, consumer.run)
        self._spawn("watch", self._look)
        if not self._clock.demo:
            self._spawn("alarm", self._ring)

    async def stop(self) -> None:
        """End all tasks; what was in hand is done or will be repeated."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()

    def positions(self) -> Mapping[str, int]:
        """How far each consumer has come."""
        return {consumer.name: consumer.position for consumer in self._consumers}

    async def settled(self) -> int:
        """Wait until every consumer has reached the head and nothing new followed; the head's position.

        Stopped if a consumer will never get there.
        """
        position = -1
        while True:
            head = (await self._store.head()).position
            if head == position:
                return head
            position = head
            await self._all_reached(position)

    async def advance(self, to: Instant) -> None:
        """Move the story's clock, firing every deadline on the way in order, each at its own instant.

        ValueError if the clock would go back; TypeError on a log whose time is real.
        """
        if not isinstance(self._clock, StoryClock):
            raise TypeError("the time of this log is real and cannot be moved")
        async with self._firing:
            while True:
                await self.settled()
                due = await self._timers.next_due()
                if due is None or due > to:
                    break
                self._clock.move(max(due, self._clock.now()))
                await self._alarm.fire_due()
            self._clock.move(to)

    async def _all_reached(self, position: int) -> None:
        reached = asyncio.gather(*(consumer.reached(position) for consumer in self._consumers))
        failed = asyncio.ensure_future(self._failed.wait())
        try:
            await asyncio.wait((reached, failed), return_when=asyncio.FIRST_COMPLETED)
            if not reached.done():
                raise Stopped("; ".join(f"{name}: {why}" for name, why in self.failures.items()))
            await reached
        finally:
            for future in (reached, failed):
                future.cancel()
                with suppress(asyncio.CancelledError):
                    await future

    async def _ring(self) -> None:
        while True:
            async with self._firing:
                await self._alarm.fire_due()
            await asyncio.sleep(WAKE_SECONDS)

    async def _look(self) -> None:
        while True:
            if finding := await self._watch():
                self.failures["watch"] = finding
                log.error("the running check found something", finding=finding)
            elif self.failures.pop("watch", None):
                log.info("the running check is content again")
            await asyncio.sleep(WATCH_SECONDS)

    def _spawn(self, name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._tasks.append(asyncio.create_task(self._keep(name, run), name=name))

    async def _keep(self, name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await run()
            except (StoreUnavailable, ConnectionError) as error:
                log.warning("consumer waits for the store", consumer=name, error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:
                self.failures[name] = f"{type(error).__name__}: {error}"
                self._failed.set()
                log.exception("consumer stopped for good", consumer=name)
                return
