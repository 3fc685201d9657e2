"""Which rows somebody wants, said once: the same question is put to a table, to the memory twin and to a refold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Generic, TypeAlias

import msgspec

from events.times import Instant
from projections.view import Key, RowT, View

Plain: TypeAlias = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Is:
    """The column has this value (None: is empty)."""

    column: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Not:
    """The column has another value (None: is not empty)."""

    column: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Holds:
    """The column is a list, and this text is in it."""

    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Lacks:
    """The column is a list, and this text is not in it."""

    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = Is | Not | Holds | Lacks | Either


@dataclass(frozen=True, slots=True)
class Query:
    """Rows for which every condition holds, at most `limit`.

    They come in the order of the columns in `order` (the view's key when empty; it must tell rows apart), and after
    the row whose values there are `after`.
    """

    where: tuple[Condition, ...] = ()
    order: tuple[str, ...] = ()
    after: Key | None = None
    limit: int | None = None

    def also(self, *conditions: Condition) -> Query:
        """The same question, narrowed."""
        return replace(self, where=(*self.where, *conditions))

    def page(self, after: Key | None, limit: int) -> Query:
        """The same question, for one page."""
        return replace(self, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class Found(Generic[RowT]):
    """The rows, the position of the log that they show, and when that was recorded (None: nothing was)."""

    position: int
    known_at: Instant | None
    rows: list[RowT]


def holds(condition: Condition, row: msgspec.Struct) -> bool:
    """Whether the row meets the condition."""
    match condition:
        case Is(column, value):
            return bool(getattr(row, column) == value)
        case Not(column, value):
            return bool(getattr(row, column) != value)
        case Holds(column, value):
            return value in getattr(row, column)
        case Lacks(column, value):
            return value not in getattr(row, column)
        case Either(conditions):
            return any(holds(one, row) for one in conditions)


def select(view: View[RowT], query: Query, rows: Iterable[RowT]) -> list[RowT]:
    """The rows that the query asks for, in its order."""
    order = query.order or view.key
    found = [(_place(row, order), row) for row in rows if all(holds(one, row) for one in query.where)]
    found.sort(key=itemgetter(0))
    return [row for place, row in found if query.after is None or place > query.after][: query.limit]


def _place(row: msgspec.Struct, order: tuple[str, ...]) -> Key:
    return tuple(getattr(row, name) for name in order)
