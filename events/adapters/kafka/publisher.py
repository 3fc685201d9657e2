"""The publisher: from the public log to `wijkspoor.public.v1`, in order of sequence, nothing lost.

One publisher is active, by a lease of its own. What Kafka holds says where to go on: each partition up to its last
event. The watermark beside the log says what was acknowledged once, so that a loss on Kafka's side is seen and told.
A publisher that was frozen and wakes up can only send equal bytes again; subscribers drop what they have seen.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from events.adapters.kafka.connect import CLIENT_ERRORS, KafkaAccess
from events.adapters.kafka.incumbent import Incumbent
from events.adapters.kafka.public_records import PUBLIC_PARTITIONS, sequence_of, to_public
from events.adapters.kafka.reader import Reader, Span, open_reader
from events.adapters.kafka.records import Outgoing
from events.adapters.kafka.sending import Batch, Offsets, Producer, Shrunk
from events.adapters.kafka.topics import PUBLIC_TOPIC
from events.beside import beside
from events.consumer import Places
from events.failures import CannotRun
from events.lease import Leases
from events.public.feed import PublicLog, Published
from events.publication import Place
from events.store import StoreUnavailable
from events.tenure import Tenure

log = structlog.get_logger()

LEASE = "publisher"
CONSUMER = f"publish:{PUBLIC_TOPIC}"
"""The name under which the watermark is kept, as a sequence."""

PLACES: tuple[Place, ...] = tuple((PUBLIC_TOPIC, number) for number in range(PUBLIC_PARTITIONS))

IDLE_SECONDS = 0.5


class TopicMissing(Exception):
    """The public topic is not there; the message says what to do."""


class Ahead(Exception):
    """The topic ends with an event that the public log does not have yet; the message says which."""


PASSING: tuple[type[Exception], ...] = (*CLIENT_ERRORS, StoreUnavailable, Shrunk, TopicMissing, Ahead)


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, how often, how long (seconds). A standby takes over within `lease` and `pause`."""

    page: int = 500
    window: int = 4
    lease: float = 5.0
    pause: float = 0.5
    look: float = 10.0
    stall: float = 6.0


@dataclass(slots=True)
class Progress:
    """What a publisher shows of itself, in sequences and counts: `position` is acknowledged, `head` the newest event;
    `sent` events in all, of them `refilled` that Kafka had lost."""

    position: int = 0
    head: int = 0
    sent: int = 0
    refilled: int = 0

    @property
    def lag(self) -> int:
        """How many public events Kafka has not acknowledged yet."""
        return max(self.head - self.position, 0)


