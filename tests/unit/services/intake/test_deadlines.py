"""Deadlines that move: corrected, or later for some applicants, and what becomes of who was late."""

from __future__ import annotations

import pytest

from events.intake import (
    ApplicationSubmitted,
    CallDeadlineCorrected,
    CallDeadlineExtended,
    CaseNoted,
    DecisionNoted,
    IndividualExtensionGranted,
    LateSubmissionRegistered,
    ReceiptAcknowledged,
)
from events.times import Deadline, deadline
from events.vocabulary import Source
from services.deciding import Accepted, Issue, SetTimer
from services.intake.commands import (
    CloseCall,
    CorrectCallDeadline,
    ExtendCallDeadline,
    GrantIndividualExtension,
    RegisterLateSubmission,
)
from services.intake.reactions import REACTIONS, timers
from services.intake.state import Call
from services.intake.worker import INTAKE
from tests.given import Given, given
from tests.unit.services.intake.examples import (
    APPLICANT,
    BERINGEN,
    CALL,
    CALL_STREAM,
    CASE,
    CASE_STREAM,
    EXTENDED,
    IN_TIME,
    OFFICIAL,
    TERMS,
    TIMER,
    TOO_LATE,
    a_draft,
    an_open_call,
    in_dutch,
    inputs_of,
    published,
    registering,
    submit,
)

WORDS = in_dutch("Zo is het.")
SOURCE = Source(event_id="00000000-0000-5000-8000-00000000000e", position=9)
EARLIER = deadline("2021-07-05T12:00:00")
ONE_SECOND = deadline("2021-07-11T00:00:00")
NEXT_DAY = "2021-07-11T08:00:00.000000Z"
OTHER = "OVO900101"


def correct(to: Deadline) -> CorrectCallDeadline:
    return CorrectCallDeadline(deadline=to, reason=WORDS)


def corrected(to: Deadline) -> CallDeadlineCorrected:
    return CallDeadlineCorrected(call=CALL, previous=TERMS.deadline, deadline=to, reason=WORDS)


def grant(to: Deadline = EXTENDED, *who: str) -> GrantIndividualExtension:
    return GrantIndividualExtension(applicants=list(who or (BERINGEN.ovo,)), deadline=to, reason=WORDS)


def granted(*who: str, to: Deadline = EXTENDED) -> IndividualExtensionGranted:
    return IndividualExtensionGranted(call=CALL, applicants=list(who or (BERINGEN.ovo,)), deadline=to, reason=WORDS)


def extended(to: Deadline = EXTENDED) -> CallDeadlineExtended:
    return CallDeadlineExtended(call=CALL, previous=TERMS.deadline, deadline=to, reason=WORDS)


def late() -> Given:
    return a_draft(one=registering()).when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT).recorded()


# Correcting


def test_a_mistake_in_the_deadline_is_mended_and_both_stay_on_record() -> None:
    after = an_open_call().when("call", CALL, correct(EARLIER), at=IN_TIME).then(corrected(EARLIER))
    assert after.state(CALL_STREAM).deadline == EARLIER


def test_a_corrected_deadline_closes_the_call_at_its_own_moment() -> None:
    closing = SetTimer(f"{CALL_STREAM}/close", EARLIER.utc, Issue("call", CALL, CloseCall()))
    assert timers(corrected(EARLIER)) == (closing,)


def test_i1_a_correction_makes_nobody_late_who_was_in_time() -> None:
    passed = an_open_call().when("call", CALL, correct(EARLIER), at="2021-07-06T10:00:00.000000Z")
    passed.refused("I1", "would_make_late")


def test_i1_a_correction_to_the_present_moment_makes_nobody_late() -> None:
    an_open_call().when("call", CALL, correct(EARLIER), at=EARLIER.utc).then(corrected(EARLIER))


def test_i1_a_correction_may_lie_in_the_past_when_it_is_later_than_what_was_set() -> None:
    after = an_open_call().when("call", CALL, correct(ONE_SECOND), at=NEXT_DAY).then(corrected(ONE_SECOND))
    after.when("call", CALL, CloseCall(), at=NEXT_DAY, by=TIMER).recorded()


