"""Which rows somebody wants, said once: the same question is put to a table, to the memory twin and to a refold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias

import msgspec

from events.times import Instant
from projections.view import Key, RowT

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
    """Rows for which every condition holds, in key order, after a key, at most `limit`."""

    where: tuple[Condition, ...] = field(default_factory=tuple)
    after: Key | None = None
    limit: int | None = None

    def also(self, *conditions: Condition) -> Query:
        """The same question, narrowed."""
        return Query((*self.where, *conditions), self.after, self.limit)


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


def select(query: Query, rows: Iterable[tuple[Key, Any]]) -> list[Any]:
    """The rows that the query asks for, in key order."""
    found = sorted(
        (key, row)
        for key, row in rows
        if (query.after is None or key > query.after) and all(holds(one, row) for one in query.where)
    )
    return [row for _, row in found[: query.limit]]
