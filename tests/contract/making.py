"""Small requests for the suites of the ports: the store does not look inside what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeAlias
from uuid import NAMESPACE_OID, uuid5

from events.adapters.memory import MemoryStore
from events.adapters.postgres.store import PostgresStore
from events.ledger import Transfer
from events.store import AppendRequest, Prepared, Unchanged
from events.unique import KeyChange

AnyStore: TypeAlias = MemoryStore | PostgresStore

_serial = count(1)


def ident(name: object) -> str:
    """The same UUID for the same name."""
    return str(uuid5(NAMESPACE_OID, str(name)))


def fresh() -> str:
    """A UUID that no test has used before."""
    return ident(f"fresh {next(_serial)}")


def prepared(kind: str = "CallPublished", case: str = "case", body: bytes = b"{}") -> Prepared:
    """One event; `case` is a name from which the correlation id is made."""
    return Prepared(
        event_id=fresh(),
        type=kind,
        schema_version=1,
        correlation_id=ident(case),
        body=body,
        key_id="key-1",
        signature=b"\x01" * 64,
    )


def request(
    stream: str = "call-1",
    expected: int = 0,
    events: int | Sequence[Prepared] = 1,
    *,
    command: str | None = None,
    transfers: Sequence[Transfer] = (),
    keys: Sequence[KeyChange] = (),
    unchanged: Sequence[Unchanged] = (),
    answer: str | None = None,
) -> AppendRequest:
    """A request for so many events on a stream; a fresh command unless one is named."""
    return AppendRequest(
        stream=stream,
        expected_version=expected,
        events=[prepared() for _ in range(events)] if isinstance(events, int) else events,
        command_id=ident(command) if command is not None else fresh(),
        content_hash=b"\x02" * 32,
        answer=answer,
        transfers=transfers,
        keys=keys,
        unchanged=unchanged,
    )


@dataclass
class Clock:
    """A clock that a test sets by hand."""

    now: datetime = datetime(2021, 3, 11, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


Now: TypeAlias = Callable[[], datetime]
