"""What the bank says, read from messages written by hand and by another program."""

from __future__ import annotations

import pytest
from mockbank import schema

from services.banking.reports import Told, read
from services.banking.safely import Unreadable
from tests.bank_messages import (
    AGENCY,
    FILE,
    FIRST,
    HERE,
    SECOND,
    detail,
    entry,
    notice,
    original,
    said,
    status_report,
)


def told(content: bytes) -> list[Told]:
    return list(read(content).told)


def test_a_status_report_tells_of_each_payment() -> None:
    report = read(status_report(said("ACSC"), said("RJCT", SECOND, "AC04", original("0.01"))))

    assert (report.message, report.message_id, report.accounts) == ("pain.002.001.10", "S1", ())
    assert report.told == (
        Told("status", "ACSC", "payment", FIRST, FILE, day="2022-01-18"),
        Told("status", "RJCT", "payment", SECOND, FILE, "AC04", 1, "EUR", "2022-01-18", iban=HERE),
    )


def test_the_older_status_report_is_read_alike() -> None:
    assert told(status_report(said("ACSC"), version="03")) == told(status_report(said("ACSC")))


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ("<AccptncDtTm>2022-01-20T08:00:00</AccptncDtTm>", "2022-01-20"),
        (
            "<AccptncDtTm>2022-01-20T08:00:00</AccptncDtTm><FctvIntrBkSttlmDt><Dt>2022-01-21</Dt></FctvIntrBkSttlmDt>",
            "2022-01-21",
        ),
        ("<AccptncDtTm>yesterday</AccptncDtTm>", "2022-01-18"),
    ],
)  # fmt: skip -- a table
def test_the_day_of_a_status_is_that_of_settlement_then_of_acceptance_then_of_the_report(more: str, day: str) -> None:
    assert [one.day for one in told(status_report(said("ACSC", more=more)))] == [day]


def test_a_status_of_the_whole_file_counts_only_where_no_payment_has_its_own() -> None:
    group = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM10</Cd></Rsn></StsRsnInf>"

    assert told(status_report(group=group)) == [Told("status", "RJCT", "file", None, FILE, "AM10", day="2022-01-18")]
    assert [one.code for one in told(status_report(said("ACSP"), group=group))] == ["ACSP"]
    batch = "<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Cd>AC02</Cd></Rsn></StsRsnInf>"
    assert [one.reason for one in told(status_report(group="<GrpSts>PART</GrpSts>", batch=batch))] == ["AC02"]


def test_a_payment_without_a_status_or_with_a_broken_amount_is_unclear() -> None:
    found = told(status_report(said(""), said("ACSC", SECOND, more=original("1.005"))))

    assert [one.unclear for one in found] == ["no-status", "odd-amount"]


def test_a_notice_tells_what_left_and_what_came_back() -> None:
    report = read(notice(entry(detail(iban=HERE)), entry(detail(SECOND, reason="AC04"), "0.01", "CRDT")))

    assert (report.message, report.accounts) == ("camt.054.001.08", (AGENCY,))
    assert report.told == (
        Told("debit", "BOOK", "payment", FIRST, None, None, 240_000_00, "EUR", "2022-01-19", iban=HERE),
        Told("credit", "BOOK", "payment", SECOND, None, "AC04", 1, "EUR", "2022-01-19"),
    )


def test_a_notice_of_the_older_form_is_read_alike() -> None:
    new = notice(entry("<TxDtls><Refs><EndToEndId>x</EndToEndId></Refs><Amt Ccy='EUR'>2.00</Amt></TxDtls>", "2.00"))
    old = (
        new.replace(b"camt.054.001.08", b"camt.054.001.02")
        .replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>")
        .replace(b"<Amt Ccy='EUR'>2.00</Amt>", b"<AmtDtls><TxAmt><Amt Ccy='EUR'>2.00</Amt></TxAmt></AmtDtls>")
    )

    assert told(old) == told(new)


def test_an_entry_that_is_only_announced_is_not_booked() -> None:
    assert [one.booked for one in told(notice(entry(detail(), status="PDNG")))] == [False]


def test_several_payments_in_one_entry_must_add_up() -> None:
    both = detail(amount="240000.00") + detail(SECOND, "0.01")

    assert [one.cents for one in told(notice(entry(both, "240000.01")))] == [240_000_00, 1]
    assert [one.unclear for one in told(notice(entry(both, "240000.02")))] == ["sum-differs"] * 2
    assert [one.unclear for one in told(notice(entry(detail(amount="1.00"), "2.00")))] == ["sum-differs"]
    assert [one.unclear for one in told(notice(entry(detail() + detail(SECOND))))] == ["sum-differs"] * 2


def test_a_batch_that_was_booked_in_one_sum_speaks_of_its_file() -> None:
    found = told(notice(entry(f"<Btch><MsgId>{FILE}</MsgId></Btch>", "240000.01")))

    assert found == [Told("debit", "BOOK", "file", None, FILE, None, 240_000_01, "EUR", "2022-01-19")]


@pytest.mark.parametrize(
    ("wrong", "unclear"),
    [
        (entry(detail(), side="BOTH"), "no-status"),
        (entry(detail(), status=""), "no-status"),
        (entry(detail(), "240000.005"), "odd-amount"),
        (entry(detail(), "-240000.00"), "odd-amount"),
        (entry(detail()).replace("<Sts>", "<RvslInd>true</RvslInd><Sts>"), "reversal"),
    ],
)
def test_an_entry_that_says_too_little_is_unclear(wrong: str, unclear: str) -> None:
    assert [one.unclear for one in told(notice(wrong))] == [unclear]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<Document/>", "unknown-message"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', "unknown-message"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.99"/>', "unknown-message"),
        (b'<Document xmlns="urn:elsewhere:pain.002.001.10"/>', "unknown-message"),
        (b'<Other xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"/>', "unknown-message"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"/>', "incomplete"),
        (status_report(own=""), "incomplete"),
        (status_report(own="x" * 36), "incomplete"),
        (notice().replace(b"Ntfctn>", b"Other>"), "incomplete"),
        (status_report(said("ACSC"))[:-20], "not-xml"),
    ],
)
def test_a_file_that_is_no_message_of_the_bank_is_refused_whole(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.reason == reason


@pytest.mark.parametrize("message", ["camt.053.001.08", "camt.052.001.08", "pacs.004.001.09"])
def test_a_statement_is_put_away_and_tells_nothing(message: str) -> None:
    report = read(f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}"><X/></Document>'.encode())

    assert (report.message, report.told) == (message, ())


def test_no_account_number_shows_when_what_was_told_is_printed() -> None:
    report = read(notice(entry(detail(iban=HERE))))

    assert HERE not in repr(report)
    assert AGENCY not in repr(report)


def test_messages_of_another_program_in_the_published_form_are_read() -> None:
    report = schema.serialize(
        schema.MESSAGES["pain.002.001.10"],
        {
            "CstmrPmtStsRpt": {
                "GrpHdr": {"MsgId": "MB-1", "CreDtTm": "2022-01-18T06:00:00Z"},
                "OrgnlGrpInfAndSts": {"OrgnlMsgId": FILE, "OrgnlMsgNmId": "pain.001.001.09", "GrpSts": "RJCT"},
            }
        },
    )

    assert told(report) == [Told("status", "RJCT", "file", None, FILE, day="2022-01-18")]
