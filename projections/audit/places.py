"""Where the positions of a log are not 1…N in order: what is missing, doubled, or stands elsewhere."""

from __future__ import annotations

from array import array
from collections import Counter
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
        self.present = Counter(positions)
        self.seen: set[int] = set()
        self.next = 1
        self.blind = 0

    def run(self) -> None:
        following = [*self.positions[1:], None]
        for position, after in zip(self.positions, following, strict=True):
            if position == 0:
                # An unreadable line fills the place of the missing event, unless that event still follows.
                self.blind = self.next
                self.next += after != self.next
            elif self.present[position] > 1 and (position in self.seen or position != self.next):
                self._at("duplicate", f"position {position} occurs twice", position)
            elif position == self.next:
                self.next += 1
            elif position < self.next:
                self._at("altered", f"position {position} stands after later ones", position)
            else:
                self._early(position, after)
            self.seen.add(position)
        for low, high in self._missing(self.last):
            self._range("truncated", f"the log ends before position {self.last}", low, high)
        for position in sorted(self.seen):
            if position > self.last:
                self._at("altered", f"position {position} lies beyond the end at {self.last}", position)

    def _early(self, position: int, after: int | None) -> None:
        """A position that is not yet due: events before it are missing, or this line is not where it belongs."""
        alone = after == self.next + 1 or (after is None and position > self.last)
        if alone or after == self.next or position > self.last:
            detail = f"position {position} stands in the place of {self.next}"
            self._at("altered", detail, self.next if alone else position, position)
            if alone and self.next not in self.present:
                self._range("hole", f"position {self.next} is missing", self.next, self.next)
            self.next += alone
            return
        for low, high in self._missing(position - 1):
            what = f"position {low} is" if low == high else f"positions {low} to {high} are"
            self._range("hole", f"{what} missing", low, high)
        self.next = position + 1

    def _missing(self, end: int) -> Iterator[tuple[int, int]]:
        """Ranges from the expected position to `end` that stand nowhere in the log."""
        low = None
        for position in range(self.next, end + 2):
            absent = position <= end and position not in self.present
            if absent and low is None:
                low = position
            elif not absent and low is not None:
                yield low, position - 1
                low = None

    def _at(self, kind: Kind, detail: str, *positions: int) -> None:
        self.faults.at(Sign(kind, detail, positions[0]), *((place, place) for place in positions))

    def _range(self, kind: Kind, detail: str, low: int, high: int) -> None:
        # A damaged line break makes two lines one that cannot be read: what is missing behind it is the same fault.
        self.faults.at(Sign(kind, detail, low), (low - (low - 1 == self.blind), high))
