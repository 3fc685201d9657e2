"""Amounts within an envelope, and a budget within an award: examples and properties."""

from __future__ import annotations

from hypothesis import given as examples
from hypothesis import strategies as st

from events.vocabulary import BudgetLine
from services.decision.ranking import Policy, fit, refinanced, scaled, shifted, subsidy_by_category
from tests.unit.services.decision.examples import BUDGET, FINANCING, line, money

policies = st.sampled_from(["stop_at_first_misfit", "skip_misfit", "cut_last"])
amounts = st.lists(st.none() | st.integers(1, 100), max_size=20)
envelopes = st.integers(0, 600)


def test_stop_at_first_misfit_ends_the_awards() -> None:
    slots = fit([6, 5, 4], 10, "stop_at_first_misfit")
    assert [(slot.proposed_cents, slot.left_before_cents, slot.code) for slot in slots] == [
        (6, 10, "fits"),
        (0, 4, "envelope_exhausted"),
        (0, 4, "envelope_exhausted"),
    ]


def test_skip_misfit_goes_on_with_what_fits() -> None:
    assert [slot.proposed_cents for slot in fit([6, 5, 4], 10, "skip_misfit")] == [6, 0, 4]


def test_cut_last_gives_what_is_left_and_ends_the_awards() -> None:
    slots = fit([6, 5, 1], 10, "cut_last")
    assert [(slot.proposed_cents, slot.code) for slot in slots] == [
        (6, "fits"),
        (4, "fits_in_part"),
        (0, "envelope_exhausted"),
    ]


def test_cut_last_with_nothing_left_cuts_nothing() -> None:
    assert [slot.code for slot in fit([6, 5], 6, "cut_last")] == ["fits", "envelope_exhausted"]


def test_unfavourable_advice_takes_nothing_and_ends_nothing() -> None:
    slots = fit([6, None, 4], 10, "stop_at_first_misfit")
    assert [(slot.proposed_cents, slot.code) for slot in slots] == [
        (6, "fits"),
        (0, "unfavourable_advice"),
        (4, "fits"),
    ]


@examples(amounts, envelopes, policies)
def test_d1_proposals_never_exceed_the_envelope(advised: list[int | None], envelope: int, policy: Policy) -> None:
    slots = fit(advised, envelope, policy)
    assert len(slots) == len(advised)
    assert sum(slot.proposed_cents for slot in slots) <= envelope
    assert all(0 <= slot.proposed_cents <= slot.left_before_cents for slot in slots)


@examples(amounts, envelopes, policies)
def test_d2_nobody_is_proposed_more_than_advised(advised: list[int | None], envelope: int, policy: Policy) -> None:
    for amount, slot in zip(advised, fit(advised, envelope, policy), strict=True):
        assert slot.proposed_cents <= (amount or 0)
        assert (slot.code == "unfavourable_advice") == (amount is None)
        assert (slot.code == "fits") == (amount is not None and slot.proposed_cents == amount)


@examples(amounts, envelopes)
def test_stop_and_cut_pass_over_nobody(advised: list[int | None], envelope: int) -> None:
    for policy in ("stop_at_first_misfit", "cut_last"):
        codes = [slot.code for slot in fit(advised, envelope, policy) if slot.code != "unfavourable_advice"]
        assert codes == sorted(codes, key=["fits", "fits_in_part", "envelope_exhausted"].index)
        assert codes.count("fits_in_part") <= (policy == "cut_last")


@examples(amounts, envelopes)
def test_skip_misfit_skips_only_what_does_not_fit(advised: list[int | None], envelope: int) -> None:
    for amount, slot in zip(advised, fit(advised, envelope, "skip_misfit"), strict=True):
        if slot.code == "envelope_exhausted":
            assert amount is not None
            assert amount > slot.left_before_cents


@examples(amounts, envelopes, st.integers(0, 100))
def test_a_larger_envelope_never_takes_away_under_stop_and_cut(
    advised: list[int | None], envelope: int, more: int
) -> None:
    for policy in ("stop_at_first_misfit", "cut_last"):
        before, after = fit(advised, envelope, policy), fit(advised, envelope + more, policy)
        assert all(new.proposed_cents >= old.proposed_cents for old, new in zip(before, after, strict=True))


