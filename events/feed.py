"""The port of the feed: recorded events, in order, to named consumers.

In `single` its adapter is the tail of the event store; in `cluster` it is Kafka. A consumer keeps its own place
where its effects are, so the feed is told where to begin and may repeat: consumers drop positions they have seen.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from events.store import Recorded


class Feed(Protocol):
    """Recorded events for one consumer."""

    def batches(self, consumer: str, after: int, *, limit: int = 500) -> AsyncIterator[Sequence[Recorded]]:
        """Batches of events with a position above `after`, ascending, for ever; waits when there is none.

        An empty batch may come as a sign of life. Within a batch and across batches the order is the log's.
        """

    async def acknowledge(self, consumer: str, position: int) -> None:
        """The consumer's place is durable up to this position; the feed need not deliver it again."""
