"""How far the log has been published, in PostgreSQL beside the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.consumer import Fenced
from events.publication import LEASE, PartitionEnd, Place, Published

if TYPE_CHECKING:
    from asyncpg import Pool, Record


class PostgresPublication:
    """A Publication over the store's connections."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def load(self) -> Published:
        """As the port says."""
        with in_our_words():
            rows = await self._pool.fetch(statement("relay_load"))
        return Published(
            rows[0]["watermark"],
            {
                (row["topic"], row["partition"]): PartitionEnd(row["position"], row["count"], row["hash"])
                for row in rows
                if row["topic"] is not None
            },
        )

    async def move(self, token: int, position: int, changed: Mapping[Place, PartitionEnd]) -> None:
        """As the port says."""
        topics, partitions = [topic for topic, _ in changed], [partition for _, partition in changed]
        ends = list(changed.values())
        lasts, counts, hashes = [e.position for e in ends], [e.count for e in ends], [e.hash for e in ends]
        with in_our_words():
            moved = await self._pool.fetchval(
                statement("relay_move"), LEASE, token, position, topics, partitions, lasts, counts, hashes
            )
        if not moved:
            raise Fenced(f"the relay with token {token} may not move to {position}: another instance has taken over")
