"""What eligibility derogated from does not stop the contract later; it moves no further away from the rule either."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from events.catalog import AnyFact
from events.decision import (
    AmendmentApproved,
    AmendmentProposed,
    AwardAdopted,
    ContractActivated,
)
from events.vocabulary import Check, Period
from services.decision.commands import ActivateContract, ApproveAmendment
from services.decision.rules.derogation import bound
from services.decision.worker import DECISION
from tests.given import Given, Then
from tests.unit.services.decision.agreed import CITY_HALL, HANDLER, MIDDLE, OTHER_HANDLER, propose
from tests.unit.services.decision.examples import (
    AWARDED,
    BUDGET,
    CALL,
    CONTRACT,
    ENVELOPE,
    FIRST,
    SOURCE,
    TERM,
    activated,
    contract_drafted,
    envelope_set,
    grant,
    line,
    registered,
    shift,
    signed,
)
from tests.unit.services.jury.told import given

START = "2021-12-31T23:00:00.000000Z"
# 30 % for infrastructure, where the call allows 20 %.
STONES = [
    line("staff", 700_000, 500_000),
    line("operation", 200_000, 200_000),
    line("infrastructure", 350_000, 300_000),
]
# An own contribution of 15 % of the cost, where the call asks 20 %.
POOR = [line("staff", 776_471, 600_000), line("operation", 200_000, 200_000), line("infrastructure", 200_000, 200_000)]
LONG = Period(start="2022-01-01", end="2026-03-31")


def drafted(*set_aside: str, **changes: Any) -> Given:
    """A contract that waits for nothing but its first day."""
    before = given(DECISION).has(ENVELOPE, envelope_set()).has(grant(), registered(set_aside=set_aside), AWARDED)
    return before.has(CONTRACT, contract_drafted(**changes), signed("house"), signed("agency"))


def running(*set_aside: str, **changes: Any) -> Given:
    """The same, in force."""
    return drafted(*set_aside, **changes).has(CONTRACT, activated())


def amending(before: Given, **changes: Any) -> Then:
    return before.when("contract", FIRST, propose(**changes), by=CITY_HALL, at=MIDDLE)


def approved(before: Given, **changes: Any) -> AmendmentApproved:
    """The amendment, proposed and approved."""
    waiting = amending(before, **changes).then_types(AmendmentProposed)
    then = waiting.when("contract", FIRST, ApproveAmendment(amendment=1), by=OTHER_HANDLER, at=MIDDLE)
    fact: AmendmentApproved = then.fact(AmendmentApproved)
    return fact


def check_of(fact: AnyFact | Any, rule: str) -> Check:
    (found,) = [one for one in fact.checks if one.rule == rule]
    assert isinstance(found, Check)
    return found


# The share of a category (E2)


def test_d8_a_share_that_was_derogated_from_is_kept_through_a_shift_and_an_amendment() -> None:
    moved = [line("staff", 600_000, 400_000), line("operation", 300_000, 300_000), STONES[2]]
    for aside, allowed in (("E2", True), ("E3", False)):
        then = amending(running(aside, budget=STONES), budget=moved)
        assert isinstance(then.decision.facts[0], AmendmentProposed) == allowed
    fact = approved(running("E2", budget=STONES), budget=moved)
    assert check_of(fact, "D8").params["share_limits"] == [{"category": "infrastructure", "max_share_bp": 3_000}]
    adopted = AwardAdopted(
        call=CALL,
        case=FIRST,
        previous_cents=1_000_000,
        amount_cents=1_000_000,
        budget=STONES,
        reference="VR 2",
        source=SOURCE,
    )
    approved(running("E2").has(CONTRACT, adopted), budget=moved)


def test_d8_no_change_goes_further_than_what_was_derogated_to() -> None:
    before = running("E2", budget=STONES)
    then = before.when("contract", FIRST, shift(1), by=CITY_HALL)
    then.refused("D8", "above_awarded_share")
    assert "afgeweken: hoogstens 30 %" in then.decision.facts[0].checks[0].reason.nl
    more = [STONES[0], line("operation", 199_999, 199_999), line("infrastructure", 350_001, 300_001)]
    then = amending(before, budget=more)
    then.refused("D8", "budget_above_awarded_share")
    assert "derogated from: at most 30 %" in then.decision.facts[0].checks[0].reason.en


def test_d8_a_contract_without_derogation_measures_by_the_call() -> None:
    then = running(budget=STONES).when("contract", FIRST, shift(1), by=CITY_HALL)
    then.refused("D8", "ceiling_exceeded")
    assert "set_aside" not in then.decision.inputs


# The own contribution (E3)


def test_d8_an_own_contribution_that_was_derogated_from_does_not_stop_an_amendment() -> None:
    moved = [line("staff", 676_471, 500_000), line("operation", 300_000, 300_000), POOR[2]]
    amending(running("E2", budget=POOR), budget=moved).refused("D8", "own_share_short")
    fact = approved(running("E3", budget=POOR), budget=moved)
    assert check_of(fact, "D8").params["min_rate_bp"] == 1_500
    poorer = [line("staff", 776_470, 600_000), *POOR[1:]]
    amending(running("E3", budget=POOR), budget=poorer).refused("D8", "own_share_short")


# The term (E4)


def test_d7_a_term_that_was_derogated_from_comes_into_force_and_can_be_cut() -> None:
    enter = ActivateContract()
    drafted("E3", term=LONG).when("contract", FIRST, enter, at=START, by=HANDLER).refused("D7", "term_too_long")
    then = drafted("E4", term=LONG).when("contract", FIRST, enter, at=START, by=HANDLER)
    assert then.fact(ContractActivated).checks[0].params["max_months"] == 51
    fact = approved(running("E4", term=LONG), end="2026-02-28")
    assert (check_of(fact, "D7").code, fact.term.end) == ("within_awarded_term", "2026-02-28")
    amending(running("E4", term=LONG), end="2026-04-01").refused("D7", "longer_than_awarded")


def test_the_terms_bind_as_they_are_where_the_award_keeps_within_them() -> None:
    terms = envelope_set()
    assert bound(terms, frozenset({"E2", "E3", "E4"}), BUDGET, TERM) == terms
    # Of an award of nothing no share can be taken.
    nothing, of_subsidy = [line("staff", 0, 0)], replace(terms.cofinancing, base="SUBSIDY")
    for one in (terms, envelope_set(cofinancing=of_subsidy)):
        assert bound(one, frozenset({"E2", "E3"}), nothing, TERM) == one


def test_d8_the_change_names_where_the_derogation_stands() -> None:
    then = amending(running("E3", budget=POOR), end="2025-06-30")
    named = then.context.sources[grant()]["CandidateRegistered"].event_id
    assert named in check_of(then.decision.facts[0], "D8").source_events
    without = amending(running(), end="2025-06-30")
    assert named not in check_of(without.decision.facts[0], "D8").source_events
