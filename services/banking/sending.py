"""Released orders become payment files in the bank's folder.

First the log says which orders a file holds, and a key lets no order into a second one; then the file is written; then
the log says that it was given over. A crash at any point is mended by the next run: the same file, the same message id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

import structlog

from events.banking import BankBook, BankLine, Waiting
from events.catalog import stream_name
from events.envelope import Actor
from events.failures import CannotRun
from events.payment import BankFileMade
from events.store import StoreUnavailable
from events.times import Instant
from services.answers import Answer, Busy, Done, Issued
from services.banking import pain001
from services.banking.outbox import Outbox
from services.banking.pain001 import Debtor, PaymentFile, Transfer
from services.banking.reading import LogReader
from services.banking.wording import NotPayable, iban
from services.clock import Clock
from services.deciding import case_id
from services.fields import Command
from services.handle import Handler
from services.payment.commands import MakeBankFile, RecordHandover
from services.payment.commands.bank_file import MOST_TRANSFERS

log = structlog.get_logger()


@dataclass(frozen=True)
class Clerk:
    """Sends commands of the payment service in the agency's name."""

    handler: Handler
    clock: Clock
    organisation: str

    async def send(self, kind: str, ident: str, command: Command, purpose: str) -> Answer:
        """Handle one command; the same purpose gives the same command id, so a repeat changes nothing. StoreUnavailable
        where others kept writing to the same streams."""
        await self.clock.refresh()
        answer = await self.handler.handle(
            Issued(
                service="payment",
                kind=kind,
                id=ident,
                command=command,
                actor=Actor(role="service", organisation=self.organisation, person="service:bank"),
                at=self.clock.now(),
                command_id=str(uuid5(NAMESPACE_URL, f"urn:wijkspoor:bank:{purpose}")),
            )
        )
        if isinstance(answer, Busy):
            raise StoreUnavailable(f"others kept writing to {stream_name(kind, ident)}")
        return answer


@dataclass(frozen=True)
class Written:
    """One file that was given to the bank."""

    name: str
    call: str
    message_id: str
    transfers: int
    total_cents: int


@dataclass
class Dispatch:
    """What one run did: the files, and the orders that could not go, each with its reason."""

    files: list[Written] = field(default_factory=list)
    parked: list[Waiting] = field(default_factory=list)


@dataclass(frozen=True)
class Sending:
    """Sends what waits. One at a time is enough; two at once do no harm."""

    reader: LogReader
    clerk: Clerk
    line: BankLine
    book: BankBook
    debtor: Debtor

    async def run(self) -> Dispatch:
        """Make and write files until nothing waits; StoreUnavailable and CannotRun leave the rest for the next run."""
        done = Dispatch()
        iban(self.debtor.iban)
        # What an earlier run has left is written before anything new is made.
        await self._write_all(await self.reader.outbox(), done)
        outbox = await self.reader.outbox()
        for call in sorted(outbox.waiting):
            payable = await self._payable(outbox.waiting[call], done)
            for number, start in enumerate(range(0, len(payable), MOST_TRANSFERS), outbox.next_number(call)):
                await self._make(call, number, payable[start : start + MOST_TRANSFERS])
        await self._write_all(await self.reader.outbox(), done)
        return done

    async def _payable(self, orders: Sequence[str], done: Dispatch) -> list[str]:
        """Those that can stand in a file; the others go to the list that people look at."""
        found = []
        for order in orders:
            account = await self.reader.bank_account(order)
            try:
                iban(await self._number(*account) if account else "")
                found.append(order)
            except NotPayable as why:
                await self._park(stream_name("payment-order", order), order.replace("-", ""), str(why), done)
        return found

    async def _number(self, case: str, ordinal: int) -> str:
        if (number := await self.reader.iban(case, ordinal)) is None:
            raise NotPayable("the account number was erased: record the rejection, and confirm another account")
        return number

    async def _park(self, stream: str, end_to_end_id: str | None, why: str, done: Dispatch) -> None:
        waiting = Waiting("", "", 0, "not-payable", why, end_to_end_id, None, stream)
        await self.book.park(waiting)
        done.parked.append(waiting)
        log.warning("something cannot go to the bank", stream=stream, reason=why)

    async def _make(self, call: str, number: int, orders: Sequence[str]) -> None:
        make = MakeBankFile(call=call, number=number, orders=list(orders))
        answer = await self.clerk.send("bank-file", case_id(call, "bank-file", number), make, _purpose(make))
        if not isinstance(answer, Done):
            # Another run was quicker, or an official was: what is left is seen by the next one.
            log.warning("a payment file was not made", call=call, number=number, answer=repr(answer))

    async def _write_all(self, outbox: Outbox, done: Dispatch) -> None:
        for made in outbox.unsent():
            try:
                content = pain001.write(await self._file(made, outbox.made_at[made.message_id]))
            except NotPayable as why:
                stream = stream_name("bank-file", case_id(made.call, "bank-file", made.number))
                await self._park(stream, None, str(why), done)
                continue
            done.files.append(await self._write(made, content))

    async def _write(self, made: BankFileMade, content: bytes) -> Written:
        name = f"{made.message_id}.{pain001.MESSAGE}.xml"
        await self.line.hand_over(name, content)
        handover = RecordHandover(digest=sha256(content).hexdigest())
        ident = case_id(made.call, "bank-file", made.number)
        answer = await self.clerk.send("bank-file", ident, handover, f"handover/{ident}/{handover.digest}")
        if not isinstance(answer, Done):
            raise CannotRun(f"Payment file {name} was written and is not on record ({answer!r}): run it again.")
        log.info("a payment file was given to the bank", call=made.call, number=made.number, file=name)
        return Written(name, made.call, made.message_id, len(made.transfers), made.total_cents)

    async def _file(self, made: BankFileMade, created: Instant) -> PaymentFile:
        transfers = []
        for one in made.transfers:
            number = await self._number(one.case, one.bank_account)
            remittance = f"Subsidie {one.tranche} dossier {one.case}"
            transfers.append(Transfer(one.end_to_end_id, one.amount_cents, one.creditor, number, remittance))
        return PaymentFile(made.message_id, created, made.execution, self.debtor, tuple(transfers))


def _purpose(make: MakeBankFile) -> str:
    return f"make/{make.call}/{make.number}/{sha256(' '.join(make.orders).encode()).hexdigest()}"
