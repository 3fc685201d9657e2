"""The frame: CloudEvents 1.0, and derivations that are pinned for as long as anybody may remember an event."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
import pytest

from events.codec import Event
from events.public import cloudevent
from events.public.cloudevent import ID_RULE, SEQUENCE_RULE, attributes_text, data_text, joined, public_id
from events.public.models import MODELS
from events.public.translate import tell
from events.times import moment
from projections.public_events import evolve
from tests.golden.make_public import FEED, feed
from tests.unit.projections.samples import AT, CALL, event, sample

PINNED = {
    "01780000-0000-7000-8000-000000000001": "153e8e92-6b64-5fc3-96de-c4ae8301dc8c",
    "0193b6d4-6b4f-7c1c-9a6e-3f1f5d6f8a21": "f20f2a3c-4239-5627-adca-ae3230a25e33",
}
"""Id of a recorded event → its public id, computed once with ID_RULE. Never changed."""


def made(sequence: int = 42, cause: str | None = None) -> dict[str, Any]:
    first = event(sample("CallPublished"))
    frame = msgspec.structs.replace(first.envelope, causation_id=cause)
    one = Event(7, moment("2021-03-11T09:00:01.000000Z"), frame, first.fact)
    told = tell(one.fact, frame.occurred_at, None)
    assert told is not None
    found: dict[str, Any] = json.loads(
        joined(attributes_text(one, told, "urn:wijkspoor:log:x", sequence), data_text(told))
    )
    return found


@pytest.mark.parametrize(("recorded", "public"), PINNED.items())
def test_the_public_id_of_a_recorded_event_never_changes(recorded: str, public: str) -> None:
    assert public_id(recorded) == public


def test_the_rules_say_what_the_code_does() -> None:
    # As ID_RULE says it, without our own names.
    for recorded in PINNED:
        assert public_id(recorded) == str(uuid5(uuid5(NAMESPACE_URL, "urn:wijkspoor:public:v1"), recorded))
    assert "urn:wijkspoor:public:v1" in ID_RULE
    assert "16 decimal digits" in SEQUENCE_RULE
    assert made(42)["sequence"] == "0000000000000042"


def test_text_order_of_sequences_is_number_order() -> None:
    numbers = [1, 9, 10, 99, 100, 12_345, 2**53 - 1]
    texts = [made(number)["sequence"] for number in numbers]
    assert texts == sorted(texts)
    assert [int(text) for text in texts] == numbers


def test_every_attribute_follows_the_specification() -> None:
    found = made(cause="01780000-0000-7000-8000-000000000001")
    attributes = {name: value for name, value in found.items() if name != "data"}
    assert found["specversion"] == "1.0"
    assert {"id", "source", "specversion", "type"} <= attributes.keys()
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in attributes)
    assert all(isinstance(value, str) and value for value in attributes.values())
    assert found["type"] == "be.vlaanderen.wijkspoor.v1.calls.notify.published"
    assert found["datacontenttype"] == "application/json"


def test_time_is_the_time_of_recording_and_business_time_is_in_the_data() -> None:
    found = made()
    assert found["time"] == found["recordedtime"] == "2021-03-11T09:00:01.000000Z"
    assert found["data"]["occurredAt"] == AT


def test_what_concerns_the_whole_call_has_the_call_as_its_subject() -> None:
    found = made()
    assert found["subject"] == found["partitionkey"] == found["data"]["call"] == CALL


def test_the_cause_is_named_as_outsiders_know_it_and_left_out_where_a_person_acted() -> None:
    recorded, public = next(iter(PINNED.items()))
    assert made(cause=recorded)["causationid"] == public
    assert "causationid" not in made()
    assert "traceparent" not in made(), "the log records no trace"


def test_what_each_attribute_and_field_is_made_from_never_changes() -> None:
    # A difference here changes what readers were told, even where every schema still fits: make a new major version.
    for ours, promised in zip(feed().splitlines(), FEED.read_bytes().splitlines(), strict=True):
        assert ours == promised
    told = [json.loads(line)["type"] for line in feed().splitlines()]
    assert {one.partition(".v1.")[2] for one in told} == set(MODELS)


PLANTED: dict[str, tuple[Any, str, Any]] = {
    "id from another name space": (cloudevent, "NAMESPACE", uuid5(NAMESPACE_URL, "urn:wijkspoor:public:v2")),
    "id as the log has it": (cloudevent, "public_id", lambda event_id: event_id),
    "sequence with fewer digits": (cloudevent, "DIGITS", 8),
    "sequence as the position in the log": (
        evolve,
        "attributes_text",
        lambda event, told, source, _sequence: attributes_text(event, told, source, event.position),
    ),
    "sequence from zero": (
        evolve,
        "attributes_text",
        lambda event, told, source, sequence: attributes_text(event, told, source, sequence - 1),
    ),
    "another source": (evolve, "source_of", lambda origin: f"https://{origin}"),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_change_of_what_id_or_sequence_mean_is_found(
    planted: tuple[Any, str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*planted)
    assert feed() != FEED.read_bytes()


def test_equal_events_have_equal_bytes_whatever_the_order_of_fields_in_the_model() -> None:
    text = json.dumps(made()["data"], separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    told = tell(sample("CallPublished"), AT, None)
    assert told is not None
    assert data_text(told) == text
