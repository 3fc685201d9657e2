"""When an event may be reacted to: after all earlier ones that it may rest on, though they came by other partitions.

Partitions are read at their own pace, and a stream's order says nothing about other streams. But a contract's account
is activated only after its funds were committed, and an application judged only after its call was published. So a
fact of a case waits for what concerns the service in that case and in its call; a fact of a call for all that came
before it. Other cases go on meanwhile. The first event that nobody has handled waits for nothing, so nobody waits for
ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from events.adapters.kafka.records import place_of
from events.parking import Poison
from events.poison import read
from events.progress import Progress, Standing
from events.store import Recorded
from events.vocabulary import CaseFact


class Earlier(Protocol):
    """What the log holds; StoreUnavailable when it cannot be read."""

    async def between(
        self, after: int, before: int, types: Sequence[str], cases: Sequence[str] | None
    ) -> Sequence[tuple[int, str]]:
        """Position and stream of events of these types between two positions, of these cases and calls or of all."""


class Turns:
    """Says for one partitioned consumer whether an event's turn has come (`events.adapters.kafka.partition.Turn`).

    `types` are those that concern the consumer, `topics` those that it reads.
    """

    def __init__(
        self, name: str, topics: Sequence[str], types: Sequence[str], progress: Progress, earlier: Earlier
    ) -> None:
        self._name = name
        self._topics = frozenset(topics)
        self._types = types
        self._progress = progress
        self._earlier = earlier
        # Everything up to here has been handled; it never sinks.
        self._floor = 0

    async def __call__(self, event: Recorded) -> bool:
        """Whether everything that the event may rest on has been handled; StoreUnavailable."""
        before = event.position - 1
        if self._floor >= before:
            return True
        cases = cases_of(event)
        if cases is not None and not cases:
            return True
        standing = await self._progress.standing()
        self._floor = max(self._floor, self._handled_by_all(standing))
        if self._floor >= before:
            return True
        found = await self._earlier.between(self._floor, event.position, self._types, cases)
        if not all(self._handled(position, stream, standing.places) for position, stream in found):
            return False
        if cases is None:
            self._floor = max(self._floor, before)
        return True

    def _handled_by_all(self, standing: Standing) -> int:
        """Up to where everything that reached Kafka has been handled."""
        floor = standing.relayed
        for partition, last in standing.partitions.items():
            place = standing.places.get(f"{self._name}/{partition}", 0)
            if place < last and partition.rpartition("-")[0] in self._topics:
                floor = min(floor, place)
        return floor

    def _handled(self, position: int, stream: str, places: Mapping[str, int]) -> bool:
        topic, partition = place_of(stream)
        return places.get(f"{self._name}/{topic}-{partition}", 0) >= position


def cases_of(event: Recorded) -> list[str] | None:
    """The case and the call of an event; None for one that concerns its whole call, empty for one without either."""
    try:
        fact = read(event).fact
    except Poison:
        # It is set aside whenever it comes.
        return []
    return [fact.case, fact.call] if isinstance(fact, CaseFact) else None
