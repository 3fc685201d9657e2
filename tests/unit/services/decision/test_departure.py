"""A departure from the ranking or the advice is a fact of its own, with its own reasons (D4); and publication."""

from __future__ import annotations

from typing import Any

import pytest

from events.decision import (
    AwardProposalDrafted,
    DecisionPublished,
    DepartureReasoned,
    EnvelopeDecreased,
    GrantAwarded,
    GrantDenied,
)
from services.decision.commands import DecreaseEnvelope, DepartFromAdvice, PublishDecision, ReviseAwardProposal
from services.decision.ranking import fit
from services.decision.rules.money import D4
from services.decision.state import Proposal
from tests.unit.services.decision.examples import (
    CALL,
    ENVELOPE,
    FIRST,
    PROPOSAL,
    REASON,
    REFERENCE,
    SECOND,
    THIRD,
    candidate,
    envelope_set,
    grant,
    ident,
    item,
    line,
    refuse,
    registered,
)
from tests.unit.services.decision.town import Town, decided, ranked


def depart(case: str, amount: int) -> DepartFromAdvice:
    return DepartFromAdvice(case=case, amount_cents=amount, reference="VR nota", reasons=REASON)


def of(town: Town, stream: str, kind: type[Any]) -> list[Any]:
    return [event.fact for event in town.given.streams[stream] if isinstance(event.fact, kind)]


def test_d4_a_departure_makes_a_new_version_that_gives_the_rest_to_the_next() -> None:
    town = ranked().send("proposal", CALL, depart(FIRST, 0))
    (reasoned,) = of(town, PROPOSAL, DepartureReasoned)
    assert (reasoned.advised_cents, reasoned.decided_cents, reasoned.reasons) == (1_000_000, 0, REASON)
    version = of(town, PROPOSAL, AwardProposalDrafted)[-1]
    assert [(one.proposed_cents, one.code) for one in version.items] == [
        (0, "departed"),
        (1_000_000, "fits"),
        (1_000_000, "fits"),
    ]
    assert version.checks[-1].code == "departs_with_reasons"


def test_d4_who_is_refused_against_the_advice_hears_the_reasons_of_the_departure() -> None:
    town = ranked().send("proposal", CALL, depart(FIRST, 0)).approve()
    (denied,) = of(town, grant(FIRST), GrantDenied)
    assert (denied.code, denied.motivation, denied.checks[0].code) == ("departed", REASON, "departed_refused")
    assert town.status(THIRD) == "awarded"


def test_d4_a_partial_award_is_a_departure_too() -> None:
    town = ranked().send("proposal", CALL, depart(SECOND, 600_000)).approve()
    (award,) = of(town, grant(SECOND), GrantAwarded)
    assert (award.amount_cents, award.checks[-1].code) == (600_000, "departed_awarded")


def test_d4_a_departure_holds_for_later_versions_and_is_recorded_once() -> None:
    town = ranked().send("proposal", CALL, depart(FIRST, 0))
    town.given.when("proposal", CALL, depart(FIRST, 0)).nothing()
    town.given.when("proposal", CALL, ReviseAwardProposal()).nothing()


def test_d4_without_reasons_of_its_own_a_departure_fails() -> None:
    files = [
        {"case": "a", "rank": 1, "outcome": "favourable", "advised_cents": 10, "proposed_cents": 0},
        {"case": "b", "rank": 2, "outcome": "favourable", "advised_cents": 10, "proposed_cents": 10},
    ]
    inputs: dict[str, Any] = {"envelope_cents": 10, "files": files, "departures": []}
    params = {"partial_fit": "skip_misfit"}
    assert D4.test(params, inputs).code == "deviates"
    reasoned = inputs | {"departures": [{"case": "a", "decided_cents": 0}]}
    assert D4.test(params, reasoned).code == "departs_with_reasons"


def test_d4_a_refusal_by_departure_without_a_departure_on_record_has_no_reason() -> None:
    candidate().when("grant", FIRST, refuse(1, code="departed", proposed_cents=0)).refused("D5", "no_reason")


def test_d1_a_departure_above_the_envelope_is_refused() -> None:
    small = ranked()
    small.send("proposal", CALL, depart(THIRD, 1_000_000))
    small.send("proposal", CALL, depart(FIRST, 900_000))
    small.given.when("proposal", CALL, depart(SECOND, 900_000)).refused("D1", "over_envelope")


