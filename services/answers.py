"""A command on its way in, and every way it can be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from events.canonical import Json
from events.catalog import stream_name
from events.envelope import Actor
from events.times import Instant
from services.fields import Command


@dataclass(frozen=True, slots=True)
class Issued:
    """A command on its way: what, to which stream, by whom, when, and under which idempotency key.

    `stated_at` is set when the sender said when it happened; then it is part of what the key stands for.
    """

    service: str
    kind: str
    id: str
    command: Command
    actor: Actor
    at: Instant
    command_id: str
    on_behalf_of: Actor | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    expected_version: int | None = None
    stated_at: Instant | None = None

    @property
    def stream(self) -> str:
        """The target stream's name."""
        return stream_name(self.kind, self.id)


class EventRef(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a command recorded."""

    event_id: str
    type: str
    version: int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Which rule said no, its reason code, and the inputs that led to it."""

    rule: str
    code: str
    inputs: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Done:
    """The command took effect, or its refusal is on record (`refusal`). `replayed`: this was answered before."""

    command_id: str
    stream: str
    version: int
    position: int
    events: tuple[EventRef, ...]
    refusal: Refusal | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Denied:
    """A rule refused and nothing was recorded: the same key may be tried again."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class GuardDenied:
    """Money or uniqueness refused in the commit, and nothing was recorded."""

    guard: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The target does not exist, and this command does not create it."""

    stream: str


@dataclass(frozen=True, slots=True)
class Stale:
    """The caller named a version, and the stream has moved past it."""

    current_version: int


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key was used before by another actor or for other content."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Others wrote to the same streams five times in a row."""


@dataclass(frozen=True, slots=True)
class TooBig:
    """The event would exceed the envelope's limit, or a text of it has no place in the log; `detail` says which."""

    detail: str


Answer: TypeAlias = Done | Denied | GuardDenied | NotFound | Stale | KeyReused | Busy | TooBig
