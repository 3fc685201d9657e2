"""Type and version ⇄ model: between stored bytes and facts.

The type stands once, in the envelope; `data` holds the fact's fields and nothing else, so the two cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec

from events import canonical, envelope
from events.catalog import FACT_TYPES, AnyFact, FactType
from events.envelope import Envelope
from events.store import Recorded
from events.upcasters import upcast

KEPT = 256
"""How many decoded events are kept: a burst that all consumers of a process go through, about a megabyte."""


class UnknownEvent(ValueError):
    """A type, or a schema version, that this program does not know: it is older than the log."""


class UnsealedData(ValueError):
    """Personal data in clear was about to enter the log."""


@dataclass(frozen=True, slots=True)
class Event:
    """A recorded event, read: place, time of recording, envelope and fact."""

    position: int
    recorded_at: datetime
    envelope: Envelope
    fact: AnyFact


_decoders: dict[str, msgspec.json.Decoder[AnyFact]] = {
    name: msgspec.json.Decoder(row.model) for name, row in FACT_TYPES.items()
}


def row_of(fact: AnyFact) -> FactType:
    """The catalog's row of a fact."""
    return FACT_TYPES[type(fact).__name__]


def data_of(fact: AnyFact) -> msgspec.Raw:
    """The fact's canonical bytes; UnsealedData if a personal value is still in clear, ValidationError if a value
    breaks its type (a negative amount, a malformed date)."""
    body = canonical.encode(fact)
    # A quote inside a text is escaped, so this can only be a field name: the tag of Clear.
    if b'"sealed":0' in body:
        raise UnsealedData(f"{type(fact).__name__} holds personal data in clear")
    _decoders[type(fact).__name__].decode(body)
    return msgspec.Raw(body)


def fact_of(frame: Envelope) -> AnyFact:
    """The fact of an envelope, upcast to today's schema; UnknownEvent for a type or version from the future."""
    row = FACT_TYPES.get(frame.type)
    if row is None or frame.schema_version > row.schema_version:
        raise UnknownEvent(f"event type {frame.type} version {frame.schema_version} is not known here: upgrade")
    if frame.schema_version == row.schema_version:
        return _decoders[frame.type].decode(frame.data)
    old = msgspec.json.decode(frame.data)
    return msgspec.convert(upcast(frame.type, frame.schema_version, row.schema_version, old), row.model)


def read(recorded: Recorded) -> Event:
    """Decode one stored event; UnknownEvent or msgspec.ValidationError if it cannot be read."""
    frame = envelope.from_bytes(recorded.body)
    return Event(recorded.position, recorded.recorded_at, frame, fact_of(frame))


def read_again(recorded: Recorded) -> Event:
    """The same where the event will soon be read once more: by the other consumers of a process, by every command on a
    stream. What was decoded is kept a while, by its exact bytes; nothing that is kept can change."""
    return Event(recorded.position, recorded.recorded_at, *_decoded(recorded.body))


@lru_cache(maxsize=KEPT)
def _decoded(body: bytes) -> tuple[Envelope, AnyFact]:
    frame = envelope.from_bytes(body)
    return frame, fact_of(frame)
