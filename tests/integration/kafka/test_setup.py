"""`topics apply` and `topics check` on a real cluster: what is missing is made, what differs is said, nothing more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from deploy.kafka.local import LocalKafka
from events.adapters.kafka import rights, setup
from events.adapters.kafka.access import PRINCIPALS, RULES, Kind, Operation, Resource, Rule
from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.setup import Difference
from events.adapters.kafka.topics import PARKED_TOPIC, PUBLIC_TOPIC, TOPICS, Topic
from events.store import StoreUnavailable
from tests.integration.kafka.conftest import delete_topics
from tests.integration.kafka.undoing import forget_user, withdraw

WORDS = {name: f"the word of {name}" for name in PRINCIPALS}


@pytest.fixture
async def bare(kafka: LocalKafka) -> AsyncIterator[KafkaAccess]:
    """A cluster without any topic of ours; it keeps no access rules."""
    async with open_admin(kafka.access()) as admin:
        await delete_topics(admin, [name for name in await admin.topics() if not name.startswith("__")])
    yield kafka.access()
    async with open_admin(kafka.access()) as admin:
        await delete_topics(admin, [name for name in await admin.topics() if not name.startswith("__")])


def told(differences: Sequence[Difference]) -> set[tuple[str, str]]:
    """What differs, without the words."""
    return {(one.kind, one.about) for one in differences}


async def test_every_missing_topic_is_found(bare: KafkaAccess) -> None:
    report = await setup.check(bare)
    assert told(report.differences) == {("missing-topic", topic.name) for topic in TOPICS}
    assert all("run wijkspoor topics apply" in one.detail for one in report.differences)


async def test_apply_makes_all_and_again_makes_nothing(bare: KafkaAccess) -> None:
    first = await setup.apply(bare)
    assert (set(first.topics), first.differences) == ({topic.name for topic in TOPICS}, ())
    again = await setup.apply(bare)
    assert (again.topics, again.differences, again.brokers) == ((), (), 1)


async def test_the_cluster_has_the_settings_that_the_table_says(bare: KafkaAccess) -> None:
    await setup.apply(bare)
    async with open_admin(bare) as admin:
        found = await admin.topics()
        settings = await admin.settings([topic.name for topic in TOPICS])
    assert {name: one.partitions for name, one in found.items() if not name.startswith("__")} == {
        topic.name: topic.partitions for topic in TOPICS
    }
    for topic in TOPICS:
        assert topic.on(1).items() <= settings[topic.name].items()


async def test_a_topic_deleted_by_mistake_is_found_and_made_again(bare: KafkaAccess) -> None:
    await setup.apply(bare)
    async with open_admin(bare) as admin:
        await delete_topics(admin, [PUBLIC_TOPIC])
    assert told((await setup.check(bare)).differences) == {("missing-topic", PUBLIC_TOPIC)}
    assert (await setup.apply(bare)).topics == (PUBLIC_TOPIC,)


async def test_a_topic_made_otherwise_is_found_and_left_alone(bare: KafkaAccess) -> None:
    otherwise = Topic(PARKED_TOPIC, 2, {"cleanup.policy": "compact", "retention.ms": "1000"})
    async with open_admin(bare) as admin:
        await admin.create([otherwise], 1, 1)
    report = await setup.apply(bare)
    assert len(report.topics) == len(TOPICS) - 1
    assert told(report.differences) == {("wrong-partitions", PARKED_TOPIC), ("wrong-setting", PARKED_TOPIC)}
    words = " ".join(one.detail for one in report.differences)
    for said in ("has 2 partitions and must have 1", "cleanup.policy=compact", "retention.ms=1000"):
        assert said in words


async def test_rules_and_users_are_made_found_missing_and_found_too_many(secured: LocalKafka) -> None:
    access = secured.access()
    made = await setup.apply(access, WORDS)
    assert (made.guarded, made.users, made.differences) == (True, tuple(WORDS), ())
    stray = Rule("stranger", Kind.TOPIC, Resource("wijkspoor.", prefixed=True), Operation.READ)
    denied = Rule("relay", Kind.TOPIC, Resource("wijkspoor.jury.v1"), Operation.WRITE, allows=False)
    others = Rule("stranger", Kind.TOPIC, Resource("orders"), Operation.READ)
    async with open_admin(access) as admin:
        await rights.allow(admin, [stray, denied, others])
        report = await setup.check(access)
        assert told(report.differences) == {("surplus-acl", str(stray)), ("surplus-acl", str(denied))}
        gone = next(rule for rule in RULES if rule.principal == "relay")
        await withdraw(admin, [stray, denied, others, gone])
        assert told((await setup.check(access)).differences) == {("missing-acl", str(gone))}
    assert (await setup.apply(access)).rules == (str(gone),)


async def test_who_cannot_log_in_is_named_and_is_no_difference(secured: LocalKafka) -> None:
    assert (await setup.apply(secured.access(), WORDS)).absent == ()
    async with open_admin(secured.access()) as admin:
        await forget_user(admin, "auditor")
    report = await setup.check(secured.access())
    assert (report.absent, report.differences) == (("auditor",), ())


async def test_an_address_where_nothing_listens_says_so() -> None:
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1 cannot be reached: start it"):
        await setup.check(KafkaAccess("127.0.0.1:1"))
