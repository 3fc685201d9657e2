"""Records as events, whatever is wrong with them: what can be placed goes on as it is, what cannot is no event.

A record that cannot be read but says where it stands keeps its place as `Broken`, so that its consumer parks its
stream. One without a place is nothing that the relay wrote: it is a stray and no event, and if an event should have
stood there, the gap shows at the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias

import structlog

from events.adapters.kafka.records import BrokenRecord, Incoming, KafkaRecorded, from_record
from events.feed import Broken

log = structlog.get_logger()

Event: TypeAlias = KafkaRecorded | Broken

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


def events_of(records: Sequence[Incoming], consumer: str) -> list[Event]:
    """The events in records, in their order, without strays."""
    return [event for event in (event_of(record, consumer) for record in records) if event.position]


def event_of(record: Incoming, consumer: str) -> Event:
    """The event in a record; a stray has position 0, and a stream that is named after its own place."""
    read = from_record(record)
    return _placed(read, consumer) if isinstance(read, BrokenRecord) else read


def _placed(record: BrokenRecord, consumer: str) -> Broken:
    stream, position, previous = record.stream, record.position, record.previous
    if stream is None or position is None or previous is None or not previous < position:
        _tell(record, consumer)
        stream, position, previous = f"{record.topic}-{record.partition}@{record.offset}", 0, 0
    return Broken(
        position=position,
        recorded_at=_UNKNOWN,
        stream=stream,
        version=0,
        type="",
        schema_version=0,
        correlation_id="",
        body=record.body,
        key_id="",
        signature=b"",
        previous=previous,
        reason=record.reason,
    )


def _tell(record: BrokenRecord, consumer: str) -> None:
    log.error(
        "a record that is no event",
        consumer=consumer,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        reason=record.reason,
    )
