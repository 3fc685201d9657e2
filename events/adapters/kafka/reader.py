"""Reading the log's partitions without a group: where they begin and end, what stands last, and everything between.

A record may be asked for that is not there any more, or a topic may be missing: what is found is said, nothing is made
up. Kafka's errors come as they are; who uses a reader knows what they mean for it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiokafka import AIOKafkaConsumer, TopicPartition

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import LOG_PARTITIONS, BrokenRecord, KafkaRecorded, from_record
from events.adapters.kafka.topics import LOG_TOPICS, MAX_MESSAGE_BYTES
from events.publication import Place

PLACES: tuple[Place, ...] = tuple((topic, number) for topic in LOG_TOPICS.values() for number in range(LOG_PARTITIONS))
"""Every partition of the log."""

Ask: TypeAlias = Callable[[], tuple[Collection[Place], int]]

WAIT_MS = 500
LOOK_BACK = 200
"""How far back an event is looked for when a partition ends with something that is none."""

BRIEF = {"request_timeout_ms": 5_000, "retry_backoff_ms": 100}
"""What this program asks of a client that only reads: an answer soon, or an error."""


@dataclass(frozen=True, slots=True)
class Span:
    """The offsets of a partition: the first that is there, and the one after the last."""

    begin: int
    end: int

    @property
    def records(self) -> int:
        """How many records there are; nothing but the relay's stands in the log's topics."""
        return self.end - self.begin


class Reader:
    """A consumer that belongs to no group; made by `open_reader`."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    async def missing(self, topics: Collection[str] = LOG_TOPICS.values()) -> list[str]:
        """Those of these topics (of the log's) that are not there, or not to be seen."""
        found = await self._consumer.topics()
        return [topic for topic in topics if topic not in found]

    def living(self) -> str:
        """The addresses of the brokers that the cluster counts as alive: one that is frozen is not among them."""
        # The consumer knows them, and has no public way to say so.
        return ",".join(f"{one.host}:{one.port}" for one in self._consumer._client.cluster.brokers())

    async def spans(self, places: Collection[Place]) -> dict[Place, Span]:
        """Where these partitions begin and end now."""
        # Their topics are asked about all at once, and nothing is fetched.
        self._begin(dict.fromkeys(places, 0))
        partitions = [TopicPartition(*place) for place in places]
        self._consumer.pause(*partitions)
        begins = await self._consumer.beginning_offsets(partitions)
        ends = await self._consumer.end_offsets(partitions)
        return {(one.topic, one.partition): Span(begins[one], ends[one]) for one in partitions}

    async def lasts(self, spans: Mapping[Place, Span]) -> dict[Place, KafkaRecorded]:
        """The last event of each partition that holds one near its end; what is no event is passed over."""
        lasts = await self._after({place: span.end - 1 for place, span in spans.items() if span.records}, spans)
        odd = {
            place: max(span.begin, span.end - LOOK_BACK)
            for place, span in spans.items()
            if span.records and place not in lasts
        }
        return lasts | await self._after(odd, spans) if odd else lasts

    async def read(
        self, starts: Mapping[Place, int], ends: Mapping[Place, int], ask: Ask | None = None
    ) -> AsyncGenerator[tuple[Place, Sequence[Any]], None]:
        """Records from these offsets up to (not with) those, as Kafka has them, a fetch of one partition at a time.

        `ask` says before each fetch which places to ask and for how many records at most; it ends when all that are
        asked have been read. A partition that shrinks meanwhile is given up where it ends.
        """
        left = {TopicPartition(*place): end for place, end in ends.items() if starts[place] < end}
        self._begin({(one.topic, one.partition): starts[one.topic, one.partition] for one in left})
        while left:
            asked, most = list(left), None
            if ask is not None:
                places, most = ask()
                asked = [one for one in left if one in places]
                if not asked:
                    return
            found = await self._consumer.getmany(*asked, timeout_ms=WAIT_MS, max_records=most)
            for partition, records in found.items():
                upto = [record for record in records if record.offset < left[partition]]
                if upto:
                    yield (partition.topic, partition.partition), upto
                if records[-1].offset + 1 >= left[partition]:
                    del left[partition]
                    self._consumer.pause(partition)
            if not found:
                self._give_up(left, await self._consumer.end_offsets(list(left)))

    def _begin(self, starts: Mapping[Place, int]) -> None:
        partitions = {TopicPartition(*place): offset for place, offset in starts.items()}
        self._consumer.assign(list(partitions))
        for partition, offset in partitions.items():
            self._consumer.seek(partition, offset)

    async def _after(self, starts: Mapping[Place, int], spans: Mapping[Place, Span]) -> dict[Place, KafkaRecorded]:
        lasts = {}
        async for place, records in self.read(starts, {place: spans[place].end for place in starts}):
            for record in records:
                event = from_record(record)
                if not isinstance(event, BrokenRecord):
                    lasts[place] = event
        return lasts

    @staticmethod
    def _give_up(left: dict[TopicPartition, int], ends: Mapping[TopicPartition, int]) -> None:
        for partition, end in ends.items():
            if end < left[partition]:
                del left[partition]


@asynccontextmanager
async def open_reader(access: KafkaAccess, **client: Any) -> AsyncIterator[Reader]:
    """A reader, closed with its context."""
    consumer = AIOKafkaConsumer(
        **access.client(),
        **{**BRIEF, **client},
        group_id=None,
        enable_auto_commit=False,
        # A place that is gone is an error to be seen, never a reason to begin elsewhere.
        auto_offset_reset="none",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )
    try:
        await consumer.start()
        yield Reader(consumer)
    finally:
        await consumer.stop()
