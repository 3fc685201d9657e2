"""The tested twin of the stuck list, in this process only: each step happens between two awaits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from events.parking import Discarded, Parked, Reason, Stuck, event_id_of
from events.store import Recorded

_BEGINNING = datetime(2021, 1, 1, tzinfo=UTC)


class MemoryParking:
    """A Parking without a disk. `clock` says when (aware)."""

    def __init__(self, clock: Callable[[], datetime] = lambda: _BEGINNING) -> None:
        self._clock = clock
        self._rows: dict[int, Parked] = {}
        self._gone: list[Discarded] = []
        self._told: set[int] = set()
        self._last = 0

    async def streams(self, consumer: str) -> frozenset[str]:
        """As the port says."""
        return frozenset(row.event.stream for row in self._rows.values() if row.consumer == consumer)

    async def park(self, consumer: str, event: Recorded, reason: Reason, detail: str) -> None:
        """As the port says."""
        old = next((row for row in self._of(consumer, event.stream) if row.event.position == event.position), None)
        if old is not None:
            self._rows[old.number] = replace(old, reason=reason, detail=detail, again=False)
            return
        self._last += 1
        plain = Recorded(*(getattr(event, name) for name in Recorded.__struct_fields__))
        self._rows[self._last] = Parked(
            self._last, consumer, plain, event_id_of(event.body), reason, detail, self._clock()
        )

    async def follow(self, consumer: str, event: Recorded) -> bool:
        """As the port says."""
        behind = self._of(consumer, event.stream)
        if behind and all(row.event.position != event.position for row in behind):
            await self.park(consumer, event, "behind", "")
        return bool(behind)

    async def of_stream(self, consumer: str, stream: str) -> Sequence[Parked]:
        """As the port says."""
        return sorted(self._of(consumer, stream), key=lambda row: row.event.position)

    async def release(self, parked: Parked) -> None:
        """As the port says."""
        self._rows.pop(parked.number, None)

    async def keep(self, parked: Parked, reason: Reason, detail: str) -> None:
        """As the port says."""
        for row in self._of(parked.consumer, parked.event.stream):
            self._rows[row.number] = replace(row, again=False)
        if tried := self._rows.get(parked.number):
            self._rows[tried.number] = replace(tried, reason=reason, detail=detail)

    async def stuck(self, consumers: Sequence[str] | None = None) -> Sequence[Stuck]:
        """As the port says."""
        names = dict.fromkeys((row.consumer, row.event.stream) for row in self._among(consumers))
        found = ((consumer, stream, self._of(consumer, stream)) for consumer, stream in names)
        return [
            Stuck(consumer, stream, len(rows), any(row.again for row in rows), rows[0].number)
            for consumer, stream, rows in found
        ]

    async def case_stands(self, consumer: str, trace: str) -> bool:
        """As the port says."""
        return any(row.consumer == consumer and row.trace == trace for row in self._rows.values())

    async def listed(self, consumers: Sequence[str] | None = None) -> Sequence[Parked]:
        """As the port says."""
        return list(self._among(consumers))

    async def find(self, number: int) -> Parked | None:
        """As the port says."""
        return self._rows.get(number)

    async def ask_again(self, consumer: str, stream: str) -> bool:
        """As the port says."""
        rows = self._of(consumer, stream)
        for row in rows:
            self._rows[row.number] = replace(row, again=True)
        return bool(rows)

    async def discard(self, number: int, who: str, why: str) -> bool:
        """As the port says."""
        row = self._rows.pop(number, None)
        if row is None:
            return False
        self._gone.append(Discarded(replace(row, again=False), who, why, self._clock()))
        await self.ask_again(row.consumer, row.event.stream)
        return True

    async def discarded(self) -> Sequence[Discarded]:
        """As the port says."""
        return sorted(self._gone, key=lambda one: one.parked.number)

    async def untold(self, consumers: Sequence[str]) -> Sequence[Parked]:
        """As the port says."""
        return [row for row in self._among(consumers) if row.number not in self._told]

    async def told(self, number: int) -> None:
        """As the port says."""
        self._told.add(number)

    def _of(self, consumer: str, stream: str) -> list[Parked]:
        return [row for row in self._rows.values() if row.consumer == consumer and row.event.stream == stream]

    def _among(self, consumers: Iterable[str] | None) -> Iterable[Parked]:
        return (row for row in self._rows.values() if consumers is None or row.consumer in consumers)
