"""The contract: pledges, entry into force, budget shifts, succession, completion, closure."""

from __future__ import annotations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from events.decision import (
    BeneficiarySucceeded,
    BudgetShifted,
    BudgetShiftRefused,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    PledgeSigned,
)
from events.payment import AccountClosed
from events.vocabulary import Party
from services.deciding import Accepted, CancelTimer, Refused, SetTimer
from services.decision.commands import ActivateContract, CompleteContract, RecordBeneficiarySuccession
from services.decision.reactions import timers
from services.decision.rules.contract import D8
from services.rulebook import reason
from tests.given import Given
from tests.unit.services.decision.examples import (
    AGENCY,
    CALL,
    CITY,
    CONTRACT,
    FIRST,
    FLEMISH,
    HOUSE,
    LOCAL,
    MERGED,
    SOURCE,
    TERM,
    activated,
    active,
    by,
    contract,
    contract_drafted,
    line,
    reactions,
    shift,
    sign,
    signed,
)

BEFORE, START, LATER = "2021-12-20T10:00:00.000000Z", "2021-12-31T23:00:00.000000Z", "2022-02-01T10:00:00.000000Z"
END, LAST_SECOND = "2025-12-31T22:59:59.000000Z", "2025-12-31T22:59:58.000000Z"
SERVICE, HANDLER = by("service", CITY), by("case_handler", AGENCY)


def test_d7_a_partner_signs_its_own_pledge() -> None:
    before = contract()
    after = before.when("contract", FIRST, sign("house"), by=by("partner", HOUSE), at=BEFORE).then(signed("house"))
    after.when("contract", FIRST, sign("house"), by=by("partner", HOUSE), at=BEFORE).nothing()
    before.when("contract", FIRST, sign("house"), by=by("partner", AGENCY)).refused("OWN", "other_organisation")


def test_own_the_beneficiary_may_hand_in_a_signed_pledge() -> None:
    contract().when("contract", FIRST, sign("house"), by=by("applicant", CITY), at=BEFORE).then(signed("house"))
    contract().when("contract", FIRST, sign("house"), by=by("applicant", MERGED)).refused("OWN", "other_organisation")


def test_d7_only_partners_sign() -> None:
    contract().when("contract", FIRST, sign("stranger"), by=by("partner", HOUSE)).refused("D7", "not_a_partner")


def test_d7_the_last_pledge_before_the_term_waits_for_the_first_day() -> None:
    before = contract(signed("house"))
    before.when("contract", FIRST, sign("agency"), by=by("partner", AGENCY), at=BEFORE).then(signed("agency"))


def test_d7_the_last_pledge_after_the_first_day_brings_the_contract_into_force() -> None:
    then = contract(signed("house")).when("contract", FIRST, sign("agency"), by=by("partner", AGENCY), at=LATER)
    fact = then.fact(ContractActivated)
    assert (fact.effective_at, fact.amount_cents, fact.beneficiary) == (LATER, 1_000_000, CITY)
    assert [(check.rule, check.code) for check in fact.checks] == [("D7", "in_force")]
    then.then_types(PledgeSigned, ContractActivated)


def test_d7_the_timer_brings_a_signed_contract_into_force_on_the_first_day() -> None:
    before = contract(signed("house"), signed("agency"))
    then = before.when("contract", FIRST, ActivateContract(), by=SERVICE, at=START)
    assert then.fact(ContractActivated).effective_at == START
    then.recorded().when("contract", FIRST, ActivateContract(), by=SERVICE, at=START).nothing()


def test_d7_the_timer_is_silent_while_pledges_are_missing() -> None:
    contract(signed("house")).when("contract", FIRST, ActivateContract(), by=SERVICE, at=START).nothing()


def test_d7_a_case_handler_hears_which_pledges_are_missing() -> None:
    then = contract(signed("house")).when("contract", FIRST, ActivateContract(), by=HANDLER, at=LATER)
    then.refused("D7", "pledges_missing")
    assert then.decision.inputs["waiting_for"] == ["Huisvestingsmaatschappij"]


def test_d7_no_contract_is_in_force_before_its_term() -> None:
    before = contract(signed("house"), signed("agency"))
    then = before.when("contract", FIRST, ActivateContract(), by=HANDLER, at="2021-12-31T22:59:59.999999Z")
    then.refused("D7", "term_not_begun")
    assert then.decision.inputs["start_nl"] == "1 januari 2022"


