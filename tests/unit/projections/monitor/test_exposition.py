"""Prometheus reads what the figures say."""

from __future__ import annotations

from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from projections.monitor.exposition import PREFIX, exposition
from projections.monitor.figures import Figures, ParkedStream
from tests.unit.projections.monitor.making import CALL, CASE, DAY, START, figures_of, seen


def samples(figures: Figures) -> dict[tuple[str, tuple[str, ...]], float]:
    found = {}
    for family in text_string_to_metric_families(exposition(figures).decode()):
        for one in family.samples:
            found[one.name.removeprefix(PREFIX), tuple(one.labels.values())] = one.value
    return found


def test_every_figure_that_is_a_number_can_be_scraped() -> None:
    figures = figures_of(
        seen(1, "EnvelopeSet", START, amount=500),
        seen(2, "FundsCommitted", START, case=CASE, amount=300),
        seen(3, "PaymentExecuted", START, case=CASE, amount=90, occurred=START - 2_000),
        seen(4, "GrantRefused", START, case="b"),
        now=START + 401 * DAY,
    )
    stream = ParkedStream(consumer="react:jury", stream="s", records=1, reason="", since="2021-03-01T00:00:00.000000Z")
    fresh = replace(figures.freshness, behind=7, repeats=2, restarts=1)
    found = samples(replace(figures, parked=[stream, stream], freshness=fresh))
    assert found["position", ()] == 4
    assert (found["behind", ()], found["repeats_total", ()], found["restarts_total", ()]) == (7, 2, 1)
    assert found["events_total", ("payment",)] == 2
    assert found["refusals_total", ("decision",)] == 1
    assert (found["open_cases", ()], found["still_cases", ("payment",)]) == (1, 1)
    assert (found["envelope_cents", (CALL,)], found["committed_cents", (CALL,)]) == (500, 300)
    assert found["paid_cents", (CALL,)] == 90
    assert found["parked_streams", ("react:jury",)] == 2
    assert (found["alarms", ("still_case",)], found["alarms", ("stall",)]) == (1, 0)
    buckets = [
        found["delay_seconds_bucket", key] for key in [("1.0", "payment"), ("60.0", "payment"), ("+Inf", "payment")]
    ]
    assert buckets == [1, 2, 2]
    assert found["delay_seconds_sum", ("payment",)] == 2


def test_the_usual_hour_is_told_in_events() -> None:
    week = [seen(n, "CallOpened", START - 3 * DAY) for n in range(1, 85)]
    found = samples(figures_of(*week, seen(100, "CallClosed", START)))
    assert (found["usual_hour_events", ("intake",)], found["hour_events", ("intake",)]) == (0.5, 1)


def test_what_is_not_known_is_not_told() -> None:
    assert ("behind", ()) not in samples(figures_of())
