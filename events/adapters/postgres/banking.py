"""The bank's book in PostgreSQL: a file and all that waits of it come in by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.banking import Listed, Reading, Waiting, plain

if TYPE_CHECKING:
    from asyncpg import Pool, Record

FIND = (
    "SELECT digest, name, message, message_id, outcome, acted, noted, parked FROM store.bank_reading WHERE digest = $1"
)
CLOSE = """UPDATE store.bank_waiting SET closed_by = $2, why = $3, closed_at = clock_timestamp()
WHERE number = $1 AND closed_by IS NULL"""


class PostgresBook:
    """A BankBook over the store's connections."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def find(self, digest: str) -> Reading | None:
        """As the port says."""
        with in_our_words():
            row = await self._pool.fetchrow(FIND, digest)
        return None if row is None else Reading(**row)

    async def keep(self, reading: Reading, waiting: Sequence[Waiting]) -> bool:
        """As the port says."""
        with in_our_words():
            row = await self._pool.fetchrow(
                statement("bank_keep"),
                reading.digest,
                plain(reading.name),
                reading.message,
                plain(reading.message_id),
                reading.outcome,
                reading.acted,
                reading.noted,
                reading.parked,
                [one.ordinal for one in waiting],
                [plain(one.reason) for one in waiting],
                [plain(one.detail) for one in waiting],
                [_plain(one.end_to_end_id) for one in waiting],
                [one.amount_cents for one in waiting],
                [one.stream for one in waiting],
            )
        return row is not None and bool(row["new"])

    async def park(self, waiting: Waiting) -> None:
        """As the port says."""
        with in_our_words():
            await self._pool.execute(
                statement("bank_park"),
                waiting.digest,
                plain(waiting.name),
                waiting.ordinal,
                plain(waiting.reason),
                plain(waiting.detail),
                _plain(waiting.end_to_end_id),
                waiting.amount_cents,
                waiting.stream,
            )

    async def listed(self, *, closed: bool = False) -> Sequence[Listed]:
        """As the port says."""
        with in_our_words():
            rows = await self._pool.fetch(statement("bank_listed"), closed)
        return [_listed(row) for row in rows]

    async def close(self, number: int, who: str, why: str) -> bool:
        """As the port says."""
        with in_our_words():
            done = await self._pool.execute(CLOSE, number, plain(who), plain(why))
        return bool(done != "UPDATE 0")


def _plain(text: str | None) -> str | None:
    return None if text is None else plain(text)


def _listed(row: Record) -> Listed:
    waiting = Waiting(
        digest=row["digest"],
        name=row["name"],
        ordinal=row["ordinal"],
        reason=row["reason"],
        detail=row["detail"],
        end_to_end_id=row["end_to_end_id"],
        amount_cents=row["amount_cents"],
        stream=row["stream"],
    )
    return Listed(row["number"], waiting, row["since"], row["closed_by"], row["why"])
