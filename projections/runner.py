"""The shell of every view: a batch of events becomes rows and the next place in one PostgreSQL transaction.

A batch costs one read and one write whatever its size: rows are read with the place, and written only while it is still
there, which fences an instance that was superseded. While streams stand still a longer transaction is needed, which
locks the place first; time-outs keep a frozen instance from blocking its successor. An event that cannot be digested
goes to the stuck list with the rest of its stream, in the same transaction; a rebuild takes them in again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic

import asyncpg
import msgspec

from events.codec import Event
from events.consumer import Fenced
from events.parking import columns
from events.store import Balance, EventStore, Recorded, StoreUnavailable
from events.times import instant
from projections import sql
from projections.budget_consumption.check import Difference, differences
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.past import Cut
from projections.query import Found, Query
from projections.reading import refolded
from projections.sifting import Sifted, Spoilt, Withheld
from projections.view import Key, RowT, View

if TYPE_CHECKING:
    from asyncpg import Connection, Pool, Record
    from asyncpg.pool import PoolConnectionProxy

    AnyConnection = Connection[Record] | PoolConnectionProxy[Record]

POLL_SECONDS = 0.02

# One round trip: the batch's limits, and the place under lock.
_ENTER = """
SELECT position FROM store.consumer_place, (
    SELECT set_config('synchronous_commit', 'off', true),
           set_config('lock_timeout', '5s', true),
           set_config('idle_in_transaction_session_timeout', '10s', true)
) AS limits WHERE consumer = $1 FOR UPDATE OF consumer_place
"""
_MOVE = "UPDATE store.consumer_place SET position = $2 WHERE consumer = $1"
_BEGIN = "INSERT INTO store.consumer_place (consumer, position) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_PLACE = "SELECT position FROM store.consumer_place WHERE consumer = $1"
_GIVEN_UP = "SELECT position FROM store.discarded WHERE consumer = $1 AND position = ANY($2::bigint[])"
_PASSED = "DELETE FROM store.parked WHERE consumer = $1 AND position <= $2"
_STILL = "SELECT DISTINCT stream FROM store.parked WHERE consumer = $1"
_PARK = "SELECT store.park($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, false)"


class Outdated(Exception):
    """The view's table was built by another version of its fold: rebuild it before consuming."""


@contextmanager
def in_our_words() -> Iterator[None]:
    """StoreUnavailable in place of the driver's words for a database that cannot serve just now."""
    try:
        yield
    except (
        OSError,
        asyncpg.PostgresConnectionError,
        asyncpg.InterfaceError,
        # The driver's own words for a statement on a connection that broke under the one before.
        asyncpg.InternalClientError,
        asyncpg.OperatorInterventionError,
        asyncpg.InsufficientResourcesError,  # a full disk: room can be made
        asyncpg.LockNotAvailableError,
        asyncpg.IdleInTransactionSessionTimeoutError,
    ) as error:
        raise StoreUnavailable(f"the views cannot be reached: {str(error) or type(error).__name__}") from error


