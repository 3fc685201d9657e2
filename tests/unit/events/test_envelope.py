"""The frame around a fact has one form in bytes; what is hashed is those bytes."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import envelope
from events.canonical import NotCanonical
from events.envelope import GENESIS, LIMIT, Actor, Envelope, TooLarge, digest, from_bytes, to_bytes

STREAM = "call-01900000-0000-7000-8000-0000000000c1"
ACTOR = Actor(role="case_handler", organisation="OVO900001", person="p-1")


def frame(**other: Any) -> Envelope:
    fields: dict[str, Any] = {
        "event_id": "01900000-0000-7000-8000-0000000000e1",
        "stream": STREAM,
        "version": 1,
        "type": "CallOpened",
        "schema_version": 1,
        "occurred_at": "2021-03-11T08:00:00.000000Z",
        "actor": ACTOR,
        "on_behalf_of": None,
        "correlation_id": STREAM[-36:],
        "causation_id": None,
        "command_id": "01900000-0000-7000-8000-0000000000d1",
        "rules": None,
        "legal_basis": None,
        "classification": "public",
        "prev_hash": GENESIS,
        "data": msgspec.Raw(b'{"call":"x"}'),
    }
    return Envelope(**(fields | other))


def sized(length: int) -> Envelope:
    """A frame whose bytes have exactly this length."""
    bare = len(to_bytes(frame(data=msgspec.Raw(b'{"text":""}'))))
    return frame(data=msgspec.Raw(b'{"text":"%b"}' % (b"x" * (length - bare))))


def test_keys_are_sorted_at_every_depth_and_nothing_stands_between() -> None:
    body = to_bytes(frame(on_behalf_of=ACTOR))
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_every_field_is_present_and_null_when_empty() -> None:
    read = json.loads(to_bytes(frame()))
    assert set(read) == set(Envelope.__struct_fields__)
    assert [name for name, value in read.items() if value is None] == [
        "causation_id",
        "legal_basis",
        "on_behalf_of",
        "rules",
    ]


words = st.text(st.characters(max_codepoint=126), max_size=30)


@given(words, st.integers(1, 2**53 - 1), st.none() | st.integers(1, 2**53 - 1), st.none() | words)
def test_what_is_read_back_is_what_was_written(person: str, version: int, rules: int | None, basis: str | None) -> None:
    one = frame(
        actor=Actor(role="applicant", organisation="OVO900001", person=person),
        version=version,
        rules=rules,
        legal_basis=basis,
    )
    assert from_bytes(to_bytes(one)) == one
    assert to_bytes(from_bytes(to_bytes(one))) == to_bytes(one)


def test_the_data_keeps_its_bytes() -> None:
    assert bytes(from_bytes(to_bytes(frame())).data) == b'{"call":"x"}'


@pytest.mark.parametrize("name", Envelope.__struct_fields__)
def test_a_missing_field_is_refused(name: str) -> None:
    read = json.loads(to_bytes(frame()))
    del read[name]
    with pytest.raises(msgspec.ValidationError, match=name):
        from_bytes(json.dumps(read).encode())


@pytest.mark.parametrize("where", ["frame", "actor"])
def test_an_unknown_field_is_refused(where: str) -> None:
    read = json.loads(to_bytes(frame()))
    (read if where == "frame" else read["actor"])["more"] = 1
    with pytest.raises(msgspec.ValidationError, match="more"):
        from_bytes(json.dumps(read).encode())


@pytest.mark.parametrize(("name", "value"), [("version", "1"), ("classification", "secret"), ("actor", "me")])
def test_a_value_of_the_wrong_type_is_refused(name: str, value: object) -> None:
    read = json.loads(to_bytes(frame())) | {name: value}
    with pytest.raises(msgspec.ValidationError):
        from_bytes(json.dumps(read).encode())


def test_an_event_of_512_kib_is_taken_and_one_byte_more_is_not() -> None:
    assert LIMIT == 512 * 1024
    assert len(to_bytes(sized(LIMIT))) == LIMIT
    with pytest.raises(TooLarge, match=f"{LIMIT + 1} bytes"):
        to_bytes(sized(LIMIT + 1))


@pytest.mark.parametrize("text", ["e\u0301", "\ud800"], ids=["not NFC", "lone surrogate"])
def test_text_that_the_log_does_not_allow_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        to_bytes(frame(legal_basis=text))


def test_the_digest_is_the_lower_case_sha256_of_the_bytes() -> None:
    body = to_bytes(frame())
    assert digest(body) == sha256(body).hexdigest()
    assert len(GENESIS) == len(digest(body)) == 64
    assert set(GENESIS) == {"0"}


def test_any_change_makes_another_digest() -> None:
    frames = [frame(), frame(version=2), frame(prev_hash=digest(b"")), frame(rules=7), frame(legal_basis="")]
    assert len({digest(to_bytes(one)) for one in frames}) == len(frames)


def test_the_fields_are_those_of_the_first_day() -> None:
    assert envelope.Envelope.__struct_fields__ == (
        "event_id",
        "stream",
        "version",
        "type",
        "schema_version",
        "occurred_at",
        "actor",
        "on_behalf_of",
        "correlation_id",
        "causation_id",
        "command_id",
        "rules",
        "legal_basis",
        "classification",
        "prev_hash",
        "data",
    )
