"""Where the positions of a log are not 1…N in order: what is missing, doubled, or stands elsewhere."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from projections.audit.findings import Faults, Kind, Sign


def judge(faults: Faults, positions: array[int], last: int) -> None:
    """Leave signs for holes, repeats, strays and a missing end. `positions` are as read (0: unreadable line)."""
    if positions == array("q", range(1, last + 1)):
        return
    _Judge(faults, positions, last).run()


class _Judge:
    def __init__(self, faults: Faults, positions: Sequence[int], last: int) -> None:
        self.faults, self.positions, self.last = faults, positions, last
        self.present = set(positions)
        self.seen: set[int] = set()
        self.next = 1

    def run(self) -> None:
        following = [*self.positions[1:], None]
        for position, after in zip(self.positions, following, strict=True):
            if position == 0:
                # An unreadable line fills the place of the missing event, unless that event still follows.
                self.next += after != self.next
            elif position in self.seen:
                self._at("duplicate", position, position, f"position {position} occurs twice")
            elif position > self.last:
                self._beyond(position, after)
            else:
                self._place(position, after)
            self.seen.add(position)
        for low, high in self._missing(self.last):
            self._at("truncated", low, high, f"the log ends before position {self.last}")

    def _place(self, position: int, after: int | None) -> None:
        if position == self.next:
            self.next += 1
        elif position < self.next:
            self._at("altered", position, position, f"position {position} stands after later ones")
        elif after == self.next + 1:
            self._stray(position)
        else:
            gaps = list(self._missing(position - 1))
            for low, high in gaps:
                self._hole(low, high)
            if not gaps:
                self._at("altered", self.next, self.next, f"position {position} stands before {self.next}")
            self.next = position + 1

    def _beyond(self, position: int, after: int | None) -> None:
        if self.next <= self.last and (after is None or after == self.next + 1):
            self._stray(position)
        else:
            self._at("altered", position, position, f"position {position} lies beyond the end at {self.last}")

    def _stray(self, position: int) -> None:
        """One line says another position than its place: what stood here is missing, or stands elsewhere."""
        if self.next not in self.present:
            self._hole(self.next, self.next)
        self._at("altered", self.next, self.next, f"position {position} stands in the place of {self.next}")
        self.next += 1

    def _missing(self, end: int) -> Iterator[tuple[int, int]]:
        """Ranges from the expected position to `end` that stand nowhere in the log."""
        low = None
        for position in range(self.next, min(end, self.last) + 2):
            absent = position <= min(end, self.last) and position not in self.present
            if absent and low is None:
                low = position
            elif not absent and low is not None:
                yield low, position - 1
                low = None

    def _hole(self, low: int, high: int) -> None:
        what = f"position {low} is" if low == high else f"positions {low} to {high} are"
        self._at("hole", low, high, f"{what} missing")

    def _at(self, kind: Kind, low: int, high: int, detail: str) -> None:
        self.faults.at(Sign(kind, detail, low), low, high)
