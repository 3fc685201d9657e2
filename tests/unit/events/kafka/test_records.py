"""An event and its Kafka record say the same, byte for byte; what does not agree with itself is broken."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from events.adapters.kafka.records import (
    HEADERS,
    LOG_PARTITIONS,
    BrokenRecord,
    KafkaRecorded,
    Outgoing,
    from_record,
    partition_of,
    to_record,
    topic_of,
)
from events.catalog import KINDS
from events.envelope import GENESIS, Actor, Envelope, to_bytes
from events.store import Recorded
from tests.changing import replace

IDENT = "019a0000-0000-7000-8000-000000000001"
STREAM = f"application-{IDENT}"
AT = datetime(2021, 3, 11, 9, 0, 0, 120, tzinfo=UTC)


@dataclass(frozen=True)
class Read:
    """What aiokafka hands out, as far as it is looked at."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


def event(position: int = 7, stream: str = STREAM, signature: bytes = b"\x01" * 64) -> Recorded:
    body = to_bytes(
        Envelope(
            event_id=IDENT,
            stream=stream,
            version=3,
            type="ApplicationSubmitted",
            schema_version=2,
            occurred_at="2021-03-11T09:00:00.000000Z",
            actor=Actor(role="applicant", organisation="OVO000001", person="p"),
            on_behalf_of=None,
            correlation_id=IDENT,
            causation_id=None,
            command_id=IDENT,
            rules=1,
            legal_basis=None,
            classification="disclosable",
            prev_hash=GENESIS,
            data=Raw(b"{}"),
        )
    )
    return Recorded(position, AT, stream, 3, "ApplicationSubmitted", 2, IDENT, body, "intake-1", signature)


def consumed(sent: Outgoing) -> Read:
    return Read(sent.topic, sent.partition, 41, sent.key, sent.value, tuple(sent.headers))


def changed(name: str, value: bytes) -> Read:
    record = consumed(to_record(event(), 5))
    return replace(record, headers=tuple((n, value if n == name else v) for n, v in record.headers))


def broken(record: Read) -> str:
    got = from_record(record)
    assert isinstance(got, BrokenRecord)
    assert (got.topic, got.partition, got.offset) == (record.topic, record.partition, 41)
    return got.reason


def test_the_headers_are_text_as_the_contract_names_them() -> None:
    sent = to_record(event(), 5)
    assert sent.topic == "wijkspoor.intake.v1"
    assert sent.key == STREAM.encode()
    assert sent.value == event().body
    assert sent.timestamp_ms == 1_615_453_200_000
    assert tuple(name for name, _ in sent.headers) == HEADERS
    assert dict(sent.headers) == {
        "position": b"7",
        "recorded_at": b"2021-03-11T09:00:00.000120Z",
        "type": b"ApplicationSubmitted",
        "schema_version": b"2",
        "key_id": b"intake-1",
        "signature": b64encode(b"\x01" * 64),
        "prev_hash": GENESIS.encode(),
        "partition_prev": b"5",
    }


@given(st.integers(1, 10**15), st.binary(max_size=80), st.sampled_from(sorted(KINDS)), st.uuids())
def test_an_event_comes_back_as_it_was(position: int, signature: bytes, kind: str, ident: object) -> None:
    sent = event(position, f"{kind}-{ident}", signature)
    got = from_record(consumed(to_record(sent, position - 1)))
    assert isinstance(got, KafkaRecorded)
    assert got.previous == position - 1
    assert all(getattr(got, name) == getattr(sent, name) for name in Recorded.__struct_fields__)


