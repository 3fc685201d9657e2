"""Keeps the consumers of this process going, and knows when everything is quiet.

A consumer that the store cannot serve is started again with growing pauses. One that is fenced, or whose machinery is
broken, stops for good, is named in `failures`, and turns health to DOWN: nothing is skipped. An event that cannot be
digested stops nobody: it stands on the stuck list with its stream (`parked`). A hole that lasts, and whatever else does
not go on by itself though it is tried again, is in `alarms`.

A database server that died is started again where it is ours, and consumers then begin again from the places that the
server remembers: it may have forgotten effects that it had promised only soon to sync.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

import structlog

from events.failures import CannotRun
from events.feed import Hole
from events.parking import Stuck
from events.store import EventStore, StoreUnavailable
from events.timers import TimerStore
from events.times import Instant
from services.clock import Clock, StoryClock
from services.parking import Attendant
from services.timers import Alarm

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
WAKE_SECONDS = 1.0
WATCH_SECONDS = 2.0
MEND_SECONDS = 0.2


async def _nothing_to_say() -> str | None:
    return None


class Stopped(RuntimeError):
    """A consumer has stopped for good: waiting for it makes no sense. The message names it and its error."""


class Runs(Protocol):
    """What is kept going: a consumer, mostly."""

    @property
    def name(self) -> str:
        """Its name in health and figures."""

    @property
    def position(self) -> int:
        """The last position it has handled; below 0 before it began."""

    @property
    def alarms(self) -> Mapping[str, str]:
        """What it waits for by itself without going on, and why."""

    def behind(self, head: int) -> int:
        """How much it has still to do, in events, when the log ends at `head`."""

    async def run(self) -> None:
        """Work until cancelled. StoreUnavailable and ConnectionError are waited out, anything else ends it."""

    async def reached(self, position: int) -> None:
        """Wait until it has handled the position."""


class Supervisor:
    """Runs consumers, the alarm of the timers and the running check as tasks of this event loop.

    Without `timers` and `alarm` no deadline fires here. `quiet` waits until other processes have settled too; without
    it those of this process are all there are. `watch` looks at the whole every few seconds and says what is wrong, or
    None. `pause` is how it waits, in seconds.
    `mend` starts again what has died of the machinery below, and says whether it had to; CannotRun from it is shown,
    and it is asked again. `attendant` looks after the stuck list of the consumers here.
    """

    def __init__(
        self,
        consumers: Sequence[Runs],
        store: EventStore,
        timers: TimerStore | None,
        alarm: Alarm | None,
        clock: Clock,
        watch: Callable[[], Coroutine[Any, Any, str | None]] = _nothing_to_say,
        pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
        mend: Callable[[], Coroutine[Any, Any, bool]] | None = None,
        quiet: Callable[[], Coroutine[Any, Any, int]] | None = None,
        attendant: Attendant | None = None,
    ) -> None:
        self._consumers = consumers
        self._store = store
        self._timers = timers
        self._alarm = alarm
        self._clock = clock
        self._watch = watch
        self._pause = pause
        self._mend = mend
        self._quiet = quiet
        self._attendant = attendant
        self._holes: dict[str, tuple[int, str]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._beginning = asyncio.Lock()
        self._away: str | None = None
        self._failed = asyncio.Event()
        self._firing = asyncio.Lock()
        self.failures: dict[str, str] = {}

    def start(self) -> None:
        """Begin; must be called inside the event loop."""
        for consumer in self._consumers:
            self._spawn(consumer.name, consumer.run)
        self._spawn("watch", self._look)
        if self._mend is not None:
            self._spawn("mend", partial(self._tend, self._mend))
        if self._attendant is not None:
            self._spawn("parking", self._attendant.run)
        if self._alarm is not None and not self._clock.demo:
            self._spawn("alarm", partial(self._ring, self._alarm))

    async def stop(self) -> None:
        """End all tasks; what was in hand is done or will be repeated."""
        # One that is ended may just be beginning others again.
        while self._tasks:
            tasks = list(self._tasks.values())
            self._tasks.clear()
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    def positions(self) -> Mapping[str, int]:
        """How far each consumer has come."""
        return {consumer.name: consumer.position for consumer in self._consumers}

    def behind(self, head: int) -> Mapping[str, int]:
        """How much each consumer has still to do, in events, when the log ends at `head`."""
        return {consumer.name: consumer.behind(head) for consumer in self._consumers}

    @property
    def parked(self) -> Sequence[Stuck]:
        """The streams on which consumers of this process stand still."""
        return self._attendant.parked if self._attendant is not None else ()

    @property
    def alarms(self) -> Mapping[str, str]:
        """What is tried again and again without going on, and why."""
        told: dict[str, str] = {}
        for consumer in self._consumers:
            position, hole = self._holes.get(consumer.name, (-1, ""))
            if hole and consumer.position <= position:
                told[consumer.name] = hole
            told.update(consumer.alarms)
        return told

    async def settled(self) -> int:
        """Wait until every consumer has reached the head and nothing new followed; the head's position.

        Stopped if a consumer will never get there, StoreUnavailable while the store is away.
        """
        if self._quiet is not None:
            return await self._quiet()
        position = -1
        while True:
            head = (await self._store.head()).position
            if head == position:
                return head
            position = head
            await self._all_reached(position)

    async def advance(self, to: Instant) -> None:
        """Move the story's clock, firing every deadline on the way in order, each at its own instant.

        ValueError if the clock would go back; TypeError on a log whose time is real, or where no deadlines are kept.
        """
        if not isinstance(self._clock, StoryClock) or self._timers is None or self._alarm is None:
            raise TypeError("the time of this log is real, or kept by another process, and cannot be moved here")
        async with self._firing:
            while True:
                await self.settled()
                due = await self._timers.next_due()
                if due is None or due > to:
                    break
                self._clock.move(max(due, self._clock.now()))
                await self._clock.share()
                await self._alarm.fire_due()
            self._clock.move(to)
            await self._clock.share()

    async def _all_reached(self, position: int) -> None:
        reached = asyncio.gather(*(consumer.reached(position) for consumer in self._consumers))
        failed = asyncio.ensure_future(self._failed.wait())
        try:
            await asyncio.wait((reached, failed), return_when=asyncio.FIRST_COMPLETED)
            if not reached.done() and (self._away is not None or not self.failures):
                raise StoreUnavailable(self._away or "the store was away for a moment")
            if not reached.done():
                raise Stopped("; ".join(f"{name}: {why}" for name, why in self.failures.items()))
            await reached
        finally:
            for future in (reached, failed):
                future.cancel()
                with suppress(asyncio.CancelledError):
                    await future

    async def _ring(self, alarm: Alarm) -> None:
        while True:
            async with self._firing:
                await alarm.fire_due()
            await self._pause(WAKE_SECONDS)

    async def _look(self) -> None:
        while True:
            try:
                self._found(await self._watch())
            except (StoreUnavailable, ConnectionError) as error:
                self._lost(str(error))
                log.warning("the running check waits for the store", error=str(error))
            else:
                if self._away is not None:
                    await self._back()
            await self._pause(WATCH_SECONDS)

    def _lost(self, why: str) -> None:
        """Who waits for consumers need not wait: the store is away."""
        self._away = why
        self._failed.set()

    async def _back(self) -> None:
        """The store is there again. Who was told that it is away is awake by now."""
        self._away = None
        if not any(consumer.name in self.failures for consumer in self._consumers):
            self._failed.clear()
        await self._begin_again()

    def _found(self, finding: str | None) -> None:
        if finding:
            self.failures["watch"] = finding
            log.error("the running check found something", finding=finding)
        elif self.failures.pop("watch", None):
            log.info("the running check is content again")

    async def _tend(self, mend: Callable[[], Coroutine[Any, Any, bool]]) -> None:
        pause = MEND_SECONDS
        while True:
            try:
                if await mend():
                    log.warning("the database server had died and was started again")
                    await self._back()
                self.failures.pop("database", None)
                pause = MEND_SECONDS
            except CannotRun as error:
                self.failures["database"] = str(error)
                self._lost(str(error))
                log.error("the database server does not start", error=str(error))  # noqa: TRY400 -- its sentence says it all
                pause = min(pause * 2, LONGEST_PAUSE)
            await self._pause(pause)

    async def _begin_again(self) -> None:
        async with self._beginning:
            for consumer in self._consumers:
                if consumer.name not in self.failures and (task := self._tasks.get(consumer.name)):
                    task.cancel()
                    # Not by awaiting it: its cancellation could not be told from our own, and `stop` would wait for us.
                    await asyncio.wait((task,))
                    self._spawn(consumer.name, consumer.run)

    def _spawn(self, name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._tasks[name] = asyncio.create_task(self._keep(name, run), name=name)

    async def _keep(self, name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await run()
                # Who ends without a word is begun again, but never without a breath between.
                await self._pause(pause)
            except Hole as hole:
                self._holes[name] = (self.positions().get(name, -1), str(hole))
                log.error("consumer waits for a position", consumer=name, error=str(hole))  # noqa: TRY400 -- its sentence says it all
                await self._pause(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except (StoreUnavailable, ConnectionError) as error:
                self._lost(str(error))
                log.warning("consumer waits for the store", consumer=name, error=str(error))
                await self._pause(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:
                self.failures[name] = f"{type(error).__name__}: {error}"
                self._failed.set()
                log.exception("consumer stopped for good", consumer=name)
                return
