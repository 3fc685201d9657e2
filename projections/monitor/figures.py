"""What the monitor tells: plain values, the same from Faust's tables and from the tail, and their JSON.

Approximate by design: a figure says how fresh it is, and no decision or payment rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from events.times import Instant
from events.vocabulary import Text

Kind: TypeAlias = Literal[
    "stall", "still_case", "high_rate", "low_rate", "refusals", "parked", "unreadable", "gap", "behind"
]
"""What an alarm can be about."""


class Value(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what is told; names are lowerCamelCase in JSON."""


class Freshness(Value, frozen=True, kw_only=True):
    """How far the figures reach. `at` is the moment by which ages count: the clock's, or the log's own in a demo.

    `missing` = positions up to `position` that were not seen (yet); `behind` = records not read yet, None if unknown.
    """

    at: Instant
    position: int
    recorded_at: Instant | None
    events: int
    missing: int
    behind: int | None = None
    repeats: int = 0
    gaps: Sequence[str] = ()
    unreadable: int = 0
    restarts: int = 0


class Delay(Value, frozen=True, kw_only=True):
    """Milliseconds from happening to recording; `within` counts by upper bound in seconds, each including the last."""

    count: int
    mean_ms: int
    total_ms: int
    within: Mapping[str, int]


class ServiceFigures(Value, frozen=True, kw_only=True):
    """One service. `step_ms` is the mean time from a case's previous event to this service's event.

    `hour` and `day` are the windows that end last, with the mean delay in each; `usual_hour` is the mean hour of the
    week before, in hundredths.
    `waiting` counts inputs that the service has not answered, since `waiting_since`.
    """

    service: str
    events: int
    refused: int
    last_at: Instant | None
    hour: int
    usual_hour_hundredths: int
    hour_delay_ms: int
    day: int
    day_delay_ms: int
    delay: Delay
    steps: int
    step_ms: int
    waiting: int
    waiting_since: Instant | None


class Day(Value, frozen=True, kw_only=True):
    """A tumbling window of a day (UTC): events by service, and refusals."""

    day: str
    events: Mapping[str, int]
    refused: int


class OldCase(Value, frozen=True, kw_only=True):
    """An open case, whose service moved last and how many whole days ago."""

    case: str
    call: str | None
    service: str
    since: Instant
    days: int
    limit_days: int


class Ageing(Value, frozen=True, kw_only=True):
    """Open cases by days since their last event: `classes` maps a lower bound in days to a number.

    `still` counts by service, the one that moved last, the cases that stand still for longer than its limit.
    """

    open: int
    ended: int
    classes: Mapping[str, int]
    oldest: Sequence[OldCase]
    still: Mapping[str, int]


class Month(Value, frozen=True, kw_only=True):
    """Thirty days up to and including `until`: what was committed and paid in them."""

    until: str
    committed_cents: int
    paid_cents: int


class Burn(Value, frozen=True, kw_only=True):
    """A call's budget. `paid_per_day_cents` is the mean over `days` days; `days_left` at that rate, None without one.

    What is left to pay is what is committed and not paid.
    """

    call: str
    envelope_cents: int
    committed_cents: int
    paid_cents: int
    days: int
    committed_in_days_cents: int
    paid_in_days_cents: int
    paid_per_day_cents: int
    days_left: int | None
    months: Sequence[Month]


class ParkedStream(Value, frozen=True, kw_only=True):
    """A stream that stands still at a consumer, on the word of the parking topic."""

    consumer: str
    stream: str
    records: int
    reason: str
    since: Instant


class Alarm(Value, frozen=True, kw_only=True):
    """Something a person should look at. `kind` is one of a few, `subject` what it is about, `since` when it began."""

    kind: Kind
    subject: str
    since: Instant | None
    text: Text


class Figures(Value, frozen=True, kw_only=True):
    """The whole page."""

    approximate: Literal[True] = True
    freshness: Freshness
    services: Sequence[ServiceFigures]
    days: Sequence[Day]
    ageing: Ageing
    budget: Sequence[Burn]
    parked: Sequence[ParkedStream]
    alarms: Sequence[Alarm]


_decoder = msgspec.json.Decoder(Figures)


def to_json(figures: Figures) -> bytes:
    """The document that the monitor serves."""
    return msgspec.json.encode(figures)


def from_json(body: bytes) -> Figures:
    """Read it back; msgspec.DecodeError if it is something else."""
    return _decoder.decode(body)
