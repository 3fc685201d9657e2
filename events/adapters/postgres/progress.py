"""The standing of a cluster, from the rows that relay and consumers keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.progress import Standing
from events.store import StoreUnavailable

if TYPE_CHECKING:
    from asyncpg import Pool, Record

_POSITIONS = msgspec.json.Decoder(dict[str, int])


class PostgresProgress:
    """A `Progress` over the store's connections."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def standing(self) -> Standing:
        """As the port says."""
        with in_our_words():
            row = await self._pool.fetchrow(statement("standing"))
        if row is None:
            raise StoreUnavailable("the database told nothing of where its log stands")
        return Standing(
            head=row["head"],
            relayed=row["relayed"],
            partitions=_POSITIONS.decode(row["partitions"]),
            places=_POSITIONS.decode(row["places"]),
        )
