"""The story's clock as one row, for the processes of a demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.times import Instant, instant, moment

if TYPE_CHECKING:
    from asyncpg import Pool, Record


class PostgresSharedTime:
    """A `services.clock.SharedTime` on a migrated database."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def load(self) -> Instant | None:
        """As the port says."""
        with in_our_words():
            found = await self._pool.fetchval("SELECT now FROM store.demo_time")
        return instant(found) if found is not None else None

    async def store(self, to: Instant) -> None:
        """As the port says."""
        with in_our_words():
            await self._pool.execute(statement("demo_time_set"), moment(to))
