"""Does Kafka hold what was sent there? Every record is read, and compared with what the relay wrote down in the store.

Count and rolling hash of each partition must agree; a record out of turn must be equal to the store's event. So a
missing topic, and a lost, altered, reordered or foreign record is found, and named.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import structlog

from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.adapters.kafka.reader import PLACES, Reader, Span, open_reader
from events.adapters.kafka.records import BrokenRecord, Incoming, KafkaRecorded, from_record, place_of
from events.adapters.kafka.trail import Trail
from events.failures import CannotRun
from events.publication import EMPTY, ZEROS, PartitionEnd, Place, Publication, roll
from events.store import EventStore, Recorded, StoreUnavailable

log = structlog.get_logger()

Kind: TypeAlias = Literal["missing-topic", "lost", "altered", "reordered", "foreign", "unreadable"]

PAGE = 1_000
MOST = 100
"""So many findings are named a partition; more would say nothing new."""


@dataclass(frozen=True, slots=True)
class TopicFinding:
    """One thing that is wrong. `position` is that of the event, `offset` that of the record, where there is one."""

    kind: Kind
    topic: str
    partition: int | None
    position: int | None
    offset: int | None
    detail: str

    def line(self) -> str:
        """The finding as one line for people."""
        where = "" if self.partition is None else f", partition {self.partition}"
        at = "" if self.position is None else f", position {self.position}"
        return f"{self.kind} ({self.topic}{where}{at}): {self.detail}"


@dataclass(slots=True)
class _Followed:
    """A partition between two rounds. `offset`: where the next round begins; `early`: what came before its turn, with
    its offset; `beyond`: the first record that was not acknowledged yet when the round began."""

    offset: int
    trail: Trail = field(default_factory=Trail)
    early: dict[int, int] = field(default_factory=dict)
    beyond: int | None = None


AGAIN_SECONDS = 5.0


class TopicVerification:
    """Rounds of verification, each from where the one before it stopped; the first reads everything.

    `records` were read in all, of them `repeats` stood there before: allowed after a fault, and harmless.
    """

    def __init__(self, store: EventStore, publication: Publication, access: KafkaAccess) -> None:
        self._pages = _Pages(store)
        self._publication = publication
        self._access = access
        self._followed: dict[Place, _Followed] = {}
        self.findings: Sequence[TopicFinding] = ()
        self.rounds = self.records = self.repeats = 0
        self.alarm: str | None = None

    async def run(self, every_seconds: float) -> None:
        """A round now and then for ever; `findings` are those of the last, `alarm` says why there is none or what it
        found. One that could not be had is tried again soon: Kafka may have been away for no more than a moment."""
        while True:
            pause = every_seconds
            try:
                findings = await self.round()
                self.alarm = f"{len(findings)} findings on Kafka: {findings[0].line()}" if findings else None
            except (StoreUnavailable, CannotRun) as error:
                self.alarm = f"What is published cannot be verified: {error}"
                pause = min(every_seconds, AGAIN_SECONDS)
            if self.alarm is not None:
                log.error("verification of the publication", alarm=self.alarm)
            await asyncio.sleep(pause)

    async def round(self) -> Sequence[TopicFinding]:
        """Everything that is wrong now. A partition with a finding is read from its beginning the next time.

        StoreUnavailable or CannotRun when the store or Kafka cannot be asked.
        """
        with in_our_words(self._access):
            async with open_reader(self._access) as reader:
                self.findings = await self._round(reader)
        self.rounds += 1
        return self.findings

    async def _round(self, reader: Reader) -> list[TopicFinding]:
        known = (await self._publication.load()).partitions
        missing = await reader.missing()
        findings = [TopicFinding("missing-topic", name, None, None, None, "the topic is not there") for name in missing]
        spans = await reader.spans([place for place in PLACES if place[0] not in missing])
        self._begin(spans)
        found: dict[Place, list[TopicFinding]] = {place: [] for place in spans}
        starts = {place: self._followed[place].offset for place in spans}
        async for place, records in reader.read(starts, {place: span.end for place, span in spans.items()}):
            self.records += len(records)
            await self._follow(place, records, known.get(place, EMPTY), found[place])
        for place, span in spans.items():
            end = known.get(place, EMPTY)
            if self._followed[place].trail.end != end and not found[place]:
                found[place] = await self._differing(reader, place, span)
            if self._followed[place].trail.end != end and not found[place]:
                found[place] = [await self._stuck(place, end)]
            if found[place]:
                del self._followed[place]
            findings += found[place][:MOST]
        return findings

    def _begin(self, spans: Mapping[Place, Span]) -> None:
        for place, span in spans.items():
            followed = self._followed.get(place)
            if followed is None or not span.begin <= followed.offset <= span.end:
                self._followed[place] = _Followed(span.begin)
            elif followed.beyond is not None:
                followed.offset, followed.beyond = followed.beyond, None

    async def _follow(
        self, place: Place, records: Sequence[Incoming], known: PartitionEnd, found: list[TopicFinding]
    ) -> None:
        followed = self._followed[place]
        for record in records:
            event = from_record(record)
            if isinstance(event, BrokenRecord):
                found.append(_of(place, "unreadable", event.position, event.offset, event.reason))
            elif event.position > known.position or not followed.trail.take(event):
                found += await self._compared(place, event, record.offset)
                if event.position <= followed.trail.end.position:
                    self.repeats += 1
                elif event.position > known.position and followed.beyond is None:
                    followed.beyond = record.offset
                else:
                    followed.early.setdefault(event.position, record.offset)
            followed.offset = record.offset + 1

    async def _compared(self, place: Place, event: KafkaRecorded, offset: int) -> list[TopicFinding]:
        """A record stands for what the store has at its position, or it is wrong, wherever it stands."""
        stored = await self._pages.event(event.position)
        if stored is None:
            return [_of(place, "foreign", event.position, offset, "the store has no such position")]
        if roll(ZEROS, stored) == roll(ZEROS, event):
            return []
        kind: Kind = "altered" if stored.stream == event.stream else "foreign"
        return [_of(place, kind, event.position, offset, "the store has something else at this position")]

    async def _differing(self, reader: Reader, place: Place, span: Span) -> list[TopicFinding]:
        """Count or hash do not agree: which records are not what the store has? Each is read again and compared."""
        found = []
        async for _, records in reader.read({place: span.begin}, {place: span.end}):
            for record in records:
                event = from_record(record)
                if not isinstance(event, BrokenRecord):
                    found += await self._compared(place, event, record.offset)
        return found

    async def _stuck(self, place: Place, known: PartitionEnd) -> TopicFinding:
        """Each record is what the store has, and yet they do not come to what was acknowledged: one is not in its turn,
        or is not there."""
        followed = self._followed[place]
        end = followed.trail.end
        missed = await self._pages.after(place, end.position, known.position)
        if missed is None:
            return _of(place, "altered", end.position, None, "what was written down of this partition is another log's")
        offset = followed.early.get(missed)
        if offset is not None:
            return _of(place, "reordered", missed, offset, "it stands before the one that it follows")
        return _of(place, "lost", missed, None, f"nothing follows position {end.position} there")


async def verify_topics(store: EventStore, publication: Publication, access: KafkaAccess) -> Sequence[TopicFinding]:
    """Everything that is wrong with what is published; nothing for a publication that is whole."""
    return await TopicVerification(store, publication, access).round()


class _Pages:
    """Single events of the store; neighbours are at hand, for what is out of turn comes in runs."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._page: Sequence[Recorded] = ()

    async def event(self, position: int) -> Recorded | None:
        """The event at this position; None beyond the end of the log."""
        first = self._page[0].position if self._page else position + 1
        if not first <= position < first + len(self._page):
            self._page = await self._store.read_all(position - 1, limit=PAGE)
            first = position
        return self._page[position - first] if self._page else None

    async def after(self, place: Place, position: int, upto: int) -> int | None:
        """The first position after this one that belongs in the partition, if there is one up to `upto`."""
        for candidate in range(position + 1, upto + 1):
            event = await self.event(candidate)
            if event is not None and place_of(event.stream) == place:
                return candidate
        return None


def _of(place: Place, kind: Kind, position: int | None, offset: int | None, detail: str) -> TopicFinding:
    topic, partition = place
    return TopicFinding(kind, topic, partition, position, offset, detail)
