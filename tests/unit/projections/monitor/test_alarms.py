"""What rings, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from msgspec.structs import replace

from projections.monitor.alarms import alarms
from projections.monitor.daily import Daily
from projections.monitor.figures import Figures
from projections.monitor.glance import Glance
from projections.monitor.limits import Limits
from projections.monitor.tables import Parked
from projections.monitor.tell import Outside, tell
from tests.unit.projections.monitor.making import (
    DAY,
    HOUR,
    MINUTE,
    START,
    figures_of,
    logs,
    seen,
    tables_of,
)

SOME = Limits(least_in_hour=5, least_in_day=10)


def rings(figures: Figures) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in figures.alarms]


def many(type_: str, count: int, at: int, first: int) -> list[Glance]:
    return [seen(first + n, type_, at) for n in range(count)]


@given(logs)
def test_every_alarm_says_what_it_is_about_in_both_languages(log: list[Glance]) -> None:
    for one in figures_of(*log).alarms:
        assert one.subject
        assert one.text.nl != one.text.en


def test_a_service_that_leaves_its_input_unanswered_is_stalled() -> None:
    asked = seen(1, "ApplicationSubmitted", START)
    assert rings(figures_of(asked, now=START + 15 * MINUTE)) == []
    assert rings(figures_of(asked, now=START + 16 * MINUTE)) == [("stall", "eligibility")]


def test_a_service_that_answered_is_not_stalled_and_an_older_answer_does_not_count() -> None:
    asked, again = seen(2, "ApplicationSubmitted", START), seen(4, "ApplicationSubmitted", START + 1)
    before, after = seen(1, "CriteriaAdopted", START), seen(5, "AssessmentStarted", START + 2)
    late = START + HOUR
    (alarm,) = figures_of(before, asked, seen(3, "AssessmentStarted", START), again, now=late).alarms
    assert (alarm.kind, alarm.subject) == ("stall", "eligibility")
    assert "1 facts" in alarm.text.en
    assert rings(figures_of(before, asked, again, after, now=late)) == []
    assert rings(figures_of(after, again, asked, before, now=late)) == [], "whatever the order of arrival"


def test_a_case_without_a_move_rings_after_the_days_of_who_moved_last() -> None:
    draft = seen(1, "DraftStarted", START, case="a")
    assert rings(figures_of(draft, now=START + 31 * DAY - 1)) == []
    assert rings(figures_of(draft, now=START + 31 * DAY)) == [("still_case", "intake")]
    assessed = seen(2, "AssessmentStarted", START, case="a")
    assert rings(figures_of(draft, assessed, now=START + 31 * DAY)) == []


def test_an_hour_far_above_the_usual_rings() -> None:
    week = [seen(n, "CallOpened", START - n * HOUR) for n in range(1, 169)]
    calm = many("CallOpened", 10, START + HOUR, 200)
    wild = many("CallOpened", 11, START + HOUR, 200)
    assert rings(figures_of(*week, *calm, limits=SOME)) == []
    assert rings(figures_of(*week, *wild, limits=SOME)) == [("high_rate", "intake")]


def test_the_first_day_ever_is_not_odd() -> None:
    assert rings(figures_of(*many("CallOpened", 500, START, 1), limits=SOME)) == []


def test_a_silent_day_rings_where_the_same_weekday_was_never_silent() -> None:
    weeks = [event for week in range(1, 5) for event in many("CallOpened", 20, START - week * 7 * DAY, week * 100)]
    tomorrow = START + DAY + HOUR
    assert rings(figures_of(*weeks, now=tomorrow, limits=SOME)) == [("low_rate", "intake")]
    assert rings(figures_of(*weeks, *many("CallOpened", 2, START, 900), now=tomorrow, limits=SOME)) == []
    assert rings(figures_of(*weeks, now=tomorrow + 2 * DAY, limits=SOME)) == [], "other days are always silent"


def test_a_surge_of_refusals_rings() -> None:
    usual = [seen(n, "GrantRefused", START - n * DAY) for n in range(1, 29)]
    three, five = many("GrantRefused", 3, START, 100), many("GrantRefused", 5, START, 100)
    assert rings(figures_of(*usual, *three)) == []
    assert rings(figures_of(*usual, *five)) == [("refusals", "decision")]
    assert rings(figures_of(*five)) == [("refusals", "decision")]


def test_parked_streams_ring_one_by_one() -> None:
    tables = tables_of(seen(1, "CallOpened"))
    for stream in ("a", "b"):
        tables.parked[stream] = Parked("react:jury", stream, 3, "a bug", START, START)
    assert rings(tell(tables, Outside(), Limits())) == [("parked", "react:jury")] * 2


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"unreadable": 1}, ["unreadable"]),
        ({"gaps": ("x",)}, ["gap"]),
        ({"missing": 3}, []),
        ({"missing": 3, "behind": 4}, []),
        ({"missing": 3, "behind": 0}, ["gap"]),
        ({"behind": 10_000}, []),
        ({"behind": 10_001}, ["behind"]),
    ],
)
def test_what_makes_the_figures_doubtful_rings_first(changes: dict[str, object], kinds: list[str]) -> None:
    figures = figures_of(seen(1, "CallOpened"))
    doubtful = replace(figures, freshness=replace(figures.freshness, **changes))
    assert [one.kind for one in alarms(doubtful, Daily(0), START, Limits())] == kinds
