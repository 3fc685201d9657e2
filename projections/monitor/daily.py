"""Windows, read: sums per day and measure up to a moment, and the hour that ends there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from events.times import Day as DayText
from projections.monitor.windows import DAY, DAYS, HOURS, Windowed

WEEK = 7


def day_text(day: int) -> DayText:
    """The calendar day (UTC) of a day's number since 1970."""
    return datetime.fromtimestamp(day * DAY, UTC).date().isoformat()


@dataclass(slots=True)
class Daily:
    """Days by number since 1970; `today` holds the moment."""

    today: int
    sums: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def read(cls, windows: Windowed, at_s: float) -> Daily:
        """Everything in the windows, by measure. What lies past all interest reads as nothing, swept yet or not."""
        daily = cls(int(at_s // DAY))
        for row in windows.rows():
            if row.start >= at_s - DAYS.keep + DAYS.size:
                daily.sums.setdefault(row.key, {})[row.start // DAY] = row.amount
        return daily

    def on(self, measure: str, day: int) -> int:
        """One day's sum."""
        return self.sums.get(measure, {}).get(day, 0)

    def over(self, measure: str, days: Iterable[int]) -> int:
        """The sum of several days."""
        found = self.sums.get(measure, {})
        return sum(found.get(day, 0) for day in days)

    def before(self, days: int) -> range:
        """The so many full days before today."""
        return range(self.today - days, self.today)

    def latest(self, days: int, until: int | None = None) -> range:
        """The so many days up to and including one, today unless said otherwise."""
        end = self.today if until is None else until
        return range(end - days + 1, end + 1)

    def usual_hour_hundredths(self, measure: str) -> int:
        """The mean hour of the week before today, times a hundred."""
        return self.over(measure, self.before(WEEK)) * 100 // (WEEK * 24)


def last_hour(windows: Windowed, at_s: float) -> dict[str, int]:
    """The hopping window that began first among those that hold the moment: the fifty to sixty minutes before it."""
    start = HOURS.starts(at_s)[0]
    return {row.key: row.amount for row in windows.rows() if row.start == start}
