"""A public event as a Kafka record: the CloudEvent as structured JSON, its attributes in headers as well.

`wijkspoor.public.v1` is keyed by case (or call), so all that concerns one case keeps its order; the sequence in the
headers lets a reader put the whole in order, or see that something is missing, without opening the JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from aiokafka.partitioner import murmur2

from events.adapters.kafka.records import Outgoing
from events.adapters.kafka.topics import PARTITIONS, PUBLIC_TOPIC
from events.public.cloudevent import EVENT_MEDIA
from events.public.feed import Published

PUBLIC_PARTITIONS = PARTITIONS[PUBLIC_TOPIC]
SEQUENCE = "ce_sequence"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSIDE = frozenset({"data", "datacontenttype"})


def public_partition(key: str) -> int:
    """Kafka's own rule for this key over the fixed number of partitions."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % PUBLIC_PARTITIONS)


def to_public(event: Published) -> Outgoing:
    """The record of a public event; its time is when the event was recorded."""
    attributes: dict[str, Any] = msgspec.json.decode(event.body)
    headers = [("content-type", EVENT_MEDIA.encode())]
    headers += [(f"ce_{name}", str(value).encode()) for name, value in attributes.items() if name not in _INSIDE]
    return Outgoing(
        PUBLIC_TOPIC,
        public_partition(event.key),
        event.key.encode(),
        event.body,
        headers,
        (event.recorded_at - _EPOCH) // timedelta(milliseconds=1),
    )


def sequence_of(headers: Sequence[tuple[str, bytes]]) -> int | None:
    """The sequence that a record's headers name; None where they name none."""
    text = dict(headers).get(SEQUENCE, b"")
    return int(text) if text.isdigit() and len(text) <= 18 else None
