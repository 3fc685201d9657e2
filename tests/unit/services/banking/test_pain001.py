"""The payment file: what others read in it, and what never stands in it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mockbank import messages

from services.banking import pain001
from services.banking.pain001 import Debtor
from services.banking.safely import parse
from services.banking.wording import MOST_CENTS, NotPayable
from tests.bank_messages import (
    AGENCY,
    FILE,
    FIRST,
    HERE,
    SECOND,
    findings,
    official,
    payment_file,
    transfer,
)


def test_a_payment_file_is_valid_by_the_published_schema_and_by_an_independent_reader() -> None:
    content = pain001.write(payment_file())

    assert official().is_valid(content.decode())
    assert findings(content) == []


def test_an_independent_reader_finds_every_transfer_its_account_and_the_totals() -> None:
    read = messages.read_pain001(pain001.write(payment_file()))

    assert (read.message, read.msg_id) == ("pain.001.001.09", FILE)
    assert (read.nb_of_txs, read.ctrl_sum) == (2, Decimal("240000.01"))
    assert [(one.end_to_end_id, one.amount, one.creditor_account) for one in read.payments] == [
        (FIRST, 240_000_00, HERE),
        (SECOND, 1, HERE),
    ]
    assert read.batches[0].debtor_account == AGENCY
    assert read.batches[0].requested_execution_date.isoformat() == "2022-01-17"


def test_the_same_file_gives_the_same_bytes() -> None:
    assert pain001.write(payment_file()) == pain001.write(payment_file())


def test_bic_and_enterprise_number_stand_in_it_where_they_are_known() -> None:
    content = pain001.write(payment_file(debtor=Debtor("Agentschap", AGENCY, "BBRUBEBB", "0316380841")))

    assert b"<BICFI>BBRUBEBB</BICFI>" in content
    assert b"<Id>0316380841</Id>" in content
    assert official().is_valid(content.decode())


@pytest.mark.parametrize("cents", [0, -1, MOST_CENTS + 1])
def test_no_transfer_of_nothing_or_of_more_than_sepa_carries(cents: int) -> None:
    with pytest.raises(NotPayable, match="no amount"):
        pain001.write(payment_file(transfer(amount_cents=cents)))


def test_a_file_without_transfers_is_not_made() -> None:
    with pytest.raises(NotPayable, match="at least one"):
        pain001.write(pain001.PaymentFile(FILE, "2022-01-17T08:00:00.000000Z", "2022-01-17", Debtor("A", AGENCY), ()))


def test_p4_an_order_stands_once_in_a_file() -> None:
    with pytest.raises(NotPayable, match="twice"):
        pain001.write(payment_file(transfer(), transfer()))


@pytest.mark.parametrize(
    "wrong", ["BE71096123456760", "BE7109612345676", "XX71096123456769", "", "BE71 0961 2345 6760"]
)
def test_an_iban_with_a_wrong_checksum_goes_to_no_bank_and_into_no_message(wrong: str) -> None:
    with pytest.raises(NotPayable) as refused:
        pain001.write(payment_file(transfer(iban=wrong)))
    assert str(refused.value) == "an account number is not a valid IBAN"
    with pytest.raises(NotPayable):
        pain001.write(payment_file(debtor=Debtor("Agentschap", wrong)))


def test_an_account_number_with_spaces_goes_without_them() -> None:
    assert f"<IBAN>{HERE}</IBAN>".encode() in pain001.write(payment_file(transfer(iban="BE71 0961 2345 6769")))


@pytest.mark.parametrize("wrong", ["x" * 36, "", "a b", "/a", "a/", "a//b", "ë"])
def test_an_identifier_is_never_bent_into_shape(wrong: str) -> None:
    with pytest.raises(NotPayable):
        pain001.write(payment_file(transfer(wrong)))


def test_no_account_number_shows_when_a_transfer_is_printed() -> None:
    assert HERE not in repr(transfer())
    assert AGENCY not in repr(payment_file())


ANY_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT, ANY_TEXT, st.lists(st.integers(1, MOST_CENTS), min_size=1, max_size=5))
def test_whatever_a_name_holds_the_file_is_valid_or_not_made(creditor: str, remittance: str, cents: list[int]) -> None:
    transfers = [
        transfer(f"{number:032x}", amount_cents=one, creditor=creditor, remittance=remittance)
        for number, one in enumerate(cents)
    ]
    try:
        content = pain001.write(payment_file(*transfers))
    except NotPayable as refused:
        assert "no character" in str(refused)
        return
    assert official().is_valid(content.decode())
    assert findings(content) == []
    sums = [one.text for one in parse(content).iter() if one.tag.endswith("CtrlSum")]
    assert {Decimal(text or "") * 100 for text in sums} == {sum(cents)}
