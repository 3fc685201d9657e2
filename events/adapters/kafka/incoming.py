"""Records as events, whatever is wrong with them: what can be placed goes on as it is, what cannot is no event.

A record that cannot be read but says where it stands keeps its place as `Broken`, so that its consumer parks its
stream. One without a place is nothing that the relay wrote: it is left out, and if an event should have stood there,
the gap shows at the next one.
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
    """The events in records, in their order."""
    events: list[Event] = []
    for record in records:
        read = from_record(record)
        if isinstance(read, BrokenRecord):
            if (event := _placed(read)) is not None:
                events.append(event)
            else:
                _left_out(read, consumer)
        else:
            events.append(read)
    return events


def _placed(record: BrokenRecord) -> Broken | None:
    position, previous = record.position, record.previous
    if record.stream is None or position is None or previous is None or not previous < position:
        return None
    return Broken(
        position=position,
        recorded_at=_UNKNOWN,
        stream=record.stream,
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


def _left_out(record: BrokenRecord, consumer: str) -> None:
    log.error(
        "a record that is no event was left out",
        consumer=consumer,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        reason=record.reason,
    )
