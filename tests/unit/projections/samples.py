"""One valid example of every fact, made from its type alone: tests of totality need no story."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import inspect

from events import codec, envelope
from events.catalog import FACT_TYPES, AnyFact
from events.codec import Event
from events.envelope import Actor
from events.ledger import transfers_of
from events.store import AppendRequest, Prepared
from events.times import moment
from tests.given import recorded

CALL = "01780000-0000-7000-8000-000000000001"
CASE = "01780000-0000-7000-8000-000000000002"
AT = "2021-05-03T10:00:00.000000Z"

_PATTERNS = {
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$": "2022-01-01T00:00:00.000000Z",
    r"^\d{4}-\d\d-\d\d$": "2022-01-01",
    r"^OVO\d{6}$": "OVO000123",
    r"^[01]\d{9}$": "0207500123",
    r"^\d{5}$": "11002",
    r"^[0-9a-f]{64}$": "0" * 64,
    r"^[a-z][a-z0-9_]{0,63}$": "staff",
}
_NAMED = {"case": CASE, "call": CALL, "local": "2021-07-10T23:59:59", "zone": "Europe/Brussels"}


def sample(name: str, **changes: Any) -> AnyFact:
    """An example of a fact type; keyword arguments replace fields."""
    fact: AnyFact = _value(inspect.type_info(FACT_TYPES[name].model), "")
    return msgspec.structs.replace(fact, **changes)


def event(fact: AnyFact, position: int = 1, at: str = AT, known: str | None = None) -> Event:
    """A fact as a recorded event, in the stream of its kind."""
    row = FACT_TYPES[type(fact).__name__]
    subject = getattr(fact, "case", getattr(fact, "call", CALL))
    made = recorded(f"{row.kind}-{subject}", fact, position, 1, at)
    frame = msgspec.structs.replace(
        made.envelope,
        correlation_id=subject,
        actor=Actor(role="service", organisation="OVO000001", person="p-1"),
    )
    return Event(position, moment(known or at), frame, fact)


def appended(fact: AnyFact, number: int, at: str = AT) -> AppendRequest:
    """A fact as an append of its own, to a stream of its own."""
    made = event(fact, number, at)
    frame = msgspec.structs.replace(
        made.envelope,
        event_id=str(uuid5(NAMESPACE_URL, f"event/{number}")),
        stream=f"{made.envelope.stream[:-37]}-{uuid5(NAMESPACE_URL, f'stream/{number}')}",
        data=codec.data_of(fact),
    )
    prepared = Prepared(
        event_id=frame.event_id,
        type=frame.type,
        schema_version=frame.schema_version,
        correlation_id=frame.correlation_id,
        body=envelope.to_bytes(frame),
        key_id="k",
        signature=b"s" * 64,
    )
    return AppendRequest(
        stream=frame.stream,
        expected_version=0,
        events=[prepared],
        command_id=str(uuid5(NAMESPACE_URL, f"command/{number}")),
        transfers=transfers_of(fact),
    )


def _value(info: inspect.Type, name: str) -> Any:
    match info:
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{one.name: _value(one.type, one.name) for one in fields})
        case inspect.Metadata(type=inner):
            return _value(inner, name)
        case inspect.UnionType(types=types):
            # Personal data stands sealed in the log, and what may be absent is there.
            return _value(next(one for one in reversed(types) if not isinstance(one, inspect.NoneType)), name)
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.ListType(item_type=item):
            return [_value(item, name)]
        case inspect.DictType():
            return {}
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return 1
        case inspect.StrType(pattern=pattern):
            return _NAMED.get(name) or _PATTERNS.get(pattern or "", "words")
        case _:
            raise AssertionError(f"no example for {info}")
