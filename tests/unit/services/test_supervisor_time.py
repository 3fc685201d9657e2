"""Time on a log: the story's clock stops at every deadline on its way, the machine's clock rings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from events.adapters.tail import TailFeed
from events.consumer import Consumer
from events.intake import CallOpened, CallPublished
from events.store import StoreUnavailable
from events.times import Instant
from services import house, supervisor
from services.clock import StoryClock, SystemClock
from services.deciding import Issue, SetTimer, TimerChange
from services.intake.commands import CloseCall, OpenCall
from services.registry import SERVICES
from services.supervisor import Stopped, Supervisor
from services.timers import Alarm, TimerSink
from tests.unit.services.intake.examples import CALL
from tests.unit.services.kernel import CLOSES, OPENS, Kernel, Pauses, turns
from tests.unit.services.supervised import PATIENCE, Listener, everything, running

LONG_AFTER = "2030-01-01T00:00:00.000000Z"


class RealClock(StoryClock):
    """A clock that says it is real."""

    demo = False


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


async def test_the_time_of_a_real_log_cannot_be_moved(kernel: Kernel) -> None:
    async with running(kernel, clock=SystemClock()) as whole:
        with pytest.raises(TypeError, match="real"):
            await whole.advance(LONG_AFTER)


async def test_the_clock_never_goes_back(kernel: Kernel) -> None:
    kernel.clock.move(OPENS)
    async with running(kernel, *everything(kernel)) as whole:
        with pytest.raises(ValueError, match="cannot go back"):
            await whole.advance(house.FIRST_DAY)
        assert kernel.clock.now() == OPENS
        await whole.advance(OPENS)
        assert kernel.clock.now() == OPENS


async def happened(kernel: Kernel) -> list[tuple[str, Instant]]:
    """What intake recorded, and when."""
    frames = [event.envelope for event in await kernel.events()]
    return [(one.type, one.occurred_at) for one in frames if one.stream.startswith("call-")]


async def test_advance_fires_each_deadline_at_its_own_instant_in_order(kernel: Kernel) -> None:
    await kernel.publish()
    async with running(kernel, *everything(kernel)) as whole:
        await whole.advance(LONG_AFTER)
    assert await happened(kernel) == [
        ("CallPublished", house.FIRST_DAY),
        ("CallOpened", OPENS),
        ("CallClosed", CLOSES),
    ]
    assert kernel.clock.now() == LONG_AFTER


def chained(fact: object) -> Sequence[TimerChange]:
    """Opening sets the deadline of closing, and nothing else does."""
    match fact:
        case CallPublished():
            return (SetTimer("open", OPENS, Issue("call", CALL, OpenCall())),)
        case CallOpened():
            return (SetTimer("close", CLOSES, Issue("call", CALL, CloseCall())),)
        case _:
            return ()


async def test_advance_fires_also_the_deadlines_that_firing_sets(kernel: Kernel) -> None:
    services = dict(SERVICES) | {"intake": replace(SERVICES["intake"], timers=chained)}
    await kernel.publish()
    async with running(kernel, *everything(kernel, services), services=services) as whole:
        await whole.advance(LONG_AFTER)
    assert (await happened(kernel))[1:] == [("CallOpened", OPENS), ("CallClosed", CLOSES)]


async def test_what_is_not_due_by_then_stays(kernel: Kernel) -> None:
    await kernel.publish()
    async with running(kernel, *everything(kernel)) as whole:
        await whole.advance("2021-07-10T21:59:58.999999Z")
        assert [type_ for type_, _ in await happened(kernel)] == ["CallPublished", "CallOpened"]
        assert await kernel.timers.next_due() == CLOSES
        await whole.advance(CLOSES)
    assert (await happened(kernel))[-1] == ("CallClosed", CLOSES)


async def test_a_deadline_that_was_missed_fires_now_and_not_in_the_past(kernel: Kernel) -> None:
    await kernel.publish()
    async with running(kernel, TimerSink(SERVICES, kernel.timers)) as whole:
        await whole.settled()
        kernel.clock.move(CLOSES)
        await whole.advance(LONG_AFTER)
    assert (await happened(kernel))[1:] == [("CallOpened", CLOSES), ("CallClosed", CLOSES)]


async def test_what_follows_from_a_deadline_happens_before_the_next_one(kernel: Kernel) -> None:
    await kernel.publish()
    async with running(kernel, *everything(kernel)) as whole:
        await whole.advance(LONG_AFTER)
    hours = [event.envelope.occurred_at for event in await kernel.events()]
    assert hours == sorted(hours)
    adopted = [one.envelope.occurred_at for one in await kernel.events() if one.envelope.causation_id is not None]
    assert adopted.count(house.FIRST_DAY) == 4, "the four services adopted the terms before the clock moved on"


async def test_of_two_who_advance_one_waits_for_the_other(kernel: Kernel) -> None:
    firing: list[Instant] = []
    may_fire = asyncio.Event()

    class Slow(Alarm):
        """Fires when it may."""

        async def fire_due(self) -> int:
            firing.append(kernel.clock.now())
            await may_fire.wait()
            return await super().fire_due()

    feed = TailFeed(kernel.store)
    alarm = Slow(SERVICES, kernel.timers, kernel.sender, kernel.clock)
    consumers = [Consumer(feed, TimerSink(SERVICES, kernel.timers))]
    whole = Supervisor(consumers, kernel.store, kernel.timers, alarm, kernel.clock, pause=Pauses())
    await kernel.publish()
    whole.start()
    async with asyncio.timeout(PATIENCE):
        both = asyncio.gather(whole.advance(CLOSES), whole.advance(LONG_AFTER))
        while not firing:
            await turns(1)
        await turns()
        assert firing == [OPENS], "the other has not begun"
        may_fire.set()
        await both
    await whole.stop()
    await feed.close()
    assert firing == [OPENS, CLOSES]
    assert kernel.clock.now() == LONG_AFTER


async def test_time_does_not_move_past_a_consumer_that_has_stopped(kernel: Kernel) -> None:
    await kernel.publish()
    with capture_logs():
        async with running(kernel, Listener("broken", raises=[ValueError("poison")])) as whole:
            with pytest.raises(Stopped):
                await whole.advance(LONG_AFTER)
    assert kernel.clock.now() == house.FIRST_DAY


async def test_a_demo_has_no_alarm_of_its_own(kernel: Kernel) -> None:
    async with running(kernel, Listener()):
        names = {task.get_name() for task in asyncio.all_tasks()}
    assert {"listener", "watch"} <= names
    assert "alarm" not in names


async def test_on_a_real_log_the_alarm_rings_again_and_again(kernel: Kernel) -> None:
    kernel = Kernel(RealClock(house.FIRST_DAY))
    await kernel.publish()
    pauses = Pauses()
    async with running(kernel, *everything(kernel), pauses=pauses) as whole:
        await whole.settled()
        assert await pauses.begun("alarm") == supervisor.WAKE_SECONDS
        for instant in (OPENS, CLOSES):
            kernel.clock.move(instant)
            pauses.end("alarm")
            await pauses.begun("alarm")
        await whole.settled()
    assert (await happened(kernel))[1:] == [("CallOpened", OPENS), ("CallClosed", CLOSES)]


async def test_an_alarm_whose_store_is_away_rings_again(kernel: Kernel) -> None:
    kernel = Kernel(RealClock(house.FIRST_DAY))
    fails = [StoreUnavailable("away")]

    class Weak(Alarm):
        """Its store is away, once."""

        async def fire_due(self) -> int:
            if fails:
                raise fails.pop()
            return await super().fire_due()

    pauses = Pauses()
    alarm = Weak(SERVICES, kernel.timers, kernel.sender, kernel.clock)
    whole = Supervisor([], kernel.store, kernel.timers, alarm, kernel.clock, pause=pauses)
    whole.start()
    async with asyncio.timeout(PATIENCE):
        assert await pauses.begun("alarm") == supervisor.FIRST_PAUSE
        pauses.end("alarm")
        assert await pauses.begun("alarm") == supervisor.WAKE_SECONDS
    await whole.stop()
    assert whole.failures == {}
