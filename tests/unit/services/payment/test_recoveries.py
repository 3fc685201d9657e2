"""Recoveries (P7): ordered, set off against a payment, repaid."""

from __future__ import annotations

from events.payment import (
    PaymentExecuted,
    PaymentFileReleased,
    PaymentOrdered,
    RecoveryOffset,
    RecoveryOrdered,
    RepaymentReceived,
)
from services.payment.commands import OffsetRecovery, OrderRecovery, RecordRepayment
from tests.given import NOON
from tests.unit.services.payment.play import (
    CASE,
    INSPECTOR,
    MERGED,
    OFFICER,
    SERVICE,
    SOURCE,
    Play,
    cost,
    disallow,
    stream_id,
)
from tests.unit.services.payment.test_account import succession

ONE = stream_id("recovery", 1)
WHOLE = cost("personnel", 100_000_000, 80_000_000)


def recover(number: int = 1, finding: int | None = 1) -> OrderRecovery:
    return OrderRecovery(case=CASE, number=number, ground="conditions_not_met", finding=finding)


def repayment(amount: int, reference: str = "BANK-1") -> RecordRepayment:
    return RecordRepayment(amount_cents=amount, reference=reference, value_date="2024-05-05")


def paid() -> Play:
    """400,000 paid on a report of 1,000,000."""
    return Play().award().activate().claim("start").pay("start").hand_in("y1", WHOLE)


def test_p7_a_recovery_names_ground_amount_and_debtor() -> None:
    play = paid().find(3_000_000)
    ordered = play.recover().last(RecoveryOrdered)
    assert (ordered.recovery, ordered.amount_cents, ordered.debtor.ovo) == ("1", 2_400_000, "OVO001234")
    assert (ordered.ground, ordered.finding, ordered.checks[0].rule) == ("conditions_not_met", 1, "P7")
    assert play.books.balance(f"RECEIVABLE:{CASE}") == 2_400_000


def test_p7_a_recovery_is_ordered_once() -> None:
    paid().find(3_000_000).recover().silent("recovery", ONE, recover(), OFFICER)


def test_p7_a_finding_is_recovered_once_and_what_is_added_to_it_later_too() -> None:
    play = paid().find(3_000_000).recover()
    two = stream_id("recovery", 2)
    play.refused("recovery", two, recover(2), OFFICER, rule="P7", code="no_amount")
    play.do("account", CASE, disallow(1_000_000), INSPECTOR).recover(2)
    assert play.last(RecoveryOrdered).amount_cents == 800_000


def test_p7_a_recovery_rests_on_a_finding() -> None:
    paid().refused("recovery", ONE, recover(finding=3), OFFICER, rule="P7", code="no_finding")
    paid().refused("recovery", ONE, recover(finding=None), OFFICER, rule="P7", code="no_finding")


def test_p7_recoveries_are_numbered_in_turn_and_each_has_one_place() -> None:
    play = paid().find(3_000_000)
    two = stream_id("recovery", 2)
    play.refused("recovery", two, recover(2), OFFICER, rule="P7", code="number_out_of_turn")
    play.refused("recovery", two, recover(1), OFFICER, rule="STATE", code="wrong_stream")


def test_p7_only_what_was_paid_can_be_claimed_back() -> None:
    play = Play().award().activate().hand_in("y1", WHOLE).find(3_000_000)
    play.refused("recovery", ONE, recover(), OFFICER, rule="P7", code="above_limit")


def test_p7_after_the_final_account_a_finding_is_not_counted_twice() -> None:
    play = paid().hand_in("y2").find(3_000_000).settle()
    play.refused("recovery", ONE, recover(), OFFICER, rule="STATE", code="not_now")


def test_p7_debts_pass_to_the_successor() -> None:
    play = paid().find(3_000_000).do("account", CASE, succession(NOON), SERVICE).recover()
    assert play.last(RecoveryOrdered).debtor == MERGED


