"""A partition as its records tell it: which is next, what it holds so far, and what stands where it should not.

An event is next when it names the last one as the one before it. Repeats and what came too early are no harm if they
are equal to what the store has; after a refill the right one follows.
"""

from __future__ import annotations

from events.adapters.kafka.records import KafkaRecorded
from events.publication import EMPTY, PartitionEnd


class Trail:
    """One partition, followed from its first record."""

    __slots__ = ("end",)

    def __init__(self, end: PartitionEnd = EMPTY) -> None:
        self.end = end

    def take(self, event: KafkaRecorded) -> bool:
        """Whether the event is the next one; then the end moves."""
        if event.previous != self.end.position or event.position <= self.end.position:
            return False
        self.end = self.end.then(event)
        return True
