"""Consumers are kept going while the store is away, and stopped for good when going on would skip something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from events.adapters.tail import TailFeed
from events.consumer import Consumer, Fenced, Gap, Sink
from events.intake import CallOpened, CallPublished
from events.store import Recorded, StoreUnavailable
from events.times import Instant
from services import house, supervisor
from services.clock import Clock, StoryClock, SystemClock
from services.deciding import Issue, Service, SetTimer, TimerChange
from services.intake.commands import CloseCall, OpenCall
from services.registry import SERVICES
from services.supervisor import Stopped, Supervisor
from services.timers import Alarm, TimerSink
from tests.unit.services.intake.examples import CALL, TIMER
from tests.unit.services.kernel import CLOSES, OPENS, Kernel, Pauses

PATIENCE = 10.0
LONG_AFTER = "2030-01-01T00:00:00.000000Z"


class RealClock(StoryClock):
    """A clock that says it is real."""

    demo = False


@dataclass
class Listener:
    """A sink that remembers what it applied; it raises what it is told to raise, and waits where it is told to wait."""

    name: str = "listener"
    raises: list[Exception] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    tried: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_go: asyncio.Event | None = None

    async def place(self) -> int:
        """Where it stands."""
        return self.seen[-1] if self.seen else 0

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """Remember, or fail."""
        self.tried += 1
        self.begun.set()
        if self.may_go is not None:
            await self.may_go.wait()
        if self.raises:
            raise self.raises.pop(0)
        self.seen += [one.position for one in batch]


async def content() -> str | None:
    """A running check that finds nothing."""
    return None


@asynccontextmanager
async def running(
    kernel: Kernel,
    *sinks: Sink,
    services: Mapping[str, Service] = SERVICES,
    clock: Clock | None = None,
    watch: Callable[[], Coroutine[Any, Any, str | None]] = content,
    pauses: Pauses | None = None,
) -> AsyncIterator[Supervisor]:
    """A supervisor at work over the kernel's log. Its pauses last until the test ends them."""
    feed = TailFeed(kernel.store)
    time = clock or kernel.clock
    alarm = Alarm(services, kernel.timers, kernel.sender, time)
    consumers = [Consumer(feed, sink) for sink in sinks]
    made = Supervisor(consumers, kernel.store, kernel.timers, alarm, time, watch, pauses or Pauses())
    made.start()
    try:
        async with asyncio.timeout(PATIENCE):
            yield made
    finally:
        await made.stop()
        await feed.close()


def everything(kernel: Kernel, services: Mapping[str, Service] = SERVICES) -> list[Sink]:
    """All reactions, and the deadlines."""
    return [*(kernel.reacting(one) for one in services.values()), TimerSink(services, kernel.timers)]


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


# Quiet


async def test_an_empty_log_is_settled_at_once(kernel: Kernel) -> None:
    async with running(kernel, Listener()) as whole:
        assert await whole.settled() == 0


async def test_settled_is_the_head_that_every_consumer_has_reached_and_nothing_followed(kernel: Kernel) -> None:
    await kernel.publish()
    async with running(kernel, *everything(kernel)) as whole:
        position = await whole.settled()
        assert position == await kernel.size() == 5, "the call, and what four services made of it"
        assert set(whole.positions().values()) == {5}
        assert set(whole.positions()) == {f"react:{name}" for name in SERVICES} | {"timers"}
        assert whole.failures == {}


async def test_nothing_is_settled_while_one_consumer_is_behind(kernel: Kernel) -> None:
    await kernel.publish()
    slow = Listener("slow", may_go=asyncio.Event())
    quick = Listener("quick")
    async with running(kernel, quick, slow) as whole:
        waiting = asyncio.create_task(whole.settled())
        await slow.begun.wait()
        await quick.begun.wait()
        assert not waiting.done()
        assert slow.may_go is not None
        slow.may_go.set()
        assert await waiting == 1
        assert slow.seen == [1]


async def test_after_stop_nothing_runs_and_what_was_in_hand_is_not_done(kernel: Kernel) -> None:
    await kernel.publish()
    slow = Listener(may_go=asyncio.Event())
    async with running(kernel, slow) as whole:
        await slow.begun.wait()
        await whole.stop()
        assert slow.seen == []
        names = {task.get_name() for task in asyncio.all_tasks()}
        assert not names & {"listener", "watch", "alarm"}


# Broken


@pytest.mark.parametrize("error", [ValueError("no such type"), Fenced("another took over"), Gap("2 is missing")])
async def test_a_raised_error_stops_its_consumer_for_good_and_is_named(kernel: Kernel, error: Exception) -> None:
    await kernel.publish()
    broken, sound = Listener("broken", raises=[error]), Listener("sound")
    with capture_logs() as lines:
        async with running(kernel, broken, sound) as whole:
            with pytest.raises(Stopped) as caught:
                await whole.settled()
            assert whole.failures == {"broken": f"{type(error).__name__}: {error}"}
            assert str(caught.value) == f"broken: {type(error).__name__}: {error}"

            with pytest.raises(Stopped):
                await whole.settled()
            assert broken.tried == 1, "never tried again"
            assert broken.seen == []
    assert [line["consumer"] for line in lines if line["log_level"] == "error"] == ["broken"]


