"""Who may do what on Kafka: one table, from which the access rules are made and against which they are checked.

Whatever is not here is refused. Nobody deletes, alters or reconfigures; only the administrator, a super user of the
cluster who needs no rule, makes topics and rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

from events.adapters.kafka.topics import LOG_TOPICS, PARKED_TOPIC, PUBLIC_TOPIC

REACTS_TO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "intake": ("intake", "decision"),
        "eligibility": ("intake", "eligibility", "decision"),
        "jury": ("intake", "eligibility", "jury", "decision"),
        "decision": ("intake", "eligibility", "jury", "decision", "payment"),
        "payment": ("intake", "decision", "payment"),
    }
)
"""Service → services whose facts it reacts to. A test compares it with the reactions themselves."""

SUBSCRIBER_PREFIX = "subscriber-"
HOUSE = "wijkspoor"
"""Topics and groups whose names begin so are the program's own."""


class Kind(Enum):
    """What a rule is about, with Kafka's number for it."""

    TOPIC = 2
    GROUP = 3
    CLUSTER = 4
    TRANSACTION = 5


class Operation(Enum):
    """What a rule allows, with Kafka's number for it. Reading and writing imply describing."""

    ALL = 2
    READ = 3
    WRITE = 4
    CREATE = 5
    DELETE = 6
    ALTER = 7
    DESCRIBE = 8
    CLUSTER_ACTION = 9
    DESCRIBE_CONFIGS = 10
    ALTER_CONFIGS = 11
    IDEMPOTENT_WRITE = 12
    CREATE_TOKENS = 13
    DESCRIBE_TOKENS = 14
    TWO_PHASE_COMMIT = 15


IMPLY_DESCRIBE = frozenset({Operation.READ, Operation.WRITE, Operation.DELETE, Operation.ALTER})


@dataclass(frozen=True, slots=True, order=True)
class Resource:
    """A topic or group by its name, or all whose names begin so."""

    name: str
    prefixed: bool = False

    def covers(self, name: str) -> bool:
        """Whether this name is meant."""
        return name.startswith(self.name) if self.prefixed else name == self.name


@dataclass(frozen=True, slots=True)
class Rule:
    """One access rule as Kafka keeps it: it allows, from any host, unless it says otherwise."""

    principal: str
    kind: Kind
    resource: Resource
    operation: Operation
    allows: bool = True
    host: str = "*"

    def __str__(self) -> str:
        what = f"{self.kind.name.lower()} {self.resource.name}{'*' if self.resource.prefixed else ''}"
        verb = "may" if self.allows else "may not"
        where = "" if self.host == "*" else f" from {self.host}"
        return f"{self.principal} {verb} {self.operation.name.lower().replace('_', ' ')} {what}{where}"


Rules: TypeAlias = frozenset[Rule]

READ = (Operation.READ,)
WRITE = (Operation.WRITE,)
BOTH = (Operation.READ, Operation.WRITE)


def _topics(principal: str, names: Iterable[str], operations: tuple[Operation, ...]) -> Iterable[Rule]:
    return (Rule(principal, Kind.TOPIC, Resource(name), one) for name in names for one in operations)


def _group(principal: str, name: str, *, prefixed: bool = False) -> Iterable[Rule]:
    return (Rule(principal, Kind.GROUP, Resource(name, prefixed), Operation.READ),)


def worker(service: str) -> str:
    """The principal of a service's workers."""
    return f"work-{service}"


def _workers() -> Iterable[Rule]:
    for service, others in REACTS_TO.items():
        yield from _topics(worker(service), (LOG_TOPICS[one] for one in others), READ)
        yield from _topics(worker(service), (PARKED_TOPIC,), WRITE)
        yield from _group(worker(service), f"wijkspoor.work.{service}")


RULES: Rules = frozenset(
    (
        # The relay reads what is already there before it goes on, and verifies what it wrote.
        *_topics("relay", LOG_TOPICS.values(), BOTH),
        *_topics("publisher", (PUBLIC_TOPIC,), BOTH),
        *_workers(),
        *_topics("projector", LOG_TOPICS.values(), READ),
        *_group("projector", "wijkspoor.project.", prefixed=True),
        # Its tables live in memory and are rebuilt from the topics: it writes nothing.
        *_topics("monitor", (*LOG_TOPICS.values(), PARKED_TOPIC), READ),
        *_group("monitor", "wijkspoor.monitor"),
        *_topics("subscriber", (PUBLIC_TOPIC,), READ),
        *_group("subscriber", SUBSCRIBER_PREFIX, prefixed=True),
        *_topics("auditor", LOG_TOPICS.values(), READ),
    )
)
"""The table."""

PRINCIPALS: tuple[str, ...] = tuple(sorted({rule.principal for rule in RULES}))
"""Everybody but the administrator."""


def allowed(principal: str, kind: Kind, name: str, operation: Operation) -> bool:
    """Whether the table lets a principal do this."""
    return any(
        rule.principal == principal
        and rule.kind is kind
        and rule.resource.covers(name)
        and (rule.operation is operation or (operation is Operation.DESCRIBE and rule.operation in IMPLY_DESCRIBE))
        for rule in RULES
    )


def ours(rule: Rule) -> bool:
    """Whether a rule found on a cluster touches the program: its principals, or its topics and groups.

    Others may share the cluster; what they do among themselves is theirs.
    """
    if rule.principal in PRINCIPALS or rule.principal == "*":
        return True
    if rule.kind not in {Kind.TOPIC, Kind.GROUP}:
        return False
    name = rule.resource.name
    if name == "*":
        return True
    return name.startswith(HOUSE) or (rule.resource.prefixed and HOUSE.startswith(name))
