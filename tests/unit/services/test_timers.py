"""Deadlines act by themselves: set by facts, fired when due, once each, whatever is repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

import pytest
from structlog.testing import capture_logs

from events.adapters.memory_timers import MemoryTimers
from events.consumer import Fenced
from events.intake import CallDeadlineExtended, CallOpened, CallPublished
from events.store import StoreUnavailable
from events.timers import TimerRow
from services import house
from services.deciding import CancelTimer, Issue, Service, SetTimer, TimerChange
from services.intake.commands import CloseCall, ExtendCallDeadline, OpenCall
from services.registry import SERVICES
from services.timers import Alarm, TimerSink, timer_command_id
from tests.simulation.signing import signers
from tests.unit.services.intake.examples import CALL, EXTENDED, OFFICIAL, TERMS, in_dutch
from tests.unit.services.kernel import CLOSES, OPENS, Kernel, without_pauses

OPEN, CLOSE = f"call-{CALL}/open", f"call-{CALL}/close"
NEVER = "9000-01-01T00:00:00.000000Z"
ORDER = "01900000-0000-7000-8000-0000000000e1"


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with without_pauses():
        yield


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


def intake(changes: Callable[[Any], Sequence[TimerChange]]) -> dict[str, Service]:
    """The services, of which intake alone sets deadlines, and these."""
    return dict(SERVICES) | {"intake": replace(SERVICES["intake"], timers=changes)}


def closing(due: str = CLOSES) -> SetTimer:
    return SetTimer(CLOSE, due, Issue("call", CALL, CloseCall()))


def opening(due: str = OPENS) -> SetTimer:
    return SetTimer(OPEN, due, Issue("call", CALL, OpenCall()))


def alarm(kernel: Kernel) -> Alarm:
    return Alarm(SERVICES, kernel.timers, kernel.sender, kernel.clock)


async def set_timers(kernel: Kernel, services: dict[str, Service] | None = None) -> None:
    """The deadlines of everything recorded since."""
    sink = TimerSink(services or SERVICES, kernel.timers)
    if fresh := (await kernel.log())[await sink.place() :]:
        await sink.apply(fresh)


async def waiting(kernel: Kernel) -> dict[str, str]:
    """The deadlines that have not fired, with their instants."""
    return {row.timer_id: row.due for row in await kernel.timers.due(NEVER)}


async def types(kernel: Kernel) -> list[str]:
    return [event.envelope.type for event in await kernel.events()]


# Setting


async def test_a_fact_sets_its_deadlines_with_everything_that_firing_needs(kernel: Kernel) -> None:
    await kernel.publish()
    await set_timers(kernel)

    (published,) = await kernel.events()
    assert await kernel.timers.due(NEVER) == [
        TimerRow(OPEN, OPENS, "intake", f"call-{CALL}", "open-call", b"{}", published.envelope.event_id),
        TimerRow(CLOSE, CLOSES, "intake", f"call-{CALL}", "close-call", b"{}", published.envelope.event_id),
    ]


async def test_a_later_fact_replaces_or_cancels_a_deadline(kernel: Kernel) -> None:
    await kernel.publish()
    await set_timers(kernel)
    kernel.clock.move(OPENS)
    await kernel.send("call", CALL, OpenCall(), OFFICIAL)
    await kernel.send("call", CALL, ExtendCallDeadline(deadline=EXTENDED, reason=in_dutch("Later.")), OFFICIAL)
    await set_timers(kernel)

    assert await waiting(kernel) == {CLOSE: EXTENDED.utc}


SET, SET_LATER, CANCEL = opening(), opening(CLOSES), CancelTimer(OPEN)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ((SET,), {OPEN: OPENS}),
        ((SET, SET_LATER), {OPEN: CLOSES}),
        ((SET_LATER, SET), {OPEN: OPENS}),
        ((SET, CANCEL), {}),
        ((CANCEL, SET), {OPEN: OPENS}),
        ((SET, CANCEL, SET_LATER), {OPEN: CLOSES}),
        ((CANCEL, SET, CANCEL), {}),
        ((CANCEL,), {}),
        ((closing(), CANCEL, SET), {OPEN: OPENS, CLOSE: CLOSES}),
    ],
)
@pytest.mark.parametrize("before", [False, True], ids=["new", "set before"])
async def test_the_last_word_within_a_batch_counts(
    kernel: Kernel, said: Sequence[TimerChange], left: dict[str, str], before: bool
) -> None:
    if before:
        old = TimerRow(OPEN, "2022-01-01T00:00:00.000000Z", "intake", f"call-{CALL}", "open-call", b"{}", ORDER)
        await kernel.timers.change(0, 0, [old], [])
    await kernel.publish()
    await set_timers(kernel, intake(lambda _fact: said))
    assert await waiting(kernel) == left


async def test_the_last_word_counts_over_the_events_of_a_batch_too(kernel: Kernel) -> None:
    kernel.clock.move(OPENS)
    await kernel.publish()
    assert await types(kernel) == ["CallPublished", "CallOpened"]
    await set_timers(kernel)
    assert await waiting(kernel) == {CLOSE: CLOSES}


async def test_a_house_fact_sets_nothing_and_the_place_moves(kernel: Kernel) -> None:
    await house.found(kernel.store, signers(), "kernel/demo", house.FIRST_DAY, kernel.new_id)
    await set_timers(kernel)
    assert await waiting(kernel) == {}
    assert await kernel.timers.place() == await kernel.size() == len(signers())


async def test_a_sink_goes_on_from_the_place_that_was_kept(kernel: Kernel) -> None:
    await kernel.publish()
    sink = TimerSink(SERVICES, kernel.timers)
    await sink.apply(await kernel.log())
    kernel.clock.move(OPENS)
    await kernel.send("call", CALL, OpenCall(), OFFICIAL)
    await sink.apply((await kernel.log())[1:])
    assert await TimerSink(SERVICES, kernel.timers).place() == 2
    assert sink.name == "timers"


async def test_a_sink_that_was_superseded_sets_nothing(kernel: Kernel) -> None:
    await kernel.publish()
    zombie = TimerSink(SERVICES, kernel.timers)
    assert await zombie.place() == 0
    await set_timers(kernel)
    with pytest.raises(Fenced):
        await zombie.apply(await kernel.log())


# Firing


async def test_nothing_fires_before_it_is_due(kernel: Kernel) -> None:
    await kernel.publish()
    await set_timers(kernel)
    kernel.clock.move("2021-03-11T07:59:59.999999Z")
    assert await alarm(kernel).fire_due() == 0
    kernel.clock.move(OPENS)
    assert await alarm(kernel).fire_due() == 1
    assert await types(kernel) == ["CallPublished", "CallOpened"]


async def test_what_is_due_fires_in_order_and_once(kernel: Kernel) -> None:
    await kernel.publish()
    await set_timers(kernel)
    kernel.clock.move(CLOSES)
    ringing = alarm(kernel)
    assert await ringing.fire_due() == 2
    assert await types(kernel) == ["CallPublished", "CallOpened", "CallClosed"]
    assert await ringing.fire_due() == 0


async def test_a_firing_names_its_cause_its_service_and_its_command_id(kernel: Kernel) -> None:
    await kernel.publish()
    await set_timers(kernel)
    row = (await kernel.timers.due(OPENS))[0]
    kernel.clock.move(OPENS)
    await alarm(kernel).fire_due()

    published, opened = (event.envelope for event in await kernel.events())
    assert opened.causation_id == published.event_id
    assert opened.actor.person == "service:intake"
    assert opened.occurred_at == OPENS
    assert opened.command_id == timer_command_id(row)


def test_a_firings_command_id_follows_from_the_event_the_timer_and_the_command() -> None:
    row = TimerRow(OPEN, OPENS, "intake", f"call-{CALL}", "open-call", b"{}", ORDER)
    assert timer_command_id(row) == str(uuid5(UUID(ORDER), f"timer/{OPEN}/open-call"))
    others = [replace(row, cause=CALL), replace(row, timer_id=CLOSE), replace(row, command="close-call")]
    assert len({timer_command_id(one) for one in [row, *others]}) == 4
    assert timer_command_id(replace(row, due=CLOSES)) == timer_command_id(row)


async def test_a_command_that_carries_a_body_gets_it_back(kernel: Kernel) -> None:
    extend = ExtendCallDeadline(deadline=EXTENDED, reason=in_dutch("Vanzelf één week later."))
    later = SetTimer("call/extend", OPENS, Issue("call", CALL, extend))
    issued: list[Issue] = []

    class Listening(Alarm):
        """Remembers what it is about to send."""

        def _issue(self, row: TimerRow) -> Issue:
            issued.append(super()._issue(row))
            return issued[-1]

    await kernel.publish()
    await set_timers(kernel, intake(lambda fact: (later,) if isinstance(fact, CallPublished) else ()))
    kernel.clock.move(OPENS)
    await Listening(SERVICES, kernel.timers, kernel.sender, kernel.clock).fire_due()
    assert issued == [Issue("call", CALL, extend)]


async def test_a_refused_firing_is_logged_and_does_not_come_back(kernel: Kernel) -> None:
    await kernel.publish()
    elsewhere = SetTimer("call/gone", OPENS, Issue("call", ORDER, CloseCall()))
    await set_timers(kernel, intake(lambda _fact: (elsewhere,)))
    kernel.clock.move(OPENS)
    with capture_logs() as lines:
        assert await alarm(kernel).fire_due() == 1
        assert await alarm(kernel).fire_due() == 0
    assert [(line["reaction"], line["command"]) for line in lines] == [("call/gone", "CloseCall")]


# Again


async def test_set_again_for_the_same_cause_it_does_not_fire_twice(kernel: Kernel) -> None:
    await kernel.publish()
    await set_timers(kernel)
    kernel.clock.move(CLOSES)
    await alarm(kernel).fire_due()
    size = await kernel.size()

    # The disk had not written the place: the fact that set them comes again.
    await kernel.timers.change(1, 0, [], [])
    await TimerSink(SERVICES, kernel.timers).apply((await kernel.log())[:1])
    assert await alarm(kernel).fire_due() == 0
    assert await kernel.size() == size


def next_step(fact: object) -> Sequence[TimerChange]:
    """One deadline of one instant that stands for whatever comes next."""
    match fact:
        case CallPublished():
            return (SetTimer("call/next", OPENS, Issue("call", CALL, OpenCall())),)
        case CallOpened():
            return (SetTimer("call/next", OPENS, Issue("call", CALL, CloseCall())),)
        case _:
            return ()


async def test_set_again_for_a_new_cause_it_fires_again(kernel: Kernel) -> None:
    await kernel.publish()
    kernel.clock.move(CLOSES)
    for so_far in (["CallPublished", "CallOpened"], ["CallPublished", "CallOpened", "CallClosed"]):
        await set_timers(kernel, intake(next_step))
        assert await alarm(kernel).fire_due() == 1
        assert await types(kernel) == so_far
    await set_timers(kernel, intake(next_step))
    assert await alarm(kernel).fire_due() == 0


async def test_a_cancelled_deadline_never_fires(kernel: Kernel) -> None:
    await kernel.publish()
    await set_timers(kernel)
    kernel.clock.move(OPENS)
    await kernel.send("call", CALL, OpenCall(), OFFICIAL)
    await set_timers(kernel)
    assert await alarm(kernel).fire_due() == 0
    assert await types(kernel) == ["CallPublished", "CallOpened"]


async def test_a_deadline_that_moved_does_not_fire_at_its_old_instant(kernel: Kernel) -> None:
    await kernel.publish()
    kernel.clock.move(OPENS)
    await kernel.send("call", CALL, OpenCall(), OFFICIAL)
    await kernel.send("call", CALL, ExtendCallDeadline(deadline=EXTENDED, reason=in_dutch("Later.")), OFFICIAL)
    await set_timers(kernel)
    kernel.clock.move(CLOSES)
    assert await alarm(kernel).fire_due() == 0
    kernel.clock.move(EXTENDED.utc)
    assert await alarm(kernel).fire_due() == 1
    extended = next(one for one in await kernel.events() if isinstance(one.fact, CallDeadlineExtended))
    closed = (await kernel.events())[-1].envelope
    assert (closed.type, closed.causation_id) == ("CallClosed", extended.envelope.event_id)


class Forgetful(MemoryTimers):
    """The process dies after the command and before its firing is written down, once."""

    dies = True

    async def fired(self, row: TimerRow) -> None:
        """As the port says, or not at all."""
        if self.dies:
            self.dies = False
            raise StoreUnavailable("died")
        await super().fired(row)


async def test_a_firing_that_was_not_written_down_is_repeated_without_a_second_effect(kernel: Kernel) -> None:
    kernel.timers = Forgetful()
    await kernel.publish()
    await set_timers(kernel)
    kernel.clock.move(OPENS)
    with pytest.raises(StoreUnavailable):
        await alarm(kernel).fire_due()
    assert await types(kernel) == ["CallPublished", "CallOpened"]

    with capture_logs() as lines:
        assert await alarm(kernel).fire_due() == 1
    assert await types(kernel) == ["CallPublished", "CallOpened"]
    assert lines == []


async def test_while_the_store_is_away_a_deadline_stays_due(kernel: Kernel) -> None:
    await kernel.publish()
    await set_timers(kernel)
    kernel.clock.move(OPENS)
    kernel.store.goes_away(1_000)
    with pytest.raises(StoreUnavailable):
        await alarm(kernel).fire_due()
    kernel.store.goes_away(0)
    assert await alarm(kernel).fire_due() == 1


def test_the_terms_of_these_examples_open_before_they_close() -> None:
    assert house.FIRST_DAY < OPENS < CLOSES < EXTENDED.utc
    assert TERMS.deadline.local == "2021-07-10T23:59:59"
