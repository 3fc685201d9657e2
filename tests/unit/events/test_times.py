"""Instants have one form; deadlines keep their zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import times
from events.times import NoSuchTime


@given(st.datetimes(min_value=datetime(2, 1, 1), timezones=st.timezones()))
def test_an_instant_is_read_back_as_it_was_written(moment: datetime) -> None:
    text = times.instant(moment)
    assert times.moment(text) == moment.astimezone(UTC)


@pytest.mark.parametrize("text", ["2021-03-11T09:00:00Z", "2021-03-11T09:00:00.000000", "2021-03-11 09:00:00.000000Z"])
def test_an_instant_has_six_decimals_and_z(text: str) -> None:
    with pytest.raises(ValueError, match="instant"):
        times.moment(text)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2021-07-10T23:59:59", "2021-07-10T21:59:59.000000Z"),
        ("2021-12-31T23:59:59", "2021-12-31T22:59:59.000000Z"),
        # In the hour that occurs twice the later one counts.
        ("2021-10-31T02:30:00", "2021-10-31T01:30:00.000000Z"),
    ],
)
def test_a_deadline_carries_the_instant_it_stands_for(local: str, utc: str) -> None:
    assert times.deadline(local).utc == utc


@pytest.mark.parametrize("local", ["2021-03-28T02:30:00", "2021-02-30T12:00:00", "2021-07-10", "2021-07-10T23:59:59Z"])
def test_a_time_that_the_zone_does_not_have_is_refused(local: str) -> None:
    with pytest.raises(NoSuchTime):
        times.deadline(local)


def test_four_calendar_years_are_48_months() -> None:
    assert times.months_between("2022-01-01", "2025-12-31") == 48
    assert times.months_between("2022-01-01", "2026-01-01") == 49


def test_a_term_in_days_ends_at_the_end_of_its_last_day() -> None:
    assert times.days_after("2021-07-21T07:00:00.000000Z", 14).local == "2021-08-04T23:59:59"
