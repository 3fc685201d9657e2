"""The bank's side, beside a running program or alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from events.adapters.bank_folder import FolderLine
from events.adapters.postgres.banking import PostgresBook
from events.adapters.postgres.store import PostgresStore
from services.banking.office import Office, debtor_of
from services.banking.reading import LogReader
from services.banking.sending import Clerk
from services.bootstrap.whole import open_shared
from services.settings import Settings


@asynccontextmanager
async def open_bank(settings: Settings) -> AsyncIterator[Office]:
    """What sends to the bank and reads from it; CannotRun as elsewhere."""
    number = settings.bank_iban.get_secret_value() if settings.bank_iban else None
    debtor = debtor_of(settings.bank_name, number, settings.bank_bic, settings.bank_kbo)
    async with open_shared(settings) as runtime:
        if not isinstance(runtime.store, PostgresStore):
            raise TypeError("the bank's book is kept in PostgreSQL")
        yield Office(
            reader=LogReader(runtime.store, runtime.vault),
            clerk=Clerk(runtime.handler, runtime.clock, settings.organisation),
            book=PostgresBook(runtime.store.pool),
            line=FolderLine(settings.bank_folder) if settings.bank_folder else None,
            debtor=debtor,
        )
