"""The processes of a cluster as a table: compose, Kubernetes, alerts and their tests agree on this one list."""

from __future__ import annotations

from dataclasses import dataclass

from events.adapters.kafka.access import worker

SERVICES = ("intake", "eligibility", "jury", "decision", "payment")
PORT = 8060
STORE, KAFKA, ENDPOINTS, ISSUER = "store", "kafka", "endpoints", "issuer"
"""What a role may speak to: PostgreSQL, Kafka, subscribers' webhooks outside, the issuer of tokens."""


@dataclass(frozen=True)
class Role:
    """One process: what is started, how often, with which keys, and to whom it may speak.

    `principal` is its name on Kafka, as `events/adapters/kafka/access.py` has it; `keys` are names of files in the
    folder of private keys; `served` says whether people and programs come to it from outside; `spare` whether one
    instance works and the others wait for its lease.
    """

    name: str
    arguments: tuple[str, ...]
    replicas: int
    talks_to: frozenset[str]
    principal: str | None = None
    keys: tuple[str, ...] = ()
    served: bool = False
    spare: bool = False
    memory_mebibytes: int = 128
    cpu_millis: int = 50

    @property
    def database_user(self) -> str:
        """Its name in PostgreSQL."""
        return "wijkspoor_" + self.name.replace("-", "_")


def _keys(service: str) -> tuple[str, ...]:
    return (f"{service}.ed25519", "vault.master")


def _serve(service: str) -> Role:
    return Role(f"serve-{service}", ("serve", service), 2, frozenset({STORE, ISSUER}), keys=_keys(service), served=True)


def _work(service: str) -> Role:
    return Role(f"work-{service}", ("work", service), 3, BOTH, worker(service), keys=_keys(service))


ALL_KEYS = (*(f"{service}.ed25519" for service in SERVICES), "vault.master")
BOTH = frozenset({STORE, KAFKA})
LOG_KEY = "log.ed25519"
"""It signs checkpoints and manifests."""

ROLES: tuple[Role, ...] = (
    *map(_serve, SERVICES),
    Role("serve-desk", ("serve", "desk"), 2, frozenset({STORE, ISSUER}), keys=(LOG_KEY, "vault.master"), served=True),
    *map(_work, SERVICES),
    Role("relay", ("relay",), 2, BOTH, "relay", spare=True, memory_mebibytes=192, cpu_millis=100),
    Role("project", ("project", "all"), 2, BOTH, "projector", spare=True, memory_mebibytes=384, cpu_millis=100),
    # It reads what the views read, as one of them.
    Role("timers", ("timers",), 2, BOTH | {ISSUER}, "projector", ALL_KEYS, spare=True),
    Role("publish", ("publish",), 2, BOTH | {ENDPOINTS}, "publisher", (LOG_KEY, "vault.master"), spare=True),
    Role("monitor", ("monitor",), 1, BOTH, "monitor", memory_mebibytes=256),
)
"""Every process that runs for good; migrations and topics are done once, before."""
