"""All that is looked at, over one log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from tests.stranger.deadlines import Deadlines
from tests.stranger.decisions import Decisions
from tests.stranger.money import Money
from tests.stranger.people import FourEyes, Jury
from tests.stranger.reading import Event, Finding


class Looks(Protocol):
    """Something that follows a log from its beginning."""

    def take(self, one: Event) -> Iterable[Finding]:
        """Take in one event; what may not be comes out."""

    def end(self) -> Iterable[Finding]:
        """What can only be said when there is no more."""


def check(events: Iterable[Event], *, whole: bool = True) -> Iterator[Finding]:
    """Everything that may not be, in the order of the log. `whole`: nothing is under way any more at its end."""
    looking: list[Looks] = [Money(), Jury(), FourEyes(), Decisions(), Deadlines()]
    for one in events:
        for look in looking:
            yield from look.take(one)
    if whole:
        for look in looking:
            yield from look.end()