def test_d7_a_voluntary_pledge_may_come_later_and_starts_nothing_again() -> None:
    voluntary = [replace(LOCAL, mandatory=False), FLEMISH]
    before = contract(signed("agency"), activated(), partners=voluntary)
    before.when("contract", FIRST, sign("house"), by=by("partner", HOUSE), at=LATER).then(signed("house"))


def test_a_pledge_is_not_signed_after_the_end() -> None:
    ended = active(partners=[]).has(CONTRACT, ContractCompleted(call=CALL, case=FIRST, term=TERM))
    ended.when("contract", FIRST, sign("house"), by=by("partner", HOUSE)).refused("D7", "not_a_partner")
    late = contract(ContractCompleted(call=CALL, case=FIRST, term=TERM))
    late.when("contract", FIRST, sign("house"), by=by("partner", HOUSE)).refused("STATE")


# Infrastructure holds 1,000.00 of 10,000.00; the ceiling of 20 % leaves room for exactly 1,000.00.
BUDGET = [
    line("staff", 850_000, 700_000),
    line("operation", 250_000, 200_000),
    line("infrastructure", 150_000, 100_000),
]


def shifting() -> Given:
    return active(budget=BUDGET)


def test_d8_a_shift_up_to_the_ceiling_is_made() -> None:
    then = shifting().when("contract", FIRST, shift(100_000), by=by("applicant", CITY))
    fact = then.fact(BudgetShifted)
    assert [(one.amount_cents, one.subsidy_cents) for one in fact.budget] == [
        (850_000, 700_000),
        (150_000, 100_000),
        (250_000, 200_000),
    ]
    assert fact.checks[0].code == "within_ceilings"
    assert then.recorded().state(CONTRACT).budget[2].subsidy_cents == 200_000


def test_d8_one_cent_over_the_ceiling_is_refused_and_on_record() -> None:
    then = shifting().when("contract", FIRST, shift(100_001), by=by("applicant", CITY))
    then.refused("D8", "ceiling_exceeded")
    fact = then.fact(BudgetShiftRefused)
    assert (fact.amount_cents, fact.to_category, fact.checks[0].outcome) == (100_001, "infrastructure", "fail")
    assert then.decision.rules == SOURCE.position
    assert then.recorded().state(CONTRACT).budget == tuple(BUDGET)


def test_d8_the_refusal_reads_as_a_reasoned_decision() -> None:
    then = shifting().when("contract", FIRST, shift(150_000), by=by("applicant", CITY))
    told = then.fact(BudgetShiftRefused).checks[0].reason
    assert told.nl == (
        "De gevraagde verschuiving van 1.500,00 euro subsidie van de categorie werkingsmiddelen naar de categorie "
        "kleinschalige infrastructuur wordt geweigerd. De oproep bepaalt dat hoogstens 20 % van de toegekende subsidie "
        "naar kleinschalige infrastructuur mag gaan; op een toekenning van 10.000,00 euro is dat 2.000,00 euro. Na de "
        "verschuiving zou die categorie op 2.500,00 euro komen, dat is 500,00 euro te veel. De begroting blijft "
        "ongewijzigd."
    )
    assert told.en == (
        "The requested shift of 1,500.00 euro of subsidy from the category operating costs to the category small-scale "
        "infrastructure is refused. The call provides that at most 20 % of the subsidy awarded may go to small-scale "
        "infrastructure; on an award of 10,000.00 euro that is 2,000.00 euro. After the shift that category would "
        "stand at 2,500.00 euro, which is 500.00 euro too much. The budget remains unchanged."
    )
    assert reason(D8, then.decision.code, then.decision.inputs) == told


def test_d8_a_category_gives_no_more_than_it_holds() -> None:
    then = shifting().when("contract", FIRST, shift(200_001, target="staff"), by=HANDLER)
    then.refused("D8", "not_enough")
    assert isinstance(then.decision.facts[0], BudgetShiftRefused)


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("staff", "unknown", "unknown_category"),
        ("unknown", "staff", "unknown_category"),
        ("staff", "staff", "same_category"),
    ],
)
def test_d8_a_shift_is_between_two_categories_of_the_call(source: str, target: str, code: str) -> None:
    then = shifting().when("contract", FIRST, shift(1, source, target), by=HANDLER)
    then.refused("D8", code)
    assert then.decision.facts == ()


