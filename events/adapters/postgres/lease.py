"""Leases as rows of PostgreSQL; only the database's clock counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement

if TYPE_CHECKING:
    from asyncpg import Pool, Record


class PostgresLeases:
    """Leases over the store's connections."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def take(self, name: str, holder: str, seconds: float) -> int | None:
        """As the port says."""
        with in_our_words():
            token: int | None = await self._pool.fetchval(
                statement("lease_take"), name, holder, timedelta(seconds=seconds)
            )
        return token

    async def release(self, name: str, holder: str) -> None:
        """As the port says."""
        with in_our_words():
            await self._pool.execute(statement("lease_release"), name, holder)
