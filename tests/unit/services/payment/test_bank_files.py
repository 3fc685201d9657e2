"""Payment files: which orders go to the bank together, each of them once (P4)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from events.payment import BankFileHandedOver, BankFileMade, PaymentFileReleased
from events.unique import keys_of
from services.deciding import case_id
from services.payment.commands import COMMANDS, ConfirmBankAccount, MakeBankFile, RecordHandover
from services.payment.commands.bank_file import MOST_TRANSFERS
from tests.unit.services.payment.play import CALL, CASE, IBAN, SERVICE, Play, cost

FILE = case_id(CALL, "bank-file", 1)
OTHER_CALL = "00000000-0000-4000-8000-0000000000ab"


def released() -> Play:
    return Play().award().activate().claim("start").order("start").release("start")


def make(play: Play, *orders: str, **other: object) -> MakeBankFile:
    fields = {"call": CALL, "number": 1, "orders": list(orders) or [play.order_id("start")]}
    return MakeBankFile.model_validate(fields | other)


def test_a_file_names_each_order_its_amount_its_account_and_who_is_paid() -> None:
    play = released()
    play.do("bank-file", FILE, make(play), SERVICE)

    made, order = play.last(BankFileMade), play.last(PaymentFileReleased)
    assert (made.number, made.message_id, made.total_cents) == (1, FILE.replace("-", ""), order.net_cents)
    assert len(made.message_id) <= 35
    (transfer,) = made.transfers
    assert (transfer.order, transfer.case, transfer.tranche) == (play.order_id("start"), CASE, "start")
    assert (transfer.end_to_end_id, transfer.amount_cents) == (order.end_to_end_id, order.net_cents)
    assert (transfer.bank_account, transfer.creditor) == (1, "Genk")


def test_the_account_that_was_ordered_to_is_paid_though_another_one_was_confirmed_since() -> None:
    play = released().confirm_bank()
    play.do("bank-file", FILE, make(play), SERVICE)

    assert play.last(BankFileMade).transfers[0].bank_account == 1


def test_no_account_number_stands_in_the_fact() -> None:
    play = released()
    play.do("bank-file", FILE, make(play), SERVICE)

    assert IBAN not in repr(play.last(BankFileMade))


def test_p4_a_key_lets_an_order_into_one_file_for_ever() -> None:
    play = released()
    play.do("bank-file", FILE, make(play), SERVICE)

    (change,) = keys_of(play.last(BankFileMade))
    assert (change.action, change.key) == ("claim", f"bank-file:{play.order_id('start')}")
    assert change.holder == play.last(BankFileMade).message_id


def test_p4_an_order_stands_once_in_a_file() -> None:
    play, order = released(), released().order_id("start")
    play.refused("bank-file", FILE, make(play, order, order), SERVICE, rule="P4", code="order_twice")


def test_a_file_that_was_made_stays_as_it_is() -> None:
    play = released()
    play.do("bank-file", FILE, make(play), SERVICE)
    play.silent("bank-file", FILE, make(play), SERVICE)


@pytest.mark.parametrize("steps", [("order",), ("order", "release", "execute"), ("order", "release", "reject")])
def test_only_a_released_order_goes_to_the_bank(steps: tuple[str, ...]) -> None:
    play = Play().award().activate().claim("start")
    for step in steps:
        getattr(play, step)("start")
    play.refused("bank-file", FILE, make(play), SERVICE, rule="STATE", code="not_for_the_bank")


def test_an_order_that_was_set_off_whole_does_not_go_to_the_bank() -> None:
    play = Play().award().activate().claim("start").pay("start")
    play.hand_in("y1", cost("personnel", 50_000_000, 40_000_000)).find(40_000_000).recover()
    play.claim("progress").order("progress").release("progress")
    assert play.last(PaymentFileReleased).net_cents == 0
    order = play.order_id("progress")
    play.refused("bank-file", FILE, make(play, order), SERVICE, rule="STATE", code="not_for_the_bank")


def test_an_unknown_order_and_one_of_another_call_are_refused() -> None:
    play = released()
    play.refused("bank-file", FILE, make(play, OTHER_CALL), SERVICE, rule="STATE", code="no_order_of_call")
    other = case_id(OTHER_CALL, "bank-file", 1)
    play.refused("bank-file", other, make(play, call=OTHER_CALL), SERVICE, rule="STATE", code="no_order_of_call")


def test_an_order_without_its_account_is_refused() -> None:
    play = released()
    del play.given.streams[f"account-{CASE}"]
    play.refused("bank-file", FILE, make(play), SERVICE, rule="STATE", code="no_account")


def test_a_file_has_its_place_by_call_and_number() -> None:
    play = released()
    play.refused("bank-file", OTHER_CALL, make(play), SERVICE, rule="STATE", code="wrong_stream")
    play.refused("bank-file", FILE, make(play, number=2), SERVICE, rule="STATE", code="wrong_stream")


def test_a_file_holds_at_least_one_and_at_most_so_many_orders() -> None:
    with pytest.raises(ValidationError):
        MakeBankFile(call=CALL, number=1, orders=[])
    with pytest.raises(ValidationError):
        MakeBankFile(call=CALL, number=1, orders=[CASE] * (MOST_TRANSFERS + 1))


def test_the_bank_gets_a_file_once() -> None:
    play, over = released(), RecordHandover(digest="5e" * 32)
    play.refused("bank-file", FILE, over, SERVICE, rule="STATE", code="not_now")
    play.do("bank-file", FILE, make(play), SERVICE).do("bank-file", FILE, over, SERVICE)
    handed, made = play.last(BankFileHandedOver), play.last(BankFileMade)
    assert (handed.number, handed.message_id, handed.digest) == (1, made.message_id, "5e" * 32)
    assert handed.total_cents == made.total_cents
    play.silent("bank-file", FILE, RecordHandover(digest="6f" * 32), SERVICE)


@pytest.mark.parametrize("wrong", ["BE68539007547035", "BE6853900754703", "DE68539007547034", "BE68 5390", ""])
def test_an_account_with_a_wrong_checksum_is_never_confirmed(wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ConfirmBankAccount(iban=wrong, basis="letter")
    assert "this is not a valid IBAN" in str(refused.value.errors()[0]["msg"])


def test_making_files_is_the_programs_own_work() -> None:
    assert COMMANDS[MakeBankFile].roles == COMMANDS[RecordHandover].roles == {"service"}
