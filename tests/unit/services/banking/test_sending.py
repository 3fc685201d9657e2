"""Released orders become payment files: each order once, whatever happens between."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from hashlib import sha256

import pytest

from events.envelope import Actor
from events.failures import CannotRun
from services.answers import Done, Issued
from services.banking import sending
from services.banking.office import NO_DEBTOR, NO_LINE, debtor_of
from services.payment.commands import ConfirmExecution
from services.story.payments import IBANS
from tests.bank_messages import AGENCY, findings, official
from tests.unit.services.banking.desk import Desk

ELEVEN = 11


async def test_all_released_orders_of_a_call_go_in_one_file_that_others_can_read(desk: Desk) -> None:
    done = await desk.send()

    (content,) = desk.line.outgoing.values()
    assert official().is_valid(content.decode())
    assert findings(content) == []
    made = await desk.made()
    assert [(one.end_to_end_id, one.amount, one.creditor_account) for one in desk.sent()] == [
        (one.end_to_end_id, one.amount_cents, IBANS[0]) for one in made.transfers
    ]
    (written,) = done.files
    assert (written.transfers, written.total_cents) == (ELEVEN, made.total_cents)
    assert written.name == f"{made.message_id}.pain.001.001.09.xml"


async def test_the_total_is_what_the_ledger_owes_to_the_bank(desk: Desk) -> None:
    await desk.send()

    balances = await desk.world.store.balances()
    owed = sum(one.posted for one in balances if one.account.startswith("PAYABLE:"))
    assert (await desk.made()).total_cents == owed == sum(one.amount for one in desk.sent())


async def test_what_was_sent_is_on_record_with_the_digest_of_the_file(desk: Desk) -> None:
    await desk.send()

    (handed,) = await desk.facts("BankFileHandedOver")
    (content,) = desk.line.outgoing.values()
    assert handed.digest == sha256(content).hexdigest()


async def test_p4_a_second_run_sends_nothing(desk: Desk) -> None:
    await desk.send()
    head = (await desk.world.store.head()).position
    again = await desk.send()

    assert (again.files, again.parked) == ([], [])
    assert (await desk.world.store.head()).position == head
    assert len(desk.line.outgoing) == 1


async def test_p4_two_runs_at_once_send_every_order_once(desk: Desk) -> None:
    await asyncio.gather(*(desk.send() for _ in range(4)))

    assert len(desk.sent()) == len({one.end_to_end_id for one in desk.sent()}) == ELEVEN


async def test_p4_a_run_that_died_before_the_file_was_written_is_ended_by_the_next(desk: Desk) -> None:
    class Dead:
        async def hand_over(self, _name: str, _content: bytes) -> None:
            raise CannotRun("the folder is away")

    office = desk.office
    with pytest.raises(CannotRun, match="away"):
        await replace(office, line=Dead()).sending().run()
    made = await desk.made()
    assert await desk.facts("BankFileHandedOver") == []
    done = await desk.send()

    assert [one.message_id for one in done.files] == [made.message_id]
    assert len(await desk.facts("BankFileMade")) == 1


async def test_p4_a_run_that_died_after_the_file_was_written_writes_the_same_bytes_again(desk: Desk) -> None:
    class Forgetful(sending.Clerk):
        async def send(self, kind: str, ident: str, command: object, purpose: str) -> Done:
            if purpose.startswith("handover"):
                raise CannotRun("the machine is gone")
            return await super().send(kind, ident, command, purpose)  # type: ignore[arg-type,return-value]

    office = desk.office
    clerk = Forgetful(office.clerk.handler, office.clerk.clock, office.clerk.organisation)
    with pytest.raises(CannotRun, match="gone"):
        await replace(office, clerk=clerk).sending().run()
    before = dict(desk.line.outgoing)
    await desk.send()

    assert desk.line.outgoing == before
    assert len(await desk.facts("BankFileHandedOver")) == 1


async def test_a_file_takes_so_many_orders_and_the_rest_go_in_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST_TRANSFERS", 4)
    done = await desk.send()

    assert [one.transfers for one in done.files] == [4, 4, 3]
    assert [one.number for one in await desk.facts("BankFileMade")] == [1, 2, 3]
    assert len({one.end_to_end_id for one in desk.sent()}) == ELEVEN


async def test_an_order_whose_account_was_erased_waits_for_somebody_and_the_others_go(desk: Desk) -> None:
    confirmed = next(fact for fact in await desk.facts("BankAccountConfirmed"))
    await desk.world.vault.destroy(confirmed.iban.subject)
    done = await desk.send()
    await desk.send()

    assert [one.transfers for one in done.files] == [ELEVEN - 1]
    assert await desk.reasons() == ["not-payable"]
    (row,) = await desk.book.listed()
    assert row.waiting.stream in {
        f"payment-order-{one}" for one in (await desk.office.reader.outbox()).waiting[confirmed.call]
    }


async def test_an_order_that_an_official_confirmed_by_hand_does_not_go_any_more(desk: Desk) -> None:
    outbox = await desk.office.reader.outbox()
    (call,) = outbox.waiting
    order = outbox.waiting[call][0]
    releaser = Actor(role="payment_releaser", organisation="OVO900001", person="ordonnateur")
    confirm = ConfirmExecution(value_date="2022-01-17")
    at = desk.world.clock.now()
    await desk.world.handler.handle(Issued("payment", "payment-order", order, confirm, releaser, at, call))
    await desk.send()

    assert order not in {one.order for one in (await desk.made()).transfers}
    assert len((await desk.made()).transfers) == ELEVEN - 1


async def test_what_is_not_set_is_said(desk: Desk) -> None:
    with pytest.raises(CannotRun, match="WIJKSPOOR_BANK_FOLDER"):
        replace(desk.office, line=None).sending()
    with pytest.raises(CannotRun, match="WIJKSPOOR_BANK_IBAN"):
        replace(desk.office, debtor=None).receiving()
    assert NO_LINE != NO_DEBTOR


def test_an_agency_with_a_wrong_account_cannot_pay() -> None:
    assert debtor_of(None, AGENCY, None, None) is None
    assert debtor_of("Agentschap", None, None, None) is None
    known = debtor_of("Agentschap", "BE43 0689 9999 9501", "BBRUBEBB", "0316380841")
    assert known is not None
    assert (known.iban, known.bic, known.kbo) == (AGENCY, "BBRUBEBB", "0316380841")
    with pytest.raises(CannotRun) as refused:
        debtor_of("Agentschap", "BE43068999999502", None, None)
    assert "BE43" not in str(refused.value)
    with pytest.raises(CannotRun):
        debtor_of("Δ", AGENCY, None, None)
