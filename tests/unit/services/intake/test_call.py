"""The call: published once and whole, opened and closed at its moment, its deadline moved with a reason."""

from __future__ import annotations

import msgspec

from events.intake import CallClosed, CallDeadlineExtended
from events.times import deadline
from services.deciding import CancelTimer, Issue, SetTimer
from services.intake.commands import CloseCall, ExtendCallDeadline, OpenCall, PublishCall
from services.intake.reactions import timers
from services.intake.worker import INTAKE
from tests.given import Given, given
from tests.unit.services.intake.examples import (
    BEFORE_OPENING,
    CALL,
    CALL_STREAM,
    EXTENDED,
    IN_TIME,
    LAST_MOMENT,
    OFFICIAL,
    TERMS,
    TIMER,
    TOO_LATE,
    an_open_call,
    in_dutch,
    inputs_of,
    opened,
    published,
)

CLOSED = CallClosed(call=CALL, deadline=TERMS.deadline)
LONGER = CallDeadlineExtended(call=CALL, previous=TERMS.deadline, deadline=EXTENDED, reason=in_dutch("Op vraag."))


def extend(local: str = EXTENDED.local) -> ExtendCallDeadline:
    return ExtendCallDeadline(deadline=deadline(local), reason=in_dutch("Op vraag."))


def announced() -> Given:
    return given(INTAKE).has(CALL_STREAM, published())


def test_a_call_published_after_its_opening_moment_is_open_at_once() -> None:
    given(INTAKE).when("call", CALL, PublishCall(terms=TERMS), at=IN_TIME, by=OFFICIAL).then(published(), opened())


def test_a_call_published_before_its_opening_moment_waits() -> None:
    given(INTAKE).when("call", CALL, PublishCall(terms=TERMS), at=BEFORE_OPENING).then(published())


def test_a_call_published_in_its_opening_moment_is_open_at_once() -> None:
    given(INTAKE).when("call", CALL, PublishCall(terms=TERMS), at=TERMS.opens.utc).then(published(), opened())


def test_publishing_the_same_terms_again_records_nothing() -> None:
    an_open_call().when("call", CALL, PublishCall(terms=TERMS), at=IN_TIME).nothing()


def test_published_terms_are_never_replaced() -> None:
    other = msgspec.structs.replace(TERMS, completion_days=15)
    an_open_call().when("call", CALL, PublishCall(terms=other)).refused("STATE", "already_published")


def test_terms_with_mistakes_are_refused_with_every_mistake() -> None:
    wrong = msgspec.structs.replace(TERMS, completion_days=0, envelope_cents=1, criteria=TERMS.criteria[1:])
    answer = given(INTAKE).when("call", CALL, PublishCall(terms=wrong))
    answer.refused("TERMS", "mistakes")
    told = inputs_of(answer)["mistakes"]
    assert [one["pointer"] for one in told] == ["/terms/capCents", "/terms/completionDays", "/terms/criteria"]
    assert all(one["message"]["nl"] and one["message"]["en"] for one in told)


def test_a_call_opens_at_its_moment() -> None:
    announced().when("call", CALL, OpenCall(), at=TERMS.opens.utc, by=TIMER).then(opened())


def test_a_call_does_not_open_before_its_moment() -> None:
    announced().when("call", CALL, OpenCall(), at=BEFORE_OPENING, by=OFFICIAL).refused("STATE", "too_early")


def test_opening_an_open_call_records_nothing() -> None:
    an_open_call().when("call", CALL, OpenCall(), at=IN_TIME, by=TIMER).nothing()


def test_opening_a_closed_call_records_nothing() -> None:
    an_open_call().has(CALL_STREAM, CLOSED).when("call", CALL, OpenCall(), at=TOO_LATE, by=TIMER).nothing()


def test_i1_a_deadline_moves_to_a_later_moment_and_keeps_the_old_one_on_record() -> None:
    an_open_call().when("call", CALL, extend(), at=IN_TIME).then(LONGER)


def test_i1_a_deadline_never_moves_to_an_earlier_moment() -> None:
    an_open_call().when("call", CALL, extend("2021-07-10T23:59:58"), at=IN_TIME).refused("I1", "not_later")


def test_i1_a_deadline_that_has_passed_can_still_be_moved_into_the_future() -> None:
    an_open_call().when("call", CALL, extend(), at=TOO_LATE).then(LONGER)


def test_i1_more_time_that_is_over_when_it_is_given_helps_nobody() -> None:
    after = EXTENDED.utc
    an_open_call().when("call", CALL, extend(), at=after).refused("I1", "already_passed")


def test_i1_a_deadline_can_be_extended_in_its_last_moment() -> None:
    an_open_call().when("call", CALL, extend(), at=LAST_MOMENT).then(LONGER)


def test_a_closed_call_that_is_given_more_time_is_open_again_and_closes_at_the_new_moment() -> None:
    again = an_open_call().has(CALL_STREAM, CLOSED).when("call", CALL, extend(), at=TOO_LATE).then(LONGER)
    assert again.state(CALL_STREAM).status == "open"
    again.when("call", CALL, CloseCall(), at=TOO_LATE, by=TIMER).nothing()
    closed = again.when("call", CALL, CloseCall(), at=EXTENDED.utc, by=TIMER)
    closed.then(CallClosed(call=CALL, deadline=EXTENDED))


def test_extending_to_the_present_deadline_records_nothing() -> None:
    an_open_call().has(CALL_STREAM, LONGER).when("call", CALL, extend(), at=IN_TIME).nothing()


def test_a_call_that_does_not_exist_is_not_extended() -> None:
    given(INTAKE).when("call", CALL, extend()).refused("STATE")


def test_a_call_closes_at_its_deadline() -> None:
    an_open_call().when("call", CALL, CloseCall(), at=LAST_MOMENT, by=TIMER).then(CLOSED)


def test_a_call_does_not_close_when_the_deadline_has_moved() -> None:
    an_open_call().has(CALL_STREAM, LONGER).when("call", CALL, CloseCall(), at=TOO_LATE, by=TIMER).nothing()


def test_closing_a_closed_call_records_nothing() -> None:
    an_open_call().has(CALL_STREAM, CLOSED).when("call", CALL, CloseCall(), at=TOO_LATE, by=TIMER).nothing()


def test_what_is_decided_about_a_call_names_the_position_of_its_terms() -> None:
    assert an_open_call().when("call", CALL, extend(), at=IN_TIME).decision.rules == 1


def test_publication_sets_the_timers_that_open_and_close() -> None:
    assert timers(published()) == (
        SetTimer(f"{CALL_STREAM}/open", "2021-03-11T08:00:00.000000Z", Issue("call", CALL, OpenCall())),
        SetTimer(f"{CALL_STREAM}/close", LAST_MOMENT, Issue("call", CALL, CloseCall())),
    )


def test_an_extension_moves_the_timer_that_closes() -> None:
    close = Issue("call", CALL, CloseCall())
    assert timers(LONGER) == (SetTimer(f"{CALL_STREAM}/close", "2021-07-19T21:59:59.000000Z", close),)


def test_an_open_call_needs_no_opening_timer() -> None:
    assert timers(opened()) == (CancelTimer(f"{CALL_STREAM}/open"),)


def test_a_closed_call_sets_no_timer() -> None:
    assert timers(CLOSED) == ()


def test_the_deadline_that_holds_is_the_latest_one() -> None:
    given_ = an_open_call().has(CALL_STREAM, LONGER)
    assert given_.state(CALL_STREAM).deadline == EXTENDED
