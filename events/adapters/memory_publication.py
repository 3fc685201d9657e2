"""The tested twin of what is known of the publication, in this process only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from events.consumer import Fenced
from events.publication import PartitionEnd, Place, Published


class MemoryPublication:
    """A Publication; `token` tells the newest token of the lease."""

    def __init__(self, token: Callable[[], int]) -> None:
        self._token = token
        self._published = Published()

    async def load(self) -> Published:
        """As the port says."""
        return self._published

    async def move(self, token: int, position: int, changed: Mapping[Place, PartitionEnd]) -> None:
        """As the port says."""
        if token != self._token() or position < self._published.position:
            raise Fenced(f"relay: another instance has gone on from {self._published.position}")
        self._published = Published(position, {**self._published.partitions, **changed})
