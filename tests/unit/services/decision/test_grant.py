"""One file: money set aside, awarded or refused with reasons, the applicant told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from events.decision import (
    AmountReserved,
    ApplicantNotified,
    CandidateRegistered,
    CandidateWithdrawn,
    ContractDrafted,
    GrantAwarded,
    GrantRefused,
    ReservationRefused,
    ReservationReleased,
)
from events.eligibility import DeclaredEligible
from events.intake import ApplicationWithdrawn
from events.ledger import transfers_of
from services.decision.commands import NotifyApplicant, ReleaseReservation, WithdrawCandidate
from services.decision.worker import DECISION
from tests.given import Then
from tests.unit.services.decision.examples import (
    BUDGET,
    CALL,
    CITY,
    ENVELOPE,
    FINANCING,
    FIRST,
    REASON,
    SOURCE,
    award,
    awarded,
    candidate,
    dossier,
    envelope_set,
    grant,
    line,
    money,
    not_awarded,
    reactions,
    refuse,
    registered,
    reserve,
    reserved,
)
from tests.unit.services.jury.terms import COFINANCING
from tests.unit.services.jury.told import given

RELEASE = ReleaseReservation(proposal_version=2)
WITHDRAW = WithdrawCandidate(call=CALL, source=SOURCE)


def released(reason: str, amount: int = 1_000_000, attempt: int = 1) -> ReservationReleased:
    return ReservationReleased(
        call=CALL,
        case=FIRST,
        amount_cents=amount,
        attempt=attempt,
        reason=reason,  # type: ignore[arg-type] -- tests name any reason
    )


def by_guard(then: Then) -> tuple[object, ...]:
    state = then.before.state(then.stream)
    return DECISION.refused_by_guard(state, then.command, then.context, "transfer", "exceeds_balance")


def test_an_eligible_file_becomes_a_candidate_once() -> None:
    (issue,) = reactions(DeclaredEligible(call=CALL, case=FIRST, checks=[], dossier=dossier()))
    after = given(DECISION).has(ENVELOPE, envelope_set()).when("grant", FIRST, issue.command).then(registered())
    after.when("grant", FIRST, issue.command).nothing()


def test_d1_a_proposed_amount_is_set_aside_once() -> None:
    after = candidate().when("grant", FIRST, reserve()).then(reserved())
    after.when("grant", FIRST, reserve()).nothing()
    after.when("grant", FIRST, reserve(version=2)).nothing()


def test_d1_another_amount_frees_the_old_one_first() -> None:
    then = candidate(reserved()).when("grant", FIRST, reserve(900_000, 2))
    then.then(released("redrafted"), reserved(900_000, 2, 2))
    void, pending = [transfer for fact in then.decision.facts for transfer in transfers_of(fact)]
    assert (void.kind, pending.kind, void.pending_id == pending.pending_id) == ("void", "pending", False)


def test_d1_an_older_version_moves_nothing_any_more() -> None:
    after = candidate(reserved(version=2))
    after.when("grant", FIRST, reserve(900_000, 1)).nothing()
    after.when("grant", FIRST, ReleaseReservation(proposal_version=1)).nothing()


def test_d1_a_new_version_without_the_file_frees_its_money() -> None:
    after = candidate(reserved()).when("grant", FIRST, RELEASE).then(released("redrafted"))
    after.when("grant", FIRST, RELEASE).nothing()
    candidate().when("grant", FIRST, RELEASE).nothing()


def test_d1_a_reservation_the_envelope_cannot_hold_is_on_record() -> None:
    then = candidate(reserved()).when("grant", FIRST, reserve(2_000_000, 2))
    assert by_guard(then) == (
        ReservationRefused(call=CALL, case=FIRST, amount_cents=2_000_000, attempt=2, code="exceeds_balance"),
    )
    refused = then.before.has(grant(), *by_guard(then))
    assert refused.state(grant()).reserved_cents == 1_000_000


def test_a_withdrawn_candidate_frees_its_money() -> None:
    withdrawn = ApplicationWithdrawn(call=CALL, case=FIRST, applicant=CITY, neighbourhood="Rabot", reason=REASON)
    (issue,) = reactions(withdrawn)
    left = CandidateWithdrawn(call=CALL, case=FIRST, source=SOURCE)
    after = candidate(reserved()).when("grant", FIRST, issue.command).then(left, released("withdrawn"))
    after.when("grant", FIRST, issue.command).nothing()
    after.when("grant", FIRST, reserve(version=3)).nothing()
    after.when("grant", FIRST, award()).refused("STATE", "withdrawn")
    candidate().when("grant", FIRST, WITHDRAW).then(left)


def test_a_file_withdrawn_before_it_is_a_candidate_never_becomes_one() -> None:
    """The withdrawal may overtake the eligibility: either order ends in the same file."""
    (register,) = reactions(DeclaredEligible(call=CALL, case=FIRST, checks=[], dossier=dossier()))
    before = given(DECISION).has(ENVELOPE, envelope_set())
    after = before.when("grant", FIRST, WITHDRAW).then(CandidateWithdrawn(call=CALL, case=FIRST, source=SOURCE))
    for command in (WITHDRAW, register.command, reserve(), RELEASE):
        after.when("grant", FIRST, command).nothing()
    after.when("grant", FIRST, award()).refused("STATE", "withdrawn")
    after.when("grant", FIRST, refuse()).refused("STATE", "withdrawn")


def test_d6_after_the_decision_nobody_withdraws() -> None:
    candidate(reserved(), awarded()).when("grant", FIRST, WITHDRAW).refused("D6", "already_decided")


def test_d2_an_award_carries_the_budget_as_applied_for() -> None:
    then = candidate(reserved()).when("grant", FIRST, award())
    fact = then.fact(GrantAwarded)
    assert (fact.amount_cents, fact.attempt, fact.rank) == (1_000_000, 1, 1)
    assert (fact.budget, fact.financing) == (BUDGET, FINANCING)
    assert [(check.rule, check.code) for check in fact.checks] == [
        ("D2", "within_limits"),
        ("D5", "awarded_in_full"),
    ]
    then.then_types(GrantAwarded).when("grant", FIRST, award()).nothing()


def test_d5_an_award_says_why_in_both_languages() -> None:
    told = awarded().checks[1].reason
    assert told.nl == (
        "Aan de aanvraag wordt 10.000,00 euro toegekend. De aanvraag staat op plaats 1 van de rangschikking, met een "
        "score van 89 %. De jury stelde 10.000,00 euro voor. Van het beschikbare krediet was op dat moment in de "
        "rangschikking nog 20.000,00 euro over, zodat dit bedrag volledig past. De Vlaamse Regering besliste zo op "
        "17 december 2021, met kenmerk VR 2021 1712 DOC.1."
    )
    assert told.en.startswith("The application is awarded 10,000.00 euro. The application stands at place 1")


def test_d2_a_part_award_scales_the_subsidy_and_asks_the_rest_of_the_beneficiary() -> None:
    before = candidate(reserved(500_000), envelope=envelope_set(partial_fit="cut_last"))
    item = {"proposed_cents": 500_000, "left_before_cents": 500_000, "code": "fits_in_part"}
    fact = before.when("grant", FIRST, award(**item)).fact(GrantAwarded)
    assert [one.subsidy_cents for one in fact.budget] == [300_000, 100_000, 100_000]
    assert [one.amount_cents for one in fact.budget] == [one.amount_cents for one in BUDGET]
    assert [one.amount_cents for one in fact.financing] == [500_000, 750_000]
    assert fact.checks[1].code == "awarded_in_part"
    assert fact.checks[0].inputs["own_counted_cents"] == 750_000


def test_d1_an_award_without_its_reservation_sets_the_money_aside_itself() -> None:
    then = candidate().when("grant", FIRST, award())
    then.then_types(AmountReserved, GrantAwarded)
    assert then.fact(GrantAwarded).attempt == 1
    assert isinstance(by_guard(then)[0], ReservationRefused)


def test_d2_no_award_above_the_cap() -> None:
    item = {"proposed_cents": 1_000_001, "advised_cents": 1_000_001}
    candidate(requested_cents=1_000_001).when("grant", FIRST, award(**item)).refused("D2", "above_cap")


def test_d2_no_award_above_the_request() -> None:
    candidate(requested_cents=999_999).when("grant", FIRST, award()).refused("D2", "above_request")


def test_d2_the_budget_spreads_exactly_the_award() -> None:
    budget = [line("staff", 900_000, 900_000)]
    candidate(budget=budget).when("grant", FIRST, award()).refused("D2", "budget_differs")


def test_d2_one_cent_over_a_share_limit_is_too_much() -> None:
    budget = [line("staff", 1_049_999, 799_999), line("infrastructure", 200_001, 200_001)]
    candidate(budget=budget).when("grant", FIRST, award()).refused("D2", "share_exceeded")


@pytest.mark.parametrize(
    ("own", "partner", "kind", "refused"),
    [(250_000, 0, 0, False), (249_999, 0, 0, True), (200_000, 50_000, 0, False), (200_000, 0, 50_000, True)],
)
def test_d2_own_contribution_is_tested_again_on_the_award(own: int, partner: int, kind: int, refused: bool) -> None:
    financing = [money("subsidy", 1_000_000), money("own", own), money("partner_cash", partner), money("in_kind", kind)]
    then = candidate(reserved(), financing=financing).when("grant", FIRST, award())
    if refused:
        then.refused("D2", "own_contribution_short")
        assert then.decision.inputs["own_required_cents"] == 250_000
    else:
        then.then_types(GrantAwarded)


def test_d2_what_is_required_is_rounded_up_to_the_cent() -> None:
    # 20 % of 12,500.01 is 2,500.002: one cent more than 2,500.00.
    budget = [line("staff", 1_250_001, 1_000_000)]
    then = candidate(reserved(), budget=budget, financing=[money("own", 250_000)]).when("grant", FIRST, award())
    then.refused("D2", "own_contribution_short")
    assert then.decision.inputs["own_required_cents"] == 250_001


def test_d2_the_base_of_the_own_contribution_is_the_calls() -> None:
    on_subsidy = envelope_set(cofinancing=replace(COFINANCING, base="SUBSIDY"))
    financing = [money("subsidy", 1_000_000), money("own", 200_000)]
    candidate(reserved(), financing=financing).when("grant", FIRST, award()).refused("D2", "own_contribution_short")
    then = candidate(reserved(), envelope=on_subsidy, financing=financing).when("grant", FIRST, award())
    assert then.fact(GrantAwarded).checks[0].inputs["own_required_cents"] == 200_000


def test_d5_an_amount_that_does_not_follow_is_not_awarded() -> None:
    candidate().when("grant", FIRST, award(proposed_cents=999_999)).refused("D5", "no_reason")


def test_d5_a_refusal_for_want_of_money_says_how_much_was_left() -> None:
    then = candidate(reserved()).when("grant", FIRST, refuse())
    fact = then.fact(GrantRefused)
    assert (fact.code, fact.rank, fact.requested_cents) == ("envelope_exhausted", 3, 1_000_000)
    assert fact.reasons[0].nl == (
        "De aanvraag krijgt geen subsidie, omdat het beschikbare krediet niet volstaat. De aanvraag staat op plaats 3 "
        "van de rangschikking, met een score van 87 %. De jury adviseerde gunstig en stelde 10.000,00 euro voor. Na de "
        "beter gerangschikte aanvragen was van het krediet van 20.000,00 euro nog 0,00 euro over, en dat is minder dan "
        "het voorgestelde bedrag. De Vlaamse Regering besliste zo op 17 december 2021, met kenmerk VR 2021 1712 DOC.1."
    )
    then.then(fact, released("refused")).when("grant", FIRST, refuse()).nothing()


def test_d5_a_refusal_behind_the_first_misfit_says_that_the_awards_ended() -> None:
    fact = candidate().when("grant", FIRST, refuse(advised_cents=400_000, left_before_cents=500_000)).fact(GrantRefused)
    assert (fact.code, fact.checks[0].code) == ("envelope_exhausted", "behind_first_misfit")
    assert "De 5.000,00 euro die van het krediet van 20.000,00 euro overblijft" in fact.reasons[0].nl
    assert "The 5,000.00 euro left of the envelope of 20,000.00 euro" in fact.reasons[0].en


def test_d5_a_refusal_on_the_jurys_advice_says_so() -> None:
    item = {"outcome": "unfavourable", "advised_cents": 0, "code": "unfavourable_advice"}
    fact = candidate().when("grant", FIRST, refuse(**item)).fact(GrantRefused)
    assert fact.code == "unfavourable_advice"
    assert fact.reasons[0].en.startswith(
        "The application receives no subsidy, because the jury of experts has given an unfavourable reasoned advice."
    )


def test_d5_skipping_a_file_that_would_fit_has_no_reason() -> None:
    before = candidate(envelope=envelope_set(partial_fit="skip_misfit"))
    before.when("grant", FIRST, refuse(advised_cents=1, left_before_cents=2)).refused("D5", "no_reason")


def test_d6_one_decision_is_in_force() -> None:
    after_award = candidate(reserved(), awarded())
    after_award.when("grant", FIRST, refuse()).refused("D6", "already_decided")
    after_award.when("grant", FIRST, award(reference="another")).refused("D6", "already_decided")
    after_award.when("grant", FIRST, reserve(1, 9)).nothing()
    candidate(not_awarded()).when("grant", FIRST, award()).refused("D6", "already_decided")


def test_d5_the_applicant_is_told_how_to_appeal() -> None:
    for fact, outcome in ((awarded(), "awarded"), (not_awarded(), "refused")):
        issue = reactions(fact)[0]
        then = candidate(fact).when("grant", FIRST, issue.command)
        told = then.fact(ApplicantNotified)
        assert told.outcome == outcome
        assert told.appeal.nl == "U kunt binnen 60 dagen beroep aantekenen."
        then.recorded().when("grant", FIRST, issue.command).nothing()


def test_d6_nobody_is_told_of_a_decision_that_was_not_taken() -> None:
    candidate().when("grant", FIRST, NotifyApplicant(outcome="awarded")).refused("D6", "not_decided")
    candidate(awarded()).when("grant", FIRST, NotifyApplicant(outcome="refused")).refused("D6", "not_decided")


def test_an_award_becomes_a_contract() -> None:
    issue = reactions(awarded())[1]
    after = given(DECISION).has(ENVELOPE, envelope_set()).when("contract", FIRST, issue.command)
    fact = after.fact(ContractDrafted)
    assert [(partner.partner, partner.mandatory) for partner in fact.partners] == [("house", True), ("agency", True)]
    after.recorded().when("contract", FIRST, issue.command).nothing()


def test_every_fact_of_a_grant_names_the_terms() -> None:
    for command in (reserve(), award(), refuse(), WITHDRAW):
        assert candidate(reserved(5)).when("grant", FIRST, command).decision.rules == SOURCE.position
    assert isinstance(registered(), CandidateRegistered)
