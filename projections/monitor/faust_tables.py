"""Faust's tables and windows, without a changelog: the log itself is what they are rebuilt from.

A table of Faust's own would write every change to a topic beside the log: some twenty records an event, a right to
write that nobody who only watches should have, and after a crash changes that are there twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import add
from typing import Any

import faust
from faust.tables import Table

from projections.monitor.tables import Tables
from projections.monitor.windows import DAYS, HOURS, Row, Span

STORE = "memory://"


class Unlogged(Table[Any, Any]):
    """A table that tells nobody but itself of its changes, and is not known to Faust's recovery."""

    def on_key_get(self, key: Any) -> None:
        """Nothing to do."""

    def on_key_set(self, key: Any, value: Any) -> None:
        """Nothing to send."""

    def on_key_del(self, key: Any) -> None:
        """Nothing to send."""

    def add(self, key: str, amount: int, at: float) -> None:
        """Add to every window that holds the moment."""
        self._apply_window_op(add, key, amount, at)


class FaustWindows:
    """`Windowed` on a table of Faust. It expires nothing by itself: Faust would go by the clock on the wall, and a
    log that is read again would find its windows gone."""

    def __init__(self, app: faust.App, name: str, span: Span) -> None:
        self.table = Unlogged(app, name=name, default=int, store=STORE)
        if span.size == span.step:
            self.table.tumbling(span.size)
        else:
            self.table.hopping(span.size, span.step)

    def add(self, key: str, amount: int, at: float) -> None:
        """As the port says."""
        self.table.add(key, amount, at)

    def rows(self) -> Iterator[Row]:
        """As the port says."""
        return (Row(key, int(start), amount) for (key, (start, _)), amount in list(self.table.items()))

    def forget(self, before: int) -> None:
        """As the port says."""
        for key in [key for key in self.table if key[1][0] < before]:
            del self.table[key]


def faust_tables(app: faust.App) -> Tables:
    """The monitor's state in Faust's tables."""
    totals: Any = Unlogged(app, name="totals", default=int, store=STORE)
    cases: Any = Unlogged(app, name="cases", store=STORE)
    parked: Any = Unlogged(app, name="parked", store=STORE)
    return Tables(
        totals=totals,
        hours=FaustWindows(app, "hours", HOURS),
        days=FaustWindows(app, "days", DAYS),
        cases=cases,
        parked=parked,
    )