# Written down once: a client library that changes its mind must be found, for a stream may never move.
@pytest.mark.parametrize(
    ("stream", "partition"),
    [
        ("call-019a0000-0000-7000-8000-000000000001", 0),
        ("call-019a0000-0000-7000-8000-000000000002", 5),
        ("application-019a0000-0000-7000-8000-000000000001", 5),
        ("application-019a0000-0000-7000-8000-000000000002", 2),
        ("panel-019a0000-0000-7000-8000-000000000001", 0),
        ("payment-order-019a0000-0000-7000-8000-000000000002", 3),
        ("log-019a0000-0000-7000-8000-000000000002", 1),
        ("grant-019a0000-0000-7000-8000-000000000001", 4),
    ],
)
def test_a_stream_keeps_its_partition_for_ever(stream: str, partition: int) -> None:
    assert partition_of(stream) == partition


@given(st.sampled_from(sorted(KINDS)), st.uuids())
def test_the_partition_is_the_one_that_kafka_would_choose(kind: str, ident: object) -> None:
    stream, every = f"{kind}-{ident}", list(range(LOG_PARTITIONS))
    assert partition_of(stream) == DefaultPartitioner()(stream.encode(), every, every)


def test_each_kind_of_stream_has_a_topic_and_no_other_has() -> None:
    assert {topic_of(f"{kind}-{IDENT}") for kind in KINDS} == {
        f"wijkspoor.{service}.v1" for service in set(KINDS.values())
    }
    with pytest.raises(KeyError):
        topic_of(f"rumour-{IDENT}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("position", b"07"),
        ("position", b"7 "),
        ("position", b"-7"),
        ("position", b""),
        ("position", b"5"),
        ("position", b"9" * 400),
        ("partition_prev", b"7"),
        ("partition_prev", b"-1"),
        ("recorded_at", b"2021-03-11T09:00:00Z"),
        ("recorded_at", b"yesterday"),
        ("recorded_at", b"\xff"),
        ("type", b"ApplicationWithdrawn"),
        ("schema_version", b"1"),
        ("key_id", b"\xff"),
        ("signature", b"AQ"),
        ("signature", b"AR=="),
        ("prev_hash", b"1" * 64),
    ],
)
def test_a_header_that_is_not_as_written_breaks_the_record(name: str, value: bytes) -> None:
    assert broken(changed(name, value))


@pytest.mark.parametrize(
    "fault",
    [
        {"topic": "wijkspoor.jury.v1"},
        {"partition": (partition_of(STREAM) + 1) % LOG_PARTITIONS},
        {"key": b"application-other"},
        {"key": None},
        {"value": None},
        {"value": b""},
        {"value": b"{}"},
        {"value": b"\xff\x00"},
        {"headers": ()},
    ],
    ids=str,
)
def test_a_record_that_disagrees_with_itself_is_broken(fault: dict[str, Any]) -> None:
    record = consumed(to_record(event(), 5))
    assert broken(replace(record, **fault))


def test_a_header_too_many_or_twice_breaks_the_record() -> None:
    record = consumed(to_record(event(), 5))
    assert broken(replace(record, headers=(*record.headers, ("extra", b""))))
    assert broken(replace(record, headers=(*record.headers, record.headers[0])))


def test_an_unknown_kind_of_stream_breaks_the_record() -> None:
    record = consumed(to_record(event(), 5))
    body = event().body.replace(STREAM.encode(), b"rumour-" + IDENT.encode())
    assert "rumour" in broken(replace(record, key=b"rumour-" + IDENT.encode(), value=body))


def test_a_broken_record_tells_what_it_claims_to_be() -> None:
    got = from_record(replace(consumed(to_record(event(), 5)), value=b"not an event"))
    assert isinstance(got, BrokenRecord)
    assert got == BrokenRecord(
        "wijkspoor.intake.v1",
        partition_of(STREAM),
        41,
        got.reason,
        stream=STREAM,
        position=7,
        previous=5,
        body=b"not an event",
    )


def test_a_broken_record_without_a_word_to_go_by_claims_nothing() -> None:
    got = from_record(Read("wijkspoor.intake.v1", 0, 41, None, None, ()))
    assert isinstance(got, BrokenRecord)
    assert (got.stream, got.position, got.previous, got.body) == (None, None, None, b"")
