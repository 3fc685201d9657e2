"""Each rule at its boundary: the last value that passes, the first that fails, and the sentence that is told."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events import canonical
from events.eligibility import AssessedDossier, CriteriaAdopted
from events.intake import ShareLimit, TermLimit
from events.vocabulary import Check, Period
from services.eligibility.rules import MANDATORY, RULES, checks_of
from tests.unit.services.eligibility.examples import (
    CRITERIA,
    LEEUWBRUG,
    PUBLISHED,
    SUBMITTED,
    dossier,
    line,
    money,
    papers,
    simple,
    with_cofinancing,
)

AMOUNTS = st.integers(min_value=0, max_value=10**12)
RATES = st.integers(min_value=0, max_value=10_000)


def put(rule: str, one: AssessedDossier, criteria: CriteriaAdopted = CRITERIA) -> Check:
    return checks_of([rule], criteria, one)[0]


def outcome(rule: str, one: AssessedDossier, criteria: CriteriaAdopted = CRITERIA) -> tuple[str, str]:
    check = put(rule, one, criteria)
    return check.outcome, check.code


def terms(max_months: int = 48) -> CriteriaAdopted:
    window = TermLimit(max_months=max_months, earliest_start="2022-01-01", latest_end="2025-12-31")
    return msgspec.structs.replace(CRITERIA, term=window)


def lasting(start: str, end: str) -> AssessedDossier:
    return dossier(term=Period(start=start, end=end))


def test_a_sound_dossier_passes_every_rule() -> None:
    assert {one.outcome for one in checks_of(MANDATORY, CRITERIA, dossier())} == {"pass"}


def test_a1_a_required_attachment_may_not_be_missing() -> None:
    check = put("A1", dossier(attachments=papers("financial_plan")))
    assert (check.outcome, check.code) == ("fail", "attachment_missing")
    assert check.reason.nl == "Deze bijlagen ontbreken: council_decision."


def test_a1_more_attachments_than_required_are_no_fault() -> None:
    more = dossier(attachments=papers("council_decision", "financial_plan", "photo"))
    assert outcome("A1", more) == ("pass", "all_present")


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (simple(100, 0, 100), "nothing_requested"),
        (dossier(budget=[line("catering", 1, 1)]), "unknown_category"),
        (dossier(budget=[line("personnel", 1, 1), line("personnel", 1, 1)]), "category_repeated"),
    ],
)
def test_a2_the_form_must_be_in_order(one: AssessedDossier, code: str) -> None:
    assert outcome("A2", one) == ("fail", code)


def test_e1_the_cap_itself_may_be_requested() -> None:
    assert outcome("E1", simple(100_000_000, 80_000_000, 20_000_000)) == ("pass", "within_cap")


def test_e1_a_cent_above_the_cap_fails() -> None:
    check = put("E1", simple(100_000_001, 80_000_001, 20_000_000))
    assert (check.outcome, check.code) == ("fail", "above_cap")
    assert check.reason.nl == "Er wordt 800.000,01 euro gevraagd; dat is meer dan het maximum van 800.000,00 euro."


def infrastructure(cents: int, subsidy: int = 50_000_000) -> AssessedDossier:
    lines = [line("personnel", subsidy - cents, subsidy - cents), line("infrastructure", cents, cents)]
    return dossier(requested_cents=subsidy, budget=lines)


def test_e2_a_share_may_be_used_to_the_cent() -> None:
    assert outcome("E2", infrastructure(10_000_000)) == ("pass", "within_shares")


def test_e2_a_cent_above_the_share_fails() -> None:
    check = put("E2", infrastructure(10_000_001))
    assert (check.outcome, check.code) == ("fail", "share_exceeded")
    assert check.reason.en == (
        "100,000.01 euro of the subsidy is for infrastructure; that is more than the 100,000.00 euro allowed."
    )


def test_e2_a_call_without_limits_limits_nothing() -> None:
    free = msgspec.structs.replace(CRITERIA, share_limits=[])
    assert outcome("E2", infrastructure(50_000_000), free) == ("pass", "no_limits")


def test_e2_every_limit_counts_and_the_tightest_is_told() -> None:
    limits = [ShareLimit(category="personnel", max_share_bp=1_000), *CRITERIA.share_limits]
    check = put("E2", infrastructure(10_000_000), msgspec.structs.replace(CRITERIA, share_limits=limits))
    assert (check.outcome, check.inputs["category"]) == ("fail", "personnel")


@for_all(subsidy=st.integers(1, 10**12), rate=RATES, data=st.data())
def test_e2_is_exact_to_the_cent(subsidy: int, rate: int, data: st.DataObject) -> None:
    spent = data.draw(st.integers(0, subsidy))
    limits = [ShareLimit(category="infrastructure", max_share_bp=rate)]
    check = put("E2", infrastructure(spent, subsidy), msgspec.structs.replace(CRITERIA, share_limits=limits))
    assert (check.outcome == "pass") == (Fraction(spent, subsidy) <= Fraction(rate, 10_000))
    allowed = check.inputs["allowed_cents"]
    assert Fraction(allowed) <= Fraction(rate, 10_000) * subsidy < allowed + 1
    assert (check.outcome == "pass") == (spent <= allowed)


def test_e3_denderleeuw_fails_on_the_total_cost() -> None:
    check = put("E3", LEEUWBRUG)
    assert (check.outcome, check.code) == ("fail", "too_low_of_total_cost_with_partners")
    assert check.reason.nl == (
        "De eigen inbreng telt voor 115.061,20 euro, de 0,00 euro van partners meegerekend; nodig is 20 % van de "
        "totale kost van 690.367,20 euro, of 138.073,44 euro. Dat volstaat niet."
    )


def test_e3_denderleeuw_passes_on_the_subsidy() -> None:
    check = put("E3", LEEUWBRUG, with_cofinancing(base="SUBSIDY"))
    assert (check.outcome, check.code) == ("pass", "enough_of_subsidy_with_partners")
    assert check.inputs["required_cents"] == check.inputs["present_cents"] == 11_506_120


def test_e3_denderleeuw_passes_after_its_clarification() -> None:
    assert outcome("E3", simple(71_913_250, 57_530_600, 14_382_650)) == ("pass", "enough_of_total_cost_with_partners")


def test_e3_a_cent_too_little_fails() -> None:
    assert outcome("E3", simple(71_913_250, 57_530_601, 14_382_649)) == ("fail", "too_low_of_total_cost_with_partners")


@pytest.mark.parametrize(
    ("source", "rule", "counts"),
    [
        ("partner_cash", {"counts_partner_cash": True}, True),
        ("partner_cash", {"counts_partner_cash": False}, False),
        ("in_kind", {"counts_in_kind": True}, True),
        ("in_kind", {"counts_in_kind": False}, False),
        ("other_flemish", {"excludes_other_flemish_subsidy": False}, True),
        ("other_flemish", {"excludes_other_flemish_subsidy": True}, False),
    ],
)
def test_e3_the_terms_say_whose_money_counts(source: str, rule: dict[str, bool], counts: bool) -> None:
    helped = dossier(financing=[money("subsidy", 50_000_000), money(source, 12_500_000)])
    assert (put("E3", helped, with_cofinancing(**rule)).outcome == "pass") is counts


@for_all(
    total=AMOUNTS, subsidy=AMOUNTS, own=AMOUNTS, rate=RATES, base=st.sampled_from(["TOTAL_ELIGIBLE_COST", "SUBSIDY"])
)
def test_e3_is_exact_to_the_cent(total: int, subsidy: int, own: int, rate: int, base: str) -> None:
    check = put("E3", simple(total, subsidy, own), with_cofinancing(base=base, min_rate_bp=rate))
    needed = Fraction(rate, 10_000) * (total if base == "TOTAL_ELIGIBLE_COST" else subsidy)
    assert (check.outcome == "pass") == (own >= needed)


@for_all(total=AMOUNTS, rate=RATES)
def test_e3_what_is_required_passes_and_a_cent_less_fails(total: int, rate: int) -> None:
    criteria = with_cofinancing(min_rate_bp=rate)
    required = put("E3", simple(total, 0, 0), criteria).inputs["required_cents"]
    assert put("E3", simple(total, 0, required), criteria).outcome == "pass"
    if required:
        assert put("E3", simple(total, 0, required - 1), criteria).outcome == "fail"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2022-01-01", "2025-12-31", ("pass", "fits")),
        ("2021-12-31", "2025-12-30", ("fail", "outside_window")),
        ("2022-01-01", "2026-01-01", ("fail", "outside_window")),
        ("2022-01-01", "9999-12-31", ("fail", "outside_window")),
        ("2023-01-01", "2022-12-31", ("fail", "ends_before_start")),
        ("2022-01-01", "2022-01-01", ("pass", "fits")),
    ],
)
def test_e4_the_term_lies_in_the_window(start: str, end: str, expected: tuple[str, str]) -> None:
    assert outcome("E4", lasting(start, end)) == expected


def test_e4_a_day_more_than_the_longest_term_fails() -> None:
    assert outcome("E4", lasting("2022-03-15", "2023-03-14"), terms(12)) == ("pass", "fits")
    assert outcome("E4", lasting("2022-03-15", "2023-03-15"), terms(12)) == ("fail", "too_long")


def test_e5_cost_and_financing_must_be_the_same_sum() -> None:
    check = put("E5", simple(100, 80, 19))
    assert (check.outcome, check.code) == ("fail", "sums_differ")
    assert check.reason.en == "The cost adds up to 1.00 euro, the financing to 0.99 euro."


def test_e5_the_financing_names_the_subsidy_that_is_requested() -> None:
    other = dossier(financing=[money("subsidy", 49_999_999), money("own", 12_500_001)])
    assert outcome("E5", other) == ("fail", "subsidy_differs")


def test_e5_the_budget_spends_the_subsidy_that_is_requested() -> None:
    other = dossier(budget=[line("personnel", 62_500_000, 50_000_001)])
    assert outcome("E5", other) == ("fail", "subsidy_differs")


def test_e5_a_cost_is_not_subsidised_beyond_itself() -> None:
    over = dossier(budget=[line("personnel", 52_500_000, 39_999_999), line("infrastructure", 10_000_000, 10_000_001)])
    check = put("E5", over)
    assert (check.code, check.inputs["lines_over"]) == ("line_over", ["infrastructure"])


LINES = st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6)


@for_all(lines=LINES, own=AMOUNTS, named=AMOUNTS, requested=AMOUNTS)
def test_e5_is_exact_to_the_cent(lines: list[tuple[int, int]], own: int, named: int, requested: int) -> None:
    one = dossier(
        requested_cents=requested,
        budget=[line(f"category_{index}", amount, subsidy) for index, (amount, subsidy) in enumerate(lines)],
        financing=[money("subsidy", named), money("own", own)],
    )
    agrees = (
        all(subsidy <= amount for amount, subsidy in lines)
        and sum(amount for amount, _ in lines) == named + own
        and requested == named == sum(subsidy for _, subsidy in lines)
    )
    assert (put("E5", one).outcome == "pass") == agrees


@for_all(shares=st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6), off=st.sampled_from([-1, 1]))
def test_e5_a_budget_that_adds_up_passes_and_a_cent_off_fails(shares: list[tuple[int, int]], off: int) -> None:
    subsidy, own = sum(one for one, _ in shares), sum(rest for _, rest in shares) + 1
    lines = [line(f"category_{index}", one + rest, one) for index, (one, rest) in enumerate(shares)]
    lines.append(line("rest", 1, 0))

    def financed(own_cents: int) -> AssessedDossier:
        means = [money("subsidy", subsidy), money("own", own_cents)]
        return dossier(requested_cents=subsidy, budget=lines, financing=means)

    assert outcome("E5", financed(own)) == ("pass", "sums_agree")
    assert outcome("E5", financed(own + off)) == ("fail", "sums_differ")


def test_e6_a_record_holds_all_that_is_needed_to_check_again() -> None:
    rules = {(one.id, one.version): one for one in RULES}
    for check in checks_of(MANDATORY, CRITERIA, LEEUWBRUG):
        again = rules[check.rule, check.version].test(check.params, check.inputs)
        assert tuple(again) == (check.outcome, check.code)
        assert check.source_events == [PUBLISHED.event_id, SUBMITTED.event_id]


def test_e6_what_is_told_beside_the_inputs_does_not_decide() -> None:
    rules = {one.id: one for one in RULES}
    for rule, told in (("E3", ("present_cents", "required_cents", "readings")), ("E2", ("category", "category_cents"))):
        check = put(rule, LEEUWBRUG)
        bare: dict[str, Any] = {name: value for name, value in check.inputs.items() if name not in told}
        assert tuple(rules[rule].test(check.params, bare)) == (check.outcome, check.code)


def test_a_record_can_stand_in_the_log() -> None:
    for check in checks_of(MANDATORY, CRITERIA, dossier()):
        canonical.check(msgspec.to_builtins(check))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_outcome_has_a_sentence_in_both_languages(rule: Any) -> None:
    assert all(nl.endswith(".") and en.endswith(".") for nl, en in rule.sentences.values())


def test_rules_have_one_entry_each() -> None:
    assert [one.id for one in RULES] == ["A1", "A2", "E1", "E2", "E3", "E3", "E4", "E5", "E5D", "HC", "E6", "E7"]
    assert set(MANDATORY) < {one.id for one in RULES}
