"""The four readings of the own contribution: each can be chosen in the terms, and each outcome tells all four."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.eligibility import AssessedDossier
from events.vocabulary import Check
from services.eligibility.rules import RULES, checks_of
from services.eligibility.rules.own_contribution import OWN_CONTRIBUTION_1, READINGS
from tests.unit.services.eligibility.examples import dossier, line, money, with_cofinancing

FIRST = {(one.id, one.version): one for one in RULES}


def put(base: str, partners: bool, one: AssessedDossier) -> Check:
    return checks_of(["E3"], with_cofinancing(base=base, counts_partner_cash=partners), one)[0]


def asking(total: int, subsidy: int, own: int, partners: int) -> AssessedDossier:
    """One cost line, paid by the subsidy, own means and partners' cash."""
    means = [money("subsidy", subsidy), money("own", own), money("partner_cash", partners)]
    return dossier(requested_cents=subsidy, budget=[line("personnel", total, subsidy)], financing=means)


# A fifth of the subsidy is 100.000,00 euro, a fifth of the cost 120.000,00; the city brings 90.000,00 itself.
ZEEBRUGGE = asking(60_000_000, 50_000_000, 9_000_000, 1_000_000)


@pytest.mark.parametrize(
    ("base", "partners", "outcome", "code"),
    [
        ("SUBSIDY", True, "pass", "enough_of_subsidy_with_partners"),
        ("SUBSIDY", False, "fail", "too_low_of_subsidy_without_partners"),
        ("TOTAL_ELIGIBLE_COST", True, "fail", "too_low_of_total_cost_with_partners"),
        ("TOTAL_ELIGIBLE_COST", False, "fail", "too_low_of_total_cost_without_partners"),
    ],
)
def test_e3_each_reading_is_a_choice_of_the_terms(base: str, partners: bool, outcome: str, code: str) -> None:
    check = put(base, partners, ZEEBRUGGE)
    assert (check.version, check.outcome, check.code) == (2, outcome, code)


def test_e3_the_outcome_says_what_counted_and_of_what_the_rate_was_taken() -> None:
    assert put("SUBSIDY", False, ZEEBRUGGE).reason.nl == (
        "De eigen inbreng telt voor 90.000,00 euro, de 10.000,00 euro van partners niet meegerekend; nodig is 20 % van "
        "de subsidie van 500.000,00 euro, of 100.000,00 euro. Dat volstaat niet."
    )
    assert put("TOTAL_ELIGIBLE_COST", True, ZEEBRUGGE).reason.en == (
        "The own contribution counts for 100,000.00 euro, the 10,000.00 euro of partners included; needed is 20 % of "
        "the total cost of 600,000.00 euro, or 120,000.00 euro. That does not suffice."
    )


def test_e3_every_outcome_tells_all_four_readings_side_by_side() -> None:
    for base, partners in READINGS:
        told: Any = put(base, partners, ZEEBRUGGE).inputs["readings"]
        assert [(one["base"], one["counts_partner_cash"], one["outcome"]) for one in told] == [
            ("TOTAL_ELIGIBLE_COST", True, "fail"),
            ("TOTAL_ELIGIBLE_COST", False, "fail"),
            ("SUBSIDY", True, "pass"),
            ("SUBSIDY", False, "fail"),
        ]
        assert [(one["present_cents"], one["required_cents"]) for one in told] == [
            (10_000_000, 12_000_000),
            (9_000_000, 12_000_000),
            (10_000_000, 10_000_000),
            (9_000_000, 10_000_000),
        ]


CENTS = st.integers(0, 100_000_000)


@for_all(cost=CENTS, subsidy=CENTS, own=CENTS, partners=CENTS, chosen=st.sampled_from(READINGS))
def test_e3_the_reading_that_was_chosen_is_one_of_the_four_and_says_the_same(
    cost: int, subsidy: int, own: int, partners: int, chosen: tuple[str, bool]
) -> None:
    check = put(*chosen, asking(cost, subsidy, own, partners))
    (same,) = [one for one in check.inputs["readings"] if (one["base"], one["counts_partner_cash"]) == chosen]
    assert (same["outcome"], same["present_cents"], same["required_cents"]) == (
        check.outcome,
        check.inputs["present_cents"],
        check.inputs["required_cents"],
    )


@for_all(cost=CENTS, subsidy=CENTS, own=CENTS, partners=CENTS, chosen=st.sampled_from(READINGS))
def test_e6_what_version_1_recorded_is_still_answered_alike(
    cost: int, subsidy: int, own: int, partners: int, chosen: tuple[str, bool]
) -> None:
    check = put(*chosen, asking(cost, subsidy, own, partners))
    first = FIRST["E3", 1].test(check.params, check.inputs)
    assert FIRST["E3", 1] is OWN_CONTRIBUTION_1
    assert first.outcome == check.outcome
    assert check.code.startswith(first.code)


@pytest.mark.parametrize(
    "code", ["enough_of_total_cost", "too_low_of_total_cost", "enough_of_subsidy", "too_low_of_subsidy"]
)
def test_the_sentences_of_version_1_can_still_be_told(code: str) -> None:
    assert code in OWN_CONTRIBUTION_1.sentences
