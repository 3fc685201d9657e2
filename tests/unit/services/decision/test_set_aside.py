"""D3: nothing is awarded on a file whose assessment is revised, until it is found eligible again."""

from __future__ import annotations

from typing import Any

import pytest

from events.decision import (
    AmountReserved,
    AwardProposalDrafted,
    CandidateRegistered,
    CandidateSetAside,
    GovernmentDecisionRecorded,
    PlacedOnReserve,
    ReservationReleased,
)
from events.eligibility import AssessmentRevised, DeclaredEligible
from services.decision.commands import (
    DecideAnew,
    PlaceOnAgenda,
    RecordAnnulment,
    RecordGovernmentDecision,
    ReserveAmount,
    RetractDecision,
    ReviseAwardProposal,
    SetCandidateAside,
)
from tests.given import Given
from tests.unit.services.decision.examples import (
    CALL,
    CITY,
    FIRST,
    MEETING,
    PROPOSAL,
    REASON,
    REFERENCE,
    SECOND,
    SOURCE,
    THIRD,
    award,
    candidate,
    dossier,
    grant,
    reactions,
    reserved,
)
from tests.unit.services.decision.town import AGAIN, LATER, decided, ranked, supersede

ASIDE = SetCandidateAside(call=CALL, source=SOURCE)
FACT = CandidateSetAside(call=CALL, case=FIRST, source=SOURCE)
APPROVE = RecordGovernmentDecision.model_validate({"result": "goedgekeurd", "reference": REFERENCE, "meeting": MEETING})


def revised(case: str = FIRST, previous: Any = "eligible") -> AssessmentRevised:
    return AssessmentRevised(
        call=CALL,
        case=case,
        previous=previous,
        reference="Klacht 7",
        reasons=REASON,
        revised_by="person-1",
        applicant=CITY,
        neighbourhood="Rabot",
        claims_live_key=False,
    )


def eligible(case: str = FIRST, **changes: Any) -> DeclaredEligible:
    return DeclaredEligible(call=CALL, case=case, checks=[], dossier=dossier(**changes))


def aside(before: Given) -> Given:
    return before.when("grant", FIRST, ASIDE).recorded()


def test_a_candidate_whose_assessment_is_revised_is_set_aside_once_and_its_money_is_free() -> None:
    (issue,) = reactions(revised())
    assert issue.command == ASIDE
    after = candidate(reserved()).when("grant", FIRST, issue.command).then_types(CandidateSetAside, ReservationReleased)
    assert (after.state(grant()).aside, after.state(grant()).held_cents) == (True, 0)
    after.when("grant", FIRST, ASIDE).nothing()


@pytest.mark.parametrize("previous", ["inadmissible", "ineligible"])
def test_a_file_that_was_no_candidate_is_not_set_aside(previous: str) -> None:
    assert reactions(revised(previous=previous)) == []


def test_d6_a_decision_in_force_is_not_touched_by_a_revision() -> None:
    decided().given.when("grant", FIRST, ASIDE).nothing()


def test_a_file_found_eligible_again_is_a_candidate_as_it_now_stands() -> None:
    (issue,) = reactions(eligible(requested_cents=900_000))
    after = aside(candidate()).when("grant", FIRST, issue.command).then_types(CandidateRegistered)
    state = after.state(grant())
    assert (state.status, state.aside, state.dossier.requested_cents) == ("candidate", False, 900_000)
    after.when("grant", FIRST, issue.command).nothing()


def test_no_older_version_of_the_proposal_sets_money_aside_for_a_file_that_is_set_aside() -> None:
    late = ReserveAmount(amount_cents=1_000_000, proposal_version=2)
    aside(candidate(reserved())).when("grant", FIRST, late).nothing()
    candidate(reserved()).when("grant", FIRST, ReserveAmount(amount_cents=900_000, proposal_version=2)).then_types(
        ReservationReleased, AmountReserved
    )


def test_nothing_is_awarded_on_a_file_that_is_set_aside() -> None:
    aside(candidate(reserved())).when("grant", FIRST, award()).refused("STATE", "set_aside")


def test_d3_nothing_is_approved_with_a_file_that_is_set_aside_and_the_proposal_is_revised_without_it() -> None:
    town = ranked(reserve_days=None).hear(revised())
    town.approve(result="uitgesteld")
    town.send("proposal", CALL, PlaceOnAgenda(meeting=MEETING, reference="agenda"))
    refused = town.given.when("proposal", CALL, APPROVE)
    refused.refused("D3", "file_set_aside")
    assert refused.decision.inputs["set_aside"] == [FIRST]  # type: ignore[union-attr]  # it is a refusal
    town.send("proposal", CALL, ReviseAwardProposal()).approve()
    assert [town.status(case) for case in (FIRST, SECOND, THIRD)] == ["candidate", "awarded", "awarded"]
    decision = town.given.streams[PROPOSAL][-1].fact
    assert isinstance(decision, GovernmentDecisionRecorded)
    assert FIRST not in [item.case for item in decision.items]


def test_a_file_that_comes_back_before_the_decision_is_proposed_again() -> None:
    town = ranked(reserve_days=None).hear(revised()).hear(eligible())
    town.approve()
    assert [town.status(case) for case in (FIRST, SECOND, THIRD)] == ["awarded", "awarded", "refused"]


def test_where_a_reserve_list_is_kept_the_proposal_is_drafted_without_the_file_by_itself() -> None:
    town = ranked().hear(revised())
    fact = town.given.streams[PROPOSAL][-1].fact
    assert isinstance(fact, AwardProposalDrafted)
    assert [item.case for item in fact.items] == [SECOND, THIRD]


def test_nobody_moves_up_from_the_reserve_list_while_the_assessment_is_revised() -> None:
    town = decided().hear(revised(THIRD))
    town.send("grant", FIRST, RetractDecision(retracts=REFERENCE, reference=LATER, reasons=REASON))
    assert town.facts(THIRD)[-1] == "CandidateSetAside"
    town = town.hear(eligible(THIRD))
    assert town.status(THIRD) == "reserve"
    assert PlacedOnReserve.__name__ in town.facts(THIRD)


def anew(amount: int) -> DecideAnew:
    return DecideAnew(
        reference=LATER, meeting=AGAIN, amount_cents=amount, reasons=REASON, advice="IF 1", agreement="BA 1"
    )


def test_d3_an_annulled_award_does_not_come_again_on_a_file_that_is_set_aside_but_a_refusal_does() -> None:
    town = decided(reserve_days=None).send(
        "grant", FIRST, RecordAnnulment(decision=REFERENCE, ruling="RvS", reasons=REASON)
    )
    town = town.hear(revised())
    town.given.when("grant", FIRST, anew(1_000_000)).refused("STATE", "set_aside")
    assert town.send("grant", FIRST, anew(0)).status(FIRST) == "refused"


def test_d3_a_file_on_the_reserve_list_that_is_set_aside_is_not_awarded_by_another_decision() -> None:
    town = decided().hear(revised(THIRD))
    town.given.when("grant", THIRD, supersede(1_000_000)).refused("STATE", "set_aside")
