"""A cut amount passes D2 wherever the request passed E2 and E3; what eligibility derogated from does not bind it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from events.decision import CandidateRegistered, GrantAwarded
from events.eligibility import DeclaredEligible
from events.intake import ShareLimit
from events.vocabulary import BudgetLine, Check
from services.deciding import Context
from services.decision.decider.granting import Case, measure
from services.decision.ranking import scaled
from services.decision.state import Grant
from services.decision.worker import DECISION
from services.eligibility.rules.people import DEROGATION
from services.rulebook import check
from tests.given import NOON, actor
from tests.unit.services.decision.examples import (
    CALL,
    ENVELOPE,
    FIRST,
    award,
    candidate,
    dossier,
    envelope_set,
    grant,
    line,
    money,
    reactions,
)
from tests.unit.services.jury.told import given

TWO = [ShareLimit(category="maintenance", max_share_bp=1_500), ShareLimit(category="participation", max_share_bp=3_000)]
TERMS = envelope_set(cap_cents=10**9, share_limits=TWO)


@st.composite
def budgets(draw: st.DrawFn) -> list[BudgetLine]:
    """Budgets in which two categories, each on several lines, have at most their shares; and a fifth is paid beside."""
    asked = draw(st.integers(1, 100_000))
    lines, left = [], asked
    for limit in TWO:
        most = asked * limit.max_share_bp // 10_000
        parts = draw(st.lists(st.integers(0, most), max_size=5))
        for cents in [*parts, most]:  # mostly full to the cent
            taken = min(cents, most)
            most, left = most - taken, left - taken
            lines.append(line(limit.category, taken, taken))
    own = -(-asked // 4)
    return [*lines, line("works", left + own, left)]


def measured(budget: list[BudgetLine], amount: int, *set_aside: str) -> Check:
    """D2 on this amount of what was asked for."""
    asked, cost = sum(one.subsidy_cents for one in budget), sum(one.amount_cents for one in budget)
    file = dossier(
        requested_cents=asked, budget=budget, financing=[money("subsidy", asked), money("own", cost - asked)]
    )
    context = Context(at=NOON, actor=actor("service"), stream=grant(), id=FIRST, version=1, command_id=FIRST)
    return measure(Case(Grant(set_aside=frozenset(set_aside)), file, TERMS, context), amount)


@examples(budgets(), st.data())
def test_d2_every_cut_of_an_eligible_request_can_be_awarded(budget: list[BudgetLine], data: st.DataObject) -> None:
    asked = sum(one.subsidy_cents for one in budget)
    amount = data.draw(st.integers(1, asked) | st.integers(max(1, asked - 3), asked))
    assert measured(budget, amount).code == "within_limits"


def test_d2_a_cent_that_no_limited_category_can_take_goes_to_what_the_cost_bears() -> None:
    budget = [line("maintenance", 3, 3), line("participation", 6, 6), line("works", 16, 11)]
    limits = {limit.category: limit.max_share_bp for limit in TWO}
    assert [one.subsidy_cents for one in scaled(budget, 19, limits)] == [2, 5, 12]


HIGH = [line("maintenance", 500, 500), line("works", 500, 500)]
"""Half of it is maintenance, and nobody pays beside."""


@pytest.mark.parametrize("amount", [1_000, 999, 334])
def test_d2_what_eligibility_derogated_from_does_not_bind_the_award(amount: int) -> None:
    assert measured(HIGH, amount).code == "share_exceeded"
    assert measured(HIGH, amount, "E2", "E3").code == "within_limits"


def test_e6_a_candidate_takes_along_what_eligibility_set_aside() -> None:
    inputs: dict[str, Any] = {
        "check": "E3",
        "legal_basis": "art. 9",
        "outcome": "fail",
        "reasons": "x",
        "language": "nl",
    }
    aside = check(DEROGATION, {"derogable": [["E3", "art. 9"]]}, inputs, [])
    (issue,) = reactions(DeclaredEligible(call=CALL, case=FIRST, checks=[aside], dossier=dossier()))
    then = given(DECISION).has(ENVELOPE, envelope_set()).when("grant", FIRST, issue.command)
    assert then.fact(CandidateRegistered).set_aside == ["E3"]


def test_d2_a_file_with_a_derogation_is_awarded_on_the_terms_that_bind_it() -> None:
    poor = [money("subsidy", 1_000_000), money("own", 1)]
    candidate(financing=poor).when("grant", FIRST, award()).refused("D2", "own_contribution_short")
    fact = candidate(financing=poor, set_aside=["E3"]).when("grant", FIRST, award()).fact(GrantAwarded)
    assert fact.checks[0].params["min_rate_bp"] == 0
