"""Deadlines as rows of PostgreSQL; they are set together with the place of the consumer that sets them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.consumer import Fenced
from events.timers import TimerRow
from events.times import Instant, instant, moment

if TYPE_CHECKING:
    from asyncpg import Pool, Record

CONSUMER = "timers"


class PostgresTimers:
    """A TimerStore on a migrated database."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def place(self) -> int:
        """As the port says."""
        with in_our_words():
            return await self._pool.fetchval(statement("timer_place"), CONSUMER) or 0

    async def change(self, expected: int, position: int, rows: Sequence[TimerRow], cancelled: Sequence[str]) -> None:
        """As the port says."""
        with in_our_words():
            async with self._pool.acquire() as connection, connection.transaction():
                moved = await connection.fetchval(
                    "SELECT store.advance_place($1, $2, $3)", CONSUMER, expected, position
                )
                if not moved:
                    raise Fenced(f"{CONSUMER}: another instance has gone on from {expected}")
                if rows:
                    columns = zip(*(_values(row) for row in rows), strict=True)
                    await connection.execute(statement("timer_set"), *map(list, columns))
                if cancelled:
                    await connection.execute("DELETE FROM store.timer WHERE timer_id = any($1)", list(cancelled))

    async def due(self, now: Instant) -> Sequence[TimerRow]:
        """As the port says."""
        with in_our_words():
            found = await self._pool.fetch(statement("timer_due"), moment(now))
        return [
            TimerRow(
                timer_id=row["timer_id"],
                due=instant(row["due_at"]),
                service=row["service"],
                stream=row["stream"],
                command=row["command"],
                body=row["body"].encode(),
                cause=str(row["cause"]),
            )
            for row in found
        ]

    async def next_due(self) -> Instant | None:
        """As the port says."""
        with in_our_words():
            found = await self._pool.fetchval("SELECT min(due_at) FROM store.timer WHERE fired_at IS NULL")
        return instant(found) if found is not None else None

    async def fired(self, row: TimerRow) -> None:
        """As the port says."""
        with in_our_words():
            await self._pool.execute(statement("timer_fired"), row.timer_id, moment(row.due), row.cause)


def _values(row: TimerRow) -> tuple[object, ...]:
    return row.timer_id, moment(row.due), row.service, row.stream, row.command, row.body.decode(), row.cause
