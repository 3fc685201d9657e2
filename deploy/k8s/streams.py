"""Topics and users of Kafka as Strimzi's resources, from the tables that the program itself goes by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from deploy.k8s.workloads import Manifest
from events.adapters.kafka.access import PRINCIPALS, RULES, Kind, Rule
from events.adapters.kafka.topics import REPLICATION, TOPICS

CLUSTER = {"strimzi.io/cluster": "wijkspoor"}
API = "kafka.strimzi.io/v1"
KINDS = {Kind.TOPIC: "topic", Kind.GROUP: "group", Kind.CLUSTER: "cluster", Kind.TRANSACTION: "transactionalId"}


def topics() -> Iterator[Manifest]:
    """One resource a topic. Taking one away deletes nothing: the cluster refuses to delete topics."""
    for topic in TOPICS:
        spec = {"partitions": topic.partitions, "replicas": REPLICATION, "config": dict(topic.on(REPLICATION))}
        yield {"apiVersion": API, "kind": "KafkaTopic", "metadata": _named(topic.name), "spec": spec}


def users() -> Iterator[Manifest]:
    """One resource a principal, with what the table allows it. The operator makes its password."""
    for principal in PRINCIPALS:
        own = sorted((rule for rule in RULES if rule.principal == principal), key=_order)
        spec = {
            "authentication": {"type": "scram-sha-512"},
            "authorization": {"type": "simple", "acls": list(_entries(own))},
        }
        yield {"apiVersion": API, "kind": "KafkaUser", "metadata": _named(principal), "spec": spec}


def _entries(rules: Iterable[Rule]) -> Iterator[Manifest]:
    for (kind, resource), same in groupby(rules, lambda rule: (rule.kind, rule.resource)):
        what = {"type": KINDS[kind], "name": resource.name, "patternType": "prefix" if resource.prefixed else "literal"}
        yield {"resource": what, "operations": [_camel(rule.operation.name) for rule in same]}


def _order(rule: Rule) -> tuple[int, str, bool, str]:
    return rule.kind.value, rule.resource.name, rule.resource.prefixed, rule.operation.name


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _named(name: str) -> Manifest:
    return {"name": name, "labels": dict(CLUSTER)}
