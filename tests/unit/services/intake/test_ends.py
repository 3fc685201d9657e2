"""How a case can end or change hands: withdrawn, reopened, passed to a successor, ended with its call."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from events.decision import GovernmentDecisionRecorded
from events.eligibility import DeclaredInadmissible
from events.intake import (
    ApplicantSucceeded,
    ApplicationLapsed,
    ApplicationReopened,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallCancelled,
    CaseNoted,
    CompletionSupplied,
    DecisionNoted,
    IndividualExtensionGranted,
    ReceiptAcknowledged,
    WithdrawalRefused,
)
from events.times import deadline
from events.unique import KeyChange, keys_of
from events.vocabulary import Source
from services.deciding import CancelTimer, Issue, SetTimer
from services.fields import Command
from services.intake.commands import (
    CancelCall,
    CloseCall,
    ExtendCallDeadline,
    LapseApplication,
    LapseCompletion,
    NoteCase,
    NoteDecision,
    OpenCall,
    RecordApplicantSuccession,
    ReopenApplication,
    RequestCompletion,
    SupplyCompletion,
    WithdrawApplication,
)
from services.intake.reactions import REACTIONS, timers
from services.intake.state import Call
from services.intake.worker import INTAKE
from tests.given import Given, actor
from tests.unit.services.intake.examples import (
    APPLICANT,
    BERINGEN,
    CALL,
    CALL_STREAM,
    CASE,
    CASE_STREAM,
    EXTENDED,
    IN_TIME,
    MERGED,
    OFFICIAL,
    PORT,
    TERMS,
    TIMER,
    TOO_LATE,
    a_draft,
    an_open_call,
    in_dutch,
    inputs_of,
    papers,
    registering,
    start,
    submit,
    submitted,
)

WORDS = in_dutch("Zo is het.")
ADMIN = actor("admin")
SUCCESSOR = actor("applicant", MERGED.ovo)
SOURCE = Source(event_id="00000000-0000-5000-8000-00000000000e", position=9)
WITHDRAW = WithdrawApplication(reason=WORDS)
DECIDED = DecisionNoted(call=CALL, reference="VR PV 2021/50 – punt 3", cases=[CASE], source=SOURCE)
CANCELLED = CallCancelled(call=CALL, reason=WORDS)


def decided() -> Given:
    return submitted(registering()).has(CALL_STREAM, DECIDED)


# I5: withdrawal until the decision


def test_i5_an_application_is_withdrawn_until_the_government_decided() -> None:
    answer = submitted(registering()).when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT)
    answer.then_types(ApplicationWithdrawn)


def test_i5_after_the_decision_a_withdrawal_is_refused_and_the_refusal_is_on_record() -> None:
    answer = decided().when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT)
    refusal = answer.fact(WithdrawalRefused)
    answer.refused("I5", "decided", refusal)
    (check,) = refusal.checks
    source = answer.context.source(CALL_STREAM, DecisionNoted)
    assert source is not None
    assert (check.rule, check.inputs, check.source_events) == (
        "I5",
        {"decision": "VR PV 2021/50 – punt 3"},
        [source.event_id],
    )
    assert inputs_of(answer) == {"decision": "VR PV 2021/50 – punt 3"}


def test_i5_the_same_refusal_again_is_no_second_fact() -> None:
    once = decided().when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT).recorded()
    again = once.when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT)
    again.refused("I5", "decided")
    assert again.decision.facts == ()


def test_i5_a_decision_on_other_cases_does_not_count() -> None:
    others = msgspec.structs.replace(DECIDED, cases=["01900000-0000-7000-8000-00000000ffff"])
    answer = (
        submitted(registering()).has(CALL_STREAM, others).when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT)
    )
    answer.then_types(ApplicationWithdrawn)


# The register


def issued(name: str, fact: Any, call: Call) -> list[Issue]:
    (reaction,) = (one for one in REACTIONS if one.name == name)
    assert isinstance(fact, reaction.on)
    return list(reaction.react(fact, SOURCE, call))


REGISTER = Call("open", registering(), TERMS.deadline, cases=(CASE,))
PLAIN = Call("open", TERMS, TERMS.deadline)


def government(result: Any) -> GovernmentDecisionRecorded:
    return GovernmentDecisionRecorded(
        call=CALL,
        result=result,
        reference="VR PV 2021/50",
        meeting="2021-12-17",
        proposal_version=1,
        items=[],
        checks=[],
    )


def test_the_register_notes_every_case_that_begins_where_the_terms_ask_for_it() -> None:
    began = a_draft().streams[CASE_STREAM][0].fact
    assert issued("note-case", began, REGISTER) == [Issue("call", CALL, NoteCase(case=CASE, source=SOURCE))]
    assert issued("note-case", began, PLAIN) == []


def test_i5_the_register_learns_of_a_decision_that_was_approved_and_of_no_other() -> None:
    noted = [Issue("call", CALL, NoteDecision(reference="VR PV 2021/50", cases=[], source=SOURCE))]
    assert issued("note-decision", government("goedgekeurd"), REGISTER) == noted
    assert issued("note-decision", government("goedgekeurd"), PLAIN) == []
    for result in ("uitgesteld", "ingetrokken", "akte_genomen"):
        assert issued("note-decision", government(result), REGISTER) == []


def test_what_the_register_has_is_noted_once() -> None:
    note, decision = NoteCase(case=CASE, source=SOURCE), NoteDecision(reference="VR 1", cases=[CASE], source=SOURCE)
    once = an_open_call().when("call", CALL, note).then(CaseNoted(call=CALL, case=CASE, source=SOURCE))
    once.when("call", CALL, note).nothing()
    told = once.when("call", CALL, decision).then(
        DecisionNoted(call=CALL, reference="VR 1", cases=[CASE], source=SOURCE)
    )
    told.when("call", CALL, decision).nothing()
    assert told.state(CALL_STREAM).decided == {CASE: "VR 1"}


def test_a_decision_that_replaces_another_is_noted_too() -> None:
    again = NoteDecision(reference="VR 2", cases=[CASE], source=SOURCE)
    after = an_open_call().has(CALL_STREAM, DECIDED).when("call", CALL, again).recorded()
    assert after.state(CALL_STREAM).decided == {CASE: "VR 2"}


# Cancelling the call


def test_a_call_is_cancelled_and_its_timers_with_it() -> None:
    registered = an_open_call(registering())
    after = registered.when("call", CALL, CancelCall(reason=WORDS), at=IN_TIME).then(CANCELLED)
    after.when("call", CALL, CancelCall(reason=WORDS), at=IN_TIME).nothing()
    assert timers(CANCELLED) == (CancelTimer(f"{CALL_STREAM}/open"), CancelTimer(f"{CALL_STREAM}/close"))
    after.when("call", CALL, CloseCall(), at=TOO_LATE, by=TIMER).nothing()
    after.when("call", CALL, OpenCall(), at=TOO_LATE, by=TIMER).nothing()
    after.when("call", CALL, OpenCall(), at=TOO_LATE, by=OFFICIAL).refused("STATE")
    longer = ExtendCallDeadline(deadline=EXTENDED, reason=WORDS)
    after.when("call", CALL, longer, at=IN_TIME, by=OFFICIAL).refused("STATE", "not_in_this_state")


def test_a_call_that_was_decided_on_is_not_cancelled() -> None:
    told = an_open_call(registering()).has(CALL_STREAM, DECIDED)
    told.when("call", CALL, CancelCall(reason=WORDS), at=IN_TIME).refused("STATE", "decided")


def test_a_call_without_a_register_is_not_cancelled_for_its_cases_would_stay_open() -> None:
    an_open_call().when("call", CALL, CancelCall(reason=WORDS), at=IN_TIME).refused("STATE", "no_register")


@pytest.mark.parametrize(
    "command",
    [submit(), RequestCompletion(items=["financial_plan"], reason=WORDS), WITHDRAW],
    ids=lambda one: one.command_name,
)
def test_in_a_cancelled_call_nothing_goes_on(command: Command) -> None:
    gone = a_draft(one=registering()).has(CALL_STREAM, CANCELLED)
    who = APPLICANT if "applicant" in INTAKE.commands[type(command)].roles else OFFICIAL
    gone.when("application", CASE, command, at=IN_TIME, by=who).refused("STATE", "call_cancelled")


def test_in_a_cancelled_call_nothing_begins() -> None:
    gone = an_open_call(registering()).has(CALL_STREAM, CANCELLED)
    gone.when("application", CASE, start(), at=IN_TIME, by=APPLICANT).refused("STATE", "call_cancelled")


def test_every_case_of_a_cancelled_call_ends_and_lets_go_of_its_key_and_its_timer() -> None:
    lapsed = ApplicationLapsed(
        call=CALL, case=CASE, applicant=BERINGEN, neighbourhood="Tuinwijk", releases_live_key=True, source=SOURCE
    )
    end = LapseApplication(source=SOURCE)
    assert issued("end-cases", CANCELLED, REGISTER) == [Issue("application", CASE, end)]
    gone = submitted(registering()).has(CALL_STREAM, CANCELLED)
    after = gone.when("application", CASE, end, at=IN_TIME, by=TIMER).then(lapsed)
    after.when("application", CASE, end, at=IN_TIME, by=TIMER).nothing()
    assert keys_of(lapsed) == (KeyChange("release", f"application:{CALL}:OVO900109:tuinwijk", CASE),)
    assert timers(lapsed) == (CancelTimer(f"{CASE_STREAM}/completion"),)


def test_a_draft_that_ends_with_its_call_held_no_key() -> None:
    gone = a_draft(one=registering()).has(CALL_STREAM, CANCELLED)
    answer = gone.when("application", CASE, LapseApplication(source=SOURCE), at=IN_TIME, by=TIMER)
    assert keys_of(answer.fact(ApplicationLapsed)) == ()


def test_a_case_does_not_end_with_a_call_that_goes_on() -> None:
    submitted().when("application", CASE, LapseApplication(source=SOURCE), at=IN_TIME, by=TIMER).nothing()


def test_a_case_that_is_noted_after_the_call_was_cancelled_ends_too() -> None:
    noted = CaseNoted(call=CALL, case=CASE, source=SOURCE)
    cancelled = INTAKE.evolve(REGISTER, CANCELLED)
    assert issued("catch-up", noted, cancelled) == [Issue("application", CASE, LapseApplication(source=SOURCE))]


# I4: reopening


DUE = deadline("2021-07-14T23:59:59")


def reopen(*items: str) -> ReopenApplication:
    return ReopenApplication(items=list(items) or ["financial_plan"], reason=WORDS)


def test_i4_a_file_is_reopened_with_a_reason_by_who_has_the_authority() -> None:
    answer = submitted(registering()).when("application", CASE, reopen(), at=IN_TIME, by=ADMIN)
    fact = answer.fact(ApplicationReopened)
    answer.then(fact)
    assert (fact.items, fact.reason, fact.due) == (["financial_plan"], WORDS, DUE)
    assert [(one.rule, one.outcome, one.inputs) for one in fact.checks] == [("I4", "pass", {"role": "admin"})]
    lapse = Issue("application", CASE, LapseCompletion())
    assert timers(fact) == (SetTimer(f"{CASE_STREAM}/completion", DUE.utc, lapse),)


def test_i4_who_has_no_authority_reopens_nothing() -> None:
    answer = submitted(registering()).when("application", CASE, reopen(), at=IN_TIME, by=OFFICIAL)
    answer.refused("I4", "no_authority")
    assert inputs_of(answer) == {"role": "case_handler", "roles": ["admin"]}


def test_i4_a_file_that_was_sent_has_no_open_step() -> None:
    opened = submitted(registering()).when("application", CASE, reopen(), at=IN_TIME, by=ADMIN).recorded()
    opened.when("application", CASE, reopen("council_decision"), at=IN_TIME, by=ADMIN).refused("STATE")
    ask = RequestCompletion(items=["council_decision"], reason=WORDS)
    opened.when("application", CASE, ask, at=IN_TIME, by=OFFICIAL).refused("STATE")
    supply = SupplyCompletion(items=["financial_plan"], attachments=papers("financial_plan"))
    sent = opened.when("application", CASE, supply, at=IN_TIME, by=APPLICANT).then_types(CompletionSupplied)
    assert (sent.state(CASE_STREAM).status, sent.state(CASE_STREAM).missing) == ("submitted", ())
    assert sent.state(CASE_STREAM).version == 2


def test_i3_in_a_reopened_file_only_what_was_opened_changes() -> None:
    opened = submitted(registering()).when("application", CASE, reopen(), at=IN_TIME, by=ADMIN).recorded()
    supply = SupplyCompletion(items=["council_decision"], attachments=papers("council_decision"))
    opened.when("application", CASE, supply, at=IN_TIME, by=APPLICANT).refused("I3", "not_requested")


def test_i4_a_draft_is_not_reopened_and_neither_is_what_was_decided_on() -> None:
    a_draft(one=registering()).when("application", CASE, reopen(), at=IN_TIME, by=ADMIN).refused("STATE")
    decided().when("application", CASE, reopen(), at=IN_TIME, by=ADMIN).refused("STATE", "decided")


def test_i4_only_what_the_call_knows_is_reopened() -> None:
    unknown = submitted(registering()).when("application", CASE, reopen("budget"), at=IN_TIME, by=ADMIN)
    unknown.refused("TERMS", "unknown_codes")


# Succession


def succeed(**other: Any) -> RecordApplicantSuccession:
    fields: dict[str, Any] = {
        "successor": MERGED,
        "merged": [BERINGEN],
        "effective_on": "2021-06-30",
        "reason": WORDS,
    }
    return RecordApplicantSuccession(**(fields | other))


def test_an_application_passes_to_the_successor_with_its_key_and_its_history() -> None:
    answer = submitted().when("application", CASE, succeed(), at=IN_TIME, by=OFFICIAL)
    fact = answer.fact(ApplicantSucceeded)
    after = answer.then(fact)
    assert (fact.previous, fact.successor, fact.merged) == (BERINGEN, MERGED, [BERINGEN])
    assert fact.effective_at == "2021-06-29T22:00:00.000000Z"
    assert keys_of(fact) == (
        KeyChange("release", f"application:{CALL}:OVO900109:tuinwijk", CASE),
        KeyChange("claim", f"application:{CALL}:OVO900199:tuinwijk", CASE),
    )
    after.when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT).refused("OWN")
    after.when("application", CASE, WITHDRAW, at=IN_TIME, by=SUCCESSOR).then_types(ApplicationWithdrawn)


def test_a_draft_passes_on_without_a_key() -> None:
    fact = a_draft().when("application", CASE, succeed(), at=IN_TIME, by=OFFICIAL).fact(ApplicantSucceeded)
    assert keys_of(fact) == ()


def test_the_successor_submits_what_the_predecessor_began() -> None:
    passed = a_draft().when("application", CASE, succeed(), at=IN_TIME, by=OFFICIAL).recorded()
    answer = passed.when("application", CASE, submit(), at=IN_TIME, by=SUCCESSOR)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)
    assert answer.fact(ApplicationSubmitted).content.applicant == MERGED
    source = answer.context.source(CASE_STREAM, ApplicantSucceeded)
    assert source is not None
    assert answer.fact(ApplicationSubmitted).checks[1].source_events == [source.event_id]


def test_i1_the_successor_keeps_the_time_that_its_predecessor_was_given() -> None:
    longer = IndividualExtensionGranted(call=CALL, applicants=[BERINGEN.ovo], deadline=EXTENDED, reason=WORDS)
    passed = a_draft().when("application", CASE, succeed(), at=IN_TIME, by=OFFICIAL).recorded()
    answer = passed.has(CALL_STREAM, longer).when("application", CASE, submit(), at=EXTENDED.utc, by=SUCCESSOR)
    answer.then_types(ApplicationSubmitted, ReceiptAcknowledged)


def test_i6_a_successor_is_a_municipality() -> None:
    answer = submitted().when("application", CASE, succeed(successor=PORT), at=IN_TIME, by=OFFICIAL)
    answer.refused("I6", "not_a_municipality")


def test_a_succession_is_recorded_from_the_day_on_which_it_holds() -> None:
    early = submitted().when("application", CASE, succeed(effective_on="2021-07-01"), at=IN_TIME, by=OFFICIAL)
    early.refused("STATE", "not_yet_effective")
    first_moment = "2021-06-30T22:00:00.000000Z"
    on_the_day = submitted().when("application", CASE, succeed(effective_on="2021-07-01"), at=first_moment, by=OFFICIAL)
    on_the_day.then_types(ApplicantSucceeded)


def test_the_same_succession_again_records_nothing() -> None:
    once = submitted().when("application", CASE, succeed(), at=IN_TIME, by=OFFICIAL).recorded()
    once.when("application", CASE, succeed(), at=IN_TIME, by=OFFICIAL).nothing()


def test_after_the_decision_it_is_the_contract_that_passes() -> None:
    decided().when("application", CASE, succeed(), at=IN_TIME, by=OFFICIAL).refused("STATE", "decided")


def test_what_ended_does_not_pass_on() -> None:
    gone = submitted().when("application", CASE, WITHDRAW, at=IN_TIME, by=APPLICANT).recorded()
    gone.when("application", CASE, succeed(), at=IN_TIME, by=OFFICIAL).refused("STATE")


def test_inadmissibility_lets_go_of_the_key_of_the_authority_it_names() -> None:
    ended = DeclaredInadmissible(call=CALL, case=CASE, applicant=MERGED, neighbourhood="Tuinwijk", checks=[])
    assert keys_of(ended) == (KeyChange("release", f"application:{CALL}:OVO900199:tuinwijk", CASE),)
