"""What the Prometheus operator and Grafana pick up: where to look, when to ring, what to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from deploy.k8s.workloads import Manifest
from deploy.observability import dashboard

API = "monitoring.coreos.com/v1"
ALERTS = Path(__file__).parents[1] / "observability" / "alerts.yaml"
COMPONENT = "__meta_kubernetes_pod_label_app_kubernetes_io_component"


def resources() -> Iterator[Manifest]:
    """Where to look, for what to ring, and what to show."""
    roles = {"app.kubernetes.io/name": "wijkspoor"}
    told = [
        {"action": "replace", "targetLabel": "job", "replacement": "wijkspoor"},
        {"sourceLabels": [COMPONENT], "targetLabel": "component"},
    ]
    yield _monitor("roles", {"matchLabels": roles}, {"port": "http", "path": "/metrics", "relabelings": told})
    brokers = {"matchLabels": {"strimzi.io/cluster": "wijkspoor", "strimzi.io/kind": "Kafka"}}
    yield _monitor("kafka", brokers, {"port": "tcp-prometheus", "path": "/metrics"})
    yield _monitor("store", {"matchLabels": {"cnpg.io/cluster": "wijkspoor-store"}}, {"port": "metrics"})
    rules = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    yield {"apiVersion": API, "kind": "PrometheusRule", "metadata": {"name": "wijkspoor"}, "spec": rules}
    labels = {"grafana_dashboard": "1"}
    data = {"wijkspoor.json": dashboard.text()}
    yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "dashboard", "labels": labels}, "data": data}


def _monitor(name: str, selector: Manifest, endpoint: Manifest) -> Manifest:
    spec = {"selector": selector, "podMetricsEndpoints": [endpoint]}
    return {"apiVersion": API, "kind": "PodMonitor", "metadata": {"name": name}, "spec": spec}
