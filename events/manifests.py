"""The port of manifests: what was signed of each day's public events, once and for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from events.times import Day


@dataclass(frozen=True, slots=True)
class Kept:
    """A manifest as it is handed out (`events.proof.manifest` reads it)."""

    day: Day
    body: bytes


class Manifests(Protocol):
    """Insert-only. Every method raises `events.store.StoreUnavailable` when they cannot be reached."""

    async def add(self, topic: str, kept: Kept) -> bool:
        """Keep the manifest of a day; False if the day has one already, and nothing changes."""

    async def find(self, topic: str, day: Day) -> Kept | None:
        """The manifest of a day."""

    async def latest(self, topic: str) -> Kept | None:
        """The manifest of the last day that has one."""

    async def page(self, topic: str, after: Day | None, limit: int) -> Sequence[Kept]:
        """Manifests of the days after this one, in order."""
