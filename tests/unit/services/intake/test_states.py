"""What is not possible as things stand is refused with the state, and leaves nothing on record."""

from __future__ import annotations

import pytest

from events.intake import CallClosed, CompletionRequested
from events.times import deadline
from services.deciding import Refused
from services.fields import Command
from services.intake.commands import (
    CloseCall,
    ExtendCallDeadline,
    OpenCall,
    RequestCompletion,
    SupplyCompletion,
    WithdrawApplication,
)
from services.intake.worker import INTAKE
from tests.given import Given, given
from tests.unit.services.intake.examples import (
    APPLICANT,
    CALL,
    CALL_STREAM,
    CASE,
    CASE_STREAM,
    EXTENDED,
    IN_TIME,
    OFFICIAL,
    TERMS,
    TOO_LATE,
    a_draft,
    an_open_call,
    in_dutch,
    papers,
    published,
    submit,
    submitted,
)

WORDS = in_dutch("Zo is het.")
WITHDRAW = WithdrawApplication(reason=WORDS)
ASK = RequestCompletion(items=["financial_plan"], reason=WORDS)
DUE = deadline("2021-07-14T23:59:59")


def incomplete() -> Given:
    asked = CompletionRequested(call=CALL, case=CASE, items=["council_decision"], reason=WORDS, due=DUE)
    return submitted().has(CASE_STREAM, asked)


def late() -> Given:
    return a_draft().when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT).recorded()


def withdrawn() -> Given:
    return submitted().when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT).recorded()


def refusals_of(before: Given, status: str, *commands: Command) -> None:
    for command in commands:
        who = APPLICANT if "applicant" in INTAKE.commands[type(command)].roles else OFFICIAL
        answer = before.when("application", CASE, command, at=IN_TIME, by=who)
        answer.refused("STATE", "not_in_this_state")
        assert isinstance(answer.decision, Refused)
        assert answer.decision.inputs == {"status": status}
        assert answer.decision.facts == ()


def test_nothing_can_be_done_with_a_case_that_never_began() -> None:
    refusals_of(an_open_call(), "none", submit(), ASK, WITHDRAW)


def test_of_a_draft_nothing_is_asked_and_nothing_is_withdrawn() -> None:
    refusals_of(a_draft(), "draft", ASK, WITHDRAW)


def test_i1_of_a_late_application_nothing_is_asked_and_nothing_is_withdrawn() -> None:
    refusals_of(late(), "late", ASK, WITHDRAW)


def test_one_request_for_a_supplement_is_open_at_a_time() -> None:
    refusals_of(incomplete(), "incomplete", ASK)


def test_after_a_withdrawal_nothing_is_submitted_or_asked() -> None:
    refusals_of(withdrawn(), "withdrawn", submit(), ASK)


def test_after_a_withdrawal_nothing_is_supplied() -> None:
    supply = SupplyCompletion(items=["council_decision"], attachments=papers("council_decision"))
    gone = incomplete().when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT).recorded()
    gone.when("application", CASE, supply, at=IN_TIME, by=APPLICANT).refused("STATE", "nothing_requested")


@pytest.mark.parametrize("command", [OpenCall(), CloseCall(), ExtendCallDeadline(deadline=EXTENDED, reason=WORDS)])
def test_a_call_that_was_not_published_neither_opens_nor_moves_nor_closes(command: Command) -> None:
    given(INTAKE).when("call", CALL, command, by=OFFICIAL).refused("STATE", "not_in_this_state")


def test_a_closed_call_opens_no_more() -> None:
    closed = an_open_call().has(CALL_STREAM, CallClosed(call=CALL, deadline=TERMS.deadline))
    closed.when("call", CALL, OpenCall(), at=TOO_LATE, by=OFFICIAL).nothing()
    assert closed.state(CALL_STREAM).status == "closed"


def test_a_call_that_never_opened_can_still_be_given_more_time() -> None:
    waiting = given(INTAKE).has(CALL_STREAM, published())
    extend = ExtendCallDeadline(deadline=EXTENDED, reason=WORDS)
    after = waiting.when("call", CALL, extend, at=IN_TIME, by=OFFICIAL).recorded()
    assert after.state(CALL_STREAM).deadline == EXTENDED
    assert after.state(CALL_STREAM).status == "published"
