"""The public topic in tests: a publisher with short times, and what a subscriber finds there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.publisher import CONSUMER, PLACES, Pace, Publisher
from events.adapters.kafka.reader import open_reader
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.store import PostgresStore
from events.public.feed import PublicLog
from events.publication import Place

QUICK = Pace(page=20, window=2, lease=1.0, pause=0.1, look=0.3)


def publisher_on(store: PostgresStore, public: PublicLog, access: KafkaAccess, holder: str = "one") -> Publisher:
    """A publisher with the short times of a test."""
    return Publisher(public, PostgresPlaces(store.pool), PostgresLeases(store.pool), access, holder, QUICK)


@asynccontextmanager
async def publishing(publisher: Publisher) -> AsyncIterator[Publisher]:
    """A publisher at work, stopped in order afterwards; what it raises is raised."""
    task = asyncio.create_task(publisher.run())
    try:
        yield publisher
    finally:
        publisher.stop()
        await task


async def acknowledged(store: PostgresStore, sequence: int, seconds: float = 30) -> None:
    """Wait until the watermark is there."""
    places = PostgresPlaces(store.pool)
    async with asyncio.timeout(seconds):
        while await places.load(CONSUMER) < sequence:  # noqa: ASYNC110 -- another process may move it
            await asyncio.sleep(0.01)


async def on_the_topic(access: KafkaAccess) -> dict[Place, list[Any]]:
    """Every record, by partition."""
    found: dict[Place, list[Any]] = {place: [] for place in PLACES}
    async with open_reader(access) as reader:
        spans = await reader.spans(PLACES)
        starts, ends = {p: s.begin for p, s in spans.items()}, {p: s.end for p, s in spans.items()}
        async for place, records in reader.read(starts, ends):
            found[place] += records
    return found
