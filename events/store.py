"""The port of the event store: a conditional append, and reads in the one order of the log.

Adapters: `events.adapters.memory` (the tested twin) and `events.adapters.postgres`. Their common promises are
stated in `tests/contract/test_store.py` and run on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

import msgspec

from events.ledger import Transfer
from events.unique import KeyChange


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """One event ready to be stored: exact envelope bytes, signed, with the columns that index them.

    The index columns repeat what the bytes say; the store trusts the caller for that and `verify` checks it.
    """

    event_id: str
    type: str
    schema_version: int
    correlation_id: str
    body: bytes
    key_id: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Guard: another stream still has this version (0: does not exist)."""

    stream: str
    version: int


@dataclass(frozen=True, slots=True)
class AppendRequest:
    """One command's effect on one stream: zero or more contiguous versions, all or nothing.

    `expected_version` is the stream's version before (0: new). `content_hash` (HMAC of route, target, actor and body)
    lets the shell tell a repeat from a re-used key; `answer` is what the shell wants back with a repeat (JSON text).
    """

    stream: str
    expected_version: int
    events: Sequence[Prepared]
    command_id: str
    content_hash: bytes | None = None
    answer: str | None = None
    transfers: Sequence[Transfer] = ()
    keys: Sequence[KeyChange] = ()
    unchanged: Sequence[Unchanged] = ()


class CommandRecord(msgspec.Struct, frozen=True, gc=False):
    """What the store remembers of a command for ever: where its events stand and the answer that was given.

    `first_position` is None for a command that was accepted without facts; `version` and `position` are the stream's
    version and the log's position after it.
    """

    command_id: str
    stream: str
    version: int
    position: int
    first_position: int | None
    count: int
    content_hash: bytes | None
    answer: str | None


class Appended(msgspec.Struct, frozen=True, gc=False):
    """The request took effect; `record.position` is the position of its last event."""

    record: CommandRecord


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The command id was answered before; nothing was written."""

    record: CommandRecord


@dataclass(frozen=True, slots=True)
class Conflict:
    """The stream, or one named in an `Unchanged` guard, has moved: read again and decide again."""

    stream: str
    current_version: int


@dataclass(frozen=True, slots=True)
class RefusedByGuard:
    """A money or uniqueness guard said no: `guard` is ``transfer`` or ``unique``, `detail` the account or key.

    `code`: ``exceeds_balance`` · ``pending_exists`` · ``pending_unknown`` · ``pending_resolved`` ·
    ``exceeds_pending`` · ``key_taken``.
    """

    guard: str
    code: str
    detail: str


Outcome: TypeAlias = Appended | Duplicate | Conflict | RefusedByGuard


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """One stored event: its place, its time of recording (UTC, never decreasing) and its exact bytes."""

    position: int
    recorded_at: datetime
    stream: str
    version: int
    type: str
    schema_version: int
    correlation_id: str
    body: bytes
    key_id: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The last position and its recording time; position 0 and None for an empty log."""

    position: int
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Balance:
    """One account of the ledger, in euro cents: what is posted and what is pending on either side."""

    account: str
    debits_pending: int = 0
    debits_posted: int = 0
    credits_pending: int = 0
    credits_posted: int = 0

    @property
    def posted(self) -> int:
        """What the account holds: credits less debits, pending left out."""
        return self.credits_posted - self.debits_posted


class StoreUnavailable(Exception):
    """The store cannot be reached or cannot write just now; nothing was acknowledged. Try again later."""


class Unacceptable(ValueError):
    """The request cannot be stored as it stands, now or later: an id that is no UUID or was used before, an amount
    below zero, a transfer without its accounts. A fault of the caller, never retried; nothing was written."""


@dataclass(frozen=True, slots=True)
class StreamSlice:
    """A stream's events after some version, in order, and its current version."""

    events: Sequence[Recorded] = field(default_factory=tuple)
    version: int = 0


class EventStore(Protocol):
    """The record. Every method raises StoreUnavailable when the store cannot be reached."""

    async def append(self, request: AppendRequest) -> Outcome:
        """Judge and record one request. Concurrent calls are written in groups, each judged against the state
        left by those before it in its group; an acknowledged append is durable."""

    async def append_many(self, requests: Sequence[AppendRequest]) -> list[Outcome]:
        """The same for several requests in order, in one group where possible; one outcome each."""

    async def find_command(self, command_id: str) -> CommandRecord | None:
        """What was answered to this command, if anything was."""

    async def read_stream(self, stream: str, after_version: int = 0) -> Sequence[Recorded]:
        """The stream's events in version order."""

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """Up to `limit` events in position order; a hole in position is proof of deletion, never normal."""

    async def read_case(self, correlation_id: str) -> Sequence[Recorded]:
        """Every event with this correlation id (a case, or a call), in position order."""

    async def head(self) -> Head:
        """Where the log ends now."""

    async def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until the log has reached the position; False after `timeout` seconds."""

    async def balances(self) -> Sequence[Balance]:
        """Every account of the ledger, by name."""
