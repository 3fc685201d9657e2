"""Records come twice, with holes, or broken: each event counts once, and nothing stops the reader."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
import pytest

from events.store import Recorded
from projections.monitor.places import Places
from projections.monitor.reading import Raw, Reader
from projections.monitor.tables import Tables
from tests.unit.projections.monitor.making import recorded

WHERE = ("wijkspoor.intake.v1", 0)


def raw(offset: int, value: bytes | None = b"", key: bytes = b"stream", topic: str = WHERE[0]) -> Raw:
    return Raw(topic, WHERE[1], offset, key, value, (), 1_000)


def test_a_repeat_is_dropped_by_its_position() -> None:
    places = Places()
    assert [places.judge(WHERE, 0, 4, 0), places.judge(WHERE, 1, 9, 4)] == ["new", "new"]
    assert [places.judge(WHERE, 2, 4, 0), places.judge(WHERE, 3, 9, 4)] == ["repeat", "repeat"]
    assert (places.repeats, places.offsets[WHERE], places.gaps) == (2, 4, [])


def test_a_hole_is_told_by_the_position_before() -> None:
    places = Places()
    places.judge(WHERE, 0, 4, 0)
    assert places.judge(WHERE, 1, 12, 9) == "after_gap"
    assert places.gaps == ["wijkspoor.intake.v1-0: 4 < ? < 12"]
    assert places.judge(WHERE, 2, 15, 12) == "new"


def test_a_lost_first_record_is_a_hole_too() -> None:
    assert Places().judge(WHERE, 1, 9, 4) == "after_gap"


def test_partitions_do_not_know_of_each_other() -> None:
    places = Places()
    places.judge(WHERE, 0, 9, 0)
    assert places.judge((WHERE[0], 1), 0, 4, 0) == "new"


def test_after_a_record_that_cannot_be_read_there_is_no_hole() -> None:
    places = Places()
    places.judge(WHERE, 0, 4, 0)
    assert places.passed(WHERE, 1, 9)
    assert places.judge(WHERE, 2, 12, 9) == "new"
    assert not places.passed(WHERE, 1, 9), "it was met before"


def test_a_wild_claim_does_not_make_repeats_of_what_follows() -> None:
    places = Places()
    places.judge(WHERE, 0, 4, 0)
    places.passed(WHERE, 1, 10**15)
    assert places.judge(WHERE, 2, 9, 4) == "new"


@dataclass(frozen=True)
class Broken:
    """A record that is not what the relay writes."""

    reason: str = "no event"
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Placed(Recorded):
    """An event that knows what came before it."""

    previous: int = 0


def placed(position: int, previous: int = 0, body: bytes | None = None) -> Placed:
    event = recorded("CallClosed", position)
    fields = {name: getattr(event, name) for name in Recorded.__dataclass_fields__}
    return Placed(**{**fields, "body": event.body if body is None else body}, previous=previous)


def reading(*results: Recorded | Broken) -> Reader:
    """A reader that finds these in its records, by offset."""
    return Reader(Tables(), lambda one: results[one.offset])


def take(reader: Reader, *offsets: int) -> Reader:
    for offset in offsets:
        reader.log(raw(offset))
    return reader


def test_each_event_counts_once() -> None:
    reader = take(reading(placed(1), placed(2, 1), placed(1), placed(2, 1)), 0, 1, 2, 3)
    assert reader.tables.totals["events:intake"] == 2
    assert (reader.places.repeats, reader.tables.position) == (2, 2)


def test_what_cannot_be_read_is_counted_and_passed() -> None:
    reader = take(reading(placed(1), Broken(position=2), placed(3, 2)), 0, 1, 2)
    assert reader.tables.totals["events:intake"] == 2
    assert (reader.tables.totals["unreadable"], reader.tables.totals["unread_positions"]) == (1, 1)
    assert reader.places.gaps == []
    take(reader, 1)
    assert reader.tables.totals["unreadable"] == 1, "met again it is not counted again"


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"occurred_at":"yesterday","data":{}}', b"[1]"])
def test_bytes_that_say_nothing_are_unreadable(body: bytes) -> None:
    reader = take(reading(placed(1, body=body), placed(2, 1)), 0, 1)
    assert (reader.tables.totals["unreadable"], reader.tables.totals["events:intake"]) == (1, 1)
    assert reader.places.gaps == []


def test_a_type_from_the_future_still_counts_for_its_service() -> None:
    reader = take(reading(replace(placed(1), type="SomethingNew", schema_version=9)), 0)
    assert reader.tables.totals["events:intake"] == 1


def test_a_record_without_a_link_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        take(reading(recorded("CallClosed", 1)), 0)


def parked(consumer: str, stream: str | None = None) -> bytes:
    return msgspec.json.encode({"consumer": consumer, "stream": stream, "reason": "a bug", "trace": "left alone"})


def test_parked_events_add_up_by_consumer_and_stream() -> None:
    reader = reading()
    for offset, note in enumerate([parked("a"), parked("a"), parked("b"), parked("a", "other")]):
        reader.park(raw(offset, note))
    reader.park(raw(0, parked("a")))
    held = {(one.consumer, one.stream): one.records for one in reader.tables.parked.values()}
    assert held == {("a", "stream"): 2, ("b", "stream"): 1, ("a", "other"): 1}


def test_a_parked_record_without_a_value_says_that_the_stream_goes_on() -> None:
    reader = reading()
    reader.park(raw(0, parked("a")))
    reader.park(raw(1, None))
    assert not reader.tables.parked


def test_a_parked_record_that_says_nothing_is_counted() -> None:
    reader = reading()
    reader.park(raw(0, b"\x00"))
    reader.park(raw(1, parked("a"), key=b"\xff"))
    assert reader.tables.totals["unreadable_parked"] == 2
    assert not reader.tables.parked
