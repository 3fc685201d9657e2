"""What follows from what the bank says: money moves only where everything agrees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.banking.judging import UNDER_WAY, Act, Note, Park, Sent, judge, spread
from services.banking.reports import Told
from services.payment.commands import ConfirmExecution, RecordBankRejection, RecordReturn
from tests.bank_messages import FILE, FIRST, HERE, SECOND, THERE

SENT = Sent("order", FILE, 240_000_00, HERE)
DEBIT = Told("debit", "BOOK", "payment", FIRST, None, None, 240_000_00, "EUR", "2022-01-19", iban=HERE)
SETTLED = Told("status", "ACSC", "payment", FIRST, FILE, day="2022-01-18")
REJECTED = Told("status", "RJCT", "payment", FIRST, FILE, "AC04", day="2022-01-18")


def reason(told: Told, sent: Sent | None = SENT) -> str:
    verdict = judge(told, sent)
    assert isinstance(verdict, Park)
    return verdict.reason


def test_a_booked_debit_is_the_execution_on_its_value_date() -> None:
    assert judge(DEBIT, SENT) == Act(ConfirmExecution(value_date="2022-01-19"))


@pytest.mark.parametrize("code", ["ACSC", "ACCC"])
def test_a_settled_status_is_the_execution(code: str) -> None:
    assert judge(replace(SETTLED, code=code), SENT) == Act(ConfirmExecution(value_date="2022-01-18"))


@pytest.mark.parametrize("code", sorted(UNDER_WAY))
def test_a_payment_under_way_is_not_executed(code: str) -> None:
    assert judge(replace(SETTLED, code=code), SENT) == Note("under way")


def test_an_entry_that_is_not_booked_changes_nothing() -> None:
    assert judge(replace(DEBIT, booked=False), SENT) == Note("not booked yet")


@pytest.mark.parametrize("code", ["AC01", "AC04", "AM04", "MS03", "RR04"])
def test_a_rejection_keeps_the_banks_reason(code: str) -> None:
    assert judge(replace(REJECTED, reason=code), SENT) == Act(RecordBankRejection(code=code))


@pytest.mark.parametrize("code", ["AM05", "DUPL", "DU03"])
def test_p4_a_copy_that_the_bank_refuses_opens_no_tranche_for_a_second_payment(code: str) -> None:
    assert reason(replace(REJECTED, reason=code)) == "duplicate"


@pytest.mark.parametrize("code", [None, "NARR", "own words", "AC0٤"])
def test_a_rejection_without_a_coded_reason_waits_for_somebody(code: str | None) -> None:
    assert reason(replace(REJECTED, reason=code)) == "reason-not-coded"


def test_a_status_that_nobody_knows_waits_for_somebody() -> None:
    assert reason(replace(SETTLED, code="XXXX")) == "unknown-status"


@pytest.mark.parametrize("told", [DEBIT, SETTLED, REJECTED, replace(DEBIT, kind="credit", reason="AC04")])
def test_a_payment_that_no_file_held_is_parked(told: Told) -> None:
    assert reason(told, None) == "unknown-order"


def test_money_that_came_from_elsewhere_is_parked_by_its_own_name() -> None:
    assert reason(replace(DEBIT, kind="credit"), None) == "credit-without-order"


@pytest.mark.parametrize("told", [DEBIT, SETTLED, REJECTED])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"message_id": "another"}, "other-file"),
        ({"currency": "USD"}, "other-currency"),
        ({"cents": 239_999_99}, "other-amount"),
        ({"cents": 240_000_01}, "other-amount"),
        ({"iban": THERE}, "other-account"),
        ({"unclear": "sum-differs"}, "sum-differs"),
    ],
)
def test_what_differs_from_the_order_moves_no_money(told: Told, change: dict[str, object], expected: str) -> None:
    assert reason(replace(told, **change)) == expected


def test_spaces_and_small_letters_are_no_other_account() -> None:
    assert isinstance(judge(replace(DEBIT, iban="be71 0961 2345 6769"), SENT), Act)


RETURNED = replace(DEBIT, kind="credit", reason="AC04")


def test_money_that_comes_back_is_a_return_with_its_reason() -> None:
    assert judge(RETURNED, SENT) == Act(RecordReturn(code="AC04", value_date="2022-01-19"))
    assert reason(replace(RETURNED, reason=None)) == "reason-not-coded"
    assert reason(replace(RETURNED, day=None)) == "no-date"
    assert reason(replace(RETURNED, cents=239_990_00)) == "other-amount"


def test_a_file_named_as_not_provided_is_no_other_file() -> None:
    assert isinstance(judge(replace(DEBIT, message_id="NOTPROVIDED"), SENT), Act)


def test_an_account_that_cannot_be_read_any_more_agrees_with_none() -> None:
    assert reason(DEBIT, replace(SENT, iban=None)) == "other-account"


def test_a_debit_without_its_amount_or_its_day_is_parked() -> None:
    assert reason(replace(DEBIT, cents=None)) == "odd-amount"
    assert reason(replace(DEBIT, day=None)) == "no-date"


def test_no_sentence_names_an_account() -> None:
    verdict = judge(replace(DEBIT, iban=THERE), SENT)

    assert isinstance(verdict, Park)
    assert THERE not in verdict.detail
    assert HERE not in verdict.detail
    assert HERE not in repr(SENT)


TWO = (SENT, Sent("other", FILE, 1, THERE))
BATCH = Told("debit", "BOOK", "file", None, FILE, None, 240_000_01, "EUR", "2022-01-19")


def test_a_batch_booked_in_one_sum_is_the_execution_of_each_order_of_its_file() -> None:
    spread_over = spread(BATCH, TWO)

    assert not isinstance(spread_over, Park)
    assert [judge(told, sent) for told, sent in spread_over] == [Act(ConfirmExecution(value_date="2022-01-19"))] * 2


@pytest.mark.parametrize("cents", [None, 240_000_00, 240_000_02])
def test_a_batch_whose_sum_differs_moves_nothing(cents: int | None) -> None:
    found = spread(replace(BATCH, cents=cents), TWO)

    assert isinstance(found, Park)
    assert found.reason == "sum-differs"


def test_a_rejected_file_rejects_each_order_of_it() -> None:
    spread_over = spread(Told("status", "RJCT", "file", None, FILE, "AM10", day="2022-01-18"), TWO)

    assert not isinstance(spread_over, Park)
    assert [judge(*one) for one in spread_over] == [Act(RecordBankRejection(code="AM10"))] * 2


def test_a_file_that_nobody_made_is_parked() -> None:
    found = spread(Told("status", "RJCT", "file", None, SECOND, "AM10"), ())

    assert isinstance(found, Park)
    assert found.reason == "unknown-file"
