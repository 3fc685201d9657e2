"""The whole log from Kafka: all partitions of the six topics, read without a group, in the one order of the log.

A consumer's place is in PostgreSQL. What is committed to Kafka is only a hint where to begin reading: at the last
record that was handled, so that one always comes. A hint that leads too far shows by the record before the first one,
and reading then begins at the beginning.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from events.adapters.kafka.company import Company
from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.adapters.kafka.incoming import events_of
from events.adapters.kafka.order import Restorer
from events.adapters.kafka.silence import Silence
from events.adapters.kafka.starting import start, stop
from events.adapters.kafka.topics import LOG_TOPICS, PARTITIONS
from events.feed import Hole
from events.store import Recorded

log = structlog.get_logger()

COMMIT_SECONDS = 2.0
METADATA_MS = 10_000
GROUP = "wijkspoor.project."

ALL = tuple(TopicPartition(topic, number) for topic in LOG_TOPICS.values() for number in range(PARTITIONS[topic]))


@dataclass
class _Track:
    """One partition on its way: the last position that came, and which offset is unprocessed from which position on."""

    last: int
    rewound: bool = False
    chunks: deque[tuple[int, int]] = field(default_factory=deque)
    unprocessed: int | None = None
    committed: int | None = None

    def follows(self, event: Recorded) -> bool:
        """Whether nothing lies between what came and this event."""
        return previous(event) <= self.last

    def came(self, position: int, following: int) -> None:
        """Everything up to the position has come; `following` is the offset after it."""
        self.last = max(self.last, position)
        self.chunks.append((self.last, following))

    def processed(self, position: int) -> None:
        """Everything up to the position has its effect."""
        while self.chunks and self.chunks[0][0] <= position:
            self.unprocessed = self.chunks.popleft()[1]


class KafkaLogFeed:
    """A Feed over Kafka. `hole` is for how many seconds a position may be waited for while later ones are there.

    Consumers of one feed that stand near each other share a client: each event is fetched and read once for all.
    """

    def __init__(self, access: KafkaAccess, *, group: str = GROUP, hole: float = 30.0, idle: float = 5.0) -> None:
        self._access = access
        self._group = group
        self._hole = hole
        self._idle = idle
        self._companies: list[Company] = []

    async def batches(self, consumer: str, after: int, *, limit: int = 500) -> AsyncGenerator[Sequence[Recorded], None]:
        """As the port says. StoreUnavailable while Kafka is away; Hole, which is one, when a position does not come."""
        company: Company | None = None
        with in_our_words(self._access):
            try:
                while True:
                    if (near := self._near(after)) is not company:
                        await self._part(company, consumer)
                        company = near
                    company = company or self._founded(consumer, after)
                    company.join(consumer, after)
                    batch = await company.after(after, limit)
                    after = batch[-1].position if batch else after
                    yield batch
            finally:
                await self._part(company, consumer)

    def previous(self, recorded: Recorded) -> int:
        """As the port says: the order is restored, so nothing is missing before an event."""
        return recorded.position - 1

    async def acknowledge(self, consumer: str, position: int) -> None:
        """As the port says; Kafka is told every few seconds, and at the end."""
        for company in self._companies:
            await company.acknowledge(consumer, position)

    def _near(self, after: int) -> Company | None:
        """The oldest company that can go on from here: so those who are apart come together again."""
        return next((one for one in self._companies if one.serves(after)), None)

    def _founded(self, consumer: str, after: int) -> Company:
        client = AIOKafkaConsumer(
            **self._access.client(),
            client_id=f"wijkspoor {consumer}",
            group_id=f"{self._group}{consumer}",
            enable_auto_commit=False,
            # No hint, or one that leads nowhere: a new consumer, or a topic that was made anew.
            auto_offset_reset="earliest",
            metadata_max_age_ms=METADATA_MS,
        )
        company = Company(_Reader(client, consumer, after, self._hole, self._idle), after)
        self._companies.append(company)
        return company

    async def _part(self, company: Company | None, consumer: str) -> None:
        if company is not None and await company.leave(consumer) and company in self._companies:
            self._companies.remove(company)


class _Reader:
    """What one client brings, in the order of the log (`events.adapters.kafka.company.Brings`)."""

    def __init__(self, client: AIOKafkaConsumer, name: str, after: int, hole: float, idle: float) -> None:
        self._client = client
        self._name = name
        self._order = Restorer(after, ALL)
        self._tracks = {partition: _Track(after) for partition in ALL}
        self._hole = hole
        self._idle = idle
        self._waits_for: tuple[int, float] | None = None
        self._commit_at = 0.0

    async def start(self) -> None:
        """Connect; the client's errors."""
        await start(self._client)
        self._client.assign(ALL)
        self._silence = Silence(self._client, self._name)

    async def close(self) -> None:
        """Leave a hint, and disconnect."""
        await self.commit()
        await stop(self._client)

    async def more(self) -> Sequence[Recorded]:
        """What comes next; nothing as a sign of life. Hole when it does not come though later ones have."""
        await self._fetch()
        taken = self._order.take()
        if not taken:
            self._check_hole()
        return taken

    async def acknowledge(self, position: int) -> None:
        """Remember what need not come again, and tell Kafka when it is time."""
        for track in self._tracks.values():
            track.processed(position)
        now = asyncio.get_running_loop().time()
        if now >= self._commit_at:
            self._commit_at = now + COMMIT_SECONDS
            await self.commit()

    async def commit(self) -> None:
        """Leave a hint where to begin the next time. It is only that, so a failure is no fault."""
        due = {
            partition: track.unprocessed - 1
            for partition, track in self._tracks.items()
            if track.unprocessed is not None and track.unprocessed != track.committed
        }
        if due:
            with suppress(KafkaError, TimeoutError):
                await self._client.commit(due)
                for partition, offset in due.items():
                    self._tracks[partition].committed = offset + 1

    async def _fetch(self) -> None:
        asked, most = self._order.ask()
        if not asked:
            # Every partition is ahead of the hole: only one that begins again can fill it.
            await asyncio.sleep(min(self._idle, self._hole / 4))
            return
        # While something is waited for, look often enough to see that it lasts.
        patience = self._idle if self._order.hole is None else min(self._idle, self._hole / 4)
        came: dict[TopicPartition, list[Any]] = await self._client.getmany(
            *asked, timeout_ms=int(patience * 1000), max_records=most
        )
        if not came:
            await self._silence.doubt(asked)
            return
        self._silence.broken()
        for partition, records in came.items():
            self._offer(partition, records)

    def _offer(self, partition: TopicPartition, records: Sequence[Any]) -> None:
        track, events = self._tracks[partition], events_of(records, self._name)
        for index, event in enumerate(events):
            if not track.follows(event) and not track.rewound:
                log.warning(
                    "reading a partition again from its beginning",
                    consumer=self._name,
                    partition=f"{partition.topic}-{partition.partition}",
                    missing=previous(event),
                )
                self._rewind(partition)
                events = events[:index]
                break
            track.last = max(track.last, event.position)
        else:
            track.came(track.last, records[-1].offset + 1)
        self._order.offer(partition, events)

    def _rewind(self, partition: TopicPartition) -> None:
        track = self._tracks[partition]
        track.rewound = True
        track.chunks.clear()
        self._client.seek(partition, 0)

    def _check_hole(self) -> None:
        hole, now = self._order.hole, asyncio.get_running_loop().time()
        if hole is None or self._waits_for is None or self._waits_for[0] != hole:
            self._waits_for = None if hole is None else (hole, now)
            return
        waited = now - self._waits_for[1]
        if waited >= self._hole:
            raise Hole(f"{self._name}: position {hole} has not come for {waited:.0f} s, later ones have")


def previous(event: Recorded) -> int:
    """The position before an event in its partition."""
    found: int = event.previous  # type: ignore[attr-defined]  # what comes from Kafka has it
    return found
