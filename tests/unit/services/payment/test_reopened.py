"""P4: a tranche that the bank returned, or whose order was taken back, is open again; and what holds payments back."""

from __future__ import annotations

import pytest

from events.payment import (
    AccountClosed,
    PaymentOrderCancelled,
    PaymentOrdered,
    PaymentReturned,
    PaymentWithheld,
    WithholdingReleased,
)
from services.payment.commands import (
    CancelOrder,
    CloseAccount,
    ConfirmExecution,
    OrderPayment,
    RecordReturn,
    ReleasePaymentFile,
    ReleaseWithholding,
    WithholdPayment,
)
from tests.given import actor
from tests.unit.services.payment.play import (
    CASE,
    INSPECTOR,
    OFFICER,
    RELEASER,
    Play,
    cost,
    finding,
    stream_id,
    words,
)
from tests.unit.services.payment.test_recoveries import WHOLE, paid

FIRST, SECOND = stream_id("payment-order", "start/1"), stream_id("payment-order", "start/2")
RETURN = RecordReturn(code="AC04", value_date="2022-03-09")
CANCEL = CancelOrder(reason=words("Verkeerde schijf."))
RELEASE = ReleasePaymentFile()
ORDER = OrderPayment(case=CASE, tranche="start", attempt=1)
AGAIN = OrderPayment(case=CASE, tranche="start", attempt=2)


def claimed() -> Play:
    return Play().award().activate().claim("start")


def test_p4_a_returned_payment_reopens_the_tranche_for_another_bank_account() -> None:
    play = claimed().pay("start").take_back("start")
    returned = play.last(PaymentReturned)
    assert (returned.amount_cents, returned.code, returned.value_date) == (40_000_000, "AC04", "2022-03-09")
    assert play.books.balance(f"BANK:{CASE}") == 0
    assert play.books.balance(f"COMMITTED:{CASE}") == 80_000_000
    play.refused("payment-order", SECOND, AGAIN, OFFICER, rule="P4", code="same_bank_account")
    play.confirm_bank().pay("start", 2)
    assert play.books.balance(f"BANK:{CASE}") == 40_000_000


def test_p4_a_return_is_recorded_once_and_only_of_what_was_paid() -> None:
    play = claimed().order("start").release("start")
    play.refused("payment-order", FIRST, RETURN, RELEASER, rule="STATE", code="not_now")
    play.execute("start").take_back("start").silent("payment-order", FIRST, RETURN, RELEASER)
    late = ConfirmExecution(value_date="2022-03-01")
    play.refused("payment-order", FIRST, late, RELEASER, rule="STATE", code="not_now")
    play.refused("payment-order", FIRST, RELEASE, RELEASER, rule="STATE", code="not_now")


def test_p4_of_a_returned_payment_what_was_set_off_stays_set_off() -> None:
    play = paid().find(3_000_000).recover().claim("progress").pay("progress").take_back("progress")
    assert play.last(PaymentReturned).amount_cents == 21_600_000
    assert play.confirm_bank().order("progress", 2).last(PaymentOrdered).amount_cents == 21_600_000


def test_p4_what_was_wholly_set_off_cannot_be_returned() -> None:
    play = paid().find(49_000_000).recover().claim("progress").order("progress").release("progress")
    order = stream_id("payment-order", "progress/1")
    play.refused("payment-order", order, RETURN, RELEASER, rule="STATE", code="not_now")


def test_p1_a_payment_returned_after_the_final_account_is_paid_again_before_the_account_closes() -> None:
    play = claimed().pay("start").hand_in("y1", WHOLE).hand_in("y2").settle().claim("balance").pay("balance")
    play.take_back("start").refused("account", CASE, CloseAccount(), OFFICER, rule="P1", code="payment_open")
    play.confirm_bank().pay("start", 2).close()
    assert play.last(AccountClosed).paid_cents == 80_000_000


