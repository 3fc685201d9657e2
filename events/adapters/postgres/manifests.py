"""Kept manifests in PostgreSQL: the application may add them and read them, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.manifests import Kept
from events.times import Day

if TYPE_CHECKING:
    from asyncpg import Pool, Record

_ADD = "INSERT INTO subscription.manifest (topic, day, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING day"
_FIND = "SELECT day, body FROM subscription.manifest WHERE topic = $1 AND day = $2"
_LATEST = "SELECT day, body FROM subscription.manifest WHERE topic = $1 ORDER BY day DESC LIMIT 1"


class PostgresManifests:
    """Manifests over the store's connections."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def add(self, topic: str, kept: Kept) -> bool:
        """As the port says."""
        with in_our_words():
            return await self._pool.fetchval(_ADD, topic, date.fromisoformat(kept.day), kept.body) is not None

    async def find(self, topic: str, day: Day) -> Kept | None:
        """As the port says."""
        with in_our_words():
            row = await self._pool.fetchrow(_FIND, topic, date.fromisoformat(day))
        return _kept(row) if row else None

    async def latest(self, topic: str) -> Kept | None:
        """As the port says."""
        with in_our_words():
            row = await self._pool.fetchrow(_LATEST, topic)
        return _kept(row) if row else None

    async def page(self, topic: str, after: Day | None, limit: int) -> Sequence[Kept]:
        """As the port says."""
        begin = date.fromisoformat(after) if after else None
        with in_our_words():
            rows = await self._pool.fetch(statement("manifest_page"), topic, begin, limit)
        return [_kept(row) for row in rows]


def _kept(row: Record) -> Kept:
    return Kept(row["day"].isoformat(), row["body"])
