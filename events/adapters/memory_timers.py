"""The tested twin of the deadline rows, in this process only."""

from __future__ import annotations

from collections.abc import Sequence

from events.consumer import Fenced
from events.timers import TimerRow
from events.times import Instant


class MemoryTimers:
    """A TimerStore without a disk."""

    def __init__(self) -> None:
        self._rows: dict[str, TimerRow] = {}
        self._fired: set[str] = set()
        self._place = 0

    async def place(self) -> int:
        """As the port says."""
        return self._place

    async def change(self, expected: int, position: int, rows: Sequence[TimerRow], cancelled: Sequence[str]) -> None:
        """As the port says."""
        if expected != self._place:
            raise Fenced(f"timers: another instance has gone on from {expected}")
        self._place = position
        for row in rows:
            old = self._rows.get(row.timer_id)
            if old is None or (old.due, old.cause) != (row.due, row.cause):
                self._fired.discard(row.timer_id)
            self._rows[row.timer_id] = row
        for timer_id in cancelled:
            self._rows.pop(timer_id, None)
            self._fired.discard(timer_id)

    async def due(self, now: Instant) -> Sequence[TimerRow]:
        """As the port says."""
        waiting = [row for name, row in self._rows.items() if name not in self._fired and row.due <= now]
        return sorted(waiting, key=lambda row: (row.due, row.timer_id))

    async def next_due(self) -> Instant | None:
        """As the port says."""
        return min((row.due for name, row in self._rows.items() if name not in self._fired), default=None)

    async def fired(self, row: TimerRow) -> None:
        """As the port says."""
        if self._rows.get(row.timer_id) == row:
            self._fired.add(row.timer_id)
