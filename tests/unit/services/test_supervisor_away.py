"""While the store is away nobody waits in vain; when it is back consumers begin again from what it remembers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from events.adapters.tail import TailFeed
from events.consumer import Consumer
from events.failures import CannotRun
from events.store import Recorded, StoreUnavailable
from services.registry import SERVICES
from services.supervisor import LONGEST_PAUSE, MEND_SECONDS, WATCH_SECONDS, Stopped, Supervisor
from services.timers import Alarm
from tests.unit.services.kernel import Kernel, Pauses, turns

PATIENCE = 10.0


class Sink:
    """Counts how often it was asked for its place; it applies nothing until it may."""

    def __init__(self, name: str = "sink", error: Exception | None = None) -> None:
        self.name = name
        self.error = error
        self.asked = 0
        self.may_go, self.begun = asyncio.Event(), asyncio.Event()
        # A transaction that is undone when its consumer is ended takes its time.
        self.ending, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()
        self.applied = 0

    async def place(self) -> int:
        """What the store remembers."""
        self.asked += 1
        return self.applied

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """Wait, and fail or be done."""
        self.begun.set()
        try:
            await self.may_go.wait()
        finally:
            self.ending.set()
            await self.may_end.wait()
        if self.error is not None:
            raise self.error
        self.applied = batch[-1].position


class Machine:
    """What lies below: `watched` and `mended` are what the next looks will meet, the last one for ever."""

    def __init__(self) -> None:
        self.watched: list[str | Exception | None] = [None]
        self.mended: list[bool | Exception] = [False]

    async def watch(self) -> str | None:
        """Look at the whole."""
        met = self.watched.pop(0) if len(self.watched) > 1 else self.watched[0]
        if isinstance(met, Exception):
            raise met
        return met

    async def mend(self) -> bool:
        """Look at the database server."""
        met = self.mended.pop(0) if len(self.mended) > 1 else self.mended[0]
        if isinstance(met, Exception):
            raise met
        return met


class Stage:
    """A supervisor over sinks, and everything that a test turns."""

    def __init__(self, *sinks: Sink) -> None:
        self.kernel, self.machine, self.pauses = Kernel(), Machine(), Pauses()
        self.feed = TailFeed(self.kernel.store)
        clock, timers = self.kernel.clock, self.kernel.timers
        alarm = Alarm(SERVICES, timers, self.kernel.sender, clock)
        consumers = [Consumer(self.feed, sink) for sink in sinks]
        self.whole = Supervisor(
            consumers,
            self.kernel.store,
            timers,
            alarm,
            clock,
            self.machine.watch,
            self.pauses,
            self.machine.mend,
        )

    async def __aenter__(self) -> Stage:
        await self.kernel.publish()
        self._patience = asyncio.timeout(PATIENCE)
        await self._patience.__aenter__()
        self.whole.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.whole.stop()
        await self.feed.close()
        await self._patience.__aexit__(None, None, None)

    async def looks(self, name: str) -> float:
        """Its pause ends, it looks once more; how long it pauses then."""
        self.pauses.end(name)
        return await self.pauses.begun(name)


async def test_who_waits_hears_that_the_store_is_away() -> None:
    sink = Sink()
    async with Stage(sink) as stage:
        await stage.pauses.begun("watch")
        await sink.begun.wait()
        waiting = asyncio.create_task(stage.whole.settled())
        stage.machine.watched = [StoreUnavailable("the store is away")]
        assert await stage.looks("watch") == WATCH_SECONDS
        with pytest.raises(StoreUnavailable, match="the store is away"):
            await waiting
        assert stage.whole.failures == {}, "it is waited for, and nobody has stopped"


@pytest.mark.parametrize("error", [StoreUnavailable("away"), ConnectionRefusedError("away")])
async def test_when_the_store_is_back_consumers_begin_again_from_their_place(error: Exception) -> None:
    sink = Sink()
    async with Stage(sink) as stage:
        await stage.pauses.begun("watch")
        await sink.begun.wait()
        stage.machine.watched = [error, None]
        await stage.looks("watch")
        assert sink.asked == 1
        sink.may_go.set()
        await stage.looks("watch")
        assert await stage.whole.settled() == 1
        assert sink.asked == 2


async def test_when_the_store_is_back_who_waits_waits_for_the_consumers_again() -> None:
    sink = Sink()
    async with Stage(sink) as stage:
        await stage.pauses.begun("watch")
        await sink.begun.wait()
        stage.machine.watched = [StoreUnavailable("away"), None]
        await stage.looks("watch")
        sink.begun.clear()
        await stage.looks("watch")
        waiting = asyncio.create_task(stage.whole.settled())
        await sink.begun.wait()
        await turns()
        assert not waiting.done(), waiting
        sink.may_go.set()
        assert await waiting == 1


async def test_a_store_that_was_never_away_disturbs_nobody() -> None:
    sink = Sink()
    async with Stage(sink) as stage:
        await stage.pauses.begun("watch")
        await sink.begun.wait()
        await stage.looks("watch")
        await stage.looks("mend")
        sink.may_go.set()
        assert await stage.whole.settled() == 1
        assert sink.asked == 1


async def test_who_stopped_for_good_is_not_begun_again() -> None:
    broken, sound = Sink("broken", ValueError("poison")), Sink("sound")
    with capture_logs():
        async with Stage(broken, sound) as stage:
            broken.may_go.set()
            with pytest.raises(Stopped):
                await stage.whole.settled()
            stage.machine.watched = [StoreUnavailable("away"), None]
            await stage.pauses.begun("watch")
            await stage.looks("watch")
            sound.may_go.set()
            await stage.looks("watch")
            with pytest.raises(Stopped, match="broken: ValueError: poison"):
                await stage.whole.settled()
            assert broken.asked == 1
            assert set(stage.whole.failures) == {"broken"}


async def test_a_database_server_that_was_started_again_is_read_from_the_place_it_remembers() -> None:
    sink = Sink()
    async with Stage(sink) as stage:
        assert await stage.pauses.begun("mend") == MEND_SECONDS
        await sink.begun.wait()
        stage.machine.mended = [True, False]
        sink.may_go.set()
        assert await stage.looks("mend") == MEND_SECONDS
        assert await stage.whole.settled() == 1
        assert sink.asked == 2
        assert stage.whole.failures == {}


async def test_a_database_server_that_does_not_start_is_named_with_growing_pauses_until_it_does() -> None:
    sink = Sink()
    with capture_logs() as lines:
        async with Stage(sink) as stage:
            await stage.pauses.begun("mend")
            await sink.begun.wait()
            full = CannotRun("The disk is full: make room.")
            stage.machine.mended = [*[full] * 9, True, False]
            pauses = [await stage.looks("mend") for _ in range(9)]
            assert pauses == sorted(pauses)
            assert pauses[0] == min(MEND_SECONDS * 2, LONGEST_PAUSE)
            assert pauses[-1] == LONGEST_PAUSE
            assert stage.whole.failures == {"database": "The disk is full: make room."}
            with pytest.raises(StoreUnavailable, match="The disk is full"):
                await stage.whole.settled()

            sink.may_go.set()
            assert await stage.looks("mend") == MEND_SECONDS
            assert stage.whole.failures == {}
            assert await stage.whole.settled() == 1
    assert sum(line["event"] == "the database server does not start" for line in lines) == 9


async def test_a_program_that_stops_while_consumers_begin_again_ends() -> None:
    sink = Sink()
    async with Stage(sink) as stage:
        await stage.pauses.begun("watch")
        await sink.begun.wait()
        stage.machine.watched = [StoreUnavailable("away"), None]
        await stage.looks("watch")
        sink.may_end.clear()
        stage.pauses.end("watch")
        await sink.ending.wait()

        stopping = asyncio.create_task(stage.whole.stop())
        await asyncio.sleep(0)
        sink.may_end.set()
        done, _ = await asyncio.wait({stopping}, timeout=2.0)
        if not done:
            stopping.cancel()
            with suppress(asyncio.CancelledError):
                await stopping
        assert done, "stop waits for a task that did not hear that it was ended"
        names = {task.get_name() for task in asyncio.all_tasks()}
        assert not names & {"sink", "watch", "mend"}
