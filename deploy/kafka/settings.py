"""One node's settings: broker and controller in one process, reachable from this machine alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
BROKER, ADMIN = "broker", "admin"
CA = "ca.pem"


@dataclass(frozen=True, slots=True)
class Ports:
    """A node's two doors."""

    client: int
    controller: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """What all nodes agree on. `passwords`: of the super users `broker` and `admin`; without them nobody logs in.

    `tls` is a folder with `broker.pem` (key and certificate) and `ca.pem`, for encrypted doors where people log in.
    """

    ports: Sequence[Ports]
    passwords: Mapping[str, str] | None = None
    tls: Path | None = None

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.ports)


# Short waits, for a cluster of one person or one test.
QUICK = {
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "500",
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "controller.quorum.election.timeout.ms": "500",
    "controller.quorum.fetch.timeout.ms": "1500",
    "controller.quorum.election.backoff.max.ms": "300",
    "replica.lag.time.max.ms": "5000",
}

# Few threads and small tables: 43 partitions, one machine.
SMALL = {
    "num.network.threads": "2",
    "num.io.threads": "4",
    "num.replica.fetchers": "1",
    "background.threads": "2",
    "num.recovery.threads.per.data.dir": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "4",
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.segment.delete.delay.ms": "100",
}


def settings(cluster: Cluster, node: int, data: Path) -> Mapping[str, str]:
    """The server.properties of node 1, 2, …"""
    mine = cluster.ports[node - 1]
    copies = min(3, cluster.nodes)
    voters = ",".join(f"{n}@{HOST}:{ports.controller}" for n, ports in enumerate(cluster.ports, 1))
    return {
        "process.roles": "broker,controller",
        "node.id": str(node),
        "controller.quorum.voters": voters,
        "listeners": f"CLIENT://{HOST}:{mine.client},CONTROLLER://{HOST}:{mine.controller}",
        "advertised.listeners": f"CLIENT://{HOST}:{mine.client}",
        "inter.broker.listener.name": "CLIENT",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        "unclean.leader.election.enable": "false",
        "log.retention.ms": "-1",
        "message.max.bytes": "2097152",
        "replica.fetch.max.bytes": "2097152",
        "default.replication.factor": str(copies),
        "min.insync.replicas": str(max(1, copies - 1)),
        "offsets.topic.replication.factor": str(copies),
        "transaction.state.log.replication.factor": str(copies),
        "transaction.state.log.min.isr": str(max(1, copies - 1)),
        "share.coordinator.state.topic.replication.factor": str(copies),
        "share.coordinator.state.topic.min.isr": str(max(1, copies - 1)),
        **QUICK,
        **SMALL,
        **_security(cluster.passwords),
        **_encryption(cluster.tls),
    }


def _security(passwords: Mapping[str, str] | None) -> Mapping[str, str]:
    if passwords is None:
        return {"listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT"}
    secret = passwords[BROKER]
    scram = f'org.apache.kafka.common.security.scram.ScramLoginModule required username="{BROKER}" password="{secret}";'
    # The controllers carry the table of SCRAM users themselves, so between them a fixed word counts.
    plain = (
        f'org.apache.kafka.common.security.plain.PlainLoginModule required username="{BROKER}" password="{secret}" '
        f'user_{BROKER}="{secret}";'
    )
    return {
        "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.client.scram-sha-512.sasl.jaas.config": scram,
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": plain,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": f"User:{BROKER};User:{ADMIN}",
    }


def _encryption(folder: Path | None) -> Mapping[str, str]:
    if folder is None:
        return {}
    return {
        "listener.security.protocol.map": "CLIENT:SASL_SSL,CONTROLLER:SASL_PLAINTEXT",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "broker.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / CA),
    }
