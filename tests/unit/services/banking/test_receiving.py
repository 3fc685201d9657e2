"""Files of the bank: what agrees acts once, everything else waits for somebody, and nothing is half done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog

from services.banking.receiving import FileRead
from services.story.payments import IBANS
from tests import bank_messages as bank
from tests.bank_messages import AGENCY, THERE, detail, entry, original, said
from tests.unit.services.banking.desk import Desk

ELEVEN = 11
HOSTILE = b'<!DOCTYPE D [<!ENTITY x SYSTEM "file:///etc/passwd">]><D>&x;</D>'


@pytest.fixture(autouse=True)
async def lines() -> Any:
    """Every line of the program's log that a test gives rise to."""
    with structlog.testing.capture_logs() as captured:
        yield captured


def euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


async def ids(desk: Desk) -> list[tuple[str, int]]:
    """The orders that went to the bank: EndToEndId and cents."""
    await desk.send()
    return [(one.end_to_end_id, one.amount_cents) for one in (await desk.made()).transfers]


def about(content: bytes, message_id: str) -> bytes:
    """A status report on another payment file."""
    return content.replace(bank.FILE.encode(), message_id.encode())


async def executed(desk: Desk) -> list[str]:
    return [one.end_to_end_id for one in await desk.facts("PaymentExecuted")]


async def head(desk: Desk) -> int:
    return (await desk.world.store.head()).position


def outcome(done: list[FileRead]) -> list[tuple[str, int, int, int]]:
    return [(one.reading.outcome, one.reading.acted, one.reading.noted, one.reading.parked) for one in done]