def test_p7_a_repayment_is_recorded_once_by_reference_and_no_more_than_is_owed() -> None:
    play = paid().find(3_000_000).recover().repay(2_000_000)
    play.silent("recovery", ONE, repayment(2_000_000), OFFICER)
    play.refused("recovery", ONE, repayment(400_001, "BANK-2"), OFFICER, rule="P7", code="above_limit")
    play.repay(400_000, reference="BANK-2")
    assert play.last(RepaymentReceived).reference == "BANK-2"
    assert play.books.balance(f"RECEIVABLE:{CASE}") == 0


def test_p7_an_open_recovery_is_set_off_against_the_next_payment() -> None:
    play = paid().find(3_000_000).recover().claim("progress").order("progress")
    ordered = play.last(PaymentOrdered)
    assert (ordered.amount_cents, ordered.offset_cents, ordered.net_cents) == (24_000_000, 2_400_000, 21_600_000)
    assert ordered.recovery == "1"
    released = play.release("progress").last(PaymentFileReleased)
    assert (released.offset_cents, released.recovery) == (2_400_000, "1")
    assert play.last(RecoveryOffset).end_to_end_id == ordered.end_to_end_id
    assert play.execute("progress").last(PaymentExecuted).amount_cents == 21_600_000
    assert play.books.balance(f"PAYABLE:{CASE}") == 0


def test_p7_what_is_promised_to_an_order_cannot_be_repaid_as_well() -> None:
    play = paid().find(3_000_000).recover().claim("progress").order("progress")
    play.refused("recovery", ONE, repayment(1), OFFICER, rule="P7", code="above_limit")


def test_p7_what_was_repaid_is_not_set_off() -> None:
    play = paid().find(3_000_000).recover().repay(2_400_000).claim("progress").order("progress")
    assert (play.last(PaymentOrdered).offset_cents, play.last(PaymentOrdered).recovery) == (0, None)


def test_p4_what_was_set_off_stays_set_off_when_the_bank_refuses_the_rest() -> None:
    play = paid().find(3_000_000).recover().claim("progress").order("progress").release("progress").reject("progress")
    play.confirm_bank().order("progress", 2)
    ordered = play.last(PaymentOrdered)
    assert (ordered.amount_cents, ordered.offset_cents) == (21_600_000, 0)
    play.release("progress", 2).execute("progress", 2)
    assert play.books.balance(f"BANK:{CASE}") + play.books.balance(f"OFFSET:{CASE}") == 64_000_000


def test_p7_a_payment_that_is_wholly_set_off_is_done_when_released() -> None:
    play = Play().award().activate().claim("start").pay("start").hand_in("y1", WHOLE).find(49_000_000).recover()
    assert play.last(RecoveryOrdered).amount_cents == 39_200_000
    play.claim("progress").order("progress").release("progress")
    executed = play.last(PaymentExecuted)
    assert (executed.amount_cents, executed.value_date) == (0, "2021-05-03")
    assert play.last(RecoveryOffset).amount_cents == 24_000_000
    assert play.books.balance(f"PAYABLE:{CASE}") == 0
    assert play.books.balance(f"RECEIVABLE:{CASE}") == 15_200_000


def test_p7_a_payment_is_set_off_once_and_never_beyond_the_debt() -> None:
    play = paid().find(3_000_000).recover().claim("progress").order("progress").release("progress")
    end_to_end_id = play.last(PaymentOrdered).end_to_end_id
    again = OffsetRecovery(amount_cents=2_400_000, end_to_end_id=end_to_end_id, source=SOURCE)
    play.silent("recovery", ONE, again, SERVICE)
    other = OffsetRecovery(amount_cents=1, end_to_end_id="other", source=SOURCE)
    play.refused("recovery", ONE, other, SERVICE, rule="P7", code="above_limit")


def test_a_payment_without_offset_asks_nothing_of_a_recovery() -> None:
    play = Play().award().activate().claim("start").order("start").release("start")
    assert not [fact for fact in play.facts if isinstance(fact, RecoveryOffset)]
