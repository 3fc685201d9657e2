"""The tested twins of the bank's line and book, in this process only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from events.banking import Listed, Outcome, Reading, Waiting
from events.failures import CannotRun

_BEGINNING = datetime(2021, 1, 1, tzinfo=UTC)


class MemoryLine:
    """A BankLine without a disk: what the bank can fetch, what it left, and what was put away."""

    def __init__(self) -> None:
        self.outgoing: dict[str, bytes] = {}
        self.incoming: dict[str, bytes] = {}
        self.put_away: dict[str, tuple[Outcome, str]] = {}

    async def hand_over(self, name: str, content: bytes) -> None:
        """As the port says."""
        if self.outgoing.setdefault(name, content) != content:
            raise CannotRun(f"Another file waits for the bank under the name {name}: move it away.")

    async def arrived(self) -> Sequence[str]:
        """As the port says."""
        return sorted(self.incoming)

    async def take(self, name: str, most: int) -> bytes | None:
        """As the port says."""
        content = self.incoming.get(name)
        return None if content is None else content[: most + 1]

    async def settle(self, name: str, outcome: Outcome, note: str) -> None:
        """As the port says."""
        if self.incoming.pop(name, None) is not None:
            self.put_away[name] = (outcome, note)


class MemoryBook:
    """A BankBook without a disk. `clock` says when (aware)."""

    def __init__(self, clock: Callable[[], datetime] = lambda: _BEGINNING) -> None:
        self._clock = clock
        self._readings: dict[str, Reading] = {}
        self._rows: list[Listed] = []

    async def find(self, digest: str) -> Reading | None:
        """As the port says."""
        return self._readings.get(digest)

    async def keep(self, reading: Reading, waiting: Sequence[Waiting]) -> bool:
        """As the port says."""
        if reading.digest in self._readings:
            return False
        self._readings[reading.digest] = reading
        for one in waiting:
            self._add(one)
        return True

    async def park(self, waiting: Waiting) -> None:
        """As the port says."""
        if all(row.closed_by is not None or row.waiting != waiting for row in self._rows):
            self._add(waiting)

    async def listed(self, *, closed: bool = False) -> Sequence[Listed]:
        """As the port says."""
        return [row for row in self._rows if closed or row.closed_by is None]

    async def close(self, number: int, who: str, why: str) -> bool:
        """As the port says."""
        for place, row in enumerate(self._rows):
            if row.number == number and row.closed_by is None:
                self._rows[place] = replace(row, closed_by=who, why=why)
                return True
        return False

    def _add(self, waiting: Waiting) -> None:
        self._rows.append(Listed(len(self._rows) + 1, waiting, self._clock()))
