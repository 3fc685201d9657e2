"""The monitor's state, and what one event does to it.

The tables are ports: Faust's in the running monitor, dictionaries in the profile `single` and in tests. The fold is
the same, and does not depend on the order in which partitions are read.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from events.catalog import SERVICES
from projections.monitor.glance import Glance
from projections.monitor.measures import DAILY, ENDS, HOURLY, INPUTS, measures
from projections.monitor.trail import Trail
from projections.monitor.windows import DAYS, HOURS, PlainWindows, Windowed

DEMO = "/demo"


@dataclass(slots=True)
class Pulse:
    """A service's latest event, and the inputs above it that it has not answered: (position, recorded ms) in a heap."""

    position: int = 0
    recorded_ms: int = 0
    waiting: list[tuple[int, int]] = field(default_factory=list)

    def moved(self, position: int, at_ms: int) -> None:
        """The service recorded something: earlier inputs are no longer waiting."""
        if position > self.position:
            self.position, self.recorded_ms = position, at_ms
        while self.waiting and self.waiting[0][0] <= self.position:
            heappop(self.waiting)

    def asked(self, position: int, at_ms: int) -> None:
        """Something was recorded that the service has to answer."""
        if position > self.position:
            heappush(self.waiting, (position, at_ms))


@dataclass(slots=True)
class Parked:
    """A stream that a consumer could not go on with: how many of its events came to the parking topic, why the first
    one did, and when the first and the last."""

    consumer: str
    stream: str
    records: int
    reason: str
    since_ms: int
    last_ms: int


@dataclass(slots=True)
class Tables:
    """Everything the figures are made of."""

    totals: MutableMapping[str, int] = field(default_factory=dict)
    hours: Windowed = field(default_factory=lambda: PlainWindows(HOURS))
    days: Windowed = field(default_factory=lambda: PlainWindows(DAYS))
    cases: MutableMapping[str, Trail] = field(default_factory=dict)
    parked: MutableMapping[str, Parked] = field(default_factory=dict)
    pulses: dict[str, Pulse] = field(default_factory=lambda: {service: Pulse() for service in SERVICES})
    position: int = 0
    newest_ms: int = 0
    demo: bool = False
    swept: int = 0

    def add(self, measure: str, amount: int, at_ms: int) -> None:
        """Add to the total, and to the windows that are not yet past all interest."""
        self.totals[measure] = self.totals.get(measure, 0) + amount
        word, age = measure.partition(":")[0], self.newest_ms - at_ms
        if word in HOURLY and age <= HOURS.keep * 1_000:
            self.hours.add(measure, amount, at_ms / 1_000)
        if word in DAILY and age <= DAYS.keep * 1_000:
            self.days.add(measure, amount, at_ms / 1_000)


def apply(tables: Tables, seen: Glance) -> None:
    """Take one event in. Each event is to come once: sums would count it again."""
    tables.position = max(tables.position, seen.position)
    tables.newest_ms = max(tables.newest_ms, seen.recorded_ms)
    _sweep(tables)
    if seen.type == "KeyRegistered" and seen.data.origin:
        tables.demo |= seen.data.origin.endswith(DEMO)
    for measure, amount in measures(seen):
        tables.add(measure, amount, seen.recorded_ms)
    tables.pulses[seen.service].moved(seen.position, seen.recorded_ms)
    for service in INPUTS.get(seen.type, ()):
        tables.pulses[service].asked(seen.position, seen.recorded_ms)
    if seen.data.case:
        _step(tables, seen.data.case, seen)


def _step(tables: Tables, case: str, seen: Glance) -> None:
    trail = tables.cases.get(case) or Trail(seen.data.call)
    for lap in trail.step(seen.position, seen.recorded_ms, seen.service):
        tables.add(f"steps:{lap.service}", lap.steps, lap.at_ms)
        tables.add(f"step_ms:{lap.service}", lap.ms, lap.at_ms)
    trail.ended |= seen.type in ENDS
    tables.cases[case] = trail


def _sweep(tables: Tables) -> None:
    """Once a day of the log's own time, drop the windows that nobody will look at again."""
    newest = tables.newest_ms // 1_000
    if newest // DAYS.step > tables.swept:
        tables.swept = newest // DAYS.step
        tables.hours.forget(newest - HOURS.keep)
        tables.days.forget(newest - DAYS.keep)
