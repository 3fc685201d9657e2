"""Windows of time: tumbling (side by side) and hopping (overlapping), as Faust counts them.

A window starts at a multiple of its step since 1970-01-01T00:00Z, so a day's window is a day in UTC and the same event
falls into the same windows in every replay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

HOUR, DAY = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Span:
    """A kind of window, in seconds; with `step` equal to `size` it tumbles. `keep`: how long one is of interest."""

    size: int
    step: int
    keep: int

    def starts(self, at: float) -> range:
        """The first seconds of the windows that hold this moment."""
        last = int(at // self.step) * self.step
        return range(last - self.size + self.step, last + 1, self.step)


HOURS = Span(size=HOUR, step=600, keep=2 * DAY)
"""Hopping: the last hour, anew every ten minutes."""
DAYS = Span(size=DAY, step=DAY, keep=400 * DAY)
"""Tumbling."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one window holds of one measure."""

    key: str
    start: int
    amount: int


class Windowed(Protocol):
    """Sums by measure and window: a Faust table in the monitor, a dictionary elsewhere."""

    def add(self, key: str, amount: int, at: float) -> None:
        """Add to each window that holds the moment."""

    def rows(self) -> Iterable[Row]:
        """Everything that is held, in no order."""

    def forget(self, before: int) -> None:
        """Drop the windows that start earlier."""


@dataclass(slots=True)
class PlainWindows:
    """Windows in a dictionary: the tested twin of the Faust table."""

    span: Span
    held: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, key: str, amount: int, at: float) -> None:
        """As the port says."""
        for start in self.span.starts(at):
            self.held[key, start] = self.held.get((key, start), 0) + amount

    def rows(self) -> Iterator[Row]:
        """As the port says."""
        return (Row(key, start, amount) for (key, start), amount in self.held.items())

    def forget(self, before: int) -> None:
        """As the port says."""
        for gone in [one for one in self.held if one[1] < before]:
            del self.held[gone]
