"""Earlier states: the same fold over a part of the log.

Two clocks cut it. `as_of` asks what was true at a moment, `known_at` what was on record at a moment; both include the
moment itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from events.codec import Event
from events.times import Instant, instant
from projections.view import Key, RowT, View


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of the log: what was true at `as_of`, as far as it was recorded at `known_at`. None: without limit."""

    as_of: Instant | None = None
    known_at: Instant | None = None

    def __bool__(self) -> bool:
        return self.as_of is not None or self.known_at is not None


def effective_at(event: Event) -> Instant:
    """When the fact took effect: its effective date if it names one, else when it happened."""
    own: Instant | None = getattr(event.fact, "effective_at", None)
    return event.envelope.occurred_at if own is None else own


def includes(cut: Cut, event: Event) -> bool:
    """Whether the event belongs to the part. Instants have one form, so they compare as text."""
    if cut.known_at is not None and instant(event.recorded_at) > cut.known_at:
        return False
    return cut.as_of is None or effective_at(event) <= cut.as_of


def part(events: Iterable[Event], cut: Cut) -> Iterator[Event]:
    """The events of the part, in the order in which they came."""
    return (event for event in events if includes(cut, event))


def refold(view: View[RowT], events: Iterable[Event], cut: Cut = Cut()) -> dict[Key, RowT]:
    """The view's rows over a part of the log; `events` in position order."""
    rows: dict[Key, RowT] = {}
    for event in part(events, cut):
        if type(event.fact).__name__ in view.folds:
            view.evolve(rows, event)
    return rows
