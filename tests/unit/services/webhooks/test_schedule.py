"""When a failed delivery is tried again, and when a receiver is dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from events.webhooks import Progress
from services.webhooks.schedule import PLAIN, done, failed, paused, resumed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FRESH = Progress("active", place=7)


def after(failures: int) -> Progress:
    """A receiver that has failed so often, the first time just now."""
    return replace(FRESH, failures=failures, failing_since=NOW if failures else None)


def test_pauses_grow_and_stay_at_the_longest() -> None:
    waits = []
    for count in range(12):
        due = failed(after(count), NOW, PLAIN).due
        assert due is not None
        waits.append((due - NOW).total_seconds())
    assert waits[:9] == list(PLAIN.pauses)
    assert waits == sorted(waits)
    assert set(waits[8:]) == {8 * 3600}


def test_the_first_failure_is_remembered_until_one_is_taken() -> None:
    once = failed(FRESH, NOW, PLAIN)
    twice = failed(once, NOW + timedelta(hours=1), PLAIN)

    assert (twice.failures, twice.failing_since, twice.place) == (2, NOW, 7)
    taken = done(twice, 8, NOW)
    assert (taken.failures, taken.failing_since, taken.due, taken.place) == (0, None, None, 8)


@pytest.mark.parametrize(
    ("failures", "since", "dead"),
    [
        (PLAIN.dead_failures - 1, PLAIN.dead_after, True),
        (PLAIN.dead_failures - 2, PLAIN.dead_after, False),
        (PLAIN.dead_failures - 1, PLAIN.dead_after - timedelta(microseconds=1), False),
        (1000, timedelta(days=1), False),
    ],
    ids=["both", "too few", "too short", "many in a day"],
)
def test_a_receiver_is_dead_after_many_failures_over_a_long_time(failures: int, since: timedelta, dead: bool) -> None:
    then = replace(FRESH, failures=failures, failing_since=NOW - since)
    progress = failed(then, NOW, PLAIN)

    assert (progress.status == "paused") == dead
    assert progress.failures == failures + 1
    assert (progress.reason, progress.due is None) == (("dead", True) if dead else (None, False))


def test_by_its_own_pauses_a_receiver_is_dead_within_a_week() -> None:
    progress, now = FRESH, NOW
    while progress.status != "paused":
        progress = failed(progress, now, PLAIN)
        now = progress.due or now
    assert timedelta(days=3) <= now - NOW <= timedelta(days=4)


@pytest.mark.parametrize(("wanted", "waits"), [(1, 5), (60, 60), (10**9, 86_400)])
def test_a_receiver_may_ask_for_a_longer_pause_but_not_for_ever(wanted: int, waits: int) -> None:
    progress = failed(FRESH, NOW, PLAIN, timedelta(seconds=wanted))
    assert progress.due == NOW + timedelta(seconds=waits)


def test_a_rate_spreads_deliveries_over_the_minute() -> None:
    assert done(replace(FRESH, rate=120), 8, NOW).due == NOW + timedelta(seconds=0.5)
    assert done(FRESH, 8, NOW).due is None


def test_a_place_never_moves_back() -> None:
    assert done(FRESH, 3, NOW).place == 7


def test_resumed_it_asks_for_consent_again_and_forgets_its_failures() -> None:
    dead = replace(paused(after(9), "dead"), failures=10)
    assert (dead.status, dead.reason, dead.due) == ("paused", "dead", None)
    assert resumed(dead) == Progress("pending", place=7)
