"""What the log holds before an event: asked of the store, which knows more than any partition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement

if TYPE_CHECKING:
    from asyncpg import Pool, Record


class PostgresEarlier:
    """Reads over the store's connections (`events.adapters.kafka.turns.Earlier`)."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def between(
        self, after: int, before: int, types: Sequence[str], cases: Sequence[str] | None
    ) -> Sequence[tuple[int, str]]:
        """As the port says."""
        with in_our_words():
            rows = await self._pool.fetch(
                statement("earlier"), after, before, list(types), None if cases is None else list(cases)
            )
        return [(row["position"], row["stream"]) for row in rows]