@pytest.mark.parametrize(
    ("amount", "rule", "code"), [(1_000_001, "D2", "above_cap"), (1_000_000, "D4", "no_departure")]
)
def test_d4_a_departure_keeps_to_the_cap_and_departs(amount: int, rule: str, code: str) -> None:
    ranked().given.when("proposal", CALL, depart(FIRST, amount)).refused(rule, code)


def test_d2_a_departure_keeps_to_the_request() -> None:
    rich = ranked()
    rich.given.streams[ENVELOPE] = []
    rich.given.has(ENVELOPE, envelope_set(cap_cents=5_000_000))
    rich.given.when("proposal", CALL, depart(FIRST, 1_000_001)).refused("D2", "above_request")


def test_d2_a_departure_to_an_amount_that_no_award_can_have_is_refused() -> None:
    high = ranked()
    high.given.streams[grant(FIRST)] = []
    high.given.has(grant(FIRST), registered(budget=[line("infrastructure", 1_250_000, 1_000_000)]))
    high.given.when("proposal", CALL, depart(FIRST, 500_000)).refused("D2", "share_exceeded")


def test_a_departure_is_of_a_file_in_a_proposal_that_is_open() -> None:
    ranked().given.when("proposal", CALL, depart(ident("stranger"), 1)).refused("STATE", "not_in_this_proposal")
    decided().given.when("proposal", CALL, depart(FIRST, 1)).refused("STATE", "not_in_this_stage")


def test_fixed_amounts_come_first_and_the_rest_is_ranked() -> None:
    assert [slot.proposed_cents for slot in fit([10, None, 10], 15, "cut_last", {1: 3})] == [10, 3, 2]
    assert [slot.code for slot in fit([10, None, 10], 15, "cut_last", {1: 3})] == ["fits", "departed", "fits_in_part"]


def test_a_decision_is_published_once_and_only_one_that_the_government_took() -> None:
    publish = PublishDecision(reference=REFERENCE, publication="Belgisch Staatsblad", published_on="2022-01-14")
    ranked().given.when("proposal", CALL, publish).refused("D6", "not_of_the_government")
    after = decided().given.when("proposal", CALL, publish).then_types(DecisionPublished)
    after.when("proposal", CALL, publish).nothing()


def cut(by: int, reference: str = "VR cut") -> DecreaseEnvelope:
    return DecreaseEnvelope(decrease_cents=by, reference=reference, reason=REASON)


def test_d1_what_is_free_can_be_cut_and_the_proposal_follows() -> None:
    town = ranked()
    town.send("proposal", CALL, depart(SECOND, 400_000)).send("envelope", CALL, cut(500_000))
    assert town.given.state(ENVELOPE).amount_cents == 1_500_000
    assert of(town, PROPOSAL, AwardProposalDrafted)[-1].envelope_cents == 1_500_000


def test_d1_what_is_set_aside_cannot_be_cut() -> None:
    town = ranked().send("envelope", CALL, cut(1))
    assert town.given.state(ENVELOPE).amount_cents == 2_000_000, "the ledger's guard refuses"


def test_d1_a_reference_cuts_the_envelope_once() -> None:
    before = candidate()
    after = before.when("envelope", CALL, cut(500_000)).then(
        EnvelopeDecreased(
            call=CALL,
            previous_cents=2_000_000,
            decrease_cents=500_000,
            amount_cents=1_500_000,
            reference="VR cut",
            reason=REASON,
        )
    )
    after.when("envelope", CALL, cut(500_000)).nothing()
    after.when("envelope", CALL, cut(400_000)).refused("D1", "decrease_reference_used")
    after.when("envelope", CALL, cut(1_500_001, "VR more")).refused("D1", "more_than_envelope")
    after.when("envelope", CALL, cut(1_500_000, "VR all")).then_types(EnvelopeDecreased)


def test_the_state_of_a_proposal_forgets_nothing_of_its_departures() -> None:
    state: Proposal = ranked().send("proposal", CALL, depart(FIRST, 0)).given.state(PROPOSAL)
    assert state.departures[FIRST].decided_cents == item(1).proposed_cents - 1_000_000
