"""The call of 2021 with a bank by somebody else at the other end: files out, reports back, and the same balances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import xmlschema
from mockbank import messages, validate

from events import codec
from events.adapters.memory_banking import MemoryBook
from events.store import EventStore
from events.times import day_of
from services.banking.pain001 import Debtor
from services.banking.reading import LogReader
from services.banking.receiving import FileRead, Receiving
from services.banking.sending import Clerk, Sending, Written
from services.cli.summary import summary
from services.story.call_2021 import steps
from services.story.payments import IBANS, REJECTED
from services.story.player import play
from services.story.script import Script, Step, load
from tests import comparing
from tests.bank_messages import official
from tests.counterparty import AGENCY, Counterparty
from tests.simulation.world import World

CLOSED = "BE62510007547061"
"""Mechelen's first account, so that only this one can be closed."""

BY_THE_BANK = ("confirm-execution", "record-bank-rejection")


@dataclass
class Office:
    """The agency's side of the folder, over a world in memory."""

    world: World
    bank: Counterparty
    book: MemoryBook = field(default_factory=MemoryBook)

    def _clerk(self) -> Clerk:
        return Clerk(self.world.handler, self.world.clock, "OVO900001")

    async def send(self) -> list[Written]:
        reader = LogReader(self.world.store, self.world.vault)
        debtor = Debtor("Agentschap Binnenlands Bestuur", AGENCY, None, "0316380841")
        return (await Sending(reader, self._clerk(), self.bank.line, self.book, debtor).run()).files

    async def receive(self) -> list[FileRead]:
        reader = LogReader(self.world.store, self.world.vault)
        return await Receiving(reader, self._clerk(), self.bank.line, self.book, AGENCY).run()


def _by_the_day() -> Iterator[list[Step]]:
    """The play without what the bank says in it, cut wherever time goes on."""
    mechelen = Script(load("2021.json")).case(REJECTED)
    scenes: list[Step] = []
    for step in steps():
        if scenes and step.at != scenes[-1].at:
            yield scenes
            scenes = []
        if step.command == "confirm-bank-account" and step.id == mechelen and step.body["iban"] == IBANS[0]:
            scenes.append(replace(step, body=step.body | {"iban": CLOSED}))
        elif step.command not in BY_THE_BANK:
            scenes.append(step)
    yield scenes


async def payable(store: EventStore) -> int:
    """What was released and not answered by the bank yet, in cents, by the ledger."""
    return sum(one.posted for one in await store.balances() if one.account.startswith("PAYABLE:"))


