"""The figures in Prometheus' text form. Labels are services, calls and consumers: a handful, never cases or people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from projections.monitor.figures import Figures, Freshness, Kind

CONTENT_TYPE = CONTENT_TYPE_LATEST
PREFIX = "wijkspoor_monitor_"


def exposition(figures: Figures) -> bytes:
    """Every figure that is a number, once."""
    registry = CollectorRegistry()
    registry.register(_Once(figures))
    return generate_latest(registry)


class _Once(Collector):
    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        """As prometheus_client asks."""
        yield from _reader(self.figures.freshness)
        yield from _services(self.figures)
        yield from _cases(self.figures)
        yield from _budget(self.figures)
        yield from _alarms(self.figures)


def _gauge(
    name: str, help_: str, labels: Sequence[str], values: Iterable[tuple[Sequence[str], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + name, help_, labels=labels)
    for label_values, value in values:
        family.add_metric(label_values, value)
    return family


def _counter(
    name: str, help_: str, labels: Sequence[str], values: Iterable[tuple[Sequence[str], float]]
) -> CounterMetricFamily:
    family = CounterMetricFamily(PREFIX + name, help_, labels=labels)
    for label_values, value in values:
        family.add_metric(label_values, value)
    return family


def _reader(fresh: Freshness) -> Iterator[Metric]:
    yield _gauge("position", "Highest position seen", (), [((), fresh.position)])
    yield _gauge("missing", "Positions below it not seen", (), [((), fresh.missing)])
    if fresh.behind is not None:
        yield _gauge("behind", "Records on Kafka not read yet", (), [((), fresh.behind)])
    yield _gauge("gaps", "Holes noticed between records", (), [((), len(fresh.gaps))])
    yield _counter("repeats", "Records that came again and were dropped", (), [((), fresh.repeats)])
    yield _counter("unreadable", "Records that could not be read", (), [((), fresh.unreadable)])
    yield _counter("restarts", "Times the watchdog restarted the worker", (), [((), fresh.restarts)])


def _services(figures: Figures) -> Iterator[Metric]:
    every, by = figures.services, ("service",)
    yield _counter("events", "Events seen", by, [((one.service,), one.events) for one in every])
    yield _counter("refusals", "Events that say no to somebody", by, [((one.service,), one.refused) for one in every])
    yield _gauge("hour_events", "Events in the last hour", by, [((one.service,), one.hour) for one in every])
    yield _gauge(
        "usual_hour_events",
        "Mean events an hour in the week before",
        by,
        [((one.service,), one.usual_hour_hundredths / 100) for one in every],
    )
    yield _gauge("waiting_inputs", "Inputs not answered yet", by, [((one.service,), one.waiting) for one in every])
    yield _gauge(
        "hour_delay_seconds",
        "Mean time from happening to recording in the last hour",
        by,
        [((one.service,), one.hour_delay_ms / 1_000) for one in every],
    )
    yield _gauge(
        "step_seconds",
        "Mean time from a case's event before to this service's",
        by,
        [((one.service,), one.step_ms / 1_000) for one in every],
    )
    delays = HistogramMetricFamily(PREFIX + "delay_seconds", "From happening to recording", labels=by)
    for one in every:
        buckets = [(f"{float(bound)}", number) for bound, number in one.delay.within.items()]
        delays.add_metric((one.service,), [*buckets, ("+Inf", one.delay.count)], sum_value=one.delay.total_ms / 1_000)
    yield delays


def _cases(figures: Figures) -> Iterator[Metric]:
    ageing = figures.ageing
    yield _gauge("open_cases", "Cases in which somebody is to move", (), [((), ageing.open)])
    classes = [((bound,), number) for bound, number in ageing.classes.items()]
    yield _gauge("open_cases_by_age", "Open cases by days since their last event", ("from_days",), classes)
    still = [((service,), number) for service, number in ageing.still.items()]
    yield _gauge("still_cases", "Open cases that stand still beyond their limit", ("service",), still)
    parked = Counter(one.consumer for one in figures.parked)
    yield _gauge("parked_streams", "Streams that stand still", ("consumer",), [((k,), n) for k, n in parked.items()])


def _budget(figures: Figures) -> Iterator[Metric]:
    by = ("call",)
    for name, help_, attribute in (
        ("envelope_cents", "The call's money", "envelope_cents"),
        ("committed_cents", "Committed and not decommitted", "committed_cents"),
        ("paid_cents", "Paid or set off", "paid_cents"),
        ("paid_per_day_cents", "Mean paid a day, recently", "paid_per_day_cents"),
    ):
        yield _gauge(name, help_, by, [((one.call,), getattr(one, attribute)) for one in figures.budget])


def _alarms(figures: Figures) -> Iterator[Metric]:
    found = Counter(one.kind for one in figures.alarms)
    yield _gauge("alarms", "Alarms that stand", ("kind",), [((kind,), found[kind]) for kind in get_args(Kind)])
