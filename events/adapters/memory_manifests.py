"""The tested twin of the kept manifests, in this process only."""

from __future__ import annotations

from collections.abc import Sequence

from events.manifests import Kept
from events.times import Day


class MemoryManifests:
    """Manifests without a disk."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Day], Kept] = {}

    async def add(self, topic: str, kept: Kept) -> bool:
        """As the port says."""
        return self._kept.setdefault((topic, kept.day), kept) is kept

    async def find(self, topic: str, day: Day) -> Kept | None:
        """As the port says."""
        return self._kept.get((topic, day))

    async def latest(self, topic: str) -> Kept | None:
        """As the port says."""
        return self._kept[max(own)] if (own := self._of(topic)) else None

    async def page(self, topic: str, after: Day | None, limit: int) -> Sequence[Kept]:
        """As the port says."""
        return [self._kept[key] for key in self._of(topic) if key[1] > (after or "")][:limit]

    def _of(self, topic: str) -> list[tuple[str, Day]]:
        return sorted(key for key in self._kept if key[0] == topic)
