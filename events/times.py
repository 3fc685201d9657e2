"""Instants as the log writes them, and deadlines as people set them.

An instant is text, RFC 3339 in UTC with six decimals and ``Z`` (``2021-03-11T09:00:00.000000Z``), so that the
stored bytes have one form only and sort as text. A deadline is a local date-time *with its zone*; the UTC instant
is derived once and stored beside it, so that a later change of zone rules cannot move a past deadline.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

Instant: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
Day: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$", extra={"check": "day"})]

BRUSSELS = "Europe/Brussels"
FIRST_YEAR, LAST_YEAR = 1971, 9998
"""The years in which a deadline can lie."""


class Deadline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A local date-time (``2021-07-10T23:59:59``), its IANA zone, and the UTC instant it stood for when set."""

    local: str
    zone: str
    utc: Instant


class NoSuchTime(ValueError):
    """The local time does not exist in the zone: the clock jumped over it, or the calendar has no such day."""


def instant(moment: datetime) -> Instant:
    """Write an aware moment the one way the log writes it."""
    # Said of every event that is read or written: the usual case is spared the conversion.
    universal = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return universal.isoformat(timespec="microseconds")[:-6] + "Z"


def moment(text: Instant) -> datetime:
    """Read an instant; ValueError unless it has exactly the form the log writes."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None or instant(value) != text:
        raise ValueError(f"{text!r} is not an instant with six decimals and Z")
    return value


def micros(text: Instant) -> int:
    """Microseconds since 1970, exact: what the Merkle leaf covers."""
    return (moment(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def deadline(local: str, zone: str = BRUSSELS) -> Deadline:
    """A deadline from its local form; NoSuchTime in the hour that a clock change skips.

    In the hour that occurs twice the later one counts: a doubt about a term is settled for the applicant.
    """
    try:
        wall = datetime.strptime(local, "%Y-%m-%dT%H:%M:%S")
    except ValueError as error:
        raise NoSuchTime(f"{local!r} is not a local date-time YYYY-MM-DDTHH:MM:SS") from error
    # Before 1970 an instant has no place in a Merkle leaf; after the last year there is no next day.
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise NoSuchTime(f"{local} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    aware = wall.replace(tzinfo=ZoneInfo(zone), fold=1)
    if aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise NoSuchTime(f"{local} does not exist in {zone}: the clock jumps over it")
    return Deadline(local=local, zone=zone, utc=instant(aware))


def end_of_day(day: Day, zone: str = BRUSSELS) -> Deadline:
    """The last second of a calendar day in the zone."""
    return deadline(f"{day}T23:59:59", zone)


def start_of_day(day: Day, zone: str = BRUSSELS) -> Deadline:
    """The first second of a calendar day in the zone."""
    return deadline(f"{day}T00:00:00", zone)


def day_of(text: Instant, zone: str = BRUSSELS) -> Day:
    """The calendar day of an instant as people in the zone read it."""
    return moment(text).astimezone(ZoneInfo(zone)).date().isoformat()


def days_after(text: Instant, days: int, zone: str = BRUSSELS) -> Deadline:
    """The end of the day that lies so many calendar days after an instant."""
    return end_of_day((date.fromisoformat(day_of(text, zone)) + timedelta(days=days)).isoformat(), zone)


def months_between(start: Day, end: Day) -> int:
    """Whole months from the first day to the last day inclusive, rounded up: 2022-01-01 … 2025-12-31 is 48."""
    first, last = date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months + (1 if last.day > first.day else 0)


def months_after(day: Day, months: int) -> Day:
    """The day so many months later; the last of the month where that month is shorter (31 December + 6: 30 June)."""
    first = date.fromisoformat(day)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1])).isoformat()
