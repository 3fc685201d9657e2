"""The port through which pages, routes and programs read views: the present from its rows, the past by a refold."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from events import codec
from events.codec import Event
from events.store import EventStore, Head, Recorded
from events.times import instant
from projections.past import Cut, part
from projections.query import Found, Is, Query, select
from projections.view import Key, RowT, View

PAGE = 2_000


class Reads(Protocol):
    """Reads views. StoreUnavailable when their rows cannot be reached."""

    async def present(self, view: View[RowT], query: Query) -> Found[RowT]:
        """What the query finds now, and the position that it shows."""

    async def past(self, view: View[RowT], query: Query, cut: Cut) -> Found[RowT]:
        """What the query would have found: the facts inside the cut, refolded."""

    async def reached(self, view: View[RowT], position: int, timeout: float) -> bool:
        """Wait until the view shows the position; False after `timeout` seconds."""

    async def head(self) -> int:
        """The last position of the log."""


async def read(reads: Reads, view: View[RowT], query: Query, cut: Cut) -> Found[RowT]:
    """The present, or the past if the cut says so."""
    return await (reads.past(view, query, cut) if cut else reads.present(view, query))


async def refolded(store: EventStore, view: View[RowT], query: Query, cut: Cut) -> Found[RowT]:
    """`Reads.past` over any store. A query for one case reads that case and its call alone."""
    rows: dict[Key, RowT] = {}
    case = next((one.value for one in query.where if isinstance(one, Is) and one.column == "case_id"), None)
    events = of_case(store, case) if isinstance(case, str) and case else _of_all(store, view)
    async for event in events:
        for kept in part((event,), cut):
            if kept.envelope.type in view.folds:
                view.evolve(rows, kept)
    shown = await _known(store, cut)
    return Found(
        shown.position, instant(shown.recorded_at) if shown.recorded_at else None, select(view, query, rows.values())
    )


async def _of_all(store: EventStore, view: View[RowT]) -> AsyncIterator[Event]:
    types, after = sorted(view.folds), 0
    while page := await store.read_all(after, types=types, limit=PAGE):
        for recorded in page:
            yield codec.read(recorded)
        after = page[-1].position


async def of_case(store: EventStore, case: str) -> AsyncIterator[Event]:
    """Every event of a case and of its call, in position order; none for a case that the log does not know."""
    own = await store.read_case(case)
    call = getattr(codec.read(own[0]).fact, "call", None) if own else None
    shared = await store.read_case(call) if call else ()
    for recorded in sorted((*own, *shared), key=lambda one: one.position):
        yield codec.read(recorded)


async def _known(store: EventStore, cut: Cut) -> Head:
    """The last event on record at `known_at`, found by halving: times of recording never decrease."""
    head = await store.head()
    if cut.known_at is None or head.recorded_at is None or instant(head.recorded_at) <= cut.known_at:
        return head
    low, high, found = 1, head.position - 1, Head(0, None)
    while low <= high:
        middle = (low + high) // 2
        at = _only(await store.read_all(middle - 1, limit=1))
        if at.recorded_at is not None and instant(at.recorded_at) <= cut.known_at:
            low, found = middle + 1, at
        else:
            high = middle - 1
    return found


def _only(page: Sequence[Recorded]) -> Head:
    return Head(page[0].position, page[0].recorded_at)
