"""The port of the feed: recorded events, in order, to named consumers.

In `single` its adapter is the tail of the event store; in `cluster` it is Kafka. A consumer keeps its own place
where its effects are, so the feed is told where to begin and may repeat: consumers drop positions they have seen.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from events.store import Recorded, StoreUnavailable


class Hole(StoreUnavailable):
    """A position has not come for too long though later ones have: an alarm, and a reason to look again."""


class Broken(Recorded, frozen=True, gc=False):
    """An event that came in a form that cannot be read. Place and stream are what its carrier claims; what is not
    known is empty. `previous` as the feed says it, `reason` one sentence."""

    previous: int
    reason: str


class Feed(Protocol):
    """Recorded events for one consumer."""

    def batches(self, consumer: str, after: int, *, limit: int = 500) -> AsyncGenerator[Sequence[Recorded], None]:
        """Batches of events with a position above `after`, ascending, for ever; waits when there is none.

        An empty batch may come as a sign of life. Within a batch and across batches the order is the log's. What was
        delivered may come again; who ends early closes the generator.
        """

    def previous(self, recorded: Recorded) -> int:
        """The position that comes right before this event in what this feed delivers (0: it is the first).

        Of the whole log that is the position before; of one partition the event before it there.
        """

    async def acknowledge(self, consumer: str, position: int) -> None:
        """The consumer's place is durable up to this position; the feed need not deliver it again."""
