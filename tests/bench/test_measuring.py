"""What the figures say follows from what was measured."""

from __future__ import annotations

import pytest

from tests.bench.measuring import Figure, Target, burst_of, percentile


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_nothing_measured_is_zero() -> None:
    assert percentile([], 0.99) == 0


def test_a_burst_counts_by_the_clock_and_waits_in_milliseconds() -> None:
    burst = burst_of([0.001] * 99 + [0.5], 2.0)
    assert (burst.rate, burst.p50, burst.p99) == (50, 1, 500)


@pytest.mark.parametrize(
    ("target", "met"),
    [(Target("≥", 5), True), (Target("≥", 6), False), (Target("≤", 5), True), (Target("≤", 4), False)],
)
def test_the_median_of_the_rounds_is_held_to_the_target(target: Target, met: bool) -> None:
    figure = Figure("part", "name", "ms", [1, 5, 100], target)
    assert (figure.median, figure.met) == (5, met)


def test_a_figure_without_a_target_is_neither_reached_nor_missed() -> None:
    assert Figure("part", "name", "ms", [1]).met is None


def test_the_document_has_every_round_for_programs() -> None:
    document = Figure("part", "name", "ms", [3, 1, 2], Target("≤", 2)).document()
    assert (document["median"], document["min"], document["max"], document["values"]) == (2, 1, 3, [3, 1, 2])
    assert document["target"] == {"sense": "≤", "value": 2}
