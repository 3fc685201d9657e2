"""What a relay does after a fault follows from three things: what was acknowledged, what is there, what is last."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from events.adapters.kafka.reader import PLACES, Span
from events.adapters.kafka.records import Outgoing, place_of
from events.adapters.kafka.resume import Plan, plan
from events.adapters.kafka.walk import Walk
from events.consumer import Gap
from events.publication import EMPTY, PartitionEnd, Place, Published
from events.store import Recorded
from tests.contract.making import ident
from tests.unit.events.kafka.test_records import event

STREAMS = tuple(f"application-{ident(number)}" for number in range(40))
LOG = tuple(event(position, STREAMS[position % 40]) for position in range(1, 201))
HOME = place_of(STREAMS[1])


def mine(log: tuple[Recorded, ...] = LOG, place: Place = HOME) -> list[Recorded]:
    return [one for one in log if place_of(one.stream) == place]


def ends(upto: int) -> dict[Place, PartitionEnd]:
    found: dict[Place, PartitionEnd] = {}
    for one in LOG[:upto]:
        place = place_of(one.stream)
        found[place] = found.get(place, EMPTY).then(one)
    return found


@dataclass
class Kafka:
    """What each partition holds, as a relay finds it."""

    spans: dict[Place, Span]
    lasts: dict[Place, Recorded]

    @classmethod
    def holding(cls, upto: int) -> Kafka:
        """Everything up to a position, once."""
        parts = {place: mine(LOG[:upto], place) for place in PLACES}
        return cls(
            {place: Span(0, len(part)) for place, part in parts.items()},
            {place: part[-1] for place, part in parts.items() if part},
        )

    def but(self, span: Span, last: Recorded | None) -> Kafka:
        """The same, but one partition is different."""
        lasts = {place: one for place, one in self.lasts.items() if place != HOME}
        return Kafka({**self.spans, HOME: span}, lasts if last is None else {**lasts, HOME: last})


def resumed(acknowledged: int, kafka: Kafka) -> Plan:
    return plan(Published(acknowledged, ends(acknowledged)), kafka.spans, kafka.lasts)


def sent(acknowledged: int, kafka: Kafka) -> list[Outgoing]:
    """What a relay that begins so sends until the log is out."""
    walk = Walk(Published(acknowledged, ends(acknowledged)), resumed(acknowledged, kafka))
    records: list[Outgoing] = []
    while walk.position < len(LOG):
        records += walk.step(LOG[walk.position : walk.position + 30]).records
    return records


def positions(records: list[Outgoing]) -> list[int]:
    return [int(dict(one.headers)["position"]) for one in records]


def previous(records: list[Outgoing]) -> list[int]:
    return [int(dict(one.headers)["partition_prev"]) for one in records]


def test_at_first_everything_is_sent_and_each_event_names_the_one_before_it() -> None:
    records = sent(0, Kafka.holding(0))
    assert positions(records) == list(range(1, 201))
    home = [one for one in records if (one.topic, one.partition) == HOME]
    assert previous(home) == [0, *positions(home)[:-1]]


def test_what_kafka_holds_beyond_the_watermark_is_not_sent_again() -> None:
    assert positions(sent(60, Kafka.holding(90))) == list(range(91, 201))


def test_what_one_partition_holds_beyond_the_others_is_not_sent_again_there() -> None:
    there = [one for one in mine() if one.position > 90][:2]
    ahead = Kafka.holding(90)
    kafka = ahead.but(Span(0, ahead.spans[HOME].records + 2), there[-1])
    assert positions(sent(60, kafka)) == [n for n in range(91, 201) if n not in {one.position for one in there}]


def test_a_partition_that_ends_below_what_was_acknowledged_is_refilled_from_its_end() -> None:
    part = mine(LOG[:100])
    kafka = Kafka.holding(100).but(Span(0, 3), part[2])
    assert set(resumed(100, kafka).refill) == {HOME}

    records = sent(100, kafka)
    assert positions(records) == [one.position for one in part[3:]] + list(range(101, 201))
    assert previous(records)[0] == part[2].position


def test_an_emptied_partition_is_refilled_from_nothing() -> None:
    part = mine(LOG[:100])
    records = sent(100, Kafka.holding(100).but(Span(8, 8), None))
    assert positions(records)[: len(part)] == [one.position for one in part]
    assert previous(records)[0] == 0


def test_a_partition_made_anew_that_got_the_latest_event_first_is_refilled_from_nothing() -> None:
    part = mine(LOG[:100])
    records = sent(100, Kafka.holding(100).but(Span(0, 1), part[-1]))
    assert positions(records)[: len(part)] == [one.position for one in part]


def test_repeats_in_a_partition_are_no_reason_to_refill() -> None:
    part = mine(LOG[:100])
    assert not resumed(100, Kafka.holding(100).but(Span(0, 5 * len(part)), part[-1])).refill


@pytest.mark.parametrize("acknowledged", [0, 57, 100, 200])
def test_what_is_written_down_in_the_end_does_not_depend_on_where_a_relay_began(acknowledged: int) -> None:
    published = Published(acknowledged, ends(acknowledged))
    kafka = Kafka.holding(acknowledged).but(Span(0, 0), None)
    walk = Walk(published, plan(published, kafka.spans, kafka.lasts))
    found = dict(published.partitions)
    while walk.position < len(LOG):
        step = walk.step(LOG[walk.position : walk.position + 30])
        assert (step.changed is None) == (step.position <= acknowledged)
        found |= step.changed or {}
    assert found == ends(200)


def test_a_hole_in_the_log_stops_the_relay() -> None:
    walk = Walk(Published(), plan(Published(), Kafka.holding(0).spans, {}))
    with pytest.raises(Gap, match="no position 6"):
        walk.step([*LOG[:5], *LOG[6:9]])
    assert walk.position == 5


def test_a_page_across_the_watermark_is_taken_in_two_steps() -> None:
    published = Published(100, ends(100))
    walk = Walk(published, replace(resumed(100, Kafka.holding(100).but(Span(0, 0), None)), start=80))
    assert (walk.step(LOG[80:130]).position, walk.step(LOG[100:130]).position) == (100, 130)
