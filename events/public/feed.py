"""The port of the public log: every public event, in one order without holes, as the exact bytes subscribers get.

HTTP feed, event stream, webhooks and the Kafka publisher all read it here, so that each of them says the same.
Adapters: `projections.public_events` (memory and PostgreSQL); their promises are stated in
`tests/contract/test_public_log.py` and run on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Published:
    """One public event: its place, and the CloudEvent as structured JSON.

    `sequence` counts from 1 without a hole, in the order of the log. `id` is the CloudEvent's id, the same in every
    rebuild. `case` is the application's uuid, None when the event concerns the call as a whole; `call` the call's.
    `body` are the bytes to pass on as they are: whoever signs or counts them need not know what they say.
    """

    sequence: int
    id: str
    type: str
    call: str
    case: str | None
    recorded_at: datetime
    body: bytes

    @property
    def key(self) -> str:
        """What keeps events in order on a partitioned channel: the case, or the call where there is none."""
        return self.case or self.call


class PublicLog(Protocol):
    """Every public event so far. Each method raises `events.store.StoreUnavailable` when it cannot be reached."""

    async def read(self, after: int, limit: int) -> Sequence[Published]:
        """Up to `limit` events with a sequence above `after`, ascending; empty at the end."""

    async def find(self, event_id: str) -> int | None:
        """The sequence of the event with this id; None if no public event has it."""

    async def last(self) -> int:
        """The sequence of the newest event; 0 when there is none."""

    async def wait_for(self, sequence: int, timeout: float) -> bool:
        """Wait until there is an event with this sequence; False after `timeout` seconds."""
