"""Reading only what a fold needs: envelopes that declare a few fields and leave the rest of the bytes unread.

A view that names its `needs` gets one small Struct a fact, made from the fact's own fields and types, so the two cannot
come apart. Of the envelope it sees `occurred_at` alone. An event of an old schema version needs its upcaster and is
read whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeAlias, get_type_hints

import msgspec

from events import codec, envelope
from events.catalog import FACT_TYPES
from events.codec import Event
from projections.view import View

Line: TypeAlias = tuple[int, str, bytes, datetime]
"""Position, type, envelope bytes and time of recording of one event; the time is None where little is read."""

Page: TypeAlias = Callable[[Iterable[Line]], Iterable[Event]]
"""Reads a page. UnknownEvent for a type or schema version of the future, ValidationError for what cannot be read."""


class Frame(msgspec.Struct, frozen=True, gc=False):
    """An event of which little was read; to a fold that needs no more it is no different from a whole one."""

    occurred_at: str
    schema_version: int

    @property
    def envelope(self) -> Frame:
        """Itself, in the place where an event keeps its envelope."""
        return self


def reads_little(view: View[Any]) -> bool:
    """Whether a few fields of each fact are enough for this view."""
    return bool(view.needs)


def decoder(view: View[Any]) -> Page:
    """The fastest right way to read pages for this view."""
    return _little(view) if reads_little(view) else _whole


def subset(name: str, fields: tuple[str, ...]) -> type[msgspec.Struct]:
    """A Struct with some of a fact's fields, each of the fact's own type; KeyError for a field it does not have.

    Patterns and bounds are left out: what is in the log was held against them when it was written.
    """
    types = get_type_hints(FACT_TYPES[name].model)
    return msgspec.defstruct(name, [(field, types[field]) for field in fields], frozen=True, gc=False)


def _frame(name: str, fields: tuple[str, ...]) -> type[msgspec.Struct]:
    fact = ("fact", subset(name, fields), msgspec.field(name="data"))
    return msgspec.defstruct(f"{name}Frame", [fact], bases=(Frame,), frozen=True, gc=False)


def _little(view: View[Any]) -> Page:
    read = {
        name: (msgspec.json.Decoder(_frame(name, fields)).decode, FACT_TYPES[name].schema_version)
        for name, fields in view.needs.items()
    }

    def page(lines: Iterable[Line]) -> Iterable[Event]:
        for line in lines:
            _, name, body, _ = line
            decode, version = read[name]
            try:
                frame: Any = decode(body)
            except msgspec.ValidationError:
                # An old version may lack a field that its upcaster gives it; what is broken says so there again.
                frame = _one(line)
            else:
                if frame.schema_version != version:
                    frame = _one(line)
            yield frame

    return page


def _whole(lines: Iterable[Line]) -> Iterable[Event]:
    return map(_one, lines)


def _one(line: Line) -> Event:
    position, _, body, recorded_at = line
    frame = envelope.from_bytes(body)
    return Event(position, recorded_at, frame, codec.fact_of(frame))
