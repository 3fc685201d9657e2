"""An event as a Kafka record, and back: topic by service, partition by stream, everything else in text headers.

The value is the event's exact bytes. What the store knows beside them travels in the headers (contract: position,
recorded_at, type, schema_version, key_id, signature, prev_hash, partition_prev), so that the six topics hold the whole
log and a reader needs nothing else.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

import msgspec
from aiokafka.partitioner import murmur2

from events.adapters.kafka.topics import LOG_TOPICS, PARTITIONS
from events.catalog import KINDS, split_stream
from events.store import Recorded
from events.times import instant

HEADERS = (
    "position",
    "recorded_at",
    "type",
    "schema_version",
    "key_id",
    "signature",
    "prev_hash",
    "partition_prev",
)
"""The headers of every record, in this order."""

(LOG_PARTITIONS,) = {PARTITIONS[topic] for topic in LOG_TOPICS.values()}
"""The same for each topic of the log, and never raised: a stream would change its place."""

_SHAPE, _ZEROS = b"0000-00-00T00:00:00.000000Z", bytes.maketrans(b"123456789", b"000000000")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Outgoing(NamedTuple):
    """A record as it is sent; `partition` is given explicitly, `timestamp_ms` is the recording time."""

    topic: str
    partition: int
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    timestamp_ms: int


class Incoming(Protocol):
    """What is read of a consumed record; aiokafka's ConsumerRecord has it."""

    @property
    def topic(self) -> str:
        """Where it stood."""

    @property
    def partition(self) -> int:
        """… in which partition."""

    @property
    def offset(self) -> int:
        """… and at which place there."""

    @property
    def key(self) -> bytes | None:
        """The stream, as text."""

    @property
    def value(self) -> bytes | None:
        """The envelope's bytes."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """See HEADERS."""


class KafkaRecorded(Recorded, frozen=True, gc=False):
    """An event that came through Kafka; `previous` is the position before it in the same partition (0: the first)."""

    previous: int


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record that is not what the relay writes; `reason` is one sentence.

    `stream`, `position` and `previous` are what key and headers claim, None where they do not say it readably.
    """

    topic: str
    partition: int
    offset: int
    reason: str
    stream: str | None = None
    position: int | None = None
    previous: int | None = None
    body: bytes = b""


class _Index(msgspec.Struct, frozen=True, gc=False):
    """The fields of the envelope that are needed here."""

    stream: str
    version: int
    type: str
    schema_version: int
    correlation_id: str
    prev_hash: str


_index = msgspec.json.Decoder(_Index).decode
_NAMES = frozenset(HEADERS)


def topic_of(stream: str) -> str:
    """The topic of the service that owns the stream; KeyError for a kind of stream that does not exist."""
    return LOG_TOPICS[KINDS[split_stream(stream)[0]]]


@lru_cache(maxsize=65_536)
def place_of(stream: str) -> tuple[str, int]:
    """Topic and partition of a stream."""
    return topic_of(stream), partition_of(stream)


def partition_of(stream: str) -> int:
    """Kafka's own rule (murmur2 of the key, sign cut off, modulo) over the fixed number of partitions."""
    return int((murmur2(stream.encode()) & 0x7FFFFFFF) % LOG_PARTITIONS)


def to_record(event: Recorded, previous: int) -> Outgoing:
    """The record of an event; `previous` is the position before it in its partition (0: it is the first)."""
    topic, partition = place_of(event.stream)
    at, timestamp = _written(event.recorded_at)
    headers = [
        ("position", b"%d" % event.position),
        ("recorded_at", at),
        ("type", event.type.encode()),
        ("schema_version", b"%d" % event.schema_version),
        ("key_id", event.key_id.encode()),
        ("signature", b64encode(event.signature)),
        ("prev_hash", _index(event.body).prev_hash.encode()),
        ("partition_prev", b"%d" % previous),
    ]
    return Outgoing(topic, partition, event.stream.encode(), event.body, headers, timestamp)


def from_record(record: Incoming) -> KafkaRecorded | BrokenRecord:
    """The event in a record, if topic, partition, key, headers and bytes agree with each other.

    Signature and chain are not verified here: whoever needs that has everything to do it.
    """
    try:
        return _read(record)
    except (ValueError, LookupError) as error:
        return _broken(record, str(error) or type(error).__name__)


def _read(record: Incoming) -> KafkaRecorded:
    body, headers = record.value or b"", dict(record.headers)
    if headers.keys() != _NAMES or len(record.headers) != len(HEADERS):
        raise ValueError(f"the headers are {sorted(name for name, _ in record.headers)}")
    index = _index(body)
    position, previous = _number(headers["position"]), _number(headers["partition_prev"])
    if not previous < position:
        raise ValueError(f"position {position} follows {previous}")
    _agree("key", index.stream.encode(), record.key)
    _agree("type", index.type.encode(), headers["type"])
    _agree("schema_version", b"%d" % index.schema_version, headers["schema_version"])
    _agree("prev_hash", index.prev_hash.encode(), headers["prev_hash"])
    if place_of(index.stream) != (record.topic, record.partition):
        raise ValueError(f"the stream {index.stream} has its place elsewhere")
    return KafkaRecorded(
        position,
        _moment(headers["recorded_at"]),
        index.stream,
        index.version,
        index.type,
        index.schema_version,
        index.correlation_id,
        body,
        headers["key_id"].decode(),
        _bytes(headers["signature"]),
        previous,
    )


def _broken(record: Incoming, reason: str) -> BrokenRecord:
    headers = dict(record.headers)
    return BrokenRecord(
        record.topic,
        record.partition,
        record.offset,
        reason,
        stream=record.key.decode(errors="replace") if record.key else None,
        position=_claimed(headers.get("position")),
        previous=_claimed(headers.get("partition_prev")),
        body=record.value or b"",
    )


def _agree(name: str, inside: bytes, outside: bytes | None) -> None:
    if inside != outside:
        raise ValueError(f"the {name} says {outside!r}, the envelope {inside!r}")


def _claimed(raw: bytes | None) -> int | None:
    try:
        return _number(raw or b"")
    except ValueError:
        return None


def _number(raw: bytes) -> int:
    """A number in the one form in which it is written."""
    if not raw.isdigit() or (len(raw) > 1 and raw.startswith(b"0")) or len(raw) > 18:
        raise ValueError(f"{raw!r} is not a number")
    return int(raw)


def _bytes(raw: bytes) -> bytes:
    value = b64decode(raw, validate=True)
    if b64encode(value) != raw:
        raise ValueError("the signature is not strict base64")
    return value


# A batch of the store shares its recording time, so these are hit nearly always.
@lru_cache(maxsize=1_024)
def _written(at: datetime) -> tuple[bytes, int]:
    return instant(at).encode(), (at - _EPOCH) // _MILLISECOND


@lru_cache(maxsize=1_024)
def _moment(raw: bytes) -> datetime:
    # The form alone, not by writing it again as `times.moment` does: a history brings a million different ones.
    if raw.translate(_ZEROS) != _SHAPE:
        raise ValueError(f"{raw!r} is not an instant with six decimals and Z")
    return datetime.fromisoformat(raw.decode())
