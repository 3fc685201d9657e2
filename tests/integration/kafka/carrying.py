"""A store's log carried to Kafka by the shortest way, for tests of those who read it: the relay, undisturbed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaProducer

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import Outgoing, place_of, to_record
from events.store import Recorded
from tests.contract.making import ident

START = datetime(2021, 3, 11, 9, tzinfo=UTC)


def body(stream: str, version: int, kind: str, correlation: str = "") -> bytes:
    """An envelope of which the index alone is true."""
    return b'{"correlation_id":"%s","prev_hash":"00","schema_version":1,"stream":"%s","type":"%s","version":%d}' % (
        (correlation or ident(stream)).encode(),
        stream.encode(),
        kind.encode(),
        version,
    )


def event(position: int, stream: str, version: int, kind: str = "CallClosed") -> Recorded:
    """One event that a carrier can carry."""
    at = START + timedelta(milliseconds=position)
    made = body(stream, version, kind)
    return Recorded(position, at, stream, version, kind, 1, ident(stream), made, "key-1", b"\x01" * 64)


def history(count: int, streams: int = 40, *, after: int = 0) -> list[Recorded]:
    """So many events, turn by turn over some streams of every service."""
    kinds = ("call", "application", "assessment", "evaluation", "grant", "account")
    names = [f"{kinds[number % len(kinds)]}-{ident(f'carried {number}')}" for number in range(streams)]
    return [
        event(position, names[(position - 1) % streams], (position - 1) // streams + 1)
        for position in range(after + 1, after + count + 1)
    ]


@dataclass
class Carrier:
    """Sends events in order; it remembers the last position of each partition, as the relay does."""

    producer: AIOKafkaProducer
    last: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    async def carry(self, events: Iterable[Recorded]) -> None:
        """Send them, and wait until Kafka has them all."""
        sent = [await self.send(self.record(one)) for one in events]
        for one in sent:
            await one

    def record(self, one: Recorded) -> Outgoing:
        """The record that comes next for this event."""
        place = place_of(one.stream)
        made = to_record(one, self.last[place])
        self.last[place] = one.position
        return made

    async def send(self, made: Outgoing):  # type: ignore[no-untyped-def]  # the client has no types
        """One record, whatever is in it."""
        return await self.producer.send(
            made.topic,
            made.value,
            made.key,
            partition=made.partition,
            timestamp_ms=made.timestamp_ms,
            headers=made.headers,
        )


@asynccontextmanager
async def carrier(access: KafkaAccess) -> AsyncIterator[Carrier]:
    """A carrier for as long as it is needed."""
    producer = AIOKafkaProducer(**access.client(), acks="all", enable_idempotence=True, max_batch_size=131_072)
    await producer.start()
    try:
        yield Carrier(producer)
    finally:
        await producer.stop()


def positions(batch: Sequence[Recorded]) -> list[int]:
    """Where the events stand."""
    return [one.position for one in batch]
