"""What a relay does first: compare what Kafka holds with what the store knows of it, and say what to send again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from events.adapters.kafka.reader import PLACES, Span
from events.publication import EMPTY, Place, Published
from events.store import Recorded


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to go on. `there`: up to which position each partition holds its events; what follows is sent.

    `refill` names the partitions that hold less than was acknowledged, with the reason in words.
    """

    start: int
    there: Mapping[Place, int]
    refill: Mapping[Place, str] = field(default_factory=dict)


def plan(published: Published, spans: Mapping[Place, Span], lasts: Mapping[Place, Recorded]) -> Plan:
    """Trust a partition up to its last event, unless it holds fewer records than were acknowledged.

    A refill begins after what a partition ends with, or from nothing when it cannot be whole up to there.
    """
    there, refill = {}, {}
    for place in PLACES:
        known, last = published.partitions.get(place, EMPTY), lasts.get(place)
        there[place] = last.position if last is not None else 0
        if there[place] < known.position:
            refill[place] = f"it ends at position {there[place]}, {known.position} was acknowledged"
        elif spans[place].records < known.count:
            there[place] = 0
            refill[place] = f"it holds {spans[place].records} records, {known.count} were acknowledged"
    start = min([published.position, *(there[place] for place in refill)])
    return Plan(start, there, refill)
