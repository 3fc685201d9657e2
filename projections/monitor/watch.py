"""The watchdog's judgement: whether a worker moves. Pure: time and reports in, a verdict out.

It stands outside Faust on purpose: a consumer that has left its group reports itself well for ever. What counts is that
records lie on Kafka and none is handled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from projections.monitor.places import Partition

Verdict: TypeAlias = Literal["well", "silent", "stalled", "gap"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker says of itself: the next offset of each partition, and the holes it noticed."""

    offsets: Mapping[Partition, int]
    gaps: tuple[str, ...] = ()


def behind(offsets: Mapping[Partition, int], ends: Mapping[Partition, int]) -> int:
    """Records that lie on Kafka and were not handled. A topic that was made anew is no debt."""
    return sum(max(end - offsets.get(where, 0), 0) for where, end in ends.items())


@dataclass(slots=True)
class Watch:
    """One worker, from its start. `patience` and `start` in seconds; `known` are holes that a rebuild did not fill."""

    patience: float
    start: float
    began: float
    known: frozenset[str] = frozenset()
    report: Report | None = None
    heard: float = field(init=False)
    moved: float = field(init=False)

    def __post_init__(self) -> None:
        # A worker that was just started has to find its group first.
        self.heard = self.moved = self.began + self.start - self.patience

    def told(self, report: Report, now: float) -> None:
        """The worker reported."""
        if self.report is not None and report.offsets != self.report.offsets:
            self.moved = now
        self.report, self.heard = report, now

    def verdict(self, ends: Mapping[Partition, int] | None, now: float) -> Verdict:
        """What to make of it; `ends` is None while Kafka itself cannot be asked, and then nobody is blamed."""
        if now - self.heard > self.patience:
            return "silent"
        if self.report is None:
            return "well"
        if ends is None or not behind(self.report.offsets, ends):
            self.moved = now
        elif now - self.moved > self.patience:
            return "stalled"
        return "well" if self.known.issuperset(self.report.gaps) else "gap"
