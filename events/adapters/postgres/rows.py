"""Rows of the store as the values of the port."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from events.store import CommandRecord, Recorded


def recorded(rows: Iterable[Any]) -> list[Recorded]:
    """Events from rows whose columns stand in the order of Recorded's fields."""
    return [Recorded(p, at, s, v, t, n, str(c), body, key, sig) for p, at, s, v, t, n, c, body, key, sig in rows]


def command_record(row: Any) -> CommandRecord:
    """A command's record from its row."""
    return CommandRecord(**{**dict(row), "command_id": str(row["command_id"])})
