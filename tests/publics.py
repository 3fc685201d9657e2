"""Public events of paper: a log that a test fills by hand, and the CloudEvents in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from events.public.feed import Published
from events.store import StoreUnavailable

SUBMITTED = "be.vlaanderen.wijkspoor.v1.applications.notify.submitted"
AWARDED = "be.vlaanderen.wijkspoor.v1.contracts.notify.awarded"
START = datetime(2021, 7, 15, 10, tzinfo=UTC)


def ident(name: object) -> str:
    """The same UUID for the same name."""
    return str(uuid5(NAMESPACE_OID, str(name)))


def published(
    sequence: int, *, kind: str = SUBMITTED, case: str | None = "case", at: datetime | None = None, text: str = "één"
) -> Published:
    """One public event; `case` is a name from which its uuid is made."""
    moment = at or START + timedelta(seconds=sequence)
    event = {
        "data": {"note": text},
        "id": ident(f"event {sequence}"),
        "sequence": f"{sequence:016d}",
        "service": "intake",
        "source": "urn:wijkspoor:test",
        "specversion": "1.0",
        "time": moment.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "type": kind,
    }
    return Published(
        sequence=sequence,
        id=event["id"],  # type: ignore[arg-type]  # text
        type=kind,
        call=ident("call"),
        case=ident(case) if case else None,
        recorded_at=moment,
        body=json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(),
    )


@dataclass
class PaperPublicLog:
    """A PublicLog in a list; out of reach on demand."""

    events: list[Published] = field(default_factory=list)
    down: bool = False
    _grown: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def add(self, *events: Published) -> None:
        """Publish more."""
        self.events += events
        async with self._grown:
            self._grown.notify_all()

    async def grow(self, count: int) -> None:
        """Publish so many more events of several cases."""
        first = len(self.events) + 1
        await self.add(*(published(number, case=f"case {number % 3}") for number in range(first, first + count)))

    def _there(self) -> None:
        if self.down:
            raise StoreUnavailable("gone")

    async def read(self, after: int, limit: int) -> Sequence[Published]:
        """As the port says."""
        self._there()
        return self.events[after : after + limit]

    async def find(self, event_id: str) -> int | None:
        """As the port says."""
        self._there()
        return next((one.sequence for one in self.events if one.id == event_id), None)

    async def last(self) -> int:
        """As the port says."""
        self._there()
        return len(self.events)

    async def wait_for(self, sequence: int, timeout: float) -> bool:
        """As the port says."""
        self._there()
        try:
            async with asyncio.timeout(timeout), self._grown:
                await self._grown.wait_for(lambda: len(self.events) >= sequence)
        except TimeoutError:
            return False
        return True