def test_p4_an_order_taken_back_reopens_the_tranche_for_the_same_bank_account() -> None:
    play = claimed().order("start").cancel("start").silent("payment-order", FIRST, CANCEL, OFFICER)
    assert play.last(PaymentOrderCancelled).amount_cents == 40_000_000
    assert play.books.held(f"COMMITTED:{CASE}") == 0
    play.refused("payment-order", FIRST, RELEASE, RELEASER, rule="STATE", code="not_now")
    assert play.pay("start", 2).last(PaymentOrdered).attempt == 2


def test_p4_what_was_released_can_no_longer_be_taken_back() -> None:
    play = claimed().order("start").release("start")
    play.refused("payment-order", FIRST, CANCEL, OFFICER, rule="STATE", code="not_now")


def test_p7_an_order_taken_back_no_longer_promises_to_set_off() -> None:
    play = paid().find(3_000_000).recover().claim("progress").order("progress").cancel("progress")
    play.repay(2_400_000)
    assert play.order("progress", 2).last(PaymentOrdered).offset_cents == 0


# P2: withholding.


def held(*tranches: str) -> WithholdPayment:
    return WithholdPayment(tranches=list(tranches), reason=words("Wij wachten op de inspectie."))


@pytest.mark.parametrize("tranches", [(), ("start",), ("progress", "start")])
def test_p2_what_is_withheld_is_neither_ordered_nor_released(tranches: tuple[str, ...]) -> None:
    play = claimed().do("account", CASE, held(*tranches), OFFICER)
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P2", code="withheld")
    later = claimed().order("start").do("account", CASE, held(*tranches), OFFICER)
    later.refused("payment-order", FIRST, RELEASE, RELEASER, rule="P2", code="withheld")


def test_p2_a_withholding_of_another_tranche_holds_nothing_back() -> None:
    claimed().do("account", CASE, held("progress"), OFFICER).pay("start")


def test_p2_once_every_withholding_is_lifted_the_tranche_is_paid() -> None:
    play = claimed().do("account", CASE, held(), OFFICER).do("account", CASE, held("start"), INSPECTOR)
    assert (play.last(PaymentWithheld).withholding, play.last(PaymentWithheld).withheld_by) == (2, "inspector")
    lift = ReleaseWithholding(withholding=1, reason=words())
    play.do("account", CASE, lift, OFFICER).silent("account", CASE, lift, OFFICER)
    play.refused("payment-order", FIRST, ORDER, OFFICER, rule="P2", code="withheld")
    play.do("account", CASE, ReleaseWithholding(withholding=2, reason=words()), OFFICER).pay("start")
    assert play.last(WithholdingReleased).withholding == 2


def test_a_withholding_names_a_tranche_and_a_finding_that_exist() -> None:
    play = claimed().do("account", CASE, finding(), INSPECTOR)
    play.refused("account", CASE, held("bonus"), OFFICER, rule="STATE", code="no_such_tranche")
    for number in (0, 2):
        wrong = WithholdPayment(finding=number, reason=words())
        play.refused("account", CASE, wrong, OFFICER, rule="P7", code="no_such_finding")
    play.do("account", CASE, WithholdPayment(finding=1, reason=words()), OFFICER)
    lift = ReleaseWithholding(withholding=2, reason=words())
    play.refused("account", CASE, lift, OFFICER, rule="STATE", code="no_such_withholding")


def test_nothing_is_withheld_of_an_account_that_is_not_there_or_closed() -> None:
    Play().refused("account", CASE, held(), OFFICER, rule="STATE", code="not_now")
    closed = Play().award().activate().hand_in("y1").hand_in("y2").settle().close()
    closed.refused("account", CASE, held(), OFFICER, rule="STATE", code="not_now")


# P3: whoever accepted the report releases nothing that rests on it.


def test_p3_who_accepted_the_report_cannot_release_the_tranche_that_rests_on_it() -> None:
    handler = actor("payment_releaser", "OVO000097", "handler")
    play = Play().award().activate().hand_in("y1", cost("personnel", 10_000, 8_000)).claim("progress")
    play.order("progress")
    order = play.order_id("progress")
    play.refused("payment-order", order, RELEASE, handler, rule="P3", code="releaser_accepted_report")
    play.claim("start").order("start").do("payment-order", FIRST, RELEASE, handler)
