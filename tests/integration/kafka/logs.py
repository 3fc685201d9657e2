"""A log worth publishing: whole envelopes, chained by stream, spread over the services; and waiting until it is out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

from msgspec import Raw

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.reader import PLACES, open_reader
from events.adapters.kafka.records import KafkaRecorded, from_record, place_of
from events.adapters.kafka.relay import Relay
from events.adapters.kafka.session import Pace
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.catalog import KINDS
from events.envelope import GENESIS, Actor, Envelope, to_bytes
from events.publication import EMPTY, PartitionEnd, Place
from events.store import AppendRequest, Prepared, Recorded
from tests.contract.making import ident

SECONDS = 30.0
QUICK = {"lease_seconds": 1.0, "pause_seconds": 0.1, "look_seconds": 0.3, "drain_seconds": 5.0, "stall_seconds": 1.0}


class Writer:
    """Appends events that hang together; the same seed writes the same log."""

    def __init__(self, store: PostgresStore, seed: int = 1, streams: int = 60, filling: int = 300) -> None:
        self._store = store
        self._seed = seed
        self._chance = random.Random(seed)
        self._filling = "x" * filling
        kinds = sorted(KINDS)
        self._streams = [f"{kinds[n % len(kinds)]}-{ident(f'{seed}/{n}')}" for n in range(streams)]
        self._heads: dict[str, tuple[int, str]] = {}
        self._number = 0

    async def write(self, events: int) -> int:
        """So many more; the position of the last."""
        for _ in range(events // 500):
            await self._store.append_many([self._next() for _ in range(500)])
        if events % 500:
            await self._store.append_many([self._next() for _ in range(events % 500)])
        return (await self._store.head()).position

    def _next(self) -> AppendRequest:
        stream = self._chance.choice(self._streams)
        version, before = self._heads.get(stream, (0, GENESIS))
        self._number += 1
        name = f"{self._seed}/event/{self._number}"
        body = to_bytes(
            Envelope(
                event_id=ident(name),
                stream=stream,
                version=version + 1,
                type="Filled",
                schema_version=1,
                occurred_at="2021-03-11T09:00:00.000000Z",
                actor=Actor(role="service", organisation="OVO000001", person="p"),
                on_behalf_of=None,
                correlation_id=ident(stream),
                causation_id=None,
                command_id=ident(f"{name}/command"),
                rules=None,
                legal_basis=None,
                classification="public",
                prev_hash=before,
                data=Raw(b'{"filling":"%b"}' % self._filling.encode()),
            )
        )
        self._heads[stream] = version + 1, sha256(body).hexdigest()
        event = Prepared(ident(name), "Filled", 1, ident(stream), body, "key-1", sha256(name.encode()).digest() * 2)
        return AppendRequest(stream, version, [event], ident(f"{name}/command"))


def relay_on(store: PostgresStore, access: KafkaAccess, holder: str = "one", **pace: Any) -> Relay:
    """A relay with the short times of a test."""
    leases, publication = PostgresLeases(store.pool), PostgresPublication(store.pool)
    return Relay(store, publication, leases, access, holder, Pace(**{**QUICK, **pace}))


@asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[Relay]:
    """A relay at work, stopped in order afterwards; what it raises is raised."""
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await task


async def until(so: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(seconds):
        while not so():  # noqa: ASYNC110 -- what is waited for may be in another process
            await asyncio.sleep(0.01)


async def published(store: PostgresStore, position: int, seconds: float = SECONDS) -> None:
    """Wait until the watermark is there."""
    publication = PostgresPublication(store.pool)
    async with asyncio.timeout(seconds):
        while (await publication.load()).position < position:  # noqa: ASYNC110 -- another process may move it
            await asyncio.sleep(0.01)


async def everything(access: KafkaAccess) -> dict[Place, list[KafkaRecorded]]:
    """All that stands on the six topics, by partition, repeats and all."""
    found: dict[Place, list[KafkaRecorded]] = {place: [] for place in PLACES}
    async with open_reader(access) as reader:
        spans = await reader.spans(PLACES)
        starts, ends = {p: s.begin for p, s in spans.items()}, {p: s.end for p, s in spans.items()}
        async for place, records in reader.read(starts, ends):
            for record in records:
                event = from_record(record)
                assert isinstance(event, KafkaRecorded), event
                found[place].append(event)
    return found


def in_order(found: dict[Place, list[KafkaRecorded]]) -> Sequence[KafkaRecorded]:
    """What a reader of all has, repeats dropped; each partition tells its own gaps."""
    events = []
    for records in found.values():
        last = 0
        for event in records:
            if event.position <= last:
                continue
            assert event.previous == last, f"{last} was followed by {event.position}, which names {event.previous}"
            events.append(event)
            last = event.position
    return sorted(events, key=lambda event: event.position)


def assert_whole(log: Sequence[Recorded], found: dict[Place, list[KafkaRecorded]]) -> None:
    """Every event of the log is there as it is, in the order of each partition, and every repeat is equal bytes."""
    got = in_order(found)
    assert [event.position for event in got] == [event.position for event in log]
    by_position = {event.position: event for event in log}
    for records in found.values():
        for sent in records:
            event = by_position[sent.position]
            assert all(getattr(event, name) == getattr(sent, name) for name in Recorded.__struct_fields__)


def rolled(found: dict[Place, list[KafkaRecorded]]) -> dict[Place, PartitionEnd]:
    """What the relay should have written down for these partitions."""
    ends: dict[Place, PartitionEnd] = {}
    for event in in_order(found):
        place = place_of(event.stream)
        ends[place] = ends.get(place, EMPTY).then(event)
    return ends
