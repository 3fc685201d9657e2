"""Records come twice, with holes, or broken: each event counts once, and nothing stops the reader."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from events.store import Recorded
from events.times import moment
from projections.monitor.glance import millis
from projections.monitor.limits import Limits
from projections.monitor.places import Places
from projections.monitor.reading import Raw, Reader
from projections.monitor.tables import Tables
from projections.monitor.tell import Outside, tell
from tests.changing import replace
from tests.unit.projections.monitor.making import recorded
from tests.unit.projections.samples import AT

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


class Placed(Recorded, frozen=True):
    """An event that knows what came before it."""

    previous: int = 0


def placed(position: int, previous: int = 0, body: bytes | None = None) -> Placed:
    event = recorded("CallClosed", position)
    fields = {name: getattr(event, name) for name in Recorded.__struct_fields__}
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


def parked(
    offset: int, consumer: str = "react:jury", stream: str = "panel-1", value: bytes | None = b"{}", at: str = AT
) -> Raw:
    told = {"consumer": consumer, "reason": "failed", "detail": "a bug", "trace_id": "left alone", "parked_at": at}
    headers = [(name, text.encode()) for name, text in told.items()]
    return Raw("wijkspoor.parked.v1", 0, offset, stream.encode(), value, headers, 1_000)


def held(reader: Reader) -> dict[tuple[str, str], int]:
    return {(one.consumer, one.stream): one.records for one in reader.tables.parked.values()}


def test_parked_events_add_up_by_consumer_and_stream() -> None:
    reader = reading()
    for one in [parked(0), parked(1), parked(2, "react:payment"), parked(3, stream="panel-2"), parked(0)]:
        reader.park(one)
    assert held(reader) == {("react:jury", "panel-1"): 2, ("react:payment", "panel-1"): 1, ("react:jury", "panel-2"): 1}


def test_a_parked_record_without_a_value_says_that_the_stream_goes_on() -> None:
    reader = reading()
    for one in [parked(0), parked(1, "react:payment"), parked(2, value=None)]:
        reader.park(one)
    assert held(reader) == {("react:payment", "panel-1"): 1}


def test_a_parked_stream_is_told_from_its_first_record_until_a_week_after_its_last() -> None:
    reader = reading()
    reader.park(parked(0))
    reader.park(parked(1, at="2021-05-05T10:00:00.000000Z"))
    week = millis(moment("2021-05-12T10:00:00.000000Z"))
    (one,) = tell(reader.tables, Outside(now_ms=week), Limits()).parked
    assert (one.since, one.records, one.reason) == (AT, 2, "failed")
    assert tell(reader.tables, Outside(now_ms=week + 1), Limits()).parked == []


@pytest.mark.parametrize(
    "broken",
    [
        raw(0, b"{}"),
        replace(parked(0), key=b"\xff"),
        replace(parked(0), headers=[("consumer", b"\xff")]),
        parked(0, at="yesterday"),
    ],
)
def test_a_parked_record_that_says_nothing_is_counted(broken: Raw) -> None:
    reader = reading()
    reader.park(broken)
    assert reader.tables.totals["unreadable"] == 1
    assert not reader.tables.parked
