"""The Grafana dashboard as code: rows of questions, each panel one question and the query that answers it.

`python -m deploy.observability.dashboard` writes `dashboard.json`; a test asserts that it is what this says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).parent / "dashboard.json"
SOURCE = {"type": "prometheus", "uid": "${source}"}
WIDTH, HEIGHT = 24, 7


@dataclass(frozen=True)
class Panel:
    """One question: its title, and the queries with the words of their lines. `red` is where it becomes bad."""

    title: str
    queries: Sequence[tuple[str, str]]
    unit: str = "short"
    kind: Literal["timeseries", "stat"] = "timeseries"
    red: float | None = None


@dataclass(frozen=True)
class Row:
    """Panels side by side, under one heading."""

    title: str
    panels: Sequence[Panel]


ROWS = (
    Row(
        "Is all well?",
        (
            Panel("Log position", [("max(wijkspoor_log_position)", "")], kind="stat"),
            Panel("Active relays", [("sum(wijkspoor_relay_active)", "")], kind="stat", red=2),
            Panel("Parked streams", [("sum(max by (consumer) (wijkspoor_parked_streams))", "")], kind="stat", red=1),
            Panel("Stopped consumers", [("sum(wijkspoor_consumers_stopped)", "")], kind="stat", red=1),
            Panel("Books differ", [("max(wijkspoor_books_differ)", "")], kind="stat", red=1),
            Panel("Age of the checkpoint", [("min(wijkspoor_checkpoint_age_seconds)", "")], "s", "stat", 60),
        ),
    ),
    Row(
        "How far is everybody?",
        (
            Panel("Recorded, not yet on Kafka", [("min(wijkspoor_relay_lag_positions)", "relay")], red=1000),
            Panel(
                "Events a consumer has not handled",
                [("min by (consumer) (wijkspoor_consumer_behind)", "{{consumer}}")],
                red=1000,
            ),
            Panel(
                "Public events on their way",
                [
                    ("min(wijkspoor_publisher_behind)", "Kafka"),
                    ("max(wijkspoor_webhook_behind)", "slowest webhook"),
                ],
            ),
        ),
    ),
    Row(
        "What is asked, and how is it answered?",
        (
            Panel("Commands", [("sum by (answer) (rate(wijkspoor_commands_total[5m]))", "{{answer}}")], "ops"),
            Panel(
                "Answers by status",
                [("sum by (status) (rate(wijkspoor_http_requests_total[5m]))", "{{status}}")],
                "reqps",
            ),
            Panel(
                "Time to answer, 99 of 100",
                [
                    (
                        "histogram_quantile(0.99, sum by (component, le) (rate(wijkspoor_http_seconds_bucket[5m])))",
                        "{{component}}",
                    )
                ],
                "s",
                red=0.5,
            ),
        ),
    ),
    Row(
        "How do the cases move?",
        (
            Panel("Events in the last hour", [("max by (service) (wijkspoor_monitor_hour_events)", "{{service}}")]),
            Panel(
                "Open cases by days of rest",
                [("max by (from_days) (wijkspoor_monitor_open_cases_by_age)", "from {{from_days}} days")],
            ),
            Panel(
                "Budget",
                [
                    ("max by (call) (wijkspoor_monitor_envelope_cents) / 100", "envelope {{call}}"),
                    ("max by (call) (wijkspoor_monitor_committed_cents) / 100", "committed {{call}}"),
                    ("max by (call) (wijkspoor_monitor_paid_cents) / 100", "paid {{call}}"),
                ],
                "currencyEUR",
            ),
        ),
    ),
    Row(
        "Does the ground hold?",
        (
            Panel(
                "Room on disks",
                [
                    (
                        'min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{namespace="wijkspoor"}'
                        ' / kubelet_volume_stats_capacity_bytes{namespace="wijkspoor"})',
                        "{{persistentvolumeclaim}}",
                    )
                ],
                "percentunit",
            ),
            Panel(
                "Kafka: partitions that lack copies",
                [
                    ("sum(kafka_server_replicamanager_underreplicatedpartitions)", "fewer copies"),
                    ("sum(kafka_cluster_partition_underminisr)", "no writes"),
                ],
                red=1,
            ),
            Panel(
                "Database: copies behind",
                [("max by (pod) (cnpg_pg_replication_lag)", "{{pod}}")],
                "s",
                red=30,
            ),
        ),
    ),
)


def document() -> dict[str, Any]:
    """The whole dashboard, as Grafana imports it."""
    source = {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus", "current": {}}
    return {
        "uid": "wijkspoor",
        "title": "Wijkspoor",
        "tags": ["wijkspoor"],
        "schemaVersion": 39,
        "editable": False,
        "timezone": "Europe/Brussels",
        "time": {"from": "now-6h", "to": "now"},
        "refresh": "30s",
        "templating": {"list": [source]},
        "panels": list(_placed()),
    }


def text() -> str:
    """The file."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _placed() -> Iterator[dict[str, Any]]:
    numbers, top = count(1), 0
    for row in ROWS:
        grid = {"x": 0, "y": top, "w": WIDTH, "h": 1}
        yield {
            "id": next(numbers),
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": grid,
        }
        wide = WIDTH // len(row.panels)
        high = 4 if row.panels[0].kind == "stat" else HEIGHT
        for number, panel in enumerate(row.panels):
            yield _panel(panel, next(numbers), {"x": number * wide, "y": top + 1, "w": wide, "h": high})
        top += high + 1


def _panel(panel: Panel, ident: int, grid: dict[str, int]) -> dict[str, Any]:
    targets = [
        {"refId": chr(ord("A") + number), "expr": query, "legendFormat": words, "datasource": SOURCE}
        for number, (query, words) in enumerate(panel.queries)
    ]
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red is not None:
        steps.append({"color": "red", "value": panel.red})
    defaults = {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}
    return {
        "id": ident,
        "type": panel.kind,
        "title": panel.title,
        "datasource": SOURCE,
        "gridPos": grid,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": targets,
    }


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