class Runner(Generic[RowT]):
    """A Sink for `events.consumer.Consumer` that keeps one view's table."""

    def __init__(self, pool: Pool[Record], view: View[RowT]) -> None:
        self._pool = pool
        self._view = view
        self._rows = msgspec.json.Decoder(list[view.row])  # type: ignore[name-defined]  # a type known at run time
        self._prefetch = sql.prefetch(view)
        self._prefetch_at = sql.prefetch_at(view)
        self._write_at = sql.write_at(view)
        self._upsert = sql.upsert(view, view.name)
        # Whether streams stand still: only then need they be asked for. A rebuild can end that, nobody else begin it.
        self._still = True

    @property
    def name(self) -> str:
        """The view's name."""
        return self._view.name

    async def place(self) -> int:
        """As the port says. Makes the table if there is none; Outdated if another version of the fold made it."""
        with in_our_words():
            if not await prepare(self._pool, self._view):
                raise Outdated(f"{self.name} was built by another version: run `wijkspoor rebuild {self.name}`")
            self._still = True
            return int(await self._pool.fetchval(_PLACE, self.name))

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """As the port says; StoreUnavailable when the database cannot serve, and nothing is written. Withheld, which is
        one, when the view's order is promised and an event cannot be digested: what came before it is written."""
        sifted, done = Sifted(self._view, batch), False
        while not done:
            try:
                with in_our_words():
                    if self._view.promised and sifted.poison:
                        await self._withhold(batch, sifted)
                    await self._fold(batch, sifted)
                done = True
            except Spoilt as spoilt:
                sifted.poison[spoilt.event.position] = spoilt.poison

    async def _fold(self, batch: Sequence[Recorded], sifted: Sifted) -> None:
        if self._still or sifted.poison:
            await self._fold_beside_the_list(batch, sifted)
        else:
            await self._fold_at_once(batch, sifted.folded(()))

    async def _fold_at_once(self, batch: Sequence[Recorded], events: Sequence[tuple[Recorded, Event]]) -> None:
        before, rows = batch[0].position - 1, dict[Key, RowT]()
        if keys := self._keys_of(events):
            found = await self._pool.fetchrow(self._prefetch_at, *zip(*keys, strict=True), self.name)
            if found is None or found["position"] != before:
                raise Fenced(f"{self.name} does not stand at {before}, where the batch begins")
            rows = self._rows_in(found["found"])
        self._evolve(rows, events)
        written = msgspec.json.encode(list(rows.values())).decode()
        if not await self._pool.fetchval(self._write_at, written, self.name, before, batch[-1].position):
            raise Fenced(f"{self.name} does not stand at {before}, where the batch begins")

    async def _fold_beside_the_list(self, batch: Sequence[Recorded], sifted: Sifted) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            # The same order of locks as in one statement: first the view, then the place.
            await connection.execute(f"LOCK TABLE {self.name} IN ROW EXCLUSIVE MODE")
            place = await connection.fetchval(_ENTER, self.name)
            if place != batch[0].position - 1:
                raise Fenced(f"{self.name} stands at {place}, the batch begins at {batch[0].position}")
            still = await self._standing(connection, batch[-1].position) if self._still else frozenset()
            if events := sifted.folded(still):
                await self._write(connection, events)
            if aside := sifted.aside(still):
                await connection.executemany(_PARK, [columns(self.name, *one) for one in aside])
            await connection.execute(_MOVE, self.name, batch[-1].position)
        self._still = bool(still or aside)

    async def _withhold(self, batch: Sequence[Recorded], sifted: Sifted) -> None:
        """Withheld unless everything that cannot be digested was given up; that is then left out, as a rebuild does."""
        given_up = {row["position"] for row in await self._pool.fetch(_GIVEN_UP, self.name, list(sifted.poison))}
        first = min(sifted.poison.keys() - given_up, default=None)
        if first is None:
            sifted.leave_out(given_up)
            return
        before = [event for event in batch if event.position < first]
        if before:
            await self.apply(before)
        poison = sifted.poison[first]
        await self._pool.execute(_PARK, *columns(self.name, batch[len(before)], poison.reason, poison.detail))
        self._still = True
        raise Withheld(f"{self.name} stands still before position {first} ({poison}): mend it, or discard it on record")

    async def _standing(self, connection: AnyConnection, position: int) -> frozenset[str]:
        if self._view.promised:
            # It did not go past what stands on the list; now it does, so that is mended or given up.
            await connection.execute(_PASSED, self.name, position)
            return frozenset()
        return frozenset(row["stream"] for row in await connection.fetch(_STILL, self.name))

    async def _write(self, connection: AnyConnection, events: Sequence[tuple[Recorded, Event]]) -> None:
        rows: dict[Key, RowT] = {}
        if keys := self._keys_of(events):
            rows = self._rows_in(await connection.fetchval(self._prefetch, *zip(*keys, strict=True)))
        self._evolve(rows, events)
        if rows:
            await connection.execute(self._upsert, msgspec.json.encode(list(rows.values())).decode())

    def _rows_in(self, found: str) -> dict[Key, RowT]:
        return {self._view.key_of(row): row for row in self._rows.decode(found)}

    def _evolve(self, rows: dict[Key, RowT], events: Sequence[tuple[Recorded, Event]]) -> None:
        for recorded, event in events:
            try:
                self._view.evolve(rows, event)
            except Exception as error:  # a fold may not fail; if one does, its stream alone stands still
                raise Spoilt(recorded, error) from error

    def _keys_of(self, events: Sequence[tuple[Recorded, Event]]) -> list[Key]:
        """The rows that must be read first; none where no row is ever read again."""
        if self._view.appends:
            return []
        return sorted({key for recorded, event in events for key in self._keys(recorded, event)})

    def _keys(self, recorded: Recorded, event: Event) -> list[Key]:
        try:
            return list(self._view.keys(event))
        except Exception as error:  # see above
            raise Spoilt(recorded, error) from error


