"""Subscriptions in PostgreSQL: rows in a schema of their own, beside the log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.times import instant
from events.webhooks import COMMANDED, Attempt, Logged, Progress, SigningKey, Subscription

if TYPE_CHECKING:
    from asyncpg import Pool, Record

LOWEST = UUID(int=0)
_STUCK = "SELECT count(*) FROM subscription.endpoint WHERE status = 'paused' AND reason IS DISTINCT FROM $1"


class PostgresSubscriptions:
    """Subscriptions over the store's connections."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def add(self, subscription: Subscription) -> bool:
        """As the port says."""
        one, now = subscription, subscription.progress
        values = (one.ident, one.organisation, one.person, one.url, list(one.types), one.created_at, _keys(one))
        progress = (now.status, now.reason, now.place, now.failures, now.failing_since, now.due, now.rate)
        with in_our_words():
            return await self._pool.fetchval(statement("webhook_add"), *values, *progress) is not None

    async def find(self, ident: str) -> Subscription | None:
        """As the port says."""
        with in_our_words():
            row = await self._pool.fetchrow(statement("webhook_find"), ident)
        return _read(row) if row else None

    async def page(self, organisation: str | None, after: str, limit: int) -> Sequence[Subscription]:
        """As the port says."""
        with in_our_words():
            rows = await self._pool.fetch(statement("webhook_page"), organisation, after or LOWEST, limit)
        return [_read(row) for row in rows]

    async def working(self) -> Sequence[Subscription]:
        """As the port says."""
        with in_our_words():
            return [_read(row) for row in await self._pool.fetch(statement("webhook_working"))]

    async def stuck(self) -> int:
        """As the port says."""
        with in_our_words():
            return int(await self._pool.fetchval(_STUCK, COMMANDED))

    async def change(self, subscription: Subscription) -> bool:
        """As the port says."""
        one, now = subscription, subscription.progress
        values = (one.ident, one.epoch, one.url, list(one.types), _keys(one))
        progress = (now.status, now.reason, now.failures, now.failing_since, now.due)
        with in_our_words():
            return await self._pool.fetchval(statement("webhook_change"), *values, *progress) is not None

    async def note(self, attempt: Attempt, progress: Progress, epoch: int) -> Subscription | None:
        """As the port says."""
        now = progress
        values = (now.place, now.status, now.reason, now.failures, now.failing_since, now.due, now.rate)
        with in_our_words():
            async with self._pool.acquire() as connection, connection.transaction():
                if attempt.sort == "redelivery":
                    done = "DELETE FROM subscription.again WHERE ident = $1 AND sequence = $2"
                    await connection.execute(done, attempt.subscription, attempt.sequence)
                row = await connection.fetchrow(statement("webhook_note"), attempt.subscription, epoch, *values)
                if row:
                    await connection.execute(statement("webhook_attempt"), *_line(attempt))
        return _read(row) if row else None

    async def skip(self, ident: str, place: int) -> Subscription | None:
        """As the port says."""
        with in_our_words():
            row = await self._pool.fetchrow(statement("webhook_skip"), ident, place)
        return _read(row) if row else None

    async def ask_again(self, ident: str, sequence: int) -> None:
        """As the port says."""
        with in_our_words():
            await self._pool.execute(statement("webhook_again"), ident, sequence)

    async def attempts(self, ident: str, before: int | None, limit: int) -> Sequence[Logged]:
        """As the port says."""
        with in_our_words():
            rows = await self._pool.fetch(statement("webhook_attempts"), ident, before, limit)
        return [Logged(row["entry"], _attempt(row)) for row in rows]

    async def prune(self, before: datetime) -> int:
        """As the port says."""
        with in_our_words():
            done = await self._pool.execute("DELETE FROM subscription.attempt WHERE at < $1", before)
        return int(done.rpartition(" ")[2])


def _keys(subscription: Subscription) -> str:
    return json.dumps([[key.ident, key.until and instant(key.until)] for key in subscription.keys])


def _read(row: Record) -> Subscription:
    keys = (SigningKey(ident, until and datetime.fromisoformat(until)) for ident, until in json.loads(row["keys"]))
    return Subscription(
        ident=str(row["ident"]),
        organisation=row["organisation"],
        person=row["person"],
        url=row["url"],
        types=tuple(row["types"]),
        created_at=row["created_at"],
        keys=tuple(keys),
        progress=Progress(
            status=row["status"],
            reason=row["reason"],
            place=row["place"],
            failures=row["failures"],
            failing_since=row["failing_since"],
            due=row["due"],
            rate=row["rate"],
        ),
        epoch=row["epoch"],
        again=tuple(row["again"]),
    )


def _line(attempt: Attempt) -> tuple[object, ...]:
    one = attempt
    what = (one.subscription, one.sort, one.sequence, one.event_id, one.number)
    return *what, one.at, one.millis, one.status, one.error, one.excerpt


def _attempt(row: Record) -> Attempt:
    return Attempt(
        subscription=str(row["ident"]),
        sort=row["sort"],
        sequence=row["sequence"],
        event_id=row["event_id"],
        number=row["number"],
        at=row["at"],
        millis=row["millis"],
        status=row["status"],
        error=row["error"],
        excerpt=row["excerpt"],
    )
