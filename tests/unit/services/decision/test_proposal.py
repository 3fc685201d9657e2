"""The proposal to the Government: drafted, drafted again, completed, decided."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from events.decision import (
    AwardProposalDrafted,
    BudgetAgreementRecorded,
    CandidateWithdrawn,
    GovernmentDecisionRecorded,
    ProposalAgendaed,
    ProposalHeld,
    ProposalHoldLifted,
)
from events.jury import RankingFixed, RankingReopened
from services.decision.commands import (
    AwardGrant,
    DraftAwardProposal,
    HoldProposal,
    LiftHold,
    PlaceOnAgenda,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    RedraftAwardProposal,
    RefuseGrant,
    ReleaseReservation,
    ReserveAmount,
)
from services.decision.rules.money import D4
from services.decision.worker import DECISION
from tests.given import Given
from tests.unit.services.decision.examples import (
    ADVICE,
    AGENDA,
    AGREEMENT,
    CALL,
    ENTRIES,
    ENVELOPE,
    FIRST,
    MEETING,
    PROPOSAL,
    REFERENCE,
    SECOND,
    SOURCE,
    THIRD,
    drafted,
    envelope_set,
    grant,
    increased,
    reactions,
    ready_for_decision,
    registered,
)
from tests.unit.services.jury.terms import DECISION as TERMS
from tests.unit.services.jury.told import given

DRAFT = DraftAwardProposal(entries=ENTRIES, source=SOURCE)
REDRAFT = RedraftAwardProposal(source=SOURCE)


def decided(result: str = "goedgekeurd", meeting: str = MEETING) -> RecordGovernmentDecision:
    return RecordGovernmentDecision.model_validate({"result": result, "reference": REFERENCE, "meeting": meeting})


def proposal(*facts: Any) -> Given:
    return given(DECISION).has(ENVELOPE, envelope_set()).has(PROPOSAL, drafted(), *facts)


def test_d1_the_ranking_is_fitted_into_the_envelope() -> None:
    (issue, _lift) = reactions(RankingFixed(call=CALL, entries=ENTRIES, tie_rule="lower_amount_first", checks=[]))
    then = given(DECISION).has(ENVELOPE, envelope_set()).when("proposal", CALL, issue.command)
    fact = then.fact(AwardProposalDrafted)
    assert [(item.case, item.proposed_cents, item.code) for item in fact.items] == [
        (FIRST, 1_000_000, "fits"),
        (SECOND, 1_000_000, "fits"),
        (THIRD, 0, "envelope_exhausted"),
    ]
    assert [(check.rule, check.outcome) for check in fact.checks] == [("D1", "pass"), ("D4", "pass")]
    assert fact.checks[0].inputs == {"envelope_cents": 2_000_000, "proposed_cents": 2_000_000}
    then.recorded().when("proposal", CALL, issue.command).nothing()


def test_d4_a_check_is_run_again_from_the_fact_alone() -> None:
    then = given(DECISION).has(ENVELOPE, envelope_set()).when("proposal", CALL, DRAFT)
    check = then.fact(AwardProposalDrafted).checks[1]
    assert D4.test(check.params, check.inputs) == ("pass", "follows_ranking")
    check.inputs["files"][2]["proposed_cents"] = 1
    assert D4.test(check.params, check.inputs) == ("fail", "deviates")


def test_a_proposal_needs_an_envelope() -> None:
    given(DECISION).when("proposal", CALL, DRAFT).refused("STATE", "terms_not_adopted")


def test_a_withdrawn_file_is_not_proposed() -> None:
    withdrawn = CandidateWithdrawn(call=CALL, case=FIRST, source=SOURCE)
    before = given(DECISION).has(ENVELOPE, envelope_set()).has(grant(), registered(), withdrawn)
    fact = before.when("proposal", CALL, DRAFT).fact(AwardProposalDrafted)
    assert [(item.case, item.code) for item in fact.items] == [(SECOND, "fits"), (THIRD, "fits")]
    assert fact.entries == ENTRIES


def test_a_raised_envelope_drafts_the_next_version() -> None:
    (issue,) = reactions(increased(1_000_000))
    before = proposal().has(ENVELOPE, increased(1_000_000))
    then = before.when("proposal", CALL, issue.command)
    fact = then.fact(AwardProposalDrafted)
    assert (fact.proposal_version, fact.envelope_cents) == (2, 3_000_000)
    assert [item.code for item in fact.items] == ["fits"] * 3
    then.recorded().when("proposal", CALL, issue.command).nothing()


def test_a_redraft_is_silent_without_a_proposal_and_after_the_decision() -> None:
    given(DECISION).has(ENVELOPE, envelope_set()).when("proposal", CALL, REDRAFT).nothing()
    after = ready_for_decision().when("proposal", CALL, decided()).recorded().has(ENVELOPE, increased(1))
    after.when("proposal", CALL, REDRAFT).nothing()


def test_d3_what_is_in_the_file_counts_for_its_own_version() -> None:
    raised = ready_for_decision().has(ENVELOPE, increased(1_000_000)).when("proposal", CALL, REDRAFT).recorded()
    raised.when("proposal", CALL, decided()).refused("D3", "not_on_agenda")
    agendaed = raised.has(PROPOSAL, AGENDA)
    agendaed.when("proposal", CALL, decided()).refused("D3", "advice_missing")


def test_the_file_of_a_proposal_is_completed_step_by_step() -> None:
    after = (
        proposal()
        .when("proposal", CALL, RecordInspectorateAdvice(favourable=True, reference="IF 21/1"))
        .then(ADVICE)
        .when("proposal", CALL, RecordBudgetAgreement(agreed=True, reference="BA 21/1"))
        .then(AGREEMENT)
        .when("proposal", CALL, PlaceOnAgenda(meeting=MEETING, reference="VR agenda"))
        .then(AGENDA)
    )
    after.when("proposal", CALL, RecordInspectorateAdvice(favourable=True, reference="IF 21/1")).nothing()
    after.when("proposal", CALL, RecordBudgetAgreement(agreed=True, reference="BA 21/1")).nothing()
    after.when("proposal", CALL, PlaceOnAgenda(meeting=MEETING, reference="VR agenda")).nothing()
    decided_on = after.when("proposal", CALL, decided()).recorded()
    late = RecordBudgetAgreement(agreed=False, reference="BA 21/2")
    decided_on.when("proposal", CALL, late).refused("STATE", "not_in_this_stage")


def test_d3_the_government_decides_on_the_items_as_proposed() -> None:
    then = ready_for_decision().when("proposal", CALL, decided())
    fact = then.fact(GovernmentDecisionRecorded)
    assert (fact.proposal_version, fact.items) == (1, drafted().items)
    assert [(check.rule, check.code) for check in fact.checks] == [("D3", "file_complete")]
    assert "17 december 2021" in fact.checks[0].reason.nl
    then.recorded().when("proposal", CALL, decided()).nothing()
    then.recorded().when("proposal", CALL, decided("ingetrokken")).refused("STATE")


@pytest.mark.parametrize(
    ("missing", "code"),
    [(ADVICE, "advice_missing"), (AGREEMENT, "agreement_missing"), (AGENDA, "not_on_agenda")],
)
def test_d3_no_award_without_the_complete_file(missing: object, code: str) -> None:
    facts = [fact for fact in (ADVICE, AGREEMENT, AGENDA) if fact is not missing]
    proposal(*facts).when("proposal", CALL, decided()).refused("D3", code)


def test_d3_no_award_against_the_minister_of_budget() -> None:
    withheld = BudgetAgreementRecorded(call=CALL, agreed=False, reference="BA 21/1")
    proposal(ADVICE, withheld, AGENDA).when("proposal", CALL, decided()).refused("D3", "agreement_withheld")


def test_d3_what_a_call_does_not_ask_for_is_not_needed() -> None:
    free = replace(TERMS, requires_inspectorate_advice=False, requires_budget_agreement=False)
    before = given(DECISION).has(ENVELOPE, envelope_set(decision=free)).has(PROPOSAL, drafted(), AGENDA)
    before.when("proposal", CALL, decided()).then_types(GovernmentDecisionRecorded)


def test_d3_a_decision_belongs_to_the_meeting_of_the_agenda() -> None:
    then = ready_for_decision().when("proposal", CALL, decided(meeting="2021-12-24"))
    then.refused("D3", "other_meeting")


@pytest.mark.parametrize("result", ["uitgesteld", "ingetrokken", "akte_genomen"])
def test_d3_anything_but_approval_awards_nothing_and_needs_a_new_agenda(result: str) -> None:
    then = ready_for_decision().when("proposal", CALL, decided(result))
    assert reactions(then.fact(GovernmentDecisionRecorded)) == []
    postponed = then.recorded()
    postponed.when("proposal", CALL, decided(result)).nothing()
    postponed.when("proposal", CALL, decided()).refused("D3", "not_on_agenda")
    again = postponed.when("proposal", CALL, PlaceOnAgenda(meeting="2021-12-24", reference="VR agenda 2"))
    after = again.then_types(ProposalAgendaed)
    after.when("proposal", CALL, decided(meeting="2021-12-24")).then_types(GovernmentDecisionRecorded)


def test_money_is_freed_before_it_is_set_aside() -> None:
    issues = reactions(drafted())
    assert [(type(issue.command), issue.id) for issue in issues] == [
        (ReleaseReservation, THIRD),
        (ReserveAmount, FIRST),
        (ReserveAmount, SECOND),
    ]


def test_an_approval_refuses_and_awards_every_item() -> None:
    fact = ready_for_decision().when("proposal", CALL, decided()).fact(GovernmentDecisionRecorded)
    issues = reactions(fact)
    assert [(type(issue.command), issue.id) for issue in issues] == [
        (RefuseGrant, THIRD),
        (AwardGrant, FIRST),
        (AwardGrant, SECOND),
    ]


REOPENED = RankingReopened(call=CALL, ordinal=1, ground="error", reason=None, source=None)
FIXED = RankingFixed(call=CALL, entries=ENTRIES, tie_rule="lower_amount_first", checks=[])


def heard(before: Given, fact: Any, *types: type[Any]) -> Given:
    """What the proposal makes of a fact of the jury."""
    for issue in reactions(fact):
        then = before.when("proposal", CALL, issue.command)
        types = types[len(then.decision.facts) :] if then.decision.facts else types
        before = then.recorded()
    assert not types
    return before


@pytest.mark.parametrize("result", ["uitgesteld", "ingetrokken", "akte_genomen"])
def test_d3_nothing_is_approved_while_the_ranking_is_open_again(result: str) -> None:
    held = heard(ready_for_decision(), REOPENED, ProposalHeld)
    held.when("proposal", CALL, decided()).refused("D3", "ranking_open")
    held.when("proposal", CALL, decided(result)).fact(GovernmentDecisionRecorded)
    again = heard(held, FIXED, ProposalHoldLifted)
    assert again.streams[PROPOSAL][-1].fact == ProposalHoldLifted(call=CALL, source=SOURCE)
    # The order is the same: what was on file for this version still counts.
    again.when("proposal", CALL, decided()).fact(GovernmentDecisionRecorded)


def test_d3_the_check_names_the_fact_that_holds_the_proposal() -> None:
    held = heard(ready_for_decision(), REOPENED, ProposalHeld)
    recorded = held.when("proposal", CALL, decided("uitgesteld")).fact(GovernmentDecisionRecorded)
    assert recorded.checks[0].inputs["ranking_open"] is True
    place = next(event for event in held.streams[PROPOSAL] if isinstance(event.fact, ProposalHeld))
    assert place.envelope.event_id in recorded.checks[0].source_events


def test_d3_a_hold_lasts_through_every_version_until_the_ranking_is_fixed() -> None:
    held = heard(ready_for_decision(), REOPENED, ProposalHeld).has(ENVELOPE, increased(1_000_000))
    held.when("proposal", CALL, HoldProposal(ordinal=1, source=SOURCE)).nothing()
    redrafted = held.when("proposal", CALL, REDRAFT).then_types(AwardProposalDrafted)
    ready = redrafted.has(PROPOSAL, ADVICE, AGREEMENT, AGENDA)
    ready.when("proposal", CALL, decided()).refused("D3", "ranking_open")
    heard(ready, FIXED, ProposalHoldLifted).when("proposal", CALL, decided()).fact(GovernmentDecisionRecorded)


def test_a_ranking_that_is_fixed_for_the_first_time_lifts_nothing() -> None:
    before = given(DECISION).has(ENVELOPE, envelope_set())
    heard(before, FIXED, AwardProposalDrafted)
    before.when("proposal", CALL, LiftHold(source=SOURCE)).nothing()
