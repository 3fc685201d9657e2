"""The application: drafted by its own authority, in time or on record as late, completed only where asked."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from events.intake import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallClosed,
    CallDeadlineExtended,
    CompletionRequested,
    CompletionSupplied,
    CompletionTermLapsed,
    LateSubmissionRecorded,
    ReceiptAcknowledged,
)
from events.times import deadline
from events.unique import KeyChange, keys_of
from events.vocabulary import Clear
from services.deciding import CancelTimer, Issue, SetTimer
from services.intake.commands import LapseCompletion, RequestCompletion, SupplyCompletion, WithdrawApplication
from services.intake.decider.submission import content_sha256
from services.intake.reactions import timers
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
    LAST_MOMENT,
    OFFICIAL,
    PERSON,
    STRANGER,
    TERMS,
    TIMER,
    TOO_LATE,
    a_draft,
    an_open_call,
    draft,
    in_dutch,
    inputs_of,
    line,
    papers,
    published,
    start,
    submit,
    submitted,
)

WITHDRAW = WithdrawApplication(reason=in_dutch("Geen cofinanciering."))
WITHDRAWN = ApplicationWithdrawn(
    call=CALL, case=CASE, applicant=BERINGEN, neighbourhood="Tuinwijk", reason=in_dutch("Geen cofinanciering.")
)
DUE = deadline("2021-07-14T23:59:59")
ASKED = CompletionRequested(
    call=CALL, case=CASE, items=["council_decision", "financial_plan"], reason=in_dutch("Dit ontbreekt."), due=DUE
)


def ask(*items: str) -> RequestCompletion:
    return RequestCompletion(items=list(items), reason=in_dutch("Dit ontbreekt."))


def supply(*items: str) -> SupplyCompletion:
    return SupplyCompletion(items=list(items), attachments=papers(*items))


def supplied(version: int, *items: str) -> CompletionSupplied:
    return CompletionSupplied(
        call=CALL, case=CASE, application_version=version, items=list(items), attachments=papers(*items)
    )


def incomplete() -> Given:
    return submitted().has(CASE_STREAM, ASKED)


# Drafts


def test_a_draft_begins_a_case() -> None:
    an_open_call().when("application", CASE, start(), by=APPLICANT).then(draft())


def test_own_an_authority_drafts_for_itself_only() -> None:
    an_open_call().when("application", CASE, start(), by=STRANGER).refused("OWN", "other_organisation")


def test_a_draft_needs_a_call_that_exists() -> None:
    given(INTAKE).when("application", CASE, start(), by=APPLICANT).refused("STATE", "unknown_call")


def test_a_draft_may_begin_before_the_call_opens() -> None:
    given(INTAKE).has(CALL_STREAM, published()).when("application", CASE, start(), by=APPLICANT).then(draft())


def test_the_same_draft_again_records_nothing() -> None:
    a_draft().when("application", CASE, start(), by=APPLICANT).nothing()


def test_a_case_keeps_its_neighbourhood() -> None:
    other = start(neighbourhood="Koersel")
    a_draft().when("application", CASE, other, by=APPLICANT).refused("STATE", "already_started")


# Submission


def test_a_submission_in_time_is_acknowledged_with_a_case_number() -> None:
    answer = a_draft().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)
    receipt = answer.fact(ReceiptAcknowledged)
    assert receipt == ReceiptAcknowledged(call=CALL, case=CASE, case_number="WVC-2021-00AB0F", submitted_at=IN_TIME)
    assert answer.decision.rules == 1


def test_a_submission_carries_what_was_asked_under_the_deadline_that_held() -> None:
    fact = a_draft().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).fact(ApplicationSubmitted)
    assert (fact.application_version, fact.deadline, fact.claims_live_key) == (1, TERMS.deadline, True)
    assert (fact.content.applicant, fact.content.neighbourhood) == (BERINGEN, "Tuinwijk")
    assert fact.content.requested_cents == 50_000_000


def test_a_contact_is_sealed_under_its_own_person() -> None:
    contact = a_draft().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).fact(ApplicationSubmitted)
    assert contact.content.contact.name == Clear(subject=PERSON, clear="Mieke Janssens")
    assert contact.content.contact.email == Clear(subject=PERSON, clear="mieke@example.org")
    assert contact.content.contact.phone == Clear(subject=PERSON, clear="+32 11 00 00 00")


def test_the_digest_of_the_content_says_nothing_about_a_person() -> None:
    def digest(**other: str) -> str:
        answer = a_draft().when("application", CASE, submit(**other), at=IN_TIME, by=APPLICANT)
        content = answer.fact(ApplicationSubmitted).content
        assert answer.fact(ApplicationSubmitted).content_sha256 == content_sha256(content)
        return content_sha256(content)

    assert digest() == digest(contact_name="Iemand Anders", contact_email="x@example.org", contact_phone="011000000")
    assert digest() != digest(project="Iets anders")


def test_own_an_authority_submits_its_own_application_only() -> None:
    a_draft().when("application", CASE, submit(), at=IN_TIME, by=STRANGER).refused("OWN")


def test_a_submission_needs_a_draft() -> None:
    an_open_call().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).refused("STATE")


def test_a_submission_waits_until_the_call_opens() -> None:
    waiting = given(INTAKE).has(CALL_STREAM, published()).has(CASE_STREAM, draft())
    waiting.when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).refused("STATE", "call_not_open")


def test_i1_the_last_moment_is_in_time() -> None:
    answer = a_draft().when("application", CASE, submit(), at=LAST_MOMENT, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)
    check = answer.fact(ApplicationSubmitted).checks[0]
    assert (check.rule, check.outcome, check.code) == ("I1", "pass", "in_time")
    assert "2021-07-10T23:59:59 (Europe/Brussels)" in check.reason.en


def test_i1_the_last_moment_is_in_time_even_when_the_call_was_closed_in_that_moment() -> None:
    closed = a_draft().has(CALL_STREAM, CallClosed(call=CALL, deadline=TERMS.deadline))
    answer = closed.when("application", CASE, submit(), at=LAST_MOMENT, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)


def test_i1_a_late_submission_is_recorded_not_dropped() -> None:
    answer = a_draft().when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT)
    late = answer.fact(LateSubmissionRecorded)
    answer.refused("I1", "late", late)
    assert (late.deadline, late.submitted_at) == (TERMS.deadline, TOO_LATE)
    assert late.content.requested_cents == 50_000_000
    assert [(one.rule, one.outcome) for one in late.checks] == [("I1", "fail")]


def test_i1_a_late_submission_is_recorded_even_with_unknown_codes() -> None:
    answer = a_draft().when("application", CASE, submit(themes=["sports"]), at=TOO_LATE, by=APPLICANT)
    answer.refused("I1", "late", answer.fact(LateSubmissionRecorded))


def test_i1_the_same_late_submission_is_refused_again_without_a_second_fact() -> None:
    once = a_draft().when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT).recorded()
    again = once.when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT)
    again.refused("I1", "late")
    assert again.decision.facts == ()


def test_i1_other_late_content_is_recorded_too() -> None:
    once = a_draft().when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT).recorded()
    again = once.when("application", CASE, submit(project="Tweede poging"), at=TOO_LATE, by=APPLICANT)
    again.refused("I1", "late", again.fact(LateSubmissionRecorded))


def test_i1_an_extended_deadline_is_the_one_that_holds() -> None:
    moved = CallDeadlineExtended(call=CALL, previous=TERMS.deadline, deadline=EXTENDED, reason=in_dutch("Op vraag."))
    answer = a_draft().has(CALL_STREAM, moved).when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)
    fact = answer.fact(ApplicationSubmitted)
    assert fact.deadline == EXTENDED
    assert fact.checks[0].params["deadline_utc"] == EXTENDED.utc
    source = answer.context.source(CALL_STREAM, CallDeadlineExtended)
    assert source is not None
    assert fact.checks[0].source_events == [source.event_id]


def test_i2_a_submission_claims_its_applicant_and_neighbourhood() -> None:
    fact = a_draft().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).fact(ApplicationSubmitted)
    assert keys_of(fact) == (KeyChange("claim", f"application:{CALL}:OVO900109:tuinwijk", CASE),)


def test_i2_a_call_may_allow_several_live_applications() -> None:
    several = msgspec.structs.replace(TERMS, one_live_application=False)
    answer = a_draft(one=several).when("application", CASE, submit(), at=IN_TIME, by=APPLICANT)
    assert keys_of(answer.fact(ApplicationSubmitted)) == ()


def test_i2_a_second_live_application_leaves_no_fact() -> None:
    answer = a_draft().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT)
    state = answer.before.state(CASE_STREAM)
    assert INTAKE.refused_by_guard(state, answer.command, answer.context, "unique", "taken") == ()


def test_i3_a_submitted_version_is_never_replaced() -> None:
    other = submit(project="Iets anders")
    submitted().when("application", CASE, other, at=IN_TIME, by=APPLICANT).refused("I3", "already_submitted")


def test_i3_a_submitted_version_stays_while_a_completion_is_open() -> None:
    other = submit(project="Iets anders")
    incomplete().when("application", CASE, other, at=IN_TIME, by=APPLICANT).refused("I3", "already_submitted")


def test_submitting_the_same_content_again_records_nothing() -> None:
    submitted().when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT).nothing()


def test_a_withdrawn_application_is_not_submitted_again() -> None:
    gone = submitted().has(CASE_STREAM, WITHDRAWN)
    gone.when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).refused("STATE")


def test_i6_the_applicant_is_a_municipality() -> None:
    fact = a_draft().when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).fact(ApplicationSubmitted)
    assert [(one.rule, one.outcome, one.code) for one in fact.checks[1:]] == [("I6", "pass", "municipality")]


def test_i6_who_is_not_a_municipality_cannot_submit() -> None:
    other = msgspec.structs.replace(BERINGEN, nis=None)
    a_draft(other).when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).refused("I6", "not_a_municipality")


@pytest.mark.parametrize(
    ("field", "value", "unknown"),
    [
        ("themes", ["housing", "sports"], {"themes": ["sports"]}),
        ("instruments", ["tax_break"], {"instruments": ["tax_break"]}),
        ("budget", [line("catering", 1, 1)], {"budget": ["catering"]}),
        ("attachments", papers("poem"), {"attachments": ["poem"]}),
    ],
)
def test_terms_only_codes_of_the_call_are_taken(field: str, value: object, unknown: dict[str, list[str]]) -> None:
    answer = a_draft().when("application", CASE, submit(**{field: value}), at=IN_TIME, by=APPLICANT)
    answer.refused("TERMS", "unknown_codes")
    assert inputs_of(answer) == {"unknown": unknown}


@pytest.mark.parametrize(
    ("field", "value", "repeated"),
    [
        ("themes", ["housing", "housing"], {"themes": ["housing"]}),
        ("budget", [line("personnel", 2, 1), line("personnel", 2, 1)], {"budget": ["personnel"]}),
        ("partners", submit().partners * 2, {"partners": ["neighbours"]}),
    ],
)
def test_terms_a_code_stands_once(field: str, value: object, repeated: dict[str, list[str]]) -> None:
    answer = a_draft().when("application", CASE, submit(**{field: value}), at=IN_TIME, by=APPLICANT)
    answer.refused("TERMS", "repeated_codes")
    assert inputs_of(answer) == {"repeated": repeated}


def test_several_attachments_may_be_of_one_kind() -> None:
    twice = submit(attachments=papers("pledge_letters", "pledge_letters"))
    answer = a_draft().when("application", CASE, twice, at=IN_TIME, by=APPLICANT)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)


# Completion


def test_a_completion_is_requested_with_a_term() -> None:
    answer = submitted().when(
        "application", CASE, ask("council_decision", "financial_plan"), at="2021-06-30T15:00:00.000000Z"
    )
    answer.then(ASKED)


def test_a_completion_is_requested_for_attachments_of_the_call_only() -> None:
    submitted().when("application", CASE, ask("poem")).refused("TERMS", "unknown_codes")


def test_the_same_request_again_records_nothing() -> None:
    incomplete().when("application", CASE, ask("financial_plan", "council_decision"), by=OFFICIAL).nothing()


def test_one_completion_is_open_at_a_time() -> None:
    incomplete().when("application", CASE, ask("pledge_letters"), by=OFFICIAL).refused("STATE")


def test_a_draft_is_not_completed() -> None:
    a_draft().when("application", CASE, ask("pledge_letters"), by=OFFICIAL).refused("STATE")


def test_i3_a_completion_makes_the_next_version() -> None:
    answer = incomplete().when(
        "application", CASE, supply("council_decision", "financial_plan"), at=DUE.utc, by=APPLICANT
    )
    after = answer.then(supplied(2, "council_decision", "financial_plan"))
    assert after.state(CASE_STREAM).status == "submitted"


def test_i3_what_is_still_missing_stays_open() -> None:
    after = incomplete().when("application", CASE, supply("financial_plan"), at=IN_TIME, by=APPLICANT)
    state = after.then(supplied(2, "financial_plan")).state(CASE_STREAM)
    assert (state.status, state.missing, state.version) == ("incomplete", ("council_decision",), 2)


def test_i3_a_completion_touches_only_what_was_asked_for() -> None:
    answer = incomplete().when("application", CASE, supply("pledge_letters"), at=IN_TIME, by=APPLICANT)
    answer.refused("I3", "not_requested")


def test_i3_a_completion_carries_no_other_attachment() -> None:
    more = SupplyCompletion(items=["financial_plan"], attachments=papers("financial_plan", "pledge_letters"))
    incomplete().when("application", CASE, more, at=IN_TIME, by=APPLICANT).refused("I3", "items_without_attachment")


def test_i3_a_completion_after_its_term_is_refused() -> None:
    late = "2021-07-14T21:59:59.000001Z"
    answer = incomplete().when("application", CASE, supply("financial_plan"), at=late, by=APPLICANT)
    answer.refused("I3", "completion_term_passed")


def test_i3_a_completion_after_its_term_lapsed_is_told_so_until_it_is_asked_for_again() -> None:
    lapsed = incomplete().when("application", CASE, LapseCompletion(), at=DUE.utc, by=TIMER).recorded()
    late = "2021-07-14T22:00:00.000000Z"
    for at in (DUE.utc, late):
        answer = lapsed.when("application", CASE, supply("financial_plan"), at=at, by=APPLICANT)
        answer.refused("I3", "completion_term_passed")
    again = lapsed.when("application", CASE, ask("financial_plan"), at=late, by=OFFICIAL).recorded()
    again.when("application", CASE, supply("financial_plan"), at=late, by=APPLICANT).then(supplied(2, "financial_plan"))


def test_own_an_authority_completes_its_own_application_only() -> None:
    incomplete().when("application", CASE, supply("financial_plan"), at=IN_TIME, by=STRANGER).refused("OWN")


def test_a_completion_that_nobody_asked_for_is_refused() -> None:
    answer = submitted().when("application", CASE, supply("financial_plan"), at=IN_TIME, by=APPLICANT)
    answer.refused("STATE", "nothing_requested")


def test_a_completion_term_lapses_with_what_is_still_missing() -> None:
    half = incomplete().has(CASE_STREAM, supplied(2, "financial_plan"))
    lapsed = CompletionTermLapsed(call=CALL, case=CASE, items=["council_decision"], due=DUE)
    after = half.when("application", CASE, LapseCompletion(), at=DUE.utc, by=TIMER).then(lapsed)
    assert after.state(CASE_STREAM).status == "submitted"


def test_a_completion_term_does_not_lapse_early() -> None:
    incomplete().when("application", CASE, LapseCompletion(), at=IN_TIME, by=TIMER).nothing()


def test_a_completion_term_lapses_once() -> None:
    after = incomplete().when("application", CASE, LapseCompletion(), at=DUE.utc, by=TIMER).recorded()
    after.when("application", CASE, LapseCompletion(), at=DUE.utc, by=TIMER).nothing()


def test_a_supplied_completion_does_not_lapse() -> None:
    whole = incomplete().has(CASE_STREAM, supplied(2, "council_decision", "financial_plan"))
    whole.when("application", CASE, LapseCompletion(), at=DUE.utc, by=TIMER).nothing()


def test_a_requested_completion_sets_its_timer() -> None:
    lapse = Issue("application", CASE, LapseCompletion())
    assert timers(ASKED) == (SetTimer(f"{CASE_STREAM}/completion", DUE.utc, lapse),)


# Withdrawal


@pytest.mark.parametrize("before", [submitted, incomplete])
def test_i5_an_application_can_be_withdrawn(before: Callable[[], Given]) -> None:
    before().when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT).then(WITHDRAWN)


def test_own_an_authority_withdraws_its_own_application_only() -> None:
    submitted().when("application", CASE, WITHDRAW, at=IN_TIME, by=STRANGER).refused("OWN")


def test_withdrawing_again_records_nothing() -> None:
    submitted().has(CASE_STREAM, WITHDRAWN).when("application", CASE, WITHDRAW, by=APPLICANT).nothing()


def test_a_draft_is_not_withdrawn() -> None:
    a_draft().when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT).refused("STATE")


def test_a_late_application_is_not_withdrawn() -> None:
    late = a_draft().when("application", CASE, submit(), at=TOO_LATE, by=APPLICANT).recorded()
    late.when("application", CASE, WITHDRAW, at=TOO_LATE, by=APPLICANT).refused("STATE")


def test_a_withdrawal_lets_go_of_the_key_and_of_the_timer() -> None:
    assert keys_of(WITHDRAWN) == (KeyChange("release", f"application:{CALL}:OVO900109:tuinwijk", CASE),)
    assert timers(WITHDRAWN) == (CancelTimer(f"{CASE_STREAM}/completion"),)


def test_a_withdrawn_application_does_not_lapse() -> None:
    gone = incomplete().has(CASE_STREAM, WITHDRAWN)
    gone.when("application", CASE, LapseCompletion(), at=DUE.utc, by=TIMER).nothing()
