"""What a view is: a pure fold from the log to rows, and the two sets of facts it reads and leaves alone.

A row is a mutable msgspec Struct whose fields are the columns of the view's table. `evolve` is total: any part of the
log, in the log's order, folds without raising, because a query may cut history at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from events.codec import Event

Key: TypeAlias = tuple[str | int, ...]
"""The values of a row's key columns, in the order of `View.key`."""

RowT = TypeVar("RowT", bound=msgspec.Struct)
Rows: TypeAlias = MutableMapping[Key, RowT]


@dataclass(frozen=True, slots=True)
class View(Generic[RowT]):
    """One projection.

    `version` rises whenever rows of the same log would differ: the table is then built anew. `keys` names the rows an
    event may read or write. `appends` says that no row is ever read again, `final` which rows are not. `needs` names,
    for each folded fact, the fields that the fold reads; with it a rebuild decodes nothing else, and of the envelope
    `occurred_at` alone. `volatile` lists columns that two plays of the same story need not share.

    `promised` lists columns that outsiders were told and that may never change. Such a view stands still as a whole
    before an event that it cannot digest, for what came after it would have another place once it was mended; and a
    rebuild that would change what was told is refused.
    """

    name: str
    version: int
    row: type[RowT]
    key: tuple[str, ...]
    folds: frozenset[str]
    ignores: frozenset[str]
    keys: Callable[[Event], Iterable[Key]]
    evolve: Callable[[Rows[RowT], Event], None]
    appends: bool = False
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    volatile: frozenset[str] = frozenset()
    final: Callable[[RowT], bool] | None = None
    promised: tuple[str, ...] = ()

    def key_of(self, row: RowT) -> Key:
        """The key of a row."""
        return tuple(getattr(row, name) for name in self.key)


def columns(view: View[Any]) -> tuple[str, ...]:
    """The columns that the fold writes; a table may add generated ones."""
    found: tuple[str, ...] = view.row.__struct_fields__
    return found


def names(text: str) -> frozenset[str]:
    """Fact types, as a list of words."""
    return frozenset(text.split())
