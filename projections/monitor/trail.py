"""The steps of one case, in the order of the log, whatever the order in which its partitions are read.

A case has its streams in several topics, so on a replay a later step can come before an earlier one. A step is
measured from the one before it; a step that comes late splits the measure that spanned it. What is in the end is the
same for every order of arrival.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from events.catalog import SERVICES


class Lap(NamedTuple):
    """A change to what is known of steps: `steps` more, `ms` longer, for the service whose event stands at `at_ms`."""

    service: str
    at_ms: int
    steps: int
    ms: int


@dataclass(slots=True)
class Trail:
    """One case: 17 bytes an event. `ended` once a fact was seen after which nobody is to move."""

    call: str | None
    ended: bool = False
    positions: array[int] = field(default_factory=lambda: array("q"))
    times: array[int] = field(default_factory=lambda: array("q"))
    services: array[int] = field(default_factory=lambda: array("b"))

    @property
    def last_ms(self) -> int:
        """When the latest step was recorded."""
        return self.times[-1]

    @property
    def last_service(self) -> str:
        """Whose step it was."""
        return SERVICES[self.services[-1]]

    def step(self, position: int, at_ms: int, service: str) -> Iterator[Lap]:
        """Take a step in at its place, and tell what that changes; a repeat changes nothing."""
        place = bisect_left(self.positions, position)
        if place < len(self.positions) and self.positions[place] == position:
            return
        before = self.times[place - 1] if place else None
        if before is not None:
            yield Lap(service, at_ms, 1, at_ms - before)
        if place < len(self.times):
            after, whose = self.times[place], SERVICES[self.services[place]]
            yield Lap(whose, after, 1, after - at_ms) if before is None else Lap(whose, after, 0, before - at_ms)
        self.positions.insert(place, position)
        self.times.insert(place, at_ms)
        self.services.insert(place, SERVICES.index(service))
