"""The names of all figures: what the program exports, read from the program, and what others export.

An alert on a figure that nobody exports never rings. So rules and dashboard may name only what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

NAME = re.compile(r"\b(?:wijkspoor|kafka|cnpg|kubelet)_[a-z0-9_]+")
GROUPING = re.compile(r"\b(?:by|without)\s*\([^)]*\)|\{[^}]*\}|\"[^\"]*\"")

OUTSIDE: Mapping[str, str] = {
    "kubelet_volume_stats_available_bytes": "kubelet",
    "kubelet_volume_stats_capacity_bytes": "kubelet",
    "kafka_cluster_partition_underminisr": "Strimzi Metrics Reporter",
    "kafka_controller_kafkacontroller_offlinepartitionscount": "Strimzi Metrics Reporter",
    "kafka_server_replicamanager_underreplicatedpartitions": "Strimzi Metrics Reporter",
    "kafka_log_log_size": "Strimzi Metrics Reporter",
    "cnpg_collector_up": "CloudNativePG",
    "cnpg_pg_replication_lag": "CloudNativePG",
    "cnpg_pg_stat_archiver_last_failed_time": "CloudNativePG",
    "cnpg_pg_stat_archiver_last_archived_time": "CloudNativePG",
}
"""Name → who exports it."""


def named(expression: str) -> Iterator[str]:
    """The figures that a PromQL expression reads."""
    yield from NAME.findall(GROUPING.sub(" ", expression))


def exported(text: bytes) -> set[str]:
    """The names under which Prometheus finds what a page of figures says."""
    found = set()
    for line in text.decode().splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            found |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    return found
