"""The topics: contract.md §5 as a table. Counts are fixed at creation, everything is kept for ever.

A partition count decides on which partition a stream lives, and a reader finds gaps by the record before it in its
partition; so a count never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

LOG_TOPICS: Mapping[str, str] = MappingProxyType(
    {service: f"wijkspoor.{service}.v1" for service in ("intake", "eligibility", "jury", "decision", "payment", "log")}
)
"""Service → topic; the six of them together are the log, byte for byte."""

PUBLIC_TOPIC = "wijkspoor.public.v1"
PARKED_TOPIC = "wijkspoor.parked.v1"

PARTITIONS: Mapping[str, int] = MappingProxyType(
    {**dict.fromkeys(LOG_TOPICS.values(), 6), PUBLIC_TOPIC: 6, PARKED_TOPIC: 1}
)

MAX_MESSAGE_BYTES = 2_097_152
FOR_EVER = str(2**63 - 1)

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
        "unclean.leader.election.enable": "false",
        # A record's time is when its event was recorded, by another clock than the broker's: no clock stops the relay,
        # and a story of five years played in a minute does not cut the topic into hundreds of files.
        "message.timestamp.type": "CreateTime",
        "message.timestamp.after.max.ms": FOR_EVER,
        "message.timestamp.before.max.ms": FOR_EVER,
        "segment.ms": FOR_EVER,
    }
)
"""Never compaction: it would delete what a later record of the same stream follows."""

REPLICATION, IN_SYNC = 3, 2
"""What a production cluster keeps. A cluster of fewer brokers keeps as many copies as it can."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it must be."""

    name: str
    partitions: int
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)

    def on(self, brokers: int) -> Mapping[str, str]:
        """Its settings on a cluster of so many brokers: with three, a write counts when two have it."""
        return {**self.settings, "min.insync.replicas": str(IN_SYNC if brokers >= REPLICATION else 1)}


TOPICS: tuple[Topic, ...] = tuple(Topic(name, count) for name, count in PARTITIONS.items())


def replication(brokers: int) -> int:
    """How many copies a topic keeps on a cluster of so many brokers."""
    return min(REPLICATION, brokers)
