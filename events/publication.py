"""The port of what has been published of the log: how far, and what each partition of the publication holds.

Kept beside the log, by the relay alone, and fenced by its lease. Whoever reads the publication can compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, TypeAlias

from events.proof.leaf import leaf_data, micros_of
from events.store import Recorded

LEASE = "relay"
"""The name of the lease under which a publication is moved."""

Place: TypeAlias = tuple[str, int]
"""A topic and the number of one of its partitions."""

ZEROS = bytes(32)


@dataclass(frozen=True, slots=True)
class PartitionEnd:
    """What a partition holds: its last position, how many events, and the rolling hash over them (see `roll`)."""

    position: int = 0
    count: int = 0
    hash: bytes = ZEROS

    def then(self, event: Recorded) -> PartitionEnd:
        """The end after one event more."""
        return PartitionEnd(event.position, self.count + 1, roll(self.hash, event))


EMPTY = PartitionEnd()


@dataclass(frozen=True, slots=True)
class Published:
    """Every position up to `position` was acknowledged; a partition that is not named holds nothing."""

    position: int = 0
    partitions: Mapping[Place, PartitionEnd] = field(default_factory=dict)


class Publication(Protocol):
    """How far the log has been published. Every method raises StoreUnavailable when the keeper cannot be reached."""

    async def load(self) -> Published:
        """What was moved last; nothing at first. It may be a little behind what Kafka has acknowledged."""

    async def move(self, token: int, position: int, changed: Mapping[Place, PartitionEnd]) -> None:
        """Move the watermark and these partitions together; Fenced when the lease has a newer token, or went back."""


def roll(before: bytes, event: Recorded) -> bytes:
    """SHA-256 over the hash before and everything that is published of an event: place, time, bytes, key, signature.

    `before` ‖ length of key id (2 bytes) ‖ key id ‖ length of signature (2 bytes) ‖ signature ‖ Merkle leaf data.
    """
    key = event.key_id.encode()
    rolled = sha256(before)
    rolled.update(b"%b%b%b%b" % (len(key).to_bytes(2), key, len(event.signature).to_bytes(2), event.signature))
    rolled.update(leaf_data(event.position, micros_of(event.recorded_at), event.body))
    return rolled.digest()
