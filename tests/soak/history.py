"""What a soak collects: what clients sent and heard, and what then stands in the log, in Kafka and in the views."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from events.adapters.kafka.records import BrokenRecord, KafkaRecorded
from events.publication import PartitionEnd, Place
from events.store import Balance, CommandRecord, Recorded
from events.times import Instant


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An answer as a client heard it; `events` are the ids that it named."""

    command_id: str
    stream: str
    version: int
    position: int
    events: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A record of the public topic: the sequence that its headers name (0: none), its key and its bytes."""

    sequence: int
    key: str
    body: bytes


@dataclass(frozen=True)
class History:
    """All that the checker sees.

    `sent` has every command that a client sent, answered or not; `now` is the story's present, up to which every
    deadline has fired; `ends` is what the relay wrote down of each partition, `public` the public topic by partition;
    `parked` are lines of the stuck list.
    """

    log: Sequence[Recorded]
    sent: Collection[str]
    acknowledged: Sequence[Acknowledged]
    remembered: Mapping[str, CommandRecord]
    kafka: Mapping[Place, Sequence[KafkaRecorded | BrokenRecord]]
    ends: Mapping[Place, PartitionEnd]
    public: Mapping[int, Sequence[Told]]
    now: Instant
    views: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    balances: Sequence[Balance] = ()
    parked: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was promised; `kind` is a word, `detail` says where."""

    kind: str
    detail: str


@dataclass(frozen=True)
class Verdict:
    """What the checker says: every finding, and how much it looked at."""

    findings: Sequence[Finding]
    figures: Mapping[str, int]

    def of(self, kind: str) -> int:
        """How many findings of a kind."""
        return sum(one.kind == kind for one in self.findings)

    @property
    def kinds(self) -> set[str]:
        """The kinds that were found."""
        return {one.kind for one in self.findings}
