"""How far everybody has come, seen at one moment: what tells a cluster that it is quiet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Standing:
    """One snapshot, in positions of the log.

    `relayed`: everything up to it is in Kafka. `partitions`: the last position in each partition of a topic, by
    ``<topic>-<partition>``. `places`: the last position each consumer has handled; a consumer of one partition is
    called ``<consumer>/<topic>-<partition>``.
    """

    head: int
    relayed: int
    partitions: Mapping[str, int]
    places: Mapping[str, int]


class Progress(Protocol):
    """Reads the standing."""

    async def standing(self) -> Standing:
        """Where everybody stands now; StoreUnavailable when the database cannot be reached."""
