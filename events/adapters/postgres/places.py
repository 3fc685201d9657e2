"""Places of reaction consumers in PostgreSQL: one row each, moved only from where its holder believes it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.consumer import Fenced

if TYPE_CHECKING:
    from asyncpg import Pool, Record


class PostgresPlaces:
    """Places over the store's connections."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def load(self, consumer: str) -> int:
        """As the port says."""
        with in_our_words():
            return await self._pool.fetchval(statement("load_place"), consumer) or 0

    async def advance(self, consumer: str, expected: int, position: int) -> None:
        """As the port says. The row's lock makes a second instance wait, and its stale `expected` then tells it so."""
        with in_our_words():
            moved = await self._pool.fetchval(statement("advance_place"), consumer, expected, position)
        if not moved:
            raise Fenced(f"{consumer} no longer stands at {expected}: another instance has taken over")