def test_i1_a_call_cannot_close_before_it_opens() -> None:
    before = deadline("2021-03-11T09:00:00")
    waiting = given(INTAKE).has(CALL_STREAM, published())
    waiting.when("call", CALL, correct(before), at="2021-03-01T10:00:00.000000Z").refused("I1", "before_opening")


def test_correcting_to_what_holds_records_nothing() -> None:
    an_open_call().when("call", CALL, correct(TERMS.deadline), at=IN_TIME).nothing()


def test_i1_a_submission_names_the_correction_that_set_its_deadline() -> None:
    moved = a_draft().has(CALL_STREAM, extended(), corrected(ONE_SECOND))
    answer = moved.when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)
    source = answer.context.source(CALL_STREAM, CallDeadlineCorrected)
    assert source is not None
    assert answer.fact(ApplicationSubmitted).checks[0].source_events == [source.event_id]


# More time for some


def test_some_applicants_get_more_time_and_the_others_do_not() -> None:
    after = an_open_call().when("call", CALL, grant(), at=IN_TIME).then(granted())
    call: Call = after.state(CALL_STREAM)
    assert call.deadline == TERMS.deadline
    assert call.deadline_for([BERINGEN.ovo]) == EXTENDED
    assert call.deadline_for([OTHER]) == TERMS.deadline


def test_i1_who_got_more_time_is_in_time_until_then() -> None:
    answer = a_draft().has(CALL_STREAM, granted()).when("application", CASE, submit(), at=EXTENDED.utc, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)
    fact, source = answer.fact(ApplicationSubmitted), answer.context.source(CALL_STREAM, IndividualExtensionGranted)
    assert source is not None
    assert (fact.deadline, fact.checks[0].source_events) == (EXTENDED, [source.event_id])


def test_i1_an_extension_of_somebody_else_does_not_help() -> None:
    others = a_draft().has(CALL_STREAM, granted(OTHER))
    others.when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT).refused("I1", "late")


def test_i1_the_latest_of_the_calls_and_the_own_deadline_holds() -> None:
    own = deadline("2021-07-12T23:59:59")
    both = a_draft().has(CALL_STREAM, granted(to=own), extended())
    answer = both.when("application", CASE, submit(), at=EXTENDED.utc, by=APPLICANT)
    assert answer.fact(ApplicationSubmitted).deadline == EXTENDED


def test_i1_an_earlier_grant_is_not_credited_to_a_later_one_of_others() -> None:
    both = a_draft().has(CALL_STREAM, granted(), granted(OTHER))
    answer = both.when("application", CASE, submit(), at=EXTENDED.utc, by=APPLICANT)
    assert answer.fact(ApplicationSubmitted).checks[0].source_events == []


def test_i1_an_individual_extension_is_later_than_what_each_of_its_applicants_has() -> None:
    short = an_open_call().has(CALL_STREAM, granted()).when("call", CALL, grant(ONE_SECOND, BERINGEN.ovo, OTHER))
    short.refused("I1", "not_later")
    assert inputs_of(short) == {"applicants": [BERINGEN.ovo], "asked": ONE_SECOND.local}


def test_i1_an_individual_extension_lies_in_the_future() -> None:
    an_open_call().when("call", CALL, grant(), at=EXTENDED.utc).refused("I1", "already_passed")


def test_an_extension_that_all_of_them_have_records_nothing() -> None:
    an_open_call().has(CALL_STREAM, granted()).when("call", CALL, grant(), at=IN_TIME).nothing()


def test_only_who_gains_by_it_stands_in_the_grant() -> None:
    some = an_open_call().has(CALL_STREAM, granted())
    some.when("call", CALL, grant(EXTENDED, BERINGEN.ovo, OTHER, OTHER), at=IN_TIME).then(granted(OTHER))


@pytest.mark.parametrize("command", [ExtendCallDeadline(deadline=EXTENDED, reason=WORDS), correct(EARLIER), grant()])
def test_after_a_decision_no_deadline_moves(
    command: ExtendCallDeadline | CorrectCallDeadline | GrantIndividualExtension,
) -> None:
    noted = DecisionNoted(call=CALL, reference="VR PV 2021/50", cases=[CASE], source=SOURCE)
    an_open_call().has(CALL_STREAM, noted).when("call", CALL, command, at=IN_TIME).refused("STATE", "decided")


