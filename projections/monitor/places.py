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

    def judge(self, where: Partition, offset: int, position: int, previous: int) -> Judged:
        """Whether to take an event in; it then counts as handled."""
        self.handled(where, offset)
        last = self.last.get(where, 0)
        if position <= last:
            self.repeats += 1
            return "repeat"
        self.last[where] = position
        if previous == last:
            return "new"
        # Named by what is missing, so that the same hole is known again after a rebuild.
        self.gaps.append(f"{where[0]}-{where[1]}: {last} < ? < {position}")
        return "after_gap"

    def handled(self, where: Partition, offset: int) -> None:
        """A record was dealt with, whatever it was."""
        self.offsets[where] = offset + 1

    def passed(self, where: Partition, position: int | None) -> None:
        """A record that cannot be read claims this position: what follows it is no hole."""
        self.last[where] = max(self.last.get(where, 0), position or 0)