class Publisher(Incumbent):
    """One publisher process. What it shows of itself is in `progress`, `active` and `alarm`.

    `run` raises CannotRun where Kafka holds another log.
    """

    def __init__(
        self,
        public: PublicLog,
        places: Places,
        leases: Leases,
        access: KafkaAccess,
        holder: str,
        pace: Pace = Pace(),
    ) -> None:
        super().__init__("publisher", Tenure(leases, LEASE, holder, pace.lease), access, PASSING, pace.pause)
        self._public = public
        self._places = places
        self._pace = pace
        self.progress = Progress()

    def figures(self) -> Mapping[str, float]:
        """For Prometheus; the standby knows how far behind Kafka is as well."""
        return {
            "wijkspoor_publisher_active": float(self.active),
            "wijkspoor_publisher_behind": float(self.progress.lag),
        }

    async def _measured(self) -> None:
        self.progress.head = max(self.progress.head, await self._public.last())
        if not self.active:
            self.progress.position = await self._places.load(CONSUMER)

    async def _session(self) -> None:
        async with open_reader(self._access) as reader:
            await self._publish(reader)

    async def _publish(self, reader: Reader) -> None:
        spans = await _spans(reader)
        there = await self._held(reader, spans)
        self.progress.position = await self._places.load(CONSUMER)
        offsets = Offsets({place: span.end for place, span in spans.items()})
        session = _Session(self._public, self._places, self._tenure, self._pace, self.progress, there, offsets)
        # The reader knows which brokers live: one that is frozen would be asked first, and waited for.
        producer = Producer(replace(self._access, bootstrap=reader.living()))
        await producer.start()
        self.alarm = None
        try:
            await beside(session.publish(producer, self._stopping), self._watch(reader, offsets))
        except BaseException:
            await producer.discard()
            raise
        await producer.close()

    async def _held(self, reader: Reader, spans: Mapping[Place, Span]) -> dict[Place, int]:
        """The sequence with which each partition ends; CannotRun unless that is what the public log says there.

        Ahead while the public log does not go that far: a database that died has forgotten its latest rows, or the view
        is built anew. Both end with the same events.
        """
        lasts = dict.fromkeys(PLACES, 0)
        starts = {place: max(span.end - 1, span.begin) for place, span in spans.items()}
        async for place, records in reader.read(starts, {place: span.end for place, span in spans.items()}):
            sequence = sequence_of(records[-1].headers) or 0
            found = await self._public.read(sequence - 1, 1) if sequence else ()
            if sequence and not found:
                known = await self._public.last()
                raise Ahead(f"{PUBLIC_TOPIC} ends with public event {sequence}, the public log with {known} so far.")
            if not found or found[0].body != records[-1].value:
                raise CannotRun(
                    f"Partition {place[1]} of {PUBLIC_TOPIC} ends with an event that the public log does not have"
                    " there: another log is published on this topic, or somebody wrote on it."
                )
            lasts[place] = sequence
        return lasts

    async def _watch(self, reader: Reader, offsets: Offsets) -> None:
        """A topic that disappears or is emptied while nothing is sent must be noticed too."""
        while True:
            await asyncio.sleep(self._pace.look)
            known = dict(offsets.ends)
            for place, span in (await _spans(reader)).items():
                if span.end < known[place]:
                    raise Shrunk(f"partition {place[1]} of {PUBLIC_TOPIC} ended at {known[place]}, now at {span.end}")


@dataclass(slots=True)
class _Session:
    """From what Kafka holds to the end of the public log, until a fault or the end."""

    public: PublicLog
    places: Places
    tenure: Tenure
    pace: Pace
    progress: Progress
    there: Mapping[Place, int]
    offsets: Offsets
    under_way: deque[tuple[int, Sequence[Batch]]] = field(default_factory=deque)

    async def publish(self, producer: Producer, stopping: asyncio.Event) -> None:
        """Page by page; each is acknowledged in its order, and the watermark follows."""
        # A partition is whole up to its last event, so nothing below the lowest end is missing.
        sequence = min(self.there.values())
        while not stopping.is_set():
            await self.tenure.assure()
            page = await self.public.read(sequence, self.pace.page)
            if page:
                sequence = page[-1].sequence
                self.progress.head = max(self.progress.head, sequence)
                missing = self._missing(page)
                # A client that knows no leader takes nothing, and says nothing, as long as a batch may live.
                async with asyncio.timeout(self.pace.stall):
                    self.under_way.append((sequence, await producer.send(missing)))
            while self.under_way and (not page or len(self.under_way) >= self.pace.window):
                await self._confirm()
            if not page:
                await self.public.wait_for(sequence + 1, IDLE_SECONDS)
        while self.under_way:
            await self._confirm()

    def _missing(self, page: Sequence[Published]) -> list[Outgoing]:
        """The records of those events that their partition does not hold yet."""
        records = [(event.sequence, to_public(event)) for event in page]
        wanted = [one for one in records if one[0] > self.there[one[1].topic, one[1].partition]]
        lost = sum(sequence <= self.progress.position for sequence, _ in wanted)
        if lost:
            log.error("the public topic has lost events and is refilled", count=lost, first=wanted[0][0])
        self.progress.refilled += lost
        self.progress.sent += len(wanted)
        return [record for _, record in wanted]

    async def _confirm(self) -> None:
        sequence, batches = self.under_way.popleft()
        # A broker that is frozen keeps its connections: the client would wait as long as a batch may live.
        async with asyncio.timeout(self.pace.stall):
            await self.offsets.confirm(batches)
        before = self.progress.position
        if sequence > before:
            await self.places.advance(CONSUMER, before, sequence)
            self.progress.position = sequence


async def _spans(reader: Reader) -> dict[Place, Span]:
    if await reader.missing((PUBLIC_TOPIC,)):
        raise TopicMissing(f"The topic {PUBLIC_TOPIC} is missing: run wijkspoor topics apply.")
    return await reader.spans(PLACES)
