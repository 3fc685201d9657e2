"""The port of the stuck list: events that a consumer could not digest, and those of the same stream that wait behind.

While anything of a stream stands here for a consumer, every later event of that stream that concerns the consumer comes
here too, so that the stream goes on in order once it is mended; all other streams go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias, get_args

import msgspec

from events.store import Recorded

Reason: TypeAlias = Literal["unknown-type", "future-version", "undecodable", "wrong-signature", "failed", "behind"]
"""Why an event stands on the list; `behind`: it can be digested, and waits for one before it."""

REASONS: tuple[Reason, ...] = get_args(Reason)


class Poison(Exception):
    """An event cannot be digested, now or later, unless something is mended."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Parked:
    """One event on the list, with its exact bytes. `number` names it to people; `again`: somebody asked to try again.

    `trace` is the event's correlation id (its case or call), `event_id` is None where the bytes do not tell.
    """

    number: int
    consumer: str
    event: Recorded
    event_id: str | None
    reason: Reason
    detail: str
    parked_at: datetime
    again: bool = False

    @property
    def trace(self) -> str:
        """What ties it to the rest of its case in every log and line."""
        return self.event.correlation_id


@dataclass(frozen=True, slots=True)
class Discarded:
    """An event that was taken off the list for good, by whom, when and why. `parked` is as it stood there."""

    parked: Parked
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stuck:
    """One stream that a consumer stands still on: how many events, and whether somebody asked to try again.

    `number` is that of the event that was parked first.
    """

    consumer: str
    stream: str
    events: int
    again: bool
    number: int


class Parking(Protocol):
    """The stuck list. Every method raises StoreUnavailable when it cannot be reached.

    Each step on a stream is taken alone: between looking and writing nobody else takes one.
    """

    async def streams(self, consumer: str) -> frozenset[str]:
        """The streams that the consumer stands still on."""

    async def park(self, consumer: str, event: Recorded, reason: Reason, detail: str) -> None:
        """Put an event on the list; one that stands there keeps its number and gets the new reason. Durable."""

    async def follow(self, consumer: str, event: Recorded) -> bool:
        """Put an event behind those of its stream; False, and nothing, if none is there any more. Durable."""

    async def of_stream(self, consumer: str, stream: str) -> Sequence[Parked]:
        """What stands on the list, in order of position."""

    async def release(self, parked: Parked) -> None:
        """Take an event off that has been digested."""

    async def keep(self, parked: Parked, reason: Reason, detail: str) -> None:
        """It was tried again in vain: the reason is new, and its stream waits to be asked for once more."""

    async def stuck(self, consumers: Sequence[str] | None = None) -> Sequence[Stuck]:
        """The streams on the list, of these consumers or of all, in the order in which they came to stand still."""

    async def case_stands(self, consumer: str, trace: str) -> bool:
        """Whether anything of this case (or call) stands on the consumer's list."""

    async def listed(self, consumers: Sequence[str] | None = None) -> Sequence[Parked]:
        """Every event on the list, of these consumers or of all, by number."""

    async def find(self, number: int) -> Parked | None:
        """The event of this number."""

    async def ask_again(self, consumer: str, stream: str) -> bool:
        """Ask the consumer to try the stream again; False if nothing of it stands here."""

    async def discard(self, number: int, who: str, why: str) -> bool:
        """Take an event off for good, on record, and ask for what stands behind it; False if it is not there."""

    async def discarded(self) -> Sequence[Discarded]:
        """Every event that was ever discarded, by number."""

    async def untold(self, consumers: Sequence[str]) -> Sequence[Parked]:
        """What has not been published yet, by number."""

    async def told(self, number: int) -> None:
        """It is published."""


class _Head(msgspec.Struct, frozen=True):
    event_id: str


_head = msgspec.json.Decoder(_Head).decode


def event_id_of(body: bytes) -> str | None:
    """The event's id, if the bytes tell."""
    try:
        return _head(body).event_id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def columns(consumer: str, event: Recorded, reason: Reason, detail: str) -> tuple[object, ...]:
    """An event as the list keeps it: the arguments of `store.park` in their order, less the last."""
    event_id = event_id_of(event.body)
    return (
        consumer,
        event.position,
        event.recorded_at,
        plain(event.stream),
        event.version,
        plain(event.type),
        event.schema_version,
        plain(event.correlation_id),
        None if event_id is None else plain(event_id),
        event.body,
        plain(event.key_id),
        event.signature,
        reason,
        plain(detail),
    )


def plain(text: str) -> str:
    """Text as a database can keep it: what came broken may hold a NUL."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