# Who was late


def test_i1_a_late_submission_is_taken_in_as_it_was_when_a_deadline_moved() -> None:
    moved = late().has(CALL_STREAM, extended())
    answer = moved.when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=TIMER)
    answer.then_types(LateSubmissionRegistered, ReceiptAcknowledged)
    fact = answer.fact(LateSubmissionRegistered)
    assert (fact.submitted_at, fact.deadline, fact.application_version) == (TOO_LATE, EXTENDED, 1)
    assert [(one.rule, one.outcome) for one in fact.checks] == [("I1", "pass"), ("I6", "pass")]
    assert fact.content.requested_cents == 50_000_000
    assert answer.fact(ReceiptAcknowledged).submitted_at == TOO_LATE
    assert answer.recorded().state(CASE_STREAM).status == "submitted"


def test_i1_a_late_submission_that_is_still_late_stays_out() -> None:
    late().when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=TIMER).nothing()
    late().when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=OFFICIAL).refused("I1", "late")


def test_i1_an_individual_extension_takes_its_late_applicant_in_too() -> None:
    moved = late().has(CALL_STREAM, granted())
    moved.when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=OFFICIAL).then_types(
        LateSubmissionRegistered, ReceiptAcknowledged
    )


def test_what_was_taken_in_is_not_taken_in_twice() -> None:
    moved = late().has(CALL_STREAM, extended())
    once = moved.when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=TIMER).recorded()
    once.when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=TIMER).nothing()
    once.when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=OFFICIAL).refused("STATE")


def test_i3_who_was_taken_in_and_submits_the_same_again_records_nothing() -> None:
    moved = late().has(CALL_STREAM, extended())
    once = moved.when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=TIMER).recorded()
    once.when("application", CASE, submit(), at=NEXT_DAY, by=APPLICANT).nothing()
    once.when("application", CASE, submit(project="Anders"), at=NEXT_DAY, by=APPLICANT).refused("I3")


def test_a_late_submission_with_unknown_codes_waits_for_one_that_can_be_read() -> None:
    unreadable = a_draft().when("application", CASE, submit(themes=["sports"]), at=TOO_LATE, by=APPLICANT).recorded()
    moved = unreadable.has(CALL_STREAM, extended())
    moved.when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=TIMER).refused("TERMS", "unknown_codes")
    moved.when("application", CASE, submit(), at=NEXT_DAY, by=APPLICANT).then_types(
        ApplicationSubmitted, ReceiptAcknowledged
    )


def test_a_draft_is_nothing_late() -> None:
    a_draft().when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=TIMER).nothing()
    a_draft().when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=OFFICIAL).refused("STATE")


# The register calls them in by itself


def issued(name: str, fact: object, call: Call) -> list[Issue]:
    (reaction,) = (one for one in REACTIONS if one.name == name)
    assert isinstance(fact, reaction.on)
    assert reaction.reads is not None
    assert reaction.reads(fact) == CALL_STREAM
    return list(reaction.react(fact, SOURCE, call))


REGISTER = Call("open", registering(), TERMS.deadline, cases=(CASE,))
AGAIN = [Issue("application", CASE, RegisterLateSubmission())]


def test_a_deadline_that_moves_has_every_case_of_the_register_looked_at_again() -> None:
    assert issued("reconsider-extended", extended(), REGISTER) == AGAIN
    assert issued("reconsider-corrected", corrected(ONE_SECOND), REGISTER) == AGAIN
    assert issued("reconsider-individual", granted(), REGISTER) == AGAIN


def test_a_case_that_is_noted_after_the_deadline_moved_is_looked_at_too() -> None:
    noted = CaseNoted(call=CALL, case=CASE, source=SOURCE)
    assert issued("catch-up", noted, REGISTER) == []
    for fact in (extended(), corrected(ONE_SECOND), granted()):
        moved = INTAKE.evolve(REGISTER, fact)
        assert issued("catch-up", noted, moved) == AGAIN


def test_an_official_is_told_why_the_service_is_not() -> None:
    answer = late().when("application", CASE, RegisterLateSubmission(), at=NEXT_DAY, by=TIMER)
    assert answer.decision == Accepted(())