@dataclass
class Dealt:
    """What went over the folder."""

    world: World
    office: Office
    written: list[Written]
    owed: list[int]
    read: list[FileRead]
    root: Path

    @property
    def files(self) -> list[bytes]:
        """The payment files, as the bank took them."""
        return [one.read_bytes() for one in sorted((self.root / "outgoing" / "processed").glob("*.xml"))]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dealt(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The whole play, with the bank answering on each day on which something was released."""
    root, world = tmp_path_factory.mktemp("bank"), World(0)
    await world.begin()
    bank = Counterparty(root, "2022-01-10")
    bank.open("MECHELEN", CLOSED)
    done = Dealt(world, Office(world, bank), [], [], [], root)
    for scenes in _by_the_day():
        await play(scenes, world, world.send, now=world.clock.now)
        if files := await done.office.send():
            done.owed.append(await payable(world.store))
            done.written += files
            bank.until(day := day_of(world.clock.now()))
            if day.startswith("2024"):
                bank.open("MECHELEN", CLOSED, closed=1)
            bank.fetch()
        done.read += await done.office.receive()
        await world.settled()
    yield done
    bank.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told() -> World:
    """The play as it is, where an official says what the bank did."""
    world = World(0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.settled()
    return world


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_payment_file_is_accepted_by_the_published_schema_and_by_an_independent_reader(
    dealt: Dealt,
) -> None:
    schema: xmlschema.XMLSchema = official()
    assert len(dealt.files) == len(dealt.written) > 5
    for content in dealt.files:
        assert schema.is_valid(content.decode())
        assert [validate.render(one) for one in validate.validate(content) if one.code != "DT01"] == []


async def test_the_totals_that_an_independent_reader_finds_are_those_of_the_ledger(dealt: Dealt) -> None:
    read = [messages.read_pain001(content) for content in dealt.files]
    by_id = {one.msg_id: one for one in read}
    found = [by_id[one.message_id] for one in dealt.written]

    # Each file, when it went, was all that the ledger owed to the bank.
    assert [one.ctrl_sum * 100 for one in found] == dealt.owed
    assert [sum(payment.amount for payment in one.payments) for one in found] == dealt.owed
    assert [one.nb_of_txs for one in found] == [one.transfers for one in dealt.written]
    # And all of them together are what the ledger says was paid, plus the one payment that the bank refused.
    balances = {one.account: one for one in await dealt.world.store.balances()}
    paid = sum(one.posted for name, one in balances.items() if name.startswith("BANK:"))
    refused = [fact.amount_cents for fact in await facts(dealt.world, "PaymentRejectedByBank")]
    assert len(refused) == 1
    assert sum(one.ctrl_sum for one in read) == Decimal(paid + refused[0]) / 100
    assert await payable(dealt.world.store) == 0


async def test_every_released_order_went_to_the_bank_once_under_an_id_of_its_own(dealt: Dealt) -> None:
    released = [fact.end_to_end_id for fact in await facts(dealt.world, "PaymentFileReleased") if fact.net_cents]
    sent = [one.end_to_end_id for content in dealt.files for one in messages.read_pain001(content).payments]

    assert sorted(sent) == sorted(released)
    assert len(set(sent)) == len(sent)


async def test_the_banks_answers_lead_to_the_balances_of_the_play(dealt: Dealt, told: World) -> None:
    assert await balances(dealt.world) == await balances(told)
    figures, expected = await summary(dealt.world.store), await summary(told.store)
    assert {name: value for name, value in figures.items() if name.endswith("Cents")} == {
        name: value for name, value in expected.items() if name.endswith("Cents")
    }
    assert figures["paidCents"] == 744_293_060
    assert figures["recoveredCents"] == 4_427_760


async def test_the_bank_was_heard_on_every_payment_and_nothing_waits_for_anybody(dealt: Dealt, told: World) -> None:
    for name in ("PaymentExecuted", "PaymentRejectedByBank", "RepaymentReceived"):
        assert await facts(dealt.world, name) == await facts(told, name)
    assert {one.reading.outcome for one in dealt.read} == {"done"}
    assert await dealt.office.book.listed() == []


async def test_what_was_paid_at_the_bank_is_what_left_the_agencys_account_there(dealt: Dealt) -> None:
    left = 10_000_000_00 - dealt.office.bank.balance("AGENCY")

    assert left == sum(fact.amount_cents for fact in await facts(dealt.world, "PaymentExecuted"))


async def test_no_account_number_stands_in_any_event_or_on_the_list(dealt: Dealt) -> None:
    for recorded in await comparing.whole_log(dealt.world.store):
        for number in (*IBANS, CLOSED, AGENCY):
            assert number.encode() not in recorded.body
    for one in dealt.read:
        assert not any(number in repr(one) for number in (*IBANS, CLOSED, AGENCY))


async def facts(world: World, name: str) -> list[Any]:
    """The facts of a type, by what they say: their order within a day is nobody's promise."""
    found = [codec.read(one).fact for one in await comparing.whole_log(world.store) if one.type == name]
    return sorted(found, key=repr)


async def balances(world: World) -> dict[str, tuple[int, int]]:
    """Every account of the ledger: debits and credits."""
    return {one.account: (one.debits_posted, one.credits_posted) for one in await world.store.balances()}
