"""The same figures from the store's tail, for the profile `single`, and for while the monitor is not running.

No Faust, no windows of its own: the fold is the monitor's, over dictionaries. It reads on when somebody looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from events.store import Head, Recorded
from events.times import Instant, moment
from projections.monitor.figures import Figures
from projections.monitor.glance import glance, millis
from projections.monitor.limits import Limits
from projections.monitor.tables import Tables, apply
from projections.monitor.tell import Outside, tell

PAGE = 2_000
AT_ONCE = 20_000
"""How many events one look may read: about half a second. What is left is told, and read by the next look."""


class ReadsLog(Protocol):
    """The reads that this needs; the event store has them."""

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """Up to `limit` events in position order."""

    async def head(self) -> Head:
        """Where the log ends now."""


class TailMonitor:
    """Figures by looking. `now` is the log's clock."""

    def __init__(self, log: ReadsLog, now: Callable[[], Instant], limits: Limits | None = None) -> None:
        self._log = log
        self._now = now
        self._limits = limits or Limits()
        self._tables = Tables()
        self._turn = asyncio.Lock()
        self._read = 0

    async def figures(self) -> Figures:
        """As far as the log was read; StoreUnavailable when it cannot be read."""
        async with self._turn:
            head = await self._log.head()
            await self._read_on(min(head.position, self._read + AT_ONCE))
            return self._told(head.position)

    async def _read_on(self, until: int) -> None:
        while self._read < until and (page := await self._log.read_all(self._read, limit=PAGE)):
            for event in page:
                self._take(event)
            # A page takes some tens of milliseconds: others may have their turn.
            await asyncio.sleep(0)

    def _take(self, event: Recorded) -> None:
        self._read = event.position
        try:
            apply(self._tables, glance(event))
        except (ValueError, LookupError):
            for what in ("unreadable", "unread_positions"):
                self._tables.totals[what] = self._tables.totals.get(what, 0) + 1

    def _told(self, head: int) -> Figures:
        outside = Outside(now_ms=millis(moment(self._now())), behind=max(head - self._read, 0))
        return tell(self._tables, outside, self._limits)
