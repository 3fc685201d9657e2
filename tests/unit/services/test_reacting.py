"""Facts become commands of the next service: once each, in order, under an id that follows from the event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

import pytest
from structlog.testing import capture_logs

from events.consumer import Fenced
from events.envelope import Actor
from events.intake import CallOpened, CallPublished
from events.store import StoreUnavailable
from events.vocabulary import Source
from services.deciding import Issue, Reaction, Service
from services.eligibility.commands import LapseAssessment
from services.intake.commands import CloseCall, OpenCall
from services.reacting import StillBusy, concerns, reaction_id
from services.registry import SERVICES
from tests.unit.services.intake.examples import APPLICANT, BERINGEN, CALL, CASE, TOO_LATE, start, submit
from tests.unit.services.kernel import AGENCY, CLOSES, OPENS, Kernel, without_pauses

EVENT, OTHER = "01900000-0000-7000-8000-0000000000e1", "01900000-0000-7000-8000-0000000000e2"
ELIGIBILITY, JURY, DECISION = SERVICES["eligibility"], SERVICES["jury"], SERVICES["decision"]
SOURCE = Source(event_id=EVENT, position=1)
ATTEMPTS = 6


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with without_pauses():
        yield


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


def only(service: Service, name: str) -> Service:
    """The service, with one of its reactions."""
    return replace(service, reactions=tuple(one for one in service.reactions if one.name == name))


# The command id


def test_a_reactions_command_id_follows_from_event_name_target_and_command() -> None:
    issue = Issue("call", CALL, OpenCall())
    assert reaction_id(EVENT, "open", issue) == str(uuid5(UUID(EVENT), f"open/call-{CALL}/open-call"))


def test_the_same_event_gives_the_same_id_and_anything_else_another() -> None:
    issue = Issue("call", CALL, OpenCall())
    ids = [
        reaction_id(EVENT, "open", issue),
        reaction_id(OTHER, "open", issue),
        reaction_id(EVENT, "open-again", issue),
        reaction_id(EVENT, "open", Issue("call", CASE, OpenCall())),
        reaction_id(EVENT, "open", Issue("application", CALL, OpenCall())),
        reaction_id(EVENT, "open", Issue("call", CALL, CloseCall())),
    ]
    assert len(set(ids)) == len(ids)
    assert reaction_id(EVENT, "open", Issue("call", CALL, OpenCall())) == ids[0]


async def test_one_event_that_concerns_several_targets_sends_to_each_under_its_own_id(kernel: Kernel) -> None:
    await kernel.publish()
    both = (Issue("call", CALL, OpenCall()), Issue("call", CALL, CloseCall()))
    intake = replace(SERVICES["intake"], reactions=(Reaction("both", CallPublished, lambda *_: both),))
    kernel.clock.move(CLOSES)
    await kernel.reacting(intake).apply(await kernel.log())

    published, opened, closed = await kernel.events()
    assert (opened.envelope.type, closed.envelope.type) == ("CallOpened", "CallClosed")
    ids = [reaction_id(published.envelope.event_id, "both", issue) for issue in both]
    assert [opened.envelope.command_id, closed.envelope.command_id] == ids


async def test_what_a_reaction_records_names_its_cause_its_service_and_its_hour(kernel: Kernel) -> None:
    await kernel.publish()
    kernel.clock.move(OPENS)
    await kernel.reacting(ELIGIBILITY).apply(await kernel.log())

    cause, effect = (one.envelope for one in await kernel.events())
    assert effect.type == "CriteriaAdopted"
    assert effect.causation_id == cause.event_id
    assert effect.actor == Actor(role="service", organisation=AGENCY, person="service:eligibility")
    assert effect.occurred_at == OPENS
    (issue,) = ELIGIBILITY.reactions[0].react((await kernel.events())[0].fact, SOURCE, None)
    assert effect.command_id == reaction_id(cause.event_id, "adopt-criteria", issue)


# What is sent, and in which order


async def test_a_fact_that_concerns_nobody_moves_the_place_and_sends_nothing(kernel: Kernel) -> None:
    await kernel.publish()
    sink = kernel.reacting(only(ELIGIBILITY, "lapse-assessment"))
    await sink.apply(await kernel.log())

    assert await kernel.size() == 1
    assert await kernel.places.load("react:eligibility") == 1


async def test_commands_are_sent_in_the_order_of_the_log(kernel: Kernel) -> None:
    await kernel.apply(withdraw=True)
    size = await kernel.size()
    await kernel.reacting(ELIGIBILITY).apply(await kernel.log())

    types = [event.envelope.type for event in await kernel.events()][size:]
    assert types[:2] == ["CriteriaAdopted", "AssessmentStarted"]
    assert types[-1] == "AssessmentLapsed"


async def test_a_service_may_react_twice_to_one_fact_in_the_order_of_its_table(kernel: Kernel) -> None:
    seen: list[str] = []

    def listening(name: str) -> Reaction:
        def listen(_fact: object, _source: Source, _state: object) -> Sequence[Issue]:
            seen.append(name)
            return ()

        return Reaction(name, CallPublished, listen)

    first, second = listening("first"), listening("second")
    await kernel.publish()
    await kernel.reacting(replace(ELIGIBILITY, reactions=(first, second))).apply(await kernel.log())
    assert seen == ["first", "second"]


async def test_a_reaction_is_told_where_its_event_stands_and_the_state_it_reads(kernel: Kernel) -> None:
    told: list[tuple[Any, Source, Any]] = []

    def listen(fact: object, source: Source, state: object) -> Sequence[Issue]:
        told.append((fact, source, state))
        return ()

    reading = Reaction("reading", CallPublished, listen, reads=lambda fact: f"criteria-{fact.call}")
    plain = Reaction("plain", CallPublished, listen)
    await kernel.publish()
    await kernel.reacting(replace(ELIGIBILITY, reactions=(reading, plain))).apply(await kernel.log())
    await kernel.reacting(only(JURY, "adopt-panel-terms")).apply(await kernel.log())
    await kernel.forget("react:eligibility")
    await kernel.reacting(replace(ELIGIBILITY, reactions=(ELIGIBILITY.reactions[0], reading))).apply(
        (await kernel.log())[:1]
    )

    published = (await kernel.events())[0]
    assert {(type(fact), source) for fact, source, _ in told} == {
        (CallPublished, Source(event_id=published.envelope.event_id, position=1))
    }
    empty, none, adopted = (state for _, _, state in told)
    assert empty == ELIGIBILITY.initial("criteria")
    assert none is None
    assert adopted != empty, "its own stream, as it stands when the event is handled"


# Refused


async def test_a_refused_command_is_logged_and_the_place_moves_on(kernel: Kernel) -> None:
    await kernel.apply(withdraw=True)
    size = await kernel.size()
    with capture_logs() as lines:
        await kernel.reacting(only(ELIGIBILITY, "lapse-assessment")).apply(await kernel.log())

    assert [(line["log_level"], line["reaction"], line["command"]) for line in lines] == [
        ("warning", "lapse-assessment", "LapseAssessment")
    ]
    assert f"assessment-{CASE}" in lines[0]["answer"]
    assert await kernel.size() == size
    assert await kernel.places.load("react:eligibility") == size


async def test_a_refusal_on_record_is_logged_too() -> None:
    # A service that acts for the applicant, so that the application is late and nothing else.
    late = Kernel(organisation=BERINGEN.ovo)
    late.clock.move(OPENS)
    await late.publish()
    await late.send("application", CASE, start(), APPLICANT)
    late.clock.move(TOO_LATE)
    with capture_logs() as lines:
        await late.sender.send("intake", Issue("application", CASE, submit()), EVENT, OTHER, "late")
    assert [line["reaction"] for line in lines] == ["late"]
    assert (await late.events())[-1].envelope.type == "LateSubmissionRecorded"


async def test_what_is_done_is_not_worth_a_line(kernel: Kernel) -> None:
    await kernel.publish()
    with capture_logs() as lines:
        await kernel.reacting(ELIGIBILITY).apply(await kernel.log())
    assert lines == []


async def test_a_refused_command_is_not_tried_again(kernel: Kernel) -> None:
    kernel.store.goes_away(0)
    with capture_logs() as lines:
        lapse = LapseAssessment(source=SOURCE)
        await kernel.sender.send("eligibility", Issue("assessment", CASE, lapse), EVENT, OTHER, "why")
    assert len(lines) == 1
    assert kernel.store.appends == 0


# Not yet


@pytest.mark.parametrize("error", [StoreUnavailable, ConnectionError])
async def test_while_the_store_is_away_a_command_is_tried_again(kernel: Kernel, error: type[Exception]) -> None:
    await kernel.publish()
    kernel.store.goes_away(ATTEMPTS - 1, error)
    await kernel.reacting(ELIGIBILITY).apply(await kernel.log())

    assert kernel.store.appends == ATTEMPTS
    assert [event.envelope.type for event in await kernel.events()] == ["CallPublished", "CriteriaAdopted"]
    assert await kernel.places.load("react:eligibility") == 1


@pytest.mark.parametrize("error", [StoreUnavailable, ConnectionError])
async def test_the_retries_are_bounded_and_the_place_stays(kernel: Kernel, error: type[Exception]) -> None:
    await kernel.publish()
    kernel.store.goes_away(1_000, error)
    sink = kernel.reacting(ELIGIBILITY)
    with pytest.raises(error):
        await sink.apply(await kernel.log())

    assert kernel.store.appends == ATTEMPTS
    assert await kernel.places.load("react:eligibility") == 0
    kernel.store.goes_away(0)
    await sink.apply(await kernel.log())
    assert await kernel.size() == 2, "when the store is back the same batch goes through"


async def test_what_others_keep_writing_to_is_not_yet(kernel: Kernel) -> None:
    await kernel.publish()
    kernel.store.beaten = 5
    with capture_logs() as lines:
        await kernel.reacting(ELIGIBILITY).apply(await kernel.log())

    assert (await kernel.events())[-1].envelope.type == "CriteriaAdopted", "the second try went through"
    assert [line for line in lines if "reaction" in line] == [], "losing a race is no refusal"


async def test_who_is_busy_for_too_long_is_left_to_the_supervisor(kernel: Kernel) -> None:
    await kernel.publish()
    kernel.store.beaten = 1_000
    with pytest.raises(StillBusy, match=f"criteria-{CALL}") as caught:
        await kernel.reacting(ELIGIBILITY).apply(await kernel.log())
    assert isinstance(caught.value, StoreUnavailable)
    assert await kernel.places.load("react:eligibility") == 0


async def test_a_bug_is_not_tried_again(kernel: Kernel) -> None:
    await kernel.publish()
    kernel.store.goes_away(1_000, ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        await kernel.reacting(ELIGIBILITY).apply(await kernel.log())
    assert kernel.store.appends == 1
    assert await kernel.places.load("react:eligibility") == 0


# Again


async def test_a_sink_whose_place_was_lost_repeats_without_a_second_effect(kernel: Kernel) -> None:
    await kernel.apply()
    before = await kernel.log()
    for service in (ELIGIBILITY, JURY, DECISION):
        await kernel.reacting(service).apply(before)
    after = await kernel.log()
    assert len(after) > len(before)
    for service in (ELIGIBILITY, JURY, DECISION):
        await kernel.forget(f"react:{service.name}")
        with capture_logs() as lines:
            await kernel.reacting(service).apply(before)
        assert lines == [], "a repeat gets its first answer, not a refusal"
    assert list(await kernel.log()) == list(after)


async def test_a_batch_that_broke_off_half_way_is_finished_the_next_time(kernel: Kernel) -> None:
    await kernel.apply(withdraw=True)
    calm = Kernel()
    await calm.apply(withdraw=True)
    await calm.reacting(ELIGIBILITY).apply(await calm.log())

    batch = await kernel.log()
    sink = kernel.reacting(only(ELIGIBILITY, "adopt-criteria"))
    await sink.apply(batch)
    await kernel.forget(sink.name)
    await kernel.reacting(ELIGIBILITY).apply(batch)

    assert [one.envelope.type for one in await kernel.events()] == [one.envelope.type for one in await calm.events()]


async def test_a_sink_goes_on_from_the_place_that_was_kept(kernel: Kernel) -> None:
    await kernel.apply()
    await kernel.places.advance("react:eligibility", 0, 2)
    sink = kernel.reacting(ELIGIBILITY)
    assert await sink.place() == 2
    await sink.apply((await kernel.log())[2:])
    await sink.apply((await kernel.log())[-1:])
    assert await kernel.places.load("react:eligibility") == await kernel.size()


async def test_a_sink_that_was_superseded_is_told(kernel: Kernel) -> None:
    await kernel.publish()
    zombie = kernel.reacting(ELIGIBILITY)
    assert await zombie.place() == 0
    await kernel.reacting(ELIGIBILITY).apply(await kernel.log())
    with pytest.raises(Fenced):
        await zombie.apply(await kernel.log())
    assert await kernel.size() == 2, "what the zombie sent was a repeat"


def test_a_sink_is_named_after_its_service(kernel: Kernel) -> None:
    assert kernel.reacting(ELIGIBILITY).name == "react:eligibility"


def test_what_concerns_a_service_is_told_in_the_catalogs_order() -> None:
    twice = (
        Reaction("b", CallOpened, lambda *_: ()),
        Reaction("a", CallPublished, lambda *_: ()),
        Reaction("c", CallOpened, lambda *_: ()),
    )
    assert concerns(replace(ELIGIBILITY, reactions=twice)) == ["CallPublished", "CallOpened"]
    assert concerns(replace(ELIGIBILITY, reactions=())) == []