@examples(st.integers(1, 400_000))
def test_d8_no_accepted_shift_breaks_a_ceiling_or_the_award(amount: int) -> None:
    then = shifting().when("contract", FIRST, shift(amount, "staff"), by=HANDLER)
    match then.decision:
        case Accepted():
            budget = then.fact(BudgetShifted).budget
            held = sum(one.subsidy_cents for one in budget if one.category == "infrastructure")
            assert held * 5 <= 1_000_000
            assert sum(one.subsidy_cents for one in budget) == 1_000_000
        case Refused():
            assert amount > 100_000


def test_own_only_the_beneficiary_asks_for_a_shift() -> None:
    shifting().when("contract", FIRST, shift(1), by=by("applicant", MERGED)).refused("OWN", "other_organisation")


def test_a_budget_is_shifted_while_the_contract_is_in_force() -> None:
    contract().when("contract", FIRST, shift(1), by=HANDLER).refused("STATE", "not_in_this_stage")


def succession(successor: Party = MERGED, day: str = "2025-01-01") -> RecordBeneficiarySuccession:
    return RecordBeneficiarySuccession(
        successor=successor, merged=[CITY, HOUSE], effective_on=day, basis="Decreet van 2024"
    )


def test_d9_a_successor_takes_over_from_the_day_of_the_merger() -> None:
    then = active().when("contract", FIRST, succession())
    fact = then.fact(BeneficiarySucceeded)
    assert (fact.previous, fact.successor, fact.effective_at) == (CITY, MERGED, "2024-12-31T23:00:00.000000Z")
    after = then.recorded()
    after.when("contract", FIRST, succession()).nothing()
    assert after.state(CONTRACT).beneficiary("2024-12-31T22:59:59.999999Z") == CITY
    assert after.state(CONTRACT).beneficiary("2024-12-31T23:00:00.000000Z") == MERGED


def test_d9_rights_pass_on_the_day_and_not_before() -> None:
    after = active().when("contract", FIRST, succession()).recorded()
    mine = by("applicant", MERGED)
    after.when("contract", FIRST, shift(1, target="staff"), by=mine, at=LATER).refused("OWN")
    after.when("contract", FIRST, shift(1, target="staff"), by=mine, at="2025-02-01T10:00:00.000000Z").then_types(
        BudgetShifted
    )


def test_d9_successions_follow_each_other_in_time() -> None:
    after = active().when("contract", FIRST, succession()).recorded()
    after.when("contract", FIRST, succession(CITY, "2025-01-01")).refused("D9", "before_last_succession")
    after.when("contract", FIRST, succession(CITY, "2025-01-02")).then_types(BeneficiarySucceeded)


def test_d9_a_closed_contract_passes_to_nobody() -> None:
    closed = active().has(CONTRACT, _closed())
    closed.when("contract", FIRST, succession()).refused("STATE")


def _closed() -> ContractClosed:
    return ContractClosed(
        call=CALL,
        case=FIRST,
        final_subsidy_cents=900_000,
        paid_cents=950_000,
        recovered_cents=50_000,
        source=SOURCE,
    )


def test_a_contract_is_completed_at_the_end_of_its_term() -> None:
    before = active()
    before.when("contract", FIRST, CompleteContract(), at=LAST_SECOND).nothing()
    after = before.when("contract", FIRST, CompleteContract(), at=END).then_types(ContractCompleted)
    after.when("contract", FIRST, CompleteContract(), at=END).nothing()


def test_a_closed_account_closes_the_contract() -> None:
    closed = AccountClosed(
        call=CALL,
        case=FIRST,
        final_subsidy_cents=900_000,
        paid_cents=950_000,
        recovered_cents=50_000,
        given_up_cents=0,
        checks=[],
    )
    (issue,) = reactions(closed)
    after = active().when("contract", FIRST, issue.command).then(_closed())
    after.when("contract", FIRST, issue.command).nothing()
    contract().when("contract", FIRST, issue.command).refused("STATE")


def test_the_term_sets_its_own_timers() -> None:
    begin, ends = timers(contract_drafted())
    assert isinstance(begin, SetTimer)
    assert (begin.due, begin.issue.stream, type(begin.issue.command)) == (START, CONTRACT, ActivateContract)
    cancelled, complete = timers(activated())
    assert cancelled == CancelTimer(begin.id)
    assert complete == ends
    assert isinstance(complete, SetTimer)
    assert (complete.due, type(complete.issue.command)) == (END, CompleteContract)
    assert timers(_closed()) == (CancelTimer(begin.id), CancelTimer(complete.id))
    assert timers(signed("house")) == ()
