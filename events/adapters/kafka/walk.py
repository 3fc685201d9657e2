"""The log on its way to Kafka: which events are sent, with which predecessor, and what each partition then holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from events.adapters.kafka.records import Outgoing, place_of, to_record
from events.adapters.kafka.resume import Plan
from events.consumer import Gap
from events.publication import EMPTY, PartitionEnd, Place, Published
from events.store import Recorded


@dataclass(frozen=True, slots=True)
class Step:
    """What a page of events comes to. `position` is its last; `changed` is None while old ground is walked again."""

    position: int
    records: Sequence[Outgoing]
    changed: Mapping[Place, PartitionEnd] | None
    refilled: int


class Walk:
    """From where a plan says, in strict order of position, for ever; a hole in the log stops it."""

    def __init__(self, published: Published, plan: Plan) -> None:
        self._watermark = published.position
        self._ends = dict(published.partitions)
        self._there = dict(plan.there)
        self._previous = {place: end.position for place, end in self._ends.items()}
        self._previous |= {place: plan.there[place] for place in plan.refill}
        self.position = plan.start

    @property
    def behind(self) -> bool:
        """Whether old ground is walked again, to refill what was lost."""
        return self.position < self._watermark

    def step(self, events: Sequence[Recorded]) -> Step:
        """Take the next page; up to the watermark it changes nothing that is known, and only refills."""
        if self.behind:
            events = [event for event in events if event.position <= self._watermark]
        fresh = not self.behind
        changed: dict[Place, PartitionEnd] = {}
        records = []
        for event in events:
            if event.position != self.position + 1:
                raise Gap(f"the log has no position {self.position + 1}: {event.position} came")
            place = place_of(event.stream)
            if event.position > self._there.get(place, 0):
                records.append(to_record(event, self._previous.get(place, 0)))
            self._previous[place] = self.position = event.position
            if fresh:
                changed[place] = self._ends[place] = self._ends.get(place, EMPTY).then(event)
        return Step(self.position, records, changed if fresh else None, 0 if fresh else len(records))
