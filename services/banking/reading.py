"""What the bank's side reads of the log: the outbox, and the account number behind an order, opened for the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from events import codec
from events.catalog import stream_name
from events.payment import BankAccountConfirmed, PaymentOrdered
from events.sealing import unseal
from events.store import EventStore
from events.vault import Vault
from events.vocabulary import Clear
from services.banking.outbox import TYPES, Outbox

PAGE = 1_000


@dataclass(frozen=True)
class LogReader:
    """Reads the log and the vault; StoreUnavailable when they cannot be reached."""

    store: EventStore
    vault: Vault

    async def outbox(self) -> Outbox:
        """The outbox at the head of the log."""
        outbox, position = Outbox(), 0
        while page := await self.store.read_all(position, types=TYPES, limit=PAGE):
            for recorded in page:
                outbox.take(codec.read(recorded))
            position = page[-1].position
        return outbox

    async def bank_account(self, order: str) -> tuple[str, int] | None:
        """The case of an order and the ordinal of the account it goes to."""
        for recorded in await self.store.read_stream(stream_name("payment-order", order)):
            if isinstance(fact := codec.read(recorded).fact, PaymentOrdered):
                return fact.case, fact.bank_account
        return None

    async def iban(self, case: str, ordinal: int) -> str | None:
        """The account number that was confirmed as the `ordinal`-th of the case; None where it cannot be read any more.

        It is in clear: it may go into a payment file and be compared, and nowhere else.
        """
        for recorded in await self.store.read_stream(stream_name("account", case)):
            event = codec.read(recorded)
            if isinstance(event.fact, BankAccountConfirmed) and event.fact.ordinal == ordinal:
                keys: Mapping[str, bytes] = await self.vault.keys([event.fact.iban.subject], create=False)
                opened = unseal(event.fact, keys, event.envelope.command_id).iban
                return opened.clear if isinstance(opened, Clear) else None
        return None
