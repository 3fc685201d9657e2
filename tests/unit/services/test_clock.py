"""The shell's time: real, or driven by the story and never backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from events.times import instant
from services.clock import StoryClock, SystemClock, event_id, moments, wall_clock

START = "2021-03-11T08:00:00.000000Z"
ANY = st.datetimes(datetime(1971, 1, 1), datetime(2998, 1, 1)).map(lambda naive: instant(naive.replace(tzinfo=UTC)))


def test_a_story_stands_still_until_it_is_moved() -> None:
    clock = StoryClock(START)
    assert clock.now() == clock.now() == START
    clock.move("2021-03-11T08:00:00.000001Z")
    assert clock.now() == "2021-03-11T08:00:00.000001Z"


def test_a_story_may_be_told_the_time_it_is() -> None:
    clock = StoryClock(START)
    clock.move(START)
    assert clock.now() == START


def test_the_clock_never_goes_back() -> None:
    clock = StoryClock(START)
    with pytest.raises(ValueError, match="cannot go back") as caught:
        clock.move("2021-03-11T07:59:59.999999Z")
    assert START in str(caught.value)
    assert "2021-03-11T07:59:59.999999Z" in str(caught.value)
    assert clock.now() == START


@given(st.lists(ANY, min_size=1))
def test_however_it_is_moved_the_clock_stands_at_the_latest_instant_told(told: list[str]) -> None:
    clock = StoryClock(told[0])
    for one in told:
        if one < clock.now():
            with pytest.raises(ValueError, match="cannot go back"):
                clock.move(one)
        else:
            clock.move(one)
    assert clock.now() == max(told)


def test_only_a_story_is_a_demo() -> None:
    assert StoryClock(START).demo
    assert not SystemClock().demo


def test_the_machines_clock_is_told_in_utc_with_six_decimals() -> None:
    with time_machine.travel(datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC), tick=False):
        assert SystemClock().now() == "2026-07-01T12:00:00.000005Z"
        assert wall_clock() == datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC)
    with time_machine.travel(datetime(2026, 7, 1, 12, tzinfo=UTC), tick=False) as machine:
        machine.shift(timedelta(hours=1))
        assert SystemClock().now() == "2026-07-01T13:00:00.000000Z"


def test_the_store_records_by_the_same_clock() -> None:
    clock = StoryClock(START)
    now = moments(clock)
    assert now() == datetime(2021, 3, 11, 8, tzinfo=UTC)
    clock.move("2021-03-12T08:00:00.000000Z")
    assert now() == datetime(2021, 3, 12, 8, tzinfo=UTC)


def test_event_ids_are_of_version_7_fresh_and_in_order() -> None:
    made = [event_id() for _ in range(1_000)]
    assert {UUID(one).version for one in made} == {7}
    assert len(set(made)) == 1_000
    assert made == sorted(made)
