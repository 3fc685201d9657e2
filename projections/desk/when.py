"""The time control: which part of the log a page shows.

A person gives a day and means all of it, in Brussels; a program may give an instant. Both forms are understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from events.times import Instant, NoSuchTime, end_of_day, instant
from projections.past import Cut

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")


ALWAYS = Cut()


class BadMoment(ValueError):
    """The text is neither a day nor an instant with its zone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as written (to carry on in links), and the cut it means."""

    as_of: str = ""
    known_at: str = ""
    cut: Cut = ALWAYS


NOW = Asked()


def asked(as_of: str | None, known_at: str | None) -> Asked:
    """Read both parameters; BadMoment if one cannot be read. Empty means now."""
    first, second = (as_of or "").strip(), (known_at or "").strip()
    return Asked(first, second, Cut(_moment(first), _moment(second)))


def _moment(text: str) -> Instant | None:
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return end_of_day(text).utc.replace("59.000000Z", "59.999999Z")
        if _INSTANT.fullmatch(text):
            return instant(datetime.fromisoformat(text))
    except (ValueError, OverflowError, NoSuchTime):
        pass  # the calendar or the clock has no such moment
    raise BadMoment(text)
