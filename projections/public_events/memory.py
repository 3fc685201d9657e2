"""The public log's tested twin, over a view that this process keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from events.public.cloudevent import joined
from events.public.feed import Published
from events.times import moment
from projections.memory import MemoryRunner
from projections.public_events.evolve import LOG, PublicRow


class MemoryPublicLog:
    """A PublicLog over a memory runner of the view."""

    def __init__(self, runner: MemoryRunner[PublicRow]) -> None:
        self._runner = runner

    async def read(self, after: int, limit: int) -> Sequence[Published]:
        """As the port says."""
        found = [row for row in self._runner.rows.values() if row.kind == "event" and row.sequence > after]
        return [_published(row) for row in sorted(found, key=lambda row: row.sequence)[:limit]]

    async def find(self, event_id: str) -> int | None:
        """As the port says."""
        row = self._runner.rows.get((event_id,))
        return row.sequence if row and row.kind == "event" else None

    async def last(self) -> int:
        """As the port says."""
        row = self._runner.rows.get((LOG,))
        return row.sequence if row else 0

    async def wait_for(self, sequence: int, timeout: float) -> bool:
        """As the port says."""
        try:
            async with asyncio.timeout(timeout):
                while await self.last() < sequence:
                    await self._runner.reached(self._runner.position + 1)
        except TimeoutError:
            return False
        return True


def _published(row: PublicRow) -> Published:
    if row.recorded_at is None:
        raise ValueError(f"event {row.key} has no time of recording")
    return Published(
        sequence=row.sequence,
        id=row.key,
        type=row.type,
        call=row.call,
        case=row.case_id,
        recorded_at=moment(row.recorded_at),
        body=joined(row.head, row.data),
    )
