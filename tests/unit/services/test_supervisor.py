"""Consumers are kept going while the store is away, and stopped for good when going on would skip something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

import pytest
from structlog.testing import capture_logs

from events.adapters.memory_parking import MemoryParking
from events.adapters.tail import TailFeed
from events.consumer import Consumer, Fenced, Gap
from events.feed import Hole
from events.store import StoreUnavailable
from services import supervisor
from services.deciding import Issue
from services.intake.commands import CloseCall
from services.parking import Attendant, among
from services.reacting import ReactionSink
from services.registry import SERVICES
from services.supervisor import Stopped, Supervisor
from tests.unit.services.intake.examples import CALL, TIMER
from tests.unit.services.kernel import CLOSES, OPENS, Kernel, Pauses
from tests.unit.services.supervised import Listener, everything, running


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


# What does not go on, though nobody has stopped


async def test_a_hole_that_lasts_is_an_alarm_and_tried_again_until_it_is_filled(kernel: Kernel) -> None:
    await kernel.publish()
    pauses, waiting = Pauses(), Listener("waiting", raises=[Hole("position 1 has not come for 30 s")] * 2)
    with capture_logs() as lines:
        async with running(kernel, waiting, pauses=pauses) as whole:
            for _ in range(2):
                await pauses.begun("waiting")
                assert whole.alarms == {"waiting": "position 1 has not come for 30 s"}
                assert whole.failures == {}
                pauses.end("waiting")
            assert await whole.settled() == 1
            assert whole.alarms == {}
    assert [line["consumer"] for line in lines if line["log_level"] == "error"] == ["waiting", "waiting"]


async def test_the_alarms_of_what_runs_are_told(kernel: Kernel) -> None:
    class Group(Consumer):
        """As a member of a group: it has alarms of its own."""

        alarms: ClassVar = {"group/topic-3": "a gap"}

    feed = TailFeed(kernel.store)
    whole = Supervisor([Group(feed, Listener("group"))], kernel.store, None, None, kernel.clock)
    assert whole.alarms == {"group/topic-3": "a gap"}


async def test_poison_stops_no_consumer_and_is_tried_again_when_somebody_asks(kernel: Kernel) -> None:
    await kernel.apply()
    eligibility, parking = SERVICES["eligibility"], MemoryParking()
    raises = [ZeroDivisionError("a bug")]

    def failing(*told: object) -> Sequence[Issue]:
        if raises:
            raise raises[0]
        return eligibility.reactions[0].react(*told)

    buggy = replace(
        eligibility, reactions=(replace(eligibility.reactions[0], react=failing), *eligibility.reactions[1:])
    )
    sink = ReactionSink(buggy, kernel.store, kernel.places, kernel.sender, parking=parking)
    attendant = Attendant(parking, [sink.name], among({sink.name: sink}), every=0.001)
    with capture_logs():
        async with running(kernel, sink, attendant=attendant) as whole:
            await whole.settled()
            await turned(lambda: bool(whole.parked))
            assert whole.failures == {}
            assert [one.stream for one in whole.parked] == [f"call-{CALL}"]

            raises.clear()
            await parking.ask_again(sink.name, f"call-{CALL}")
            await turned(lambda: not whole.parked)
            await whole.settled()
    assert "CriteriaAdopted" in {event.envelope.type for event in await kernel.events()}


async def turned(says: Callable[[], bool]) -> None:
    """Wait for what the attendant sees at its next rounds."""
    while not says():  # noqa: ASYNC110 -- nobody tells
        await asyncio.sleep(0.001)
