"""One record at a time into the tables, behind a guard: nothing that comes from a topic can stop the monitor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from events.store import Recorded
from events.times import moment
from projections.monitor.glance import glance, millis
from projections.monitor.places import Places
from projections.monitor.tables import Parked, Tables, apply


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it lay on the topic; `at_ms` is the record's own time."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    at_ms: int


class Broken(Protocol):
    """A record that is not what the relay writes."""

    @property
    def reason(self) -> str:
        """One sentence."""

    @property
    def position(self) -> int | None:
        """The position that it claims, if it does so readably."""


Reads: TypeAlias = Callable[[Raw], Recorded | Broken]
"""From a record to a Recorded with one field more, `previous` (the position before it in its partition, 0 for the
first), or to what is wrong with it."""


@dataclass(slots=True)
class Reader:
    """Takes records of the log and of the parking topic, each of them once."""

    tables: Tables
    reads: Reads
    places: Places = field(default_factory=Places)

    def log(self, raw: Raw) -> None:
        """A record of one of the six topics; what cannot be read is counted and passed."""
        where = (raw.topic, raw.partition)
        found = self.reads(raw)
        if not isinstance(found, Recorded):
            self.unreadable(raw, found.position)
            return
        try:
            seen = glance(found)
        except (ValueError, LookupError):
            self.unreadable(raw, found.position)
            return
        if self.places.judge(where, raw.offset, found.position, _previous(found)) != "repeat":
            apply(self.tables, seen)

    def unreadable(self, raw: Raw, position: int | None = None) -> None:
        """Count a record that says nothing; `position` is what it claims to stand at."""
        if self.places.passed((raw.topic, raw.partition), raw.offset, position):
            _count(self.tables, "unreadable")
            if position is not None:
                _count(self.tables, "unread_positions")

    def broke(self, raw: Raw) -> None:
        """Count a record that we stumbled over: whatever it was, it is dealt with."""
        self.places.passed((raw.topic, raw.partition), raw.offset, None)
        _count(self.tables, "unreadable")

    def park(self, raw: Raw) -> None:
        """A record of the parking topic. Without a value it says that the stream goes on."""
        if not self.places.passed((raw.topic, raw.partition), raw.offset, None):
            return
        try:
            _park(self.tables, raw)
        except (ValueError, LookupError):
            _count(self.tables, "unreadable")


def _count(tables: Tables, what: str) -> None:
    tables.totals[what] = tables.totals.get(what, 0) + 1


def _previous(found: object) -> int:
    previous = getattr(found, "previous", None)
    if not isinstance(previous, int):
        raise TypeError("an event of a topic knows the position before it")
    return previous


def _park(tables: Tables, raw: Raw) -> None:
    """The key is the stream; headers say which consumer, why and since when; the value is the event itself."""
    stream, headers = (raw.key or b"").decode(), {name: value.decode() for name, value in raw.headers}
    key = f"{headers['consumer']}/{stream}"
    if raw.value is None:
        tables.parked.pop(key, None)
        return
    at_ms = millis(moment(headers["parked_at"]))
    first = Parked(headers["consumer"], stream, 0, headers["reason"], at_ms, at_ms)
    held = tables.parked.get(key, first)
    tables.parked[key] = replace(held, records=held.records + 1, last_ms=max(held.last_ms, at_ms))