async def test_the_others_go_on_when_one_has_stopped(kernel: Kernel) -> None:
    kernel.clock.move(OPENS)
    await kernel.publish()
    broken, sound = Listener("broken", raises=[ValueError("poison")]), Listener("sound")
    async with running(kernel, broken, sound) as whole:
        with pytest.raises(Stopped):
            await whole.settled()
        await sound.begun.wait()
        sound.begun.clear()
        kernel.clock.move(CLOSES)
        await kernel.send("call", CALL, CloseCall(), TIMER)
        await sound.begun.wait()
        assert sound.seen == [1, 2, 3]
        assert whole.positions()["broken"] == 0


async def test_who_waits_already_is_told_when_a_consumer_stops(kernel: Kernel) -> None:
    await kernel.publish()
    failing = Listener("failing", raises=[ValueError("poison")], may_go=asyncio.Event())
    async with running(kernel, failing) as whole:
        waiting = asyncio.create_task(whole.settled())
        await failing.begun.wait()
        assert not waiting.done()
        assert failing.may_go is not None
        failing.may_go.set()
        with pytest.raises(Stopped, match="failing: ValueError: poison"):
            await waiting


# Not yet


@pytest.mark.parametrize("error", [StoreUnavailable, ConnectionError, ConnectionResetError])
async def test_a_consumer_whose_store_is_away_is_started_again(kernel: Kernel, error: type[Exception]) -> None:
    await kernel.publish()
    pauses, weak = Pauses(), Listener("weak", raises=[error("away"), error("away")])
    with capture_logs() as lines:
        async with running(kernel, weak, pauses=pauses) as whole:
            for _ in range(2):
                await pauses.begun("weak")
                assert weak.seen == []
                assert whole.failures == {}
                pauses.end("weak")
            assert await whole.settled() == 1
            assert weak.seen == [1]
            assert weak.tried == 3
    assert [line["consumer"] for line in lines if line["log_level"] == "warning"] == ["weak", "weak"]


async def test_the_pauses_grow_to_a_longest(kernel: Kernel) -> None:
    await kernel.publish()
    pauses, away = Pauses(), Listener("away", raises=[StoreUnavailable("away")] * 9)
    async with running(kernel, away, pauses=pauses) as whole:
        lasted = []
        for _ in range(9):
            lasted.append(await pauses.begun("away"))
            pauses.end("away")
        assert await whole.settled() == 1
    assert lasted == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]


async def test_who_starts_again_asks_for_its_place(kernel: Kernel) -> None:
    kernel.clock.move(OPENS)
    await kernel.publish()
    pauses, weak = Pauses(), Listener("weak", seen=[1], raises=[StoreUnavailable("away")])
    async with running(kernel, weak, pauses=pauses) as whole:
        await pauses.begun("weak")
        pauses.end("weak")
        assert await whole.settled() == 2
        assert weak.seen == [1, 2]


# The running check


async def test_what_the_running_check_finds_is_a_failure_until_it_is_content(kernel: Kernel) -> None:
    findings: list[str | None] = ["the books differ", "the books still differ", None, None]

    async def watch() -> str | None:
        return findings.pop(0)

    pauses = Pauses()
    async with running(kernel, watch=watch, pauses=pauses) as whole:
        told = []
        for _ in range(4):
            assert await pauses.begun("watch") == supervisor.WATCH_SECONDS
            told.append(dict(whole.failures))
            pauses.end("watch")
            if not findings:
                break
    assert told == [{"watch": "the books differ"}, {"watch": "the books still differ"}, {}, {}]


async def test_a_finding_stops_nobody(kernel: Kernel) -> None:
    async def watch() -> str | None:
        return "the books differ"

    await kernel.publish()
    pauses, listener = Pauses(), Listener()
    async with running(kernel, listener, watch=watch, pauses=pauses) as whole:
        await pauses.begun("watch")
        assert await whole.settled() == 1


async def test_a_check_that_breaks_is_named(kernel: Kernel) -> None:
    async def watch() -> str | None:
        raise LookupError("no such view")

    await kernel.publish()
    with capture_logs():
        async with running(kernel, Listener(may_go=asyncio.Event()), watch=watch) as whole:
            with pytest.raises(Stopped, match="watch: LookupError: no such view"):
                await whole.settled()


# Time


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


async def test_a_deadline_that_falls_due_is_told_to_the_alarm_once_for_two_who_advance(kernel: Kernel) -> None:
    await kernel.publish()
    async with running(kernel, *everything(kernel)) as whole:
        await asyncio.gather(whole.advance(CLOSES), whole.advance(LONG_AFTER))
    assert [type_ for type_, _ in await happened(kernel)] == ["CallPublished", "CallOpened", "CallClosed"]
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
