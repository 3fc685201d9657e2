"""E3 and D2 measure the own contribution alike: no service may import the other, so this holds them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from events.canonical import SAFE_INTEGER
from events.intake import Cofinancing
from events.vocabulary import BudgetLine, Check, FinancingLine
from services.decision.ranking import refinanced, scaled
from services.decision.rules.money import D2, award_inputs, award_params
from services.eligibility.rules import checks_of
from services.rulebook import check
from tests.unit.services.decision.examples import envelope_set
from tests.unit.services.eligibility.examples import DENDERLEEUW, dossier, line, money, with_cofinancing

CENTS = st.integers(0, 20) | st.integers(0, 100_000_000)
SOURCES = st.sampled_from(["subsidy", "own", "partner_cash", "in_kind", "other_flemish"])
BUDGETS = st.lists(
    st.builds(
        lambda category, subsidy, more: line(category, subsidy + more, subsidy),
        st.sampled_from(["personnel", "operating", "infrastructure"]),
        CENTS,
        CENTS,
    ),
    min_size=1,
    max_size=5,
).filter(lambda budget: requested(budget) > 0)
FINANCINGS = st.lists(st.builds(money, SOURCES, CENTS), max_size=8)
TERMS = st.builds(
    Cofinancing,
    base=st.sampled_from(["TOTAL_ELIGIBLE_COST", "SUBSIDY"]),
    min_rate_bp=st.integers(0, 10_000) | st.sampled_from([0, 1, 2_000, 3_333, 9_999, 10_000]),
    counts_partner_cash=st.booleans(),
    counts_in_kind=st.booleans(),
    excludes_other_flemish_subsidy=st.booleans(),
)


def requested(budget: Sequence[BudgetLine]) -> int:
    return sum(one.subsidy_cents for one in budget)


def eligible(terms: Cofinancing, budget: list[BudgetLine], financing: list[FinancingLine]) -> Check:
    """What E3 says of the application."""
    criteria = with_cofinancing(**{name: getattr(terms, name) for name in Cofinancing.__struct_fields__})
    asked = dossier(requested_cents=requested(budget), budget=budget, financing=financing)
    return checks_of(("E3",), criteria, asked)[0]


def awarded(terms: Cofinancing, budget: list[BudgetLine], financing: list[FinancingLine], asked: int) -> Check:
    """What D2 says of an award with this budget and financing, where nothing else can fail."""
    params = award_params(envelope_set(cofinancing=terms, cap_cents=SAFE_INTEGER, share_limits=[]))
    return check(D2, params, award_inputs(params, (requested(budget), asked), budget, financing))


def agree(one: Check, two: Check) -> bool:
    """The same outcome, from the same sums."""
    told: list[tuple[Any, ...]] = [
        (one.outcome, one.inputs["present_cents"], one.inputs["required_cents"]),
        (two.outcome, two.inputs["own_counted_cents"], two.inputs["own_required_cents"]),
    ]
    assert two.code in ("within_limits", "own_contribution_short")
    return told[0] == told[1]


@given(TERMS, BUDGETS, FINANCINGS)
def test_e3_and_d2_agree_on_every_budget_and_financing(
    terms: Cofinancing, budget: list[BudgetLine], financing: list[FinancingLine]
) -> None:
    assert agree(eligible(terms, budget, financing), awarded(terms, budget, financing, requested(budget)))


@given(TERMS, BUDGETS, st.integers(-1, 1), SOURCES)
@example(
    Cofinancing(
        base="TOTAL_ELIGIBLE_COST",
        min_rate_bp=3_333,
        counts_partner_cash=False,
        counts_in_kind=False,
        excludes_other_flemish_subsidy=True,
    ),
    [line("personnel", 10_001, 1)],
    -1,
    "own",
)
def test_e3_and_d2_agree_to_the_cent(terms: Cofinancing, budget: list[BudgetLine], beside: int, source: str) -> None:
    """At the boundary itself and one cent on either side, whoever brings the money."""
    required: int = eligible(terms, budget, []).inputs["required_cents"]
    financing = [money(source, max(0, required + beside))]
    both = eligible(terms, budget, financing), awarded(terms, budget, financing, requested(budget))
    assert agree(*both)
    if source == "own":
        assert (both[0].outcome == "pass") == (required + beside >= required or required == 0)


@given(TERMS, BUDGETS, FINANCINGS, st.data())
def test_d2_what_sufficed_for_the_whole_suffices_for_a_part(
    terms: Cofinancing, budget: list[BudgetLine], financing: list[FinancingLine], data: st.DataObject
) -> None:
    """With a smaller award the beneficiary's own means bear the difference, and the cost stays."""
    whole = requested(budget)
    part = data.draw(st.integers(1, whole))
    paid = [money("subsidy", whole), *(one for one in financing if one.source != "subsidy")]
    smaller = scaled(budget, part, {})
    decided = awarded(terms, smaller, refinanced(paid, part, DENDERLEEUW.name), whole)
    if eligible(terms, budget, paid).outcome == "pass":
        assert (decided.outcome, requested(smaller)) == ("pass", part)
