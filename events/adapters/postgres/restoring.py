"""A log that comes back: many commands in one transaction, each with the recording time that it had.

Money and keys are judged here, by the same pure books as the twin in memory, and written as they then stand: so a batch
costs a few bulk inserts. That needs the owner's rights, and books that have followed the log from its first event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg

from events.adapters.books import Books
from events.adapters.postgres.batch import check
from events.adapters.postgres.connect import CONNECT_SECONDS, in_our_words
from events.adapters.sql import statement
from events.history import Former
from events.store import Appended, Balance, CommandRecord, Outcome, RefusedByGuard

if TYPE_CHECKING:
    from asyncpg import Connection, Record

LOG = (
    "position",
    "recorded_at",
    "stream",
    "version",
    "type",
    "schema_version",
    "correlation_id",
    "event_id",
    "key_id",
    "signature",
    "body",
)
COMMAND = ("command_id", "stream", "version", "position", "first_position", "count", "content_hash", "answer")
TRANSFER = ("command_id", "ordinal", "position", "kind", "amount_cents", "debit", "credit", "pending_id")


class Restoring:
    """Writes what was; it keeps a connection of its own with the rights of whoever the address names."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: Connection[Record] | None = None
        self._books = Books()
        self._booked = 0
        self._accounts: dict[str, Balance] = {}
        self._holders: dict[str, str | None] = {}

    async def close(self) -> None:
        """Disconnect."""
        if self._connection is not None:
            await self._connection.close(timeout=5)
            self._connection = None

    async def synced(self) -> None:
        """Wait until everything that was written is on disk."""
        if self._connection is not None:
            with in_our_words():
                # A commit of its own, however small, takes all before it along.
                await self._connection.execute("SELECT pg_current_xact_id()")

    async def write(self, formers: Sequence[Former]) -> list[Outcome] | None:
        """Write these commands and what follows from them, all or nothing; None when they do not follow on a log that
        was followed from its beginning. The first that a guard refuses ends the batch and the answers."""
        if formers[0].first != self._booked + 1:
            return None
        judged, refusal = self._judge(formers)
        if judged and not await self._wrote(judged):
            # What was judged here was not written: these books are of no use any more.
            self._booked = -1
            return None
        written: list[Outcome] = [Appended(_record(former)) for former in judged]
        return written if refusal is None else [*written, refusal]

    def follow(self, formers: Sequence[Former], outcomes: Sequence[Outcome]) -> None:
        """These were written in another way, or stood there before."""
        for former, outcome in zip(formers, outcomes, strict=False):
            if former.first != self._booked + 1 or not former.stands(outcome):
                return
            changes = self._books.judge(former.request.transfers, former.request.keys)
            if isinstance(changes, RefusedByGuard):
                return
            self._books.apply(changes)
            self._booked += len(former.request.events)

    def _judge(self, formers: Sequence[Former]) -> tuple[Sequence[Former], RefusedByGuard | None]:
        for number, former in enumerate(formers):
            request = former.request
            if request.transfers or request.keys:
                check(request)
                changes = self._books.judge(request.transfers, request.keys)
                if isinstance(changes, RefusedByGuard):
                    return formers[:number], changes
                self._books.apply(changes)
                self._accounts |= changes.accounts
                self._holders |= changes.holders
            self._booked += len(request.events)
        return formers, None

    async def _wrote(self, formers: Sequence[Former]) -> bool:
        """Write in one transaction; False when the log stands elsewhere, or these rights do not suffice."""
        with in_our_words():
            if self._connection is None:
                self._connection = await asyncpg.connect(self._dsn, timeout=CONNECT_SECONDS)
            try:
                async with self._connection.transaction():
                    # Whoever restores waits for the disk once, at the end; one that broke off is gone on with.
                    await self._connection.execute("SET LOCAL synchronous_commit = off")
                    return await self._copied(self._connection, formers)
            except asyncpg.InsufficientPrivilegeError:
                return False

    async def _copied(self, connection: Connection[Record], formers: Sequence[Former]) -> bool:
        before, first, last = formers[0].first - 1, formers[0].recorded_at, formers[-1].recorded_at
        count = sum(len(former.request.events) for former in formers)
        if await connection.fetchval(statement("restore_counter"), before, count, first, last) is None:
            return False
        await _copy(connection, "log", LOG, _events(formers))
        await _copy(connection, "command", COMMAND, _commands(formers))
        await _copy(connection, "transfer", TRANSFER, self._transfers(formers))
        await self._write_books(connection)
        await connection.execute("SELECT pg_notify('wijkspoor_log', $1)", str(before + count))
        return True

    async def _write_books(self, connection: Connection[Record]) -> None:
        accounts, self._accounts = list(self._accounts.values()), {}
        holders, self._holders = self._holders, {}
        if accounts:
            columns = zip(
                *(
                    (one.account, one.debits_pending, one.debits_posted, one.credits_pending, one.credits_posted)
                    for one in accounts
                ),
                strict=True,
            )
            await connection.execute(statement("restore_accounts"), *map(list, columns))
        if holders:
            free = [key for key, holder in holders.items() if holder is None]
            held = {key: holder for key, holder in holders.items() if holder is not None}
            await connection.execute("DELETE FROM store.unique_key WHERE key = any($1)", free)
            await connection.execute(statement("restore_keys"), list(held), list(held.values()))

    def _transfers(self, formers: Sequence[Former]) -> Iterator[tuple[Any, ...]]:
        for former in formers:
            last = former.first + len(former.request.events) - 1
            for ordinal, one in enumerate(former.request.transfers, 1):
                debit, credit = one.debit, one.credit
                if one.kind in {"post", "void"} and one.pending_id is not None:
                    pending = self._books.pending[one.pending_id]
                    debit, credit = pending.debit, pending.credit
                ident = former.request.command_id
                yield ident, ordinal, last, one.kind, one.amount_cents, debit, credit, one.pending_id


async def _copy(
    connection: Connection[Record], table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    await connection.copy_records_to_table(table, schema_name="store", columns=columns, records=rows)


def _events(formers: Sequence[Former]) -> Iterator[tuple[Any, ...]]:
    for first, at, request in formers:
        for number, one in enumerate(request.events):
            yield (
                first + number,
                at,
                request.stream,
                request.expected_version + 1 + number,
                one.type,
                one.schema_version,
                one.correlation_id,
                one.event_id,
                one.key_id,
                one.signature,
                one.body,
            )


def _commands(formers: Sequence[Former]) -> Iterator[tuple[Any, ...]]:
    for first, _, one in formers:
        count = len(one.events)
        last, version = first + count - 1, one.expected_version + count
        yield one.command_id, one.stream, version, last, first, count, one.content_hash, one.answer


def _record(former: Former) -> CommandRecord:
    first, _, request = former
    count = len(request.events)
    return CommandRecord(
        command_id=request.command_id,
        stream=request.stream,
        version=request.expected_version + count,
        position=first + count - 1,
        first_position=first,
        count=count,
        content_hash=request.content_hash,
        answer=request.answer,
    )
