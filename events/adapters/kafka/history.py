"""The whole log from Kafka, from its first event to its last: all partitions of the six topics merged by position.

Memory is bounded: an event waits until its turn, and partitions that are ahead are not asked meanwhile.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager

from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.adapters.kafka.order import Restorer
from events.adapters.kafka.reader import PLACES, Reader, Span, open_reader
from events.adapters.kafka.records import BrokenRecord, Incoming, KafkaRecorded, from_record
from events.adapters.kafka.topics import LOG_TOPICS
from events.failures import CannotRun
from events.history import Unread
from events.publication import Place
from events.store import Recorded

PAGE = 2_000


class KafkaHistory:
    """A History in the six topics, up to where they ended when it was opened; made by `open_history`.

    StoreUnavailable while Kafka cannot be reached.
    """

    def __init__(self, reader: Reader, access: KafkaAccess, spans: dict[Place, Span]) -> None:
        self._reader = reader
        self._access = access
        self._spans = spans
        self._unread: list[Unread] = []

    @property
    def unread(self) -> Sequence[Unread]:
        """As the port says."""
        return self._unread

    @property
    def records(self) -> int:
        """How many records there are to read, repeats among them."""
        return sum(span.records for span in self._spans.values())

    async def house(self) -> Sequence[Recorded]:
        """As the port says: it is one small topic."""
        own = {place: span for place, span in self._spans.items() if place[0] == LOG_TOPICS["log"]}
        found: dict[int, Recorded] = {}
        with in_our_words(self._access):
            async for _, records in self._reader.read(_begins(own), _ends(own)):
                found |= {event.position: event for event in self._events(records)}
        return [found[position] for position in sorted(found)]

    async def pages(self) -> AsyncGenerator[Sequence[Recorded], None]:
        """As the port says."""
        self._unread = []
        order: Restorer[Place] = Restorer(0, PLACES)
        taken: list[Recorded] = []
        with in_our_words(self._access):
            async for place, records in self._reader.read(_begins(self._spans), _ends(self._spans), order.ask):
                order.offer(place, self._events(records))
                # What comes at once is seldom much: readers are served whole pages.
                taken += order.take()
                if len(taken) >= PAGE:
                    yield taken
                    taken = []
        if taken:
            yield taken
        if order.hole is not None:
            self._unread.append(Unread("hole", order.hole, f"position {order.hole} stands in no partition"))

    def _events(self, records: Sequence[Incoming]) -> list[KafkaRecorded]:
        events = []
        for record in records:
            event = from_record(record)
            if isinstance(event, BrokenRecord):
                where = f"record {event.offset} of partition {event.partition} of {event.topic}"
                self._unread.append(Unread("not-canonical", event.position, f"{where}: {event.reason}"))
            else:
                events.append(event)
        return events


@asynccontextmanager
async def open_history(access: KafkaAccess) -> AsyncIterator[KafkaHistory]:
    """The history that Kafka holds now; CannotRun without all six topics, StoreUnavailable without Kafka."""
    with in_our_words(access):
        async with open_reader(access) as reader:
            missing = await reader.missing()
            if missing:
                raise CannotRun(
                    f"Topics of the log are missing on Kafka ({', '.join(missing)}): nothing can be restored without"
                    " them. Check the address and the rights of this user."
                )
            yield KafkaHistory(reader, access, await reader.spans(PLACES))


def _begins(spans: dict[Place, Span]) -> dict[Place, int]:
    return {place: span.begin for place, span in spans.items()}


def _ends(spans: dict[Place, Span]) -> dict[Place, int]:
    return {place: span.end for place, span in spans.items()}
