"""The one total order, restored from many partitions: an event waits until its turn, what was seen is dropped.

Positions have no holes, so what comes next is always known. Nothing here touches Kafka: it is told what came from
where, and says what may go on, and from whom to ask more.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import Generic, TypeVar

from events.feed import Broken
from events.store import Recorded

SourceT = TypeVar("SourceT", bound=Hashable)

LIMIT = 10_000
SIP = 100
"""How much is asked at once of a source that may hold what is waited for, while the room for others is used up."""

GULP = 2_000
"""How much is asked at once while there is room."""


class Restorer(Generic[SourceT]):
    """Holds what came too early, never more than `limit` events, and gives events on in order after `after`.

    Each source delivers ascending positions, though it may begin again earlier. So a source of which something is held
    cannot deliver what is waited for, and needs not be asked while room is short; one of which nothing is held can.
    """

    def __init__(self, after: int, sources: Collection[SourceT], limit: int = LIMIT) -> None:
        self._sources = sources
        # Each source may add one sip when the room for all is used up.
        self._room = limit - len(sources) * SIP
        if self._room <= 0:
            raise ValueError(f"{limit} events are too few for {len(sources)} sources")
        self._next = after + 1
        self._held: dict[int, tuple[SourceT, Recorded]] = {}
        self._of: dict[SourceT, int] = dict.fromkeys(sources, 0)

    @property
    def held(self) -> int:
        """How many events wait for their turn."""
        return len(self._held)

    @property
    def hole(self) -> int | None:
        """The position that everything held waits for; None when nothing is held."""
        return self._next if self._held and self._next not in self._held else None

    @property
    def paused(self) -> frozenset[SourceT]:
        """The sources that are not to be asked now: they are ahead, and there is no room for more of them."""
        if len(self._held) < self._room:
            return frozenset()
        return frozenset(source for source, count in self._of.items() if count)

    def ask(self) -> tuple[list[SourceT], int]:
        """Whom to ask now, and for how much at most together; nobody when every source is ahead of a hole."""
        paused = self.paused
        if not paused:
            return list(self._sources), min(GULP, self._room - len(self._held))
        return [source for source in self._sources if source not in paused], SIP

    def offer(self, source: SourceT, events: Sequence[Recorded]) -> None:
        """What came from a source. What was given on before, or is held already, is dropped."""
        held, first, new = self._held, self._next, 0
        for event in events:
            position = event.position
            if position < first:
                continue
            if position in held:
                # A record that can be read stands for one that cannot.
                if isinstance(held[position][1], Broken):
                    held[position] = (held[position][0], event)
                continue
            held[position] = (source, event)
            new += 1
        self._of[source] += new

    def take(self) -> list[Recorded]:
        """Everything whose turn has come, in order."""
        held, of, position = self._held, self._of, self._next
        taken = []
        while (pair := held.pop(position, None)) is not None:
            of[pair[0]] -= 1
            taken.append(pair[1])
            position += 1
        self._next = position
        return taken
