"""What the monitor reads of an event: a few fields of the envelope, and of the fact those that carry money and place.

An event of a type or a version that this program does not know still counts: as one event of its service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from events.catalog import KINDS, split_stream
from events.store import Recorded
from events.times import Instant, instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Data(msgspec.Struct, frozen=True):
    """Fields that facts have in common; each is absent in most of them."""

    call: str | None = None
    case: str | None = None
    amount_cents: int = 0
    increase_cents: int = 0
    decrease_cents: int = 0
    origin: str | None = None


NOTHING = Data()


class _Frame(msgspec.Struct, frozen=True):
    occurred_at: datetime
    data: Data


_frame = msgspec.json.Decoder(_Frame).decode


@dataclass(frozen=True, slots=True)
class Glance:
    """One event at a glance. Times are milliseconds since 1970; `recorded_ms` is the time that windows go by."""

    position: int
    recorded_ms: int
    occurred_ms: int
    service: str
    type: str
    data: Data = NOTHING


def glance(recorded: Recorded) -> Glance:
    """Read what is needed; ValueError (msgspec.DecodeError is one) or LookupError if the bytes do not say it."""
    frame = _frame(recorded.body)
    service = KINDS[split_stream(recorded.stream)[0]]
    at, occurred = millis(recorded.recorded_at), millis(frame.occurred_at)
    return Glance(recorded.position, at, occurred, service, recorded.type, frame.data)


def millis(moment: datetime) -> int:
    """Whole milliseconds since 1970."""
    since = moment - EPOCH
    return since.days * 86_400_000 + since.seconds * 1_000 + since.microseconds // 1_000


def written(ms: int) -> Instant:
    """Milliseconds as the log writes an instant."""
    return instant(datetime.fromtimestamp(ms / 1_000, UTC))
