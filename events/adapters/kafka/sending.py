"""Events on their way to Kafka: sent without waiting, acknowledged in the order in which they were sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import Outgoing
from events.publication import Place

BATCH_BYTES = 131_072
REQUEST_BYTES = 2_097_152
LIFE_MS = 120_000
"""The life of a batch: shorter, and a long outage ends in OutOfOrderSequenceNumber for every later one."""

START_SECONDS = 3.0
PATIENCE_SECONDS = 0.2


class Shrunk(Exception):
    """Kafka acknowledged an event at a place that was taken: the partition was emptied or made anew."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive records of one partition under way; `acknowledged` gives the offset of the first, -1 if unknown."""

    place: Place
    count: int
    acknowledged: Awaitable[Any]


@dataclass(slots=True)
class Offsets:
    """The end of each partition as far as this relay knows: an acknowledgement below it tells that one has shrunk."""

    ends: dict[Place, int] = field(default_factory=dict)

    async def confirm(self, batches: Iterable[Batch]) -> None:
        """Wait until all are acknowledged; Shrunk, or what the client raises."""
        for batch in batches:
            offset = (await batch.acknowledged).offset
            if offset < 0:
                continue
            if offset < self.ends.get(batch.place, 0):
                topic, number = batch.place
                raise Shrunk(f"partition {number} of {topic} ended at {self.ends[batch.place]}, now at {offset}")
            self.ends[batch.place] = offset + batch.count


class Producer:
    """An idempotent producer that gives each partition whole batches; thrown away after a fault."""

    def __init__(self, access: KafkaAccess) -> None:
        self._producer = AIOKafkaProducer(
            **access.client(),
            enable_idempotence=True,
            acks="all",
            max_batch_size=BATCH_BYTES,
            linger_ms=0,
            max_request_size=REQUEST_BYTES,
            request_timeout_ms=LIFE_MS,
        )

    async def start(self) -> None:
        """Connect; the client's errors. It gives up soon: a broker that is frozen would be waited for as long as a
        batch may live, and the next attempt asks another."""
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._producer.start()
        except BaseException:  # however it ends, what was opened is closed
            await self.discard()
            raise

    async def send(self, records: Sequence[Outgoing]) -> list[Batch]:
        """Put the records under way in their order; waits only while a partition's earlier batch is not taken yet."""
        builders: dict[Place, Any] = {}
        batches: list[Batch] = []
        for record in records:
            place = (record.topic, record.partition)
            if place not in builders:
                builders[place] = self._producer.create_batch()
            elif not self._fits(builders[place], record):
                batches.append(await self._submit(place, builders[place]))
                builders[place] = self._producer.create_batch()
            else:
                continue
            self._fits(builders[place], record)
        return batches + [await self._submit(place, builder) for place, builder in builders.items()]

    @staticmethod
    def _fits(builder: Any, record: Outgoing) -> bool:
        added = builder.append(
            timestamp=record.timestamp_ms, key=record.key, value=record.value, headers=record.headers
        )
        return added is not None

    async def _submit(self, place: Place, builder: Any) -> Batch:
        topic, partition = place
        future = await self._producer.send_batch(builder, topic, partition=partition)
        future.add_done_callback(_noticed)
        return Batch(place, builder.record_count(), future)

    async def close(self) -> None:
        """Disconnect once everything under way is acknowledged."""
        await self._producer.stop()

    async def discard(self) -> None:
        """Disconnect at once: what is under way may or may not arrive."""
        # The client has no way to give up what it holds: stop() waits for brokers that may never come back. So its
        # parts are ended one by one: the task that sends, then the connections it waits for.
        task = self._producer._sender.sender_task
        if task is not None:
            task.cancel()
        with suppress(KafkaError, OSError):
            await self._producer.client.close()
        while task is not None and not task.done():
            await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
            task.cancel()
        self._producer._closed = True


def _noticed(future: asyncio.Future[Any]) -> None:
    """Who was to wait for it may be gone, and nobody else needs to hear of its failure."""
    if not future.cancelled():
        future.exception()
