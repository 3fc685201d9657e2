"""Reading only what a fold needs: envelopes that declare a few fields and leave the rest of the bytes unread.

A page is one JSON array, glued by the server: ``[[type, position, recorded_at in microseconds, envelope], …]``. The
type stands first, so that the decoder knows at once which few fields it looks for. A view that names its `needs` gets
one small Struct a fact, made from the fact's own fields and types, so the two cannot come apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, Union, get_type_hints

import msgspec

from events import codec
from events.catalog import FACT_TYPES
from events.codec import Event, UnknownEvent
from events.envelope import Envelope
from projections.view import View

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Page: TypeAlias = Callable[[bytes], Iterable[Event]]
"""Decodes a page. UnknownEvent for a type or schema version of the future, ValidationError for what cannot be read."""


class Frame(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One event of a page, to a fold no different from a whole one; a subclass knows its envelope."""

    position: int
    micros: int

    @property
    def fact(self) -> Any:
        """The fact, or the few fields of it that were read."""
        return self.envelope.data  # type: ignore[attr-defined]  # a field of every subclass


def decoder(view: View[Any]) -> Page:
    """The fastest right way to read pages for this view."""
    # An old schema version needs its upcaster, so a view over such facts reads them whole.
    if view.needs and all(FACT_TYPES[name].schema_version == 1 for name in view.folds):
        return _subset(view)
    return _whole


def subset(name: str, fields: tuple[str, ...]) -> type[msgspec.Struct]:
    """A Struct with some of a fact's fields, each of the fact's own type; KeyError for a field it does not have.

    Patterns and bounds are left out: what is in the log was held against them when it was written.
    """
    types = get_type_hints(FACT_TYPES[name].model)
    return msgspec.defstruct(name, [(field, types[field]) for field in fields], frozen=True, gc=False)


def _frame(name: str, fields: tuple[str, ...]) -> type[msgspec.Struct]:
    envelope = msgspec.defstruct(
        "Envelope",
        [("occurred_at", str), ("schema_version", int), ("data", subset(name, fields))],
        frozen=True,
        gc=False,
    )
    return msgspec.defstruct(name, [("envelope", envelope)], bases=(Frame,), tag=name, frozen=True, gc=False)


def _subset(view: View[Any]) -> Page:
    frames = tuple(_frame(name, fields) for name, fields in view.needs.items())
    read = msgspec.json.Decoder(list[Union[frames]])  # type: ignore[valid-type]  # noqa: UP007 -- made at run time

    def page(body: bytes) -> Iterable[Event]:
        found: list[Any] = read.decode(body)
        for frame in found:
            if frame.envelope.schema_version != 1:
                raise UnknownEvent("the log holds events of a schema version that is not known here: upgrade")
        return found

    return page


_read_whole = msgspec.json.Decoder(list[tuple[str, int, int, Envelope]])


def _whole(body: bytes) -> Iterable[Event]:
    return (
        Event(position, _EPOCH + timedelta(microseconds=micros), frame, codec.fact_of(frame))
        for _, position, micros, frame in _read_whole.decode(body)
    )
