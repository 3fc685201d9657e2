"""The tested twin of the runner: the same fold, its rows kept in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic

import msgspec

from events.consumer import Fenced
from events.store import EventStore, Recorded
from events.times import instant
from projections.past import Cut
from projections.query import Found, Query, select
from projections.reading import refolded
from projections.sifting import Sifted
from projections.view import Key, RowT, View


class MemoryRunner(Generic[RowT]):
    """A Sink for `events.consumer.Consumer`. `rows` and place move together, between two awaits.

    What cannot be read is in `parked`, by stream and position; a fold that fails is raised.
    """

    def __init__(self, view: View[RowT]) -> None:
        self.view = view
        self.rows: dict[Key, RowT] = {}
        self.parked: dict[str, list[int]] = {}
        self.position = 0
        self.recorded_at: datetime | None = None
        self._moved = asyncio.Condition()

    @property
    def name(self) -> str:
        """The view's name."""
        return self.view.name

    async def place(self) -> int:
        """As the port says."""
        return self.position

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """As the port says; Fenced unless the batch follows on the place."""
        if batch[0].position != self.position + 1:
            raise Fenced(f"{self.name} stands at {self.position}, the batch begins at {batch[0].position}")
        sifted = Sifted(self.view, batch)
        for _, event in sifted.folded(self.parked):
            self.view.evolve(self.rows, event)
        for recorded, _, _ in sifted.aside(self.parked):
            self.parked.setdefault(recorded.stream, []).append(recorded.position)
        self.position, self.recorded_at = batch[-1].position, batch[-1].recorded_at
        async with self._moved:
            self._moved.notify_all()

    async def reached(self, position: int) -> None:
        """Wait until the position shows."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.position >= position)


class MemoryReads:
    """Reads over memory runners, by view name, and the store that they follow."""

    def __init__(self, runners: Mapping[str, MemoryRunner[Any]], store: EventStore) -> None:
        self._runners = runners
        self._store = store

    async def present(self, view: View[RowT], query: Query) -> Found[RowT]:
        """As the port says; the rows are copies."""
        runner: MemoryRunner[RowT] = self._runners[view.name]
        # Copied like a row that comes from a table: whoever reads it may not change the view.
        rows = [
            msgspec.convert(msgspec.to_builtins(row), view.row) for row in select(view, query, runner.rows.values())
        ]
        known = instant(runner.recorded_at) if runner.recorded_at else None
        return Found(runner.position, known, rows)

    async def past(self, view: View[RowT], query: Query, cut: Cut) -> Found[RowT]:
        """As the port says."""
        return await refolded(self._store, view, query, cut)

    async def head(self) -> int:
        """As the port says."""
        return (await self._store.head()).position

    async def reached(self, view: View[RowT], position: int, timeout: float) -> bool:
        """As the port says."""
        try:
            await asyncio.wait_for(self._runners[view.name].reached(position), timeout)
        except TimeoutError:
            return False
        return True