async def test_a_debit_confirms_the_execution_of_its_order(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    done = await desk.receive(bank.notice(entry(detail(first, iban=IBANS[0]), euro(cents))))

    assert outcome(done) == [("done", 1, 0, 0)]
    (fact,) = await desk.facts("PaymentExecuted")
    assert (fact.end_to_end_id, fact.amount_cents, fact.value_date) == (first, cents, "2022-01-19")
    assert desk.line.put_away["1.xml"][0] == "done"


async def test_a_rejection_opens_the_tranche_again_with_the_banks_reason(desk: Desk) -> None:
    (first, _), *_ = await ids(desk)
    made = await desk.made()
    await desk.receive(about(bank.status_report(said("RJCT", first, "AC04")), made.message_id))

    (fact,) = await desk.facts("PaymentRejectedByBank")
    assert (fact.end_to_end_id, fact.code) == (first, "AC04")


async def test_money_that_comes_back_is_recorded_as_a_return(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    await desk.receive(
        bank.notice(entry(detail(first), euro(cents))),
        bank.notice(entry(detail(first, reason="AC04"), euro(cents), "CRDT"), own="N2"),
    )

    (fact,) = await desk.facts("PaymentReturned")
    assert (fact.end_to_end_id, fact.amount_cents, fact.code) == (first, cents, "AC04")
    assert await desk.reasons() == []


async def test_p4_a_file_read_twice_changes_nothing(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    content = bank.notice(entry(detail(first), euro(cents)), entry(detail("unknown"), "1.00"))
    await desk.receive(content)
    before, waiting = await head(desk), await desk.book.listed()
    desk.line.incoming["copy.xml"] = content
    done = await desk.receive()

    assert await head(desk) == before
    assert outcome(done) == [("rejected", 0, 0, 1)]
    assert desk.line.put_away["copy.xml"][0] == "rejected"
    assert "1.xml" in desk.line.put_away["copy.xml"][1]
    assert [row.waiting.reason for row in await desk.book.listed()] == [waiting[0].waiting.reason, "read-before"]


async def test_p4_a_file_that_was_read_and_not_put_away_is_put_away_by_the_next_run(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    content = bank.notice(entry(detail(first), euro(cents)))
    await desk.receive(content)
    before = await head(desk)
    done = await desk.receive(content)

    assert [one.reading.outcome for one in done] == ["done"]
    assert await head(desk) == before
    assert await desk.reasons() == []


async def test_p4_a_run_that_died_before_the_book_was_written_is_ended_by_the_next(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    content = bank.notice(entry(detail(first), euro(cents)), entry(detail("unknown"), "1.00"))
    desk.line.incoming["1.xml"] = content
    keep, desk.book.keep = desk.book.keep, gone  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="gone"):
        await desk.office.receiving().run()
    before = await head(desk)
    assert await executed(desk) == [first]
    desk.book.keep = keep  # type: ignore[method-assign]
    done = await desk.receive()

    assert outcome(done) == [("done", 1, 0, 1)]
    assert await head(desk) == before
    assert len(await desk.book.listed()) == 1


async def gone(*_: object) -> bool:
    raise RuntimeError("the machine is gone")


async def test_two_runs_at_once_act_once(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    desk.line.incoming["1.xml"] = bank.notice(entry(detail(first), euro(cents)), entry(detail("unknown"), "1.00"))
    await asyncio.gather(*(desk.office.receiving().run() for _ in range(3)))

    assert await executed(desk) == [first]
    assert await desk.reasons() == ["unknown-order"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HOSTILE, "hostile"),
        (b"\x00\x01no xml", "not-xml"),
        (b"", "not-xml"),
        (b"<Document/>", "unknown-message"),
        (bank.notice(entry(detail()), account=THERE), "other-account"),
        (bank.status_report(own=""), "incomplete"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_rejected_whole_and_listed(
    desk: Desk, content: bytes, reason: str
) -> None:
    await desk.send()
    before = await head(desk)
    done = await desk.receive(content)

    assert outcome(done) == [("rejected", 0, 0, 1)]
    assert desk.line.put_away["1.xml"] == ("rejected", done[0].note)
    assert done[0].note.startswith(reason)
    assert await desk.reasons() == [reason]
    assert await head(desk) == before


async def test_what_is_no_plain_file_is_rejected_and_listed(desk: Desk) -> None:
    class Link(type(desk.line)):  # type: ignore[misc]
        async def take(self, _name: str, _most: int) -> None:
            return None

    desk.line = Link()
    done = await desk.receive(b"")

    assert outcome(done) == [("rejected", 0, 0, 1)]
    assert await desk.reasons() == ["no-file"]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda e2e, cents: bank.notice(entry(detail("f" * 32), euro(cents))), "unknown-order"),
        (lambda e2e, cents: bank.notice(entry(detail(e2e), euro(cents + 1))), "other-amount"),
        (lambda e2e, cents: bank.notice(entry(detail(e2e), euro(cents), currency="USD")), "other-currency"),
        (lambda e2e, cents: bank.notice(entry(detail(e2e, iban=THERE), euro(cents))), "other-account"),
        (lambda e2e, cents: bank.notice(entry(detail(e2e), "1.005")), "odd-amount"),
        (lambda e2e, cents: bank.notice(entry("<X/>", "12.00", "CRDT")), "credit-without-order"),
        (lambda e2e, cents: bank.status_report(said("RJCT", e2e, "AC04")), "other-file"),
        (lambda e2e, cents: bank.status_report(group="<GrpSts>RJCT</GrpSts>"), "unknown-file"),
    ],
)
async def test_what_does_not_agree_with_an_order_waits_and_moves_nothing(desk: Desk, make: Any, reason: str) -> None:
    (first, cents), *_ = await ids(desk)
    before = await head(desk)
    done = await desk.receive(make(first, cents))

    assert outcome(done) == [("done", 0, 0, 1)]
    assert await desk.reasons() == [reason]
    assert await head(desk) == before
    assert reason in desk.line.put_away["1.xml"][1]


async def test_one_thing_that_does_not_agree_keeps_no_other_back(desk: Desk) -> None:
    (first, cents), (second, more), *_ = await ids(desk)
    entries = [entry(detail(first), euro(cents)), entry(detail("x"), "1.00"), entry(detail(second), euro(more))]
    done = await desk.receive(bank.notice(*entries))

    assert outcome(done) == [("done", 2, 0, 1)]
    assert await executed(desk) == [first, second]
    (row,) = await desk.book.listed()
    assert (row.waiting.ordinal, row.waiting.end_to_end_id, row.waiting.amount_cents) == (2, "x", 100)


async def test_an_order_that_never_went_to_the_bank_is_not_confirmed_by_it(desk: Desk) -> None:
    (call,) = (await desk.office.reader.outbox()).waiting
    order = (await desk.office.reader.outbox()).waiting[call][0]
    await desk.receive(bank.notice(entry(detail(order.replace("-", "")))))

    assert await desk.reasons() == ["unknown-order"]
    assert await executed(desk) == []


async def test_the_bank_may_say_it_twice_in_two_ways(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    made = await desk.made()
    done = await desk.receive(
        about(bank.status_report(said("ACSC", first)), made.message_id),
        bank.notice(entry(detail(first), euro(cents))),
    )

    assert outcome(done) == [("done", 1, 0, 0), ("done", 0, 1, 0)]
    assert await executed(desk) == [first]


async def test_what_contradicts_what_was_recorded_waits_for_somebody(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    made = await desk.made()
    await desk.receive(
        bank.notice(entry(detail(first), euro(cents))),
        about(bank.status_report(said("RJCT", first, "AC04")), made.message_id),
    )

    assert await desk.reasons() == ["refused"]
    (row,) = await desk.book.listed()
    assert "STATE not_now" in row.waiting.detail
    assert row.waiting.stream is not None
    assert await desk.facts("PaymentRejectedByBank") == []


async def test_a_file_that_the_bank_rejects_rejects_every_order_of_it(desk: Desk) -> None:
    await ids(desk)
    group = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM10</Cd></Rsn></StsRsnInf>"
    report = about(bank.status_report(group=group), (await desk.made()).message_id)
    done = await desk.receive(report)
    again = await desk.receive(report.replace(b"S1", b"S2"))

    assert outcome(done) == [("done", ELEVEN, 0, 0)]
    assert [one.code for one in await desk.facts("PaymentRejectedByBank")] == ["AM10"] * ELEVEN
    assert outcome(again) == [("done", 0, ELEVEN, 0)]


async def test_a_batch_booked_in_one_sum_confirms_what_was_not_rejected(desk: Desk) -> None:
    (first, cents), *_ = await ids(desk)
    made = await desk.made()
    batch = f"<Btch><MsgId>{made.message_id}</MsgId></Btch>"
    await desk.receive(about(bank.status_report(said("RJCT", first, "AC04")), made.message_id))
    wrong = await desk.receive(bank.notice(entry(batch, euro(made.total_cents))))
    done = await desk.receive(bank.notice(entry(batch, euro(made.total_cents - cents)), own="N2"))

    assert outcome(wrong) == [("done", 0, 0, 1)]
    assert outcome(done) == [("done", ELEVEN - 1, 0, 0)]
    assert first not in await executed(desk)


async def test_a_duplicate_at_the_bank_opens_no_tranche(desk: Desk) -> None:
    (first, _), *_ = await ids(desk)
    made = await desk.made()
    await desk.receive(about(bank.status_report(said("RJCT", first, "AM05")), made.message_id))

    assert await desk.reasons() == ["duplicate"]
    assert await desk.facts("PaymentRejectedByBank") == []


async def test_a_statement_is_put_away_and_calls_nobody(desk: Desk) -> None:
    done = await desk.receive(b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><X/></Document>')

    assert outcome(done) == [("done", 0, 0, 0)]
    assert await desk.reasons() == []


async def test_no_account_number_stands_in_a_fact_a_note_the_list_or_a_line_of_the_log(desk: Desk, lines: Any) -> None:
    (first, cents), (second, more), *_ = await ids(desk)
    made = await desk.made()
    numbers = (*IBANS, AGENCY, THERE, bank.HERE)
    desk.line.incoming[f"camt_{IBANS[0]}_1.xml"] = bank.notice(entry(detail(first, iban=IBANS[0]), euro(cents)))
    desk.line.incoming[f"camt_{THERE}_2.xml"] = bank.notice(
        entry(detail(second, iban=THERE), euro(more)), entry(detail(THERE), "1.00")
    )
    desk.line.incoming[f"bad_{AGENCY}.xml"] = f"<a>{AGENCY}".encode()
    report = bank.status_report(said("ACSP", second, more=original(euro(more), iban=THERE)))
    done = await desk.receive(about(report, made.message_id))

    written = [repr(done), repr(lines), repr(await desk.book.listed()), repr([one.note for one in done])]
    written += [note for _, note in desk.line.put_away.values()]
    written += [repr(await desk.facts("BankFileMade", "PaymentExecuted", "BankFileHandedOver"))]
    for number in numbers:
        assert not any(number in text for text in written), number
    assert len(await desk.book.listed()) == 4
