"""The stuck list in PostgreSQL: each step on a stream is one statement that holds the stream's lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from events.adapters.postgres.connect import in_our_words
from events.adapters.sql import statement
from events.parking import Discarded, Parked, Reason, Stuck, columns, plain
from events.store import Recorded

if TYPE_CHECKING:
    from asyncpg import Pool, Record

PARK = "SELECT store.park($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"


class PostgresParking:
    """A Parking over the store's connections."""

    def __init__(self, pool: Pool[Record]) -> None:
        self._pool = pool

    async def streams(self, consumer: str) -> frozenset[str]:
        """As the port says."""
        with in_our_words():
            rows = await self._pool.fetch("SELECT DISTINCT stream FROM store.parked WHERE consumer = $1", consumer)
        return frozenset(row["stream"] for row in rows)

    async def park(self, consumer: str, event: Recorded, reason: Reason, detail: str) -> None:
        """As the port says."""
        await self._park(consumer, event, reason, detail, behind=False)

    async def follow(self, consumer: str, event: Recorded) -> bool:
        """As the port says."""
        return await self._park(consumer, event, "behind", "", behind=True)

    async def of_stream(self, consumer: str, stream: str) -> Sequence[Parked]:
        """As the port says."""
        return await self._found([consumer], stream, None, None)

    async def release(self, parked: Parked) -> None:
        """As the port says."""
        with in_our_words():
            await self._pool.execute(
                "SELECT store.unpark($1, $2, $3)", parked.consumer, parked.event.stream, parked.number
            )

    async def keep(self, parked: Parked, reason: Reason, detail: str) -> None:
        """As the port says."""
        stream = parked.event.stream
        with in_our_words():
            await self._pool.execute(
                statement("parked_keep"), parked.number, parked.consumer, stream, reason, plain(detail)
            )

    async def stuck(self, consumers: Sequence[str] | None = None) -> Sequence[Stuck]:
        """As the port says."""
        with in_our_words():
            rows = await self._pool.fetch(statement("parked_stuck"), None if consumers is None else list(consumers))
        return [Stuck(**row) for row in rows]

    async def case_stands(self, consumer: str, trace: str) -> bool:
        """As the port says."""
        with in_our_words():
            return bool(
                await self._pool.fetchval(
                    "SELECT EXISTS (SELECT FROM store.parked WHERE consumer = $1 AND trace_id = $2)", consumer, trace
                )
            )

    async def listed(self, consumers: Sequence[str] | None = None) -> Sequence[Parked]:
        """As the port says."""
        return await self._found(consumers, None, None, None)

    async def find(self, number: int) -> Parked | None:
        """As the port says."""
        found = await self._found(None, None, number, None)
        return found[0] if found else None

    async def ask_again(self, consumer: str, stream: str) -> bool:
        """As the port says."""
        with in_our_words():
            done = await self._pool.execute(
                "UPDATE store.parked SET again = true WHERE consumer = $1 AND stream = $2", consumer, stream
            )
        return bool(done != "UPDATE 0")

    async def discard(self, number: int, who: str, why: str) -> bool:
        """As the port says."""
        with in_our_words():
            return bool(await self._pool.fetchval("SELECT store.discard($1, $2, $3)", number, plain(who), plain(why)))

    async def discarded(self) -> Sequence[Discarded]:
        """As the port says."""
        with in_our_words():
            rows = await self._pool.fetch(statement("discarded"))
        return [Discarded(_parked(row), row["discarded_by"], row["why"], row["discarded_at"]) for row in rows]

    async def untold(self, consumers: Sequence[str]) -> Sequence[Parked]:
        """As the port says."""
        return await self._found(consumers, None, None, False)

    async def told(self, number: int) -> None:
        """As the port says."""
        with in_our_words():
            await self._pool.execute("UPDATE store.parked SET told = true WHERE number = $1", number)

    async def _park(self, consumer: str, event: Recorded, reason: Reason, detail: str, *, behind: bool) -> bool:
        values = (*columns(consumer, event, reason, detail), behind)
        with in_our_words():
            return bool(await self._pool.fetchval(PARK, *values))

    async def _found(
        self, consumers: Sequence[str] | None, stream: str | None, number: int | None, told: bool | None
    ) -> Sequence[Parked]:
        among = None if consumers is None else list(consumers)
        with in_our_words():
            rows = await self._pool.fetch(statement("parked"), among, stream, number, told)
        return [_parked(row) for row in rows]


def _parked(row: Any) -> Parked:
    event = Recorded(
        position=row["position"],
        recorded_at=row["recorded_at"],
        stream=row["stream"],
        version=row["version"],
        type=row["type"],
        schema_version=row["schema_version"],
        correlation_id=row["trace_id"],
        body=row["body"],
        key_id=row["key_id"],
        signature=row["signature"],
    )
    return Parked(
        number=row["number"],
        consumer=row["consumer"],
        event=event,
        event_id=row["event_id"],
        reason=row["reason"],
        detail=row["detail"],
        parked_at=row["parked_at"],
        again=row["again"],
    )
