"""Budget consumption equals the ledger at every position."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.catalog import FACT_TYPES, AnyFact
from events.ledger import Transfer, limited, transfers_of
from events.store import Balance
from projections.budget_consumption.check import Difference, differences
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.view import Key
from tests.unit.projections.samples import CALL, CASE, event, sample

OTHER = CASE[:-1] + "3"


class Accounts:
    """The ledger in a few lines: refuses what the store would refuse."""

    def __init__(self) -> None:
        self.held: dict[str, Balance] = {}
        self.pending: dict[str, Transfer] = {}

    def accept(self, transfers: tuple[Transfer, ...]) -> bool:
        before = dict(self.held), dict(self.pending)
        if all(self._apply(one) for one in transfers):
            return True
        self.held, self.pending = before
        return False

    def _apply(self, one: Transfer) -> bool:
        match one.kind:
            case "posted":
                return self._move(one.debit, "debits_posted", one.amount_cents) and self._move(
                    one.credit, "credits_posted", one.amount_cents
                )
            case "pending":
                if one.pending_id in self.pending:
                    return False
                self.pending[str(one.pending_id)] = one
                return self._move(one.debit, "debits_pending", one.amount_cents) and self._move(
                    one.credit, "credits_pending", one.amount_cents
                )
            case _:
                return self._resolve(one)

    def _resolve(self, one: Transfer) -> bool:
        held = self.pending.get(str(one.pending_id))
        if held is None or held.amount_cents < one.amount_cents:
            return False
        self.pending[str(one.pending_id)] = replace(held, amount_cents=-1)
        self._move(held.debit, "debits_pending", -held.amount_cents)
        self._move(held.credit, "credits_pending", -held.amount_cents)
        self._move(held.debit, "debits_posted", one.amount_cents)
        return self._move(held.credit, "credits_posted", one.amount_cents)

    def _move(self, account: str | None, side: str, amount: int) -> bool:
        assert account is not None
        old = self.held.get(account, Balance(account))
        new = replace(old, **{side: getattr(old, side) + amount})
        self.held[account] = new
        return not limited(account) or new.debits_pending + new.debits_posted <= new.credits_posted


def step(name: str, case: str, amount: int, attempt: int) -> AnyFact:
    """A fact with the given amounts, whatever its fields are called."""
    wished: dict[str, Any] = {
        "call": CALL,
        "case": case,
        "amount_cents": amount,
        "increase_cents": amount,
        "attempt": attempt,
    }
    has = FACT_TYPES[name].model.__struct_fields__
    return sample(name, **{field: value for field, value in wished.items() if field in has})


STEPS = st.tuples(
    st.sampled_from(sorted(BUDGET.folds)),
    st.sampled_from([CASE, OTHER]),
    st.integers(0, 1_000),
    st.integers(1, 3),
)


def play(facts: list[AnyFact]) -> tuple[dict[Key, BudgetRow], Accounts]:
    """Fold what the ledger accepts through both; they must agree at every position."""
    rows: dict[Key, BudgetRow] = {}
    books = Accounts()
    for position, fact in enumerate(facts, 1):
        if books.accept(transfers_of(fact)):
            BUDGET.evolve(rows, event(fact, position))
            assert differences(rows.values(), books.held.values()) == []
    return rows, books


@given(st.lists(STEPS, max_size=60))
@settings(max_examples=200, deadline=None)
def test_the_view_equals_the_ledger_at_every_position(steps: list[tuple[str, str, int, int]]) -> None:
    first = [sample("EnvelopeSet", amount_cents=20_000), step("AmountReserved", CASE, 900, 1)]
    second = [step("FundsCommitted", CASE, 800, 1), step("PaymentOrdered", CASE, 500, 1)]
    rows, _ = play([*first, *second, *(step(*one) for one in steps)])
    cases = [row for row in rows.values() if row.scope == "case"]
    total = rows[CALL, "call", ""]
    for figure in ("reserved", "awarded", "committed", "claimed", "ordered", "payable", "executed", "offset"):
        name = f"{figure}_cents"
        assert getattr(total, name) == sum(getattr(row, name) for row in cases), figure


LIFE = [
    sample("EnvelopeSet", amount_cents=100_000),
    step("AmountReserved", CASE, 80_000, 1),
    step("GrantAwarded", CASE, 80_000, 1),
    step("FundsCommitted", CASE, 80_000, 1),
    step("ClaimSubmitted", CASE, 64_000, 1),
    step("PaymentOrdered", CASE, 64_000, 1),
    step("PaymentFileReleased", CASE, 64_000, 1),
    step("PaymentRejectedByBank", CASE, 64_000, 1),
    step("PaymentOrdered", CASE, 64_000, 2),
    step("PaymentFileReleased", CASE, 64_000, 2),
    step("PaymentExecuted", CASE, 64_000, 2),
    step("RecoveryOrdered", CASE, 2_400, 1),
    step("PaymentOrdered", CASE, 13_600, 3),
    step("PaymentFileReleased", CASE, 13_600, 3),
    step("RecoveryOffset", CASE, 2_400, 3),
    step("PaymentExecuted", CASE, 11_200, 3),
    step("FundsDecommitted", CASE, 2_400, 1),
]


def test_a_life_from_envelope_to_final_account_leaves_no_cent_behind() -> None:
    rows, _ = play(LIFE)
    case, call = rows[CALL, "case", CASE], rows[CALL, "call", ""]
    assert (case.awarded_cents, case.committed_cents, case.paid_cents) == (80_000, 77_600, 77_600)
    assert (case.executed_cents, case.offset_cents, case.recovered_cents) == (75_200, 2_400, 2_400)
    assert (case.unspent_cents, case.ordered_cents, case.payable_cents, case.pending) == (0, 0, 0, {})
    assert (call.available_cents, call.decommitted_cents) == (22_400, 2_400)
    assert case.beneficiary == "words"


def test_years_and_categories_split_the_same_money() -> None:
    rows, _ = play(LIFE)
    assert rows[CALL, "category", "staff"].awarded_cents == 1
    assert rows[CALL, "year", "2021"].committed_cents == 77_600
    assert rows[CALL, "year", "2022"].executed_cents == 75_200


def test_a_shift_moves_the_award_between_categories_and_nothing_else() -> None:
    rows, _ = play([*LIFE, sample("BudgetShifted", from_category="staff", to_category="ict", amount_cents=1)])
    assert rows[CALL, "category", "staff"].awarded_cents == 0
    assert rows[CALL, "category", "ict"].awarded_cents == 1


@pytest.mark.parametrize(
    ("at", "year"),
    [("2024-12-31T22:59:59.999999Z", "2024"), ("2024-12-31T23:00:00.000000Z", "2025")],
)
def test_the_booking_year_turns_at_midnight_in_brussels(at: str, year: str) -> None:
    rows: dict[Key, BudgetRow] = {}
    BUDGET.evolve(rows, event(step("FundsDecommitted", CASE, 5, 1), at=at))
    assert rows[CALL, "year", year].decommitted_cents == 5


def test_a_cent_that_differs_is_named_with_its_account() -> None:
    rows, books = play(LIFE)
    rows[CALL, "case", CASE].executed_cents += 1
    found = differences(rows.values(), books.held.values())
    assert Difference(f"BANK:{CASE}", "executed", 75_201, 75_200) in found
    assert {one.figure for one in found} == {"executed", "committed, unspent"}


def test_an_account_that_no_row_shows_is_a_difference() -> None:
    _, books = play(LIFE)
    figures = {one.figure for one in differences([], books.held.values())}
    assert {"available", "executed", "recovered", "envelope"} <= figures


@pytest.mark.parametrize("name", sorted(BUDGET.folds))
def test_any_single_fact_folds_and_touches_only_the_rows_it_names(name: str) -> None:
    rows: dict[Key, BudgetRow] = {}
    one = event(sample(name))
    BUDGET.evolve(rows, one)
    assert rows
    assert set(rows) <= set(BUDGET.keys(one))
    assert all(BUDGET.key_of(row) == key for key, row in rows.items())
    assert msgspec.json.decode(msgspec.json.encode(list(rows.values())), type=list[BudgetRow]) == list(rows.values())
