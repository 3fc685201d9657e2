"""Bringing a cluster to what the tables say, and saying where it differs. Nothing is ever altered or deleted."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from events.adapters.kafka import rights
from events.adapters.kafka.access import PRINCIPALS, RULES, Rules, ours
from events.adapters.kafka.admin import FoundTopic, KafkaAdmin, open_admin
from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.adapters.kafka.topics import TOPICS, Topic, replication


@dataclass(frozen=True, slots=True)
class Difference:
    """Something on the cluster that is not as the tables say. `kind` is for programs, `detail` for people."""

    kind: str
    about: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was made, and what differs afterwards.

    `guarded`: the cluster keeps access rules at all. `absent`: principals that cannot log in by SCRAM; no fault, for
    not everybody uses each of them.
    """

    brokers: int
    guarded: bool
    topics: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


async def check(access: KafkaAccess) -> Report:
    """Compare the cluster with the tables; StoreUnavailable or CannotRun when it cannot be asked."""
    with in_our_words(access):
        async with open_admin(access) as admin:
            return await _compare(admin)


async def apply(access: KafkaAccess, passwords: Mapping[str, str] | None = None) -> Report:
    """Make what is missing: topics, access rules, and the users whose passwords are given; then compare."""
    with in_our_words(access):
        async with open_admin(access) as admin:
            brokers = await admin.size()
            there = await admin.topics()
            missing = [topic for topic in TOPICS if topic.name not in there]
            await admin.create(missing, replication(brokers), brokers)
            found = await _rules(admin)
            added = sorted(RULES - found, key=str) if found is not None else []
            await rights.allow(admin, added)
            await rights.set_passwords(admin, passwords or {})
            return replace(
                await _compare(admin),
                topics=tuple(topic.name for topic in missing),
                rules=tuple(map(str, added)),
                users=tuple(passwords or ()),
            )


async def _compare(admin: KafkaAdmin) -> Report:
    found = await _rules(admin)
    known: Container[str] = await rights.users(admin) if found is not None else PRINCIPALS
    return Report(
        await admin.size(),
        found is not None,
        absent=tuple(name for name in PRINCIPALS if name not in known),
        differences=(*await _topics(admin), *_access(admin.access, found)),
    )


async def _rules(admin: KafkaAdmin) -> Rules | None:
    try:
        return await rights.rules(admin)
    except rights.NoAccessControl:
        return None


async def _topics(admin: KafkaAdmin) -> list[Difference]:
    brokers = await admin.size()
    found = await admin.topics()
    settings = await admin.settings([topic.name for topic in TOPICS if topic.name in found])
    return [
        one for topic in TOPICS for one in _topic(topic, found.get(topic.name), settings.get(topic.name, {}), brokers)
    ]


def _topic(wanted: Topic, found: FoundTopic | None, settings: Mapping[str, str], brokers: int) -> Iterator[Difference]:
    name = wanted.name
    if found is None:
        yield Difference("missing-topic", name, f"{name} is not there: run wijkspoor topics apply")
        return
    if found.partitions != wanted.partitions:
        detail = (
            f"{name} has {found.partitions} partitions and must have {wanted.partitions}: make it anew and refill it"
        )
        yield Difference("wrong-partitions", name, detail)
    if found.copies < replication(brokers):
        detail = f"{name} keeps {found.copies} copies and must keep {replication(brokers)}: reassign its partitions"
        yield Difference("wrong-replication", name, detail)
    for key, value in wanted.on(brokers).items():
        if settings.get(key) != value:
            detail = f"{name} has {key}={settings.get(key)} and must have {value}: set it with Kafka's own tools"
            yield Difference("wrong-setting", name, detail)


def _access(access: KafkaAccess, found: Rules | None) -> Iterator[Difference]:
    if found is None:
        if access.user is not None:
            detail = "the cluster keeps no access rules: whoever logs in may do all"
            yield Difference("no-access-control", "cluster", detail)
        return
    for rule in sorted(RULES - found, key=str):
        yield Difference("missing-acl", str(rule), f"a rule is missing: {rule}")
    for rule in sorted(filter(ours, found - RULES), key=str):
        yield Difference("surplus-acl", str(rule), f"nobody gave this right here: {rule}")
