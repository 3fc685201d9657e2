"""Our windows are Faust's, and Faust's tables hold what dictionaries hold."""

from __future__ import annotations

from collections.abc import Iterator

import faust
import pytest
from faust.windows import HoppingWindow, TumblingWindow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.monitor.faust_tables import FaustWindows, faust_tables
from projections.monitor.limits import Limits
from projections.monitor.tables import apply
from projections.monitor.tell import Outside, tell
from projections.monitor.windows import DAYS, HOURS, PlainWindows, Row, Span
from tests.unit.projections.monitor.making import Glance, figures_of, logs

moments = st.integers(0, 4_000_000_000_000).map(lambda ms: ms / 1_000)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[faust.App]:
    yield faust.App("test", datadir=tmp_path_factory.mktemp("faust"), autodiscover=False, store="memory://")


@given(moments)
def test_a_moment_falls_into_the_windows_that_faust_names(at: float) -> None:
    hopping, tumbling = HoppingWindow(HOURS.size, HOURS.step), TumblingWindow(DAYS.size)
    assert list(HOURS.starts(at)) == [int(start) for start, _ in hopping.ranges(at)]
    assert list(DAYS.starts(at)) == [int(start) for start, _ in tumbling.ranges(at)]


@given(moments, st.sampled_from([HOURS, DAYS]))
def test_every_window_of_a_moment_holds_it(at: float, span: Span) -> None:
    starts = span.starts(at)
    assert len(starts) == span.size // span.step
    assert all(start <= at < start + span.size for start in starts)


@pytest.mark.parametrize("span", [HOURS, DAYS], ids=["hopping", "tumbling"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(added=st.lists(st.tuples(st.sampled_from("ab"), st.integers(-5, 5), moments)), before=st.integers(0, 10**9))
def test_a_faust_table_holds_what_a_dictionary_holds(
    app: faust.App, span: Span, added: list[tuple[str, int, float]], before: int
) -> None:
    plain, faust_s = PlainWindows(span), FaustWindows(app, "one", span)
    for windows in (plain, faust_s):
        for key, amount, at in added:
            windows.add(key, amount, at)
        windows.forget(before)
    assert by_key(faust_s.rows()) == by_key(plain.rows())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(log=logs)
def test_figures_from_fausts_tables_are_those_from_dictionaries(app: faust.App, log: list[Glance]) -> None:
    tables = faust_tables(app)
    for event in log:
        apply(tables, event)
    assert tell(tables, Outside(), Limits()) == figures_of(*log)


def by_key(rows: Iterator[Row]) -> dict[tuple[str, int], int]:
    return {(row.key, row.start): row.amount for row in rows}
