"""The watchdog blames who stands still while there is something to do, and nobody else."""

from __future__ import annotations

import pytest

from projections.monitor.watch import Report, Watch, behind

WHERE = ("wijkspoor.jury.v1", 3)


def watch(**more: object) -> Watch:
    return Watch(patience=10.0, start=60.0, began=100.0, **more)  # type: ignore[arg-type]  # few fields, all tested


def at(offset: int, *gaps: str) -> Report:
    return Report({WHERE: offset}, gaps)


def ends(offset: int) -> dict[tuple[str, int], int]:
    return {WHERE: offset}


def test_what_lies_on_kafka_and_was_not_handled_is_behind() -> None:
    assert behind({WHERE: 3}, {WHERE: 5, ("other", 0): 2}) == 4


def test_a_topic_that_was_made_anew_is_no_debt() -> None:
    assert behind({WHERE: 500}, {WHERE: 2}) == 0


def test_a_worker_gets_its_time_to_begin() -> None:
    one = watch()
    assert one.verdict(ends(5), 159.0) == "well"
    assert one.verdict(ends(5), 161.0) == "silent"


def test_a_silent_worker_is_found_after_the_patience() -> None:
    one = watch()
    one.told(at(5), 105.0)
    assert one.verdict(ends(5), 114.0) == "well"
    assert one.verdict(ends(5), 116.0) == "silent"


def test_who_reports_and_handles_nothing_while_records_lie_there_is_stalled() -> None:
    one = watch()
    for second in range(105, 170, 5):
        one.told(at(5), second)
        if one.verdict(ends(6), second) == "stalled":
            break
    assert second == 165, "the time to begin counts for the first record"


def test_after_a_first_move_only_the_patience_counts() -> None:
    one = watch()
    one.told(at(0), 105.0)
    one.told(at(5), 106.0)
    one.told(at(5), 117.0)
    assert one.verdict(ends(6), 117.0) == "stalled"


def test_slow_is_not_stalled() -> None:
    one = watch()
    for second in range(105, 300, 9):
        one.told(at(second), float(second))
        assert one.verdict(ends(10_000), float(second)) == "well"


def test_a_quiet_log_is_no_stall() -> None:
    one = watch()
    for second in range(105, 900, 5):
        one.told(at(5), float(second))
        assert one.verdict(ends(5), float(second)) == "well"
    one.told(at(5), 905.0)
    assert one.verdict(ends(6), 905.0) == "well", "the patience begins with the record"


def test_nobody_is_blamed_while_kafka_cannot_be_asked() -> None:
    one = watch()
    for second in range(105, 900, 5):
        one.told(at(5), float(second))
        assert one.verdict(None, float(second)) == "well"


@pytest.mark.parametrize(("known", "verdict"), [((), "gap"), (("hole 1",), "well"), (("hole 2",), "gap")])
def test_a_hole_is_a_reason_to_rebuild_once(known: tuple[str, ...], verdict: str) -> None:
    one = watch(known=frozenset(known))
    one.told(at(5, "hole 1"), 105.0)
    assert one.verdict(ends(5), 105.0) == verdict
