"""The story's clock as one row, for the processes of a demo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.postgres.together import Together
from events.adapters.sql import statement
from events.times import Instant, instant, moment

if TYPE_CHECKING:
    from asyncpg import Pool, Record


class PostgresSharedTime:
    """A `services.clock.SharedTime` on a migrated database."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool
        self._together = Together(self._load)

    async def load(self) -> Instant | None:
        """As the port says."""
        return await self._together.get(None)

    async def store(self, to: Instant) -> None:
        """As the port says."""
        with in_our_words():
            await self._pool.execute(statement("demo_time_set"), moment(to))

    async def _load(self, _asked: Sequence[None]) -> dict[None, Instant]:
        with in_our_words():
            found = await self._pool.fetchval("SELECT now FROM store.demo_time")
        return {None: instant(found)} if found is not None else {}
