"""What of a batch a view folds, and what it sets aside: what cannot be digested, and the rest of its stream."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from events.codec import Event
from events.feed import Hole
from events.parking import Poison, Reason
from events.poison import check, read
from events.store import Recorded
from projections.view import View


class Spoilt(Exception):
    """A fold failed on this event: its rows cannot be trusted, and the batch is folded anew without its stream."""

    def __init__(self, event: Recorded, error: Exception) -> None:
        super().__init__(f"position {event.position} of {event.stream}")
        self.event = event
        # The type alone: the message may hold what the event says of a person.
        self.poison = Poison("failed", f"the fold failed: {type(error).__name__}")


class Withheld(Hole):
    """A view whose order is promised stands still before an event that it cannot digest: an alarm, tried again."""


class Sifted:
    """A batch, read: `poison` is what cannot be digested, by position; a fold that fails adds to it."""

    def __init__(self, view: View[Any], batch: Sequence[Recorded]) -> None:
        self._read: list[tuple[Recorded, Event]] = []
        self._batch = batch
        self._view = view
        self.poison: dict[int, Poison] = {}
        folds = view.folds
        for recorded in batch:
            try:
                if recorded.type in folds:
                    self._read.append((recorded, read(recorded)))
                else:
                    check(recorded)
            except Poison as poison:
                self.poison[recorded.position] = poison

    def leave_out(self, positions: Collection[int]) -> None:
        """These events were given up: they are neither folded nor set aside."""
        self.poison = {position: poison for position, poison in self.poison.items() if position not in positions}
        self._read = [pair for pair in self._read if pair[0].position not in positions]

    def folded(self, still: Collection[str]) -> list[tuple[Recorded, Event]]:
        """The events to fold, when these streams stand still already."""
        if not still and not self.poison:
            return self._read
        aside = {event.position for event, _, _ in self.aside(still)}
        return [pair for pair in self._read if pair[0].position not in aside]

    def aside(self, still: Collection[str]) -> list[tuple[Recorded, Reason, str]]:
        """What is set aside: what cannot be digested, and whatever the view folds of its stream after it."""
        if not still and not self.poison:
            return []
        stopped, found = set(still), list[tuple[Recorded, Reason, str]]()
        for event in self._batch:
            poison = self.poison.get(event.position)
            if event.stream in stopped and (poison is not None or event.type in self._view.folds):
                found.append((event, "behind", ""))
            elif poison is not None:
                stopped.add(event.stream)
                found.append((event, poison.reason, poison.detail))
        return found
