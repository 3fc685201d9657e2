"""Which events of a partition are new: repeats are dropped by position, a hole is noticed by the position before.

Faust can lose a fetched batch without a word. Every record says which position came before it in its partition, so a
loss shows with the next record, and the watchdog has the figures rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Partition: TypeAlias = tuple[str, int]
Judged: TypeAlias = Literal["new", "repeat", "after_gap"]


@dataclass(slots=True)
class Places:
    """The last position of each partition, and the next offset to handle."""

    last: dict[Partition, int] = field(default_factory=dict)
    offsets: dict[Partition, int] = field(default_factory=dict)
    repeats: int = 0
    gaps: list[str] = field(default_factory=list)
    _claimed: dict[Partition, int] = field(default_factory=dict)

    def judge(self, where: Partition, offset: int, position: int, previous: int) -> Judged:
        """Whether to take an event in; it then counts as handled."""
        self.offsets[where] = offset + 1
        last = self.last.get(where, 0)
        if position <= last:
            self.repeats += 1
            return "repeat"
        self.last[where] = position
        if previous in (last, self._claimed.pop(where, last)):
            return "new"
        # Named by what is missing, so that the same hole is known again after a rebuild.
        self.gaps.append(f"{where[0]}-{where[1]}: {last} < ? < {position}")
        return "after_gap"

    def passed(self, where: Partition, offset: int, position: int | None) -> bool:
        """A record that is no event; False if it was met before. What follows the position it claims is no hole.

        Its claim is not believed any further: a record with a wild position must not make all others repeats.
        """
        if offset < self.offsets.get(where, 0):
            return False
        self.offsets[where] = offset + 1
        if position is not None:
            self._claimed[where] = position
        return True