@st.composite
def budgets(draw: st.DrawFn) -> list[BudgetLine]:
    """Budgets in which infrastructure has at most a fifth of the subsidy."""
    subsidies = draw(st.lists(st.integers(0, 10_000), min_size=1, max_size=8))
    lines = [line(f"c{place % 3}", cents + draw(st.integers(0, 500)), cents) for place, cents in enumerate(subsidies)]
    most = sum(subsidies) // 4
    share = draw(st.integers(0, most))
    return [*lines, line("infrastructure", share, share)]


LIMITS = {"infrastructure": 2_000}


@examples(budgets(), st.data())
def test_d2_a_scaled_budget_adds_up_exactly(budget: list[BudgetLine], data: st.DataObject) -> None:
    requested = sum(one.subsidy_cents for one in budget)
    award = data.draw(st.integers(0, requested))
    lines = scaled(budget, award, LIMITS)
    assert sum(one.subsidy_cents for one in lines) == award
    assert [(one.category, one.amount_cents) for one in lines] == [(one.category, one.amount_cents) for one in budget]
    for old, new in zip(budget, lines, strict=True):
        assert 0 <= new.subsidy_cents <= old.subsidy_cents
        if requested:
            assert abs(new.subsidy_cents * requested - old.subsidy_cents * award) <= 2 * requested


@examples(budgets(), st.data())
def test_d2_scaling_breaks_no_share_limit(budget: list[BudgetLine], data: st.DataObject) -> None:
    award = data.draw(st.integers(0, sum(one.subsidy_cents for one in budget)))
    held = subsidy_by_category(scaled(budget, award, LIMITS))
    assert held["infrastructure"] * 10_000 <= 2_000 * award


def test_d2_a_rounding_cent_passes_by_a_full_category() -> None:
    budget = [line("staff", 800, 800), line("infrastructure", 200, 200)]
    assert [one.subsidy_cents for one in scaled(budget, 998, LIMITS)] == [799, 199]


def test_d2_a_rounding_cent_goes_to_the_largest_remainder() -> None:
    lines = scaled([line("staff", 2, 2), line("operation", 1, 1)], 2, {})
    assert [one.subsidy_cents for one in lines] == [1, 1]


def test_d2_when_every_line_is_full_the_sum_still_holds() -> None:
    budget = [line("infrastructure", 2, 2), line("infrastructure", 1, 1)]
    assert sum(one.subsidy_cents for one in scaled(budget, 2, LIMITS)) == 2


@examples(st.lists(st.integers(0, 5_000), min_size=1, max_size=4), st.integers(0, 900), st.data())
def test_refinancing_keeps_the_whole_cost_paid(shares: list[int], own: int, data: st.DataObject) -> None:
    lines = [*(money("subsidy", share) for share in shares), *([money("own", own)] if own else [])]
    award = data.draw(st.integers(0, sum(shares)))
    after = refinanced(lines, award, "Stad")
    assert sum(one.amount_cents for one in after) == sum(one.amount_cents for one in lines)
    assert sum(one.amount_cents for one in after if one.source == "subsidy") == award


def test_a_full_award_changes_neither_budget_nor_financing() -> None:
    assert scaled(BUDGET, 1_000_000, LIMITS) == BUDGET
    assert refinanced(FINANCING, 1_000_000, "Stad") == FINANCING


@examples(budgets(), st.data())
def test_d8_a_shift_moves_cents_and_creates_none(budget: list[BudgetLine], data: st.DataObject) -> None:
    held = subsidy_by_category(budget)
    source = data.draw(st.sampled_from(sorted(held)))
    target = data.draw(st.sampled_from([*sorted(set(held) - {source}), "new"]))
    amount = data.draw(st.integers(0, held[source]))
    after = shifted(budget, source, target, amount)
    totals = subsidy_by_category(after)
    assert totals[source] == held[source] - amount
    assert totals[target] == held.get(target, 0) + amount
    assert sum(one.subsidy_cents for one in after) == sum(held.values())
    assert sum(one.amount_cents for one in after) == sum(one.amount_cents for one in budget)
    assert all(0 <= one.subsidy_cents <= one.amount_cents for one in after)
