"""Partitions are read side by side, so events come in any order; the figures may not depend on it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projections.monitor.glance import Glance
from projections.monitor.limits import Limits
from projections.monitor.trail import Trail
from tests.unit.projections.monitor.making import DAY, HOUR, START, figures_of, logs, seen


@given(logs, st.randoms(use_true_random=False))
def test_every_order_of_arrival_gives_the_same_figures(log: list[Glance], chance: object) -> None:
    mixed = list(log)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert figures_of(*mixed) == figures_of(*log)


@given(logs, st.randoms(use_true_random=False))
def test_not_even_where_figures_reach_further_back_than_windows_are_kept(log: list[Glance], chance: object) -> None:
    mixed, far = list(log), Limits(months_shown=30, days_shown=800)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert figures_of(*mixed, limits=far) == figures_of(*log, limits=far)


def test_a_day_at_the_edge_of_what_is_kept_is_told_in_no_order() -> None:
    old = seen(1, "CallOpened", START)
    new = [seen(2, "CallOpened", START + 400 * DAY), seen(3, "CallClosed", START + 400 * DAY + HOUR)]
    far = Limits(days_shown=500)
    assert figures_of(old, *new, limits=far) == figures_of(*new, old, limits=far)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30).map(sorted), st.randoms(use_true_random=False))
def test_steps_of_a_case_add_up_to_the_time_it_took(times: list[int], chance: object) -> None:
    events = list(enumerate(times, start=1))
    chance.shuffle(events)  # type: ignore[attr-defined]  # hypothesis gives a Random
    trail, steps, spent = Trail("call"), 0, 0
    for position, at in events:
        for lap in trail.step(position, at, "jury"):
            steps, spent = steps + lap.steps, spent + lap.ms
    assert (steps, spent) == (len(times) - 1, times[-1] - times[0])
    assert list(trail.positions) == sorted(trail.positions)
    assert trail.last_ms == times[-1]


def test_a_repeated_step_changes_nothing() -> None:
    trail = Trail("call")
    list(trail.step(4, 1_000, "intake"))
    assert list(trail.step(4, 1_000, "intake")) == []
    assert list(trail.positions) == [4]


def test_a_late_step_splits_the_one_that_spanned_it() -> None:
    trail = Trail("call")
    list(trail.step(1, 0, "intake"))
    assert [(lap.service, lap.steps, lap.ms) for lap in trail.step(9, 900, "jury")] == [("jury", 1, 900)]
    late = [(lap.service, lap.at_ms, lap.steps, lap.ms) for lap in trail.step(5, 300, "eligibility")]
    assert late == [("eligibility", 300, 1, 300), ("jury", 900, 0, -300)]