def table_sql(view: View[Any], table: str) -> tuple[str, str]:
    """The view's table.sql for a table of this name: what makes the table, and what makes its indexes."""
    text = (Path(__file__).parent / view.name / "table.sql").read_text().replace(":table", table)
    table_text, _, indexes = text.partition("-- indexes\n")
    return table_text, indexes


async def prepare(pool: Pool[Record], view: View[Any]) -> bool:
    """Make what is missing: table `<name>_v1`, the view `<name>` on it, the place. False if the table is outdated."""
    async with pool.acquire() as connection, connection.transaction():
        # Two instances may start at once; the one that comes second finds everything made.
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext($1))", "projections")
        await connection.execute((Path(__file__).parent / "live.sql").read_text())
        version = await connection.fetchval("SELECT version FROM projection_live WHERE name = $1", view.name)
        if version is not None:
            return bool(version == view.version)
        table = f"{view.name}_v1"
        for text in table_sql(view, table):
            await connection.execute(text)
        await connection.execute(f"CREATE VIEW {view.name} AS SELECT * FROM {table}")  # noqa: S608 -- our own names
        await connection.execute(
            "INSERT INTO projection_live (name, version, generation) VALUES ($1, $2, 1)", view.name, view.version
        )
        await connection.execute(_BEGIN, view.name)
        return True


class PostgresReads:
    """Reads over the views' tables, and over the log for the past."""

    def __init__(self, pool: Pool[Record], store: EventStore) -> None:
        self._pool = pool
        self._store = store

    async def present(self, view: View[RowT], query: Query) -> Found[RowT]:
        """As the port says: rows and position in one snapshot."""
        text, values = sql.search(view, query)
        with in_our_words():
            found = await self._pool.fetchrow(text, *values)
        if found is None:
            raise StoreUnavailable(f"{view.name} cannot be read")
        rows = msgspec.json.decode(found["found"], type=list[view.row])  # type: ignore[name-defined]  # see Runner
        known = instant(found["recorded_at"]) if found["recorded_at"] else None
        return Found(found["position"], known, rows)

    async def past(self, view: View[RowT], query: Query, cut: Cut) -> Found[RowT]:
        """As the port says."""
        return await refolded(self._store, view, query, cut)

    async def head(self) -> int:
        """As the port says."""
        return (await self._store.head()).position

    async def reached(self, view: View[RowT], position: int, timeout: float) -> bool:
        """As the port says. It asks the table, so it holds when another process keeps the view."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while True:
            with in_our_words():
                place = await self._pool.fetchval(_PLACE, view.name)
            if (place or 0) >= position:
                return True
            if loop.time() >= end:
                return False
            await asyncio.sleep(POLL_SECONDS)


@dataclass(frozen=True, slots=True)
class Compared:
    """Budget consumption against the ledger at one position."""

    position: int
    differences: list[Difference]


async def compare_budget(pool: Pool[Record]) -> Compared | None:
    """Compare view and ledger in one snapshot; None while the view is behind the log, where they may differ."""
    with in_our_words():
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            place = await connection.fetchval(_PLACE, BUDGET.name)
            if place is None or place != await connection.fetchval("SELECT position FROM store.counter"):
                return None
            found = await connection.fetchrow(*_search(BUDGET, Query()))
            accounts = await connection.fetch(
                "SELECT account, debits_pending, debits_posted, credits_pending, credits_posted FROM store.account"
            )
    rows = msgspec.json.decode(found["found"], type=list[BudgetRow]) if found else []
    return Compared(place, differences(rows, [Balance(**dict(account)) for account in accounts]))


def _search(view: View[Any], query: Query) -> tuple[Any, ...]:
    text, values = sql.search(view, query)
    return text, *values
