"""The public log on PostgreSQL: `events.public.feed.PublicLog` over the view's table."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import asyncpg

from events.public.cloudevent import joined
from events.public.feed import Published
from events.store import StoreUnavailable
from projections.runner import in_our_words

if TYPE_CHECKING:
    from asyncpg import Pool, Record

POLL_SECONDS = 0.05

_READ = """
SELECT sequence, key, type, call, case_id, recorded_at, head, data FROM public_events
WHERE kind = 'event' AND sequence > $1 ORDER BY sequence LIMIT $2
"""
_FIND = "SELECT sequence FROM public_events WHERE key = $1 AND kind = 'event'"
_LAST = "SELECT sequence FROM public_events WHERE key = ''"


class PostgresPublicLog:
    """A PublicLog in any process that can reach the database; who writes the table does not matter.

    Of all that wait in this process one asks the table, twenty times a second, and tells the others.
    """

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool
        self._seen = 0
        self._moved = asyncio.Event()
        self._asked = False

    async def read(self, after: int, limit: int) -> Sequence[Published]:
        """As the port says."""
        with _in_our_words():
            rows = await self._pool.fetch(_READ, after, limit)
        return [
            Published(
                sequence=row["sequence"],
                id=row["key"],
                type=row["type"],
                call=row["call"],
                case=row["case_id"],
                recorded_at=row["recorded_at"],
                body=joined(row["head"], row["data"]),
            )
            for row in rows
        ]

    async def find(self, event_id: str) -> int | None:
        """As the port says."""
        with _in_our_words():
            found: int | None = await self._pool.fetchval(_FIND, event_id)
        return found

    async def last(self) -> int:
        """As the port says."""
        with _in_our_words():
            return await self._pool.fetchval(_LAST) or 0

    async def wait_for(self, sequence: int, timeout: float) -> bool:
        """As the port says."""
        try:
            async with asyncio.timeout(timeout):
                while self._seen < sequence:
                    await (self._moved.wait() if self._asked else self._ask(sequence))
        except TimeoutError:
            return False
        return True

    async def _ask(self, sequence: int) -> None:
        """Look once for all; whoever is woken and still waits asks next, so one who leaves takes nothing along."""
        self._asked = True
        try:
            self._seen = max(self._seen, await self.last())
            if self._seen < sequence:
                await asyncio.sleep(POLL_SECONDS)
        finally:
            self._asked = False
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()


@contextmanager
def _in_our_words() -> Iterator[None]:
    with in_our_words():
        try:
            yield
        except asyncpg.UndefinedTableError as error:
            raise StoreUnavailable("there is no public log yet: start the projection public_events") from error
