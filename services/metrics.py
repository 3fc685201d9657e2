"""Figures for Prometheus, in a registry of our own: nothing is counted by import alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST

OWN: Mapping[str, str] = MappingProxyType(
    {
        "wijkspoor_store_up": "Whether the log can be reached",
        "wijkspoor_books_differ": "Whether the running check found that budget view and ledger differ",
        "wijkspoor_relay_active": "Whether this relay holds the lease",
        "wijkspoor_relay_lag_positions": "Events recorded and not yet acknowledged by Kafka",
        "wijkspoor_relay_pending": "Events on their way to Kafka",
        "wijkspoor_relay_sent_total": "Events sent to Kafka",
        "wijkspoor_relay_refilled_total": "Events written again because Kafka had lost them",
        "wijkspoor_publisher_active": "Whether this publisher holds the lease",
        "wijkspoor_publisher_behind": "Public events not yet acknowledged by Kafka",
        "wijkspoor_webhook_endpoints_paused": "Subscribers to whom nothing is delivered",
        "wijkspoor_webhook_behind": "Public events that the slowest endpoint has not got yet",
        "wijkspoor_manifest_age_seconds": "Since the end of the last day that has a signed manifest",
        "wijkspoor_checkpoint_age_seconds": "Since the last signed checkpoint",
        "wijkspoor_timer_overdue_seconds": "Since the oldest deadline that should have acted",
    }
)
"""Figures that one role or another has, without labels. Who lacks one does not show it: its 0 would be a lie."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Own(Collector):
    def __init__(self) -> None:
        self.values: Mapping[str, float] = {}

    def collect(self) -> Iterator[Metric]:
        """As prometheus_client asks."""
        for name, value in self.values.items():
            family = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            yield family(name, OWN[name], value=value)


class Metrics:
    """What HTTP measures. Labels are bounded: route templates and answers, never paths, ids or people."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._seen: set[str] = set()
        self._requests = Counter(
            "wijkspoor_http_requests", "HTTP answers", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "wijkspoor_http_seconds", "Duration of HTTP answers", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._commands = Counter(
            "wijkspoor_commands", "Commands by what became of them", ("command", "answer"), registry=self._registry
        )
        self._head = Gauge("wijkspoor_log_position", "Last position of the log", registry=self._registry)
        self._consumers = Gauge(
            "wijkspoor_consumer_position", "Last position handled", ("consumer",), registry=self._registry
        )
        self._behind = Gauge(
            "wijkspoor_consumer_behind", "Events not handled yet", ("consumer",), registry=self._registry
        )
        self._stopped = Gauge("wijkspoor_consumers_stopped", "Consumers stopped for good", registry=self._registry)
        self._parked = Gauge(
            "wijkspoor_parked_streams", "Streams that stand still", ("consumer",), registry=self._registry
        )
        self._alarms = Gauge("wijkspoor_consumer_alarms", "Consumers that wait in vain", registry=self._registry)
        self._own = _Own()
        self._registry.register(self._own)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One HTTP answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def commanded(self, command: str, answer: str) -> None:
        """What became of one command."""
        self._commands.labels(command, answer).inc()

    def state(self, head: int, consumers: Mapping[str, int], behind: Mapping[str, int], stopped: int) -> None:
        """Where the log and its consumers stand now, and how much each has still to do."""
        self._head.set(head)
        self._stopped.set(stopped)
        for name, position in consumers.items():
            self._consumers.labels(name).set(position)
            self._behind.labels(name).set(behind.get(name, 0))

    def standing(self, parked: Mapping[str, int], alarms: int) -> None:
        """How many streams stand still a consumer, and how many consumers wait in vain."""
        self._alarms.set(alarms)
        # A consumer whose last stream goes on again has none, which is not the same as nothing known.
        for name in self._seen | parked.keys():
            self._parked.labels(name).set(parked.get(name, 0))
        self._seen |= parked.keys()

    def own(self, values: Mapping[str, float]) -> None:
        """What this role shows of itself, by the names of `OWN`; KeyError for another name."""
        if strangers := values.keys() - OWN.keys():
            raise KeyError(f"{sorted(strangers)} do not stand in OWN")
        self._own.values = dict(values)

    def text(self) -> bytes:
        """Everything, in Prometheus' text form."""
        return generate_latest(self._registry)
