"""The table of access against a real cluster: whatever it lets is let, whatever else is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.kafka.local import LocalKafka
from events.adapters.kafka import rights, setup
from events.adapters.kafka.access import PRINCIPALS, REACTS_TO, Kind, Operation, allowed
from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess, in_our_words, opened
from events.adapters.kafka.topics import LOG_TOPICS, PUBLIC_TOPIC, TOPICS, Topic
from events.failures import CannotRun
from events.store import StoreUnavailable
from tests.integration.kafka.trying import ON_CLUSTER, ON_GROUP, ON_TOPIC, calling, let

OTHER_TOPICS = ("wijkspoor.other.v1", "elsewhere")
GROUPS = (
    *(f"wijkspoor.work.{service}" for service in REACTS_TO),
    "wijkspoor.project.budget_consumption",
    "wijkspoor.monitor",
    "subscriber-finance",
    "another",
)


def password(principal: str) -> str:
    """Each has its own."""
    return f"the word of {principal}"


@pytest.fixture
async def cluster(secured: LocalKafka) -> AsyncIterator[LocalKafka]:
    """A cluster set up as `topics apply` does, and two topics beside ours; each topic has a record."""
    await setup.apply(secured.access(), {name: password(name) for name in PRINCIPALS})
    async with open_admin(secured.access()) as admin:
        there = await admin.topics()
        await admin.create([Topic(name, 1) for name in OTHER_TOPICS if name not in there], 1, 1)
    async with AIOKafkaProducer(**secured.access().client()) as producer:
        for name in (*(topic.name for topic in TOPICS), *OTHER_TOPICS):
            await producer.send_and_wait(name, b"there")
    yield secured


def entry(cluster: LocalKafka, principal: str) -> KafkaAccess:
    """How a principal enters."""
    return cluster.access(principal, password(principal))


@pytest.mark.parametrize("principal", PRINCIPALS)
async def test_a_principal_may_do_what_the_table_says_and_nothing_else(cluster: LocalKafka, principal: str) -> None:
    wanted: dict[tuple[str, str], bool] = {}
    found: dict[tuple[str, str], bool] = {}
    async with calling(entry(cluster, principal)) as caller:
        for topic in (*(topic.name for topic in TOPICS), *OTHER_TOPICS):
            for operation, attempt in ON_TOPIC.items():
                wanted[operation.name, topic] = allowed(principal, Kind.TOPIC, topic, operation)
                found[operation.name, topic] = await let(attempt(caller, topic))
        for group in GROUPS:
            for operation, attempt in ON_GROUP.items():
                wanted[operation.name, group] = allowed(principal, Kind.GROUP, group, operation)
                found[operation.name, group] = await let(attempt(caller, group))
        for what, attempt in ON_CLUSTER.items():
            wanted[what, "cluster"] = False
            found[what, "cluster"] = await let(attempt(caller, ""))
    assert found == wanted
    assert len(found) == 10 * 8 + 9 * 2 + 3


async def test_the_attempts_are_real_the_administrator_may_do_all_of_them(cluster: LocalKafka) -> None:
    async with calling(cluster.access()) as caller:
        for operation, attempt in ON_TOPIC.items():
            if operation is not Operation.DELETE:
                assert await let(attempt(caller, "elsewhere")), operation
        for operation, attempt in ON_GROUP.items():
            assert await let(attempt(caller, "elsewhere")), operation
        assert await let(ON_TOPIC[Operation.DELETE](caller, "elsewhere"))


async def test_the_relay_writes_without_repeats_and_needs_no_right_on_the_cluster_for_it(cluster: LocalKafka) -> None:
    async with AIOKafkaProducer(**entry(cluster, "relay").client(), acks="all", enable_idempotence=True) as producer:
        written = await producer.send_and_wait(LOG_TOPICS["jury"], b"a fact", key=b"panel-1")
    assert written.topic == LOG_TOPICS["jury"]


async def test_a_refused_write_says_who_and_what_and_leaves_the_producer_usable(cluster: LocalKafka) -> None:
    access = entry(cluster, "work-jury")
    async with AIOKafkaProducer(**access.client()) as producer:
        with (
            pytest.raises(CannotRun, match=r"let work-jury do this on topic wijkspoor\.jury\.v1"),
            in_our_words(access),
        ):
            await producer.send_and_wait(LOG_TOPICS["jury"], b"forged")
        assert (await producer.send_and_wait("wijkspoor.parked.v1", b"mine")).offset >= 0


async def test_a_refused_read_says_who_and_what(cluster: LocalKafka) -> None:
    access = entry(cluster, "subscriber")
    with pytest.raises(CannotRun, match=r"let subscriber do this on topic wijkspoor\.payment\.v1"):
        async with opened(AIOKafkaConsumer(LOG_TOPICS["payment"], **access.client()), access) as reader:
            await reader.getone()


async def test_a_refused_group_says_who_and_which(cluster: LocalKafka) -> None:
    access = entry(cluster, "subscriber")
    reader = AIOKafkaConsumer(PUBLIC_TOPIC, **access.client(), group_id="wijkspoor.work.jury")
    with pytest.raises(CannotRun, match=r"let subscriber use the consumer group wijkspoor\.work\.jury"):
        async with opened(reader, access):
            await reader.getone()


async def test_a_subscriber_reads_what_is_public_in_a_group_of_its_own(cluster: LocalKafka) -> None:
    access = entry(cluster, "subscriber")
    async with AIOKafkaConsumer(
        PUBLIC_TOPIC, **access.client(), group_id="subscriber-finance", auto_offset_reset="earliest"
    ) as reader:
        # Whichever partition answers first: the test of the whole table has written there too.
        assert (await reader.getone()).value in {b"there", b"tried"}
        await reader.commit()


@pytest.mark.parametrize(("user", "word"), [("relay", "a wrong one"), ("nobody", "any")])
async def test_a_wrong_password_or_user_says_address_or_credentials(cluster: LocalKafka, user: str, word: str) -> None:
    with pytest.raises(StoreUnavailable, match=f"as {user}: check address or credentials"):
        await setup.check(cluster.access(user, word))


async def test_who_does_not_log_in_at_all_is_not_let_in(cluster: LocalKafka) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        await setup.check(KafkaAccess(cluster.bootstrap))


async def test_a_new_password_counts_and_the_old_one_no_longer(cluster: LocalKafka) -> None:
    async with open_admin(cluster.access()) as admin:
        for word in ("first", "second", "first", "second"):
            await rights.set_passwords(admin, {"newcomer": word})
            async with open_admin(cluster.access("newcomer", word)) as newcomer:
                assert newcomer.brokers() == (1,)
    with pytest.raises(StoreUnavailable, match="address or credentials"):
        async with open_admin(cluster.access("newcomer", "first")):
            pass
