"""Comparing a cluster with the tables, and asking it, on a cluster that answers from memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import errors
from aiokafka.protocol.admin import CreateTopicsRequest, DescribeAclsRequest, DescribeConfigsRequest
from aiokafka.protocol.metadata import MetadataRequest

from events.adapters.kafka import rights
from events.adapters.kafka.access import Kind, Operation, Resource, Rule
from events.adapters.kafka.admin import FoundTopic, KafkaAdmin, raise_for
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.setup import Difference, _access, _topic
from events.adapters.kafka.topics import TOPICS, Topic

JURY = next(topic for topic in TOPICS if topic.name == "wijkspoor.jury.v1")
PLAIN = KafkaAccess("k:9092")
NAMED = KafkaAccess("k:9092", "admin", "x", "sasl_plaintext")


@dataclass(frozen=True)
class Broker:
    """A broker as a client names it."""

    nodeId: int  # noqa: N815 -- the client's name for it


@dataclass
class Topics:
    """An answer about topics."""

    found: list[dict[str, Any]]

    def to_object(self) -> dict[str, Any]:
        return {"topics": self.found}


@dataclass
class Answer:
    """An answer with whatever was asked for."""

    topic_errors: list[tuple[str, int, str | None]] = field(default_factory=list)
    resources: list[Any] = field(default_factory=list)
    error_code: int = 0
    error_message: str | None = None


@dataclass
class Client:
    """A client of a cluster in which some brokers are dead and not yet forgotten."""

    nodes: tuple[int, ...] = (1, 2, 3)
    dead: frozenset[int] = frozenset()
    topics: list[dict[str, Any]] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)
    asked: list[int] = field(default_factory=list)

    @property
    def cluster(self) -> Client:
        return self

    def brokers(self) -> set[Broker]:
        return {Broker(node) for node in self.nodes}

    async def send(self, node: int, request: Any) -> Any:
        self.asked.append(node)
        if node in self.dead:
            raise errors.NodeNotReadyError
        if isinstance(request, MetadataRequest):
            return Topics(self.topics)
        assert isinstance(request, CreateTopicsRequest | DescribeConfigsRequest | DescribeAclsRequest)
        return self.answer


def topic(name: str, partitions: int, replicas: list[int], leader: int = 1) -> dict[str, Any]:
    """A topic in an answer."""
    one = {"error_code": 0, "leader": leader, "replicas": replicas}
    return {"topic": name, "partitions": [one for _ in range(partitions)]}


def found(partitions: int = 6, copies: int = 3) -> FoundTopic:
    """The jury's topic as a cluster has it."""
    return FoundTopic(JURY.name, partitions, copies, led=True)


def kinds(differences: list[Difference]) -> list[str]:
    """The kinds alone."""
    return [one.kind for one in differences]


def test_a_topic_as_the_table_says_differs_in_nothing() -> None:
    assert list(_topic(JURY, found(), JURY.on(3), 3)) == []


def test_more_copies_than_needed_are_no_fault() -> None:
    assert list(_topic(JURY, found(copies=4), JURY.on(5), 5)) == []


@pytest.mark.parametrize(
    ("topic", "settings", "kind", "says"),
    [
        (None, {}, "missing-topic", "run wijkspoor topics apply"),
        (found(partitions=12), JURY.on(3), "wrong-partitions", "has 12 partitions and must have 6"),
        (found(copies=1), JURY.on(3), "wrong-replication", "keeps 1 copies and must keep 3"),
        (found(), {**JURY.on(3), "cleanup.policy": "compact"}, "wrong-setting", "cleanup.policy=compact"),
        (found(), {**JURY.on(3), "retention.ms": "604800000"}, "wrong-setting", "must have -1"),
        (found(), {**JURY.on(3), "min.insync.replicas": "1"}, "wrong-setting", "min.insync.replicas=1"),
    ],
)
def test_what_differs_is_said_once_with_what_to_do(
    topic: FoundTopic | None, settings: Mapping[str, str], kind: str, says: str
) -> None:
    (one,) = _topic(JURY, topic, settings, 3)
    assert (one.kind, one.about) == (kind, JURY.name)
    assert says in one.detail


def test_a_cluster_without_access_rules_is_a_fault_where_people_log_in() -> None:
    assert list(_access(PLAIN, None)) == []
    assert kinds(list(_access(NAMED, None))) == ["no-access-control"]


def test_rules_of_strangers_about_strangers_are_theirs() -> None:
    stray = Rule("stranger", Kind.TOPIC, Resource("orders"), Operation.READ)
    missing = list(_access(NAMED, frozenset({stray})))
    assert set(kinds(missing)) == {"missing-acl"}


async def test_a_dead_broker_that_is_still_named_is_passed_over() -> None:
    client = Client(dead=frozenset({1, 2}))
    assert await KafkaAdmin(client, PLAIN).topics() == {}
    assert client.asked == [1, 2, 3]


async def test_when_no_broker_answers_the_last_one_says_why() -> None:
    with pytest.raises(errors.NodeNotReadyError):
        await KafkaAdmin(Client(dead=frozenset({1, 2, 3})), PLAIN).topics()


async def test_a_question_for_one_broker_goes_to_no_other() -> None:
    client = Client(dead=frozenset({2}))
    with pytest.raises(errors.NodeNotReadyError):
        await KafkaAdmin(client, PLAIN).topics(2)
    assert client.asked == [2]


async def test_a_cluster_is_as_large_as_the_brokers_that_keep_something() -> None:
    client = Client(nodes=(1, 3), topics=[topic("a", 1, [1, 2, 3]), topic("b", 1, [4])])
    assert await KafkaAdmin(client, PLAIN).size() == 4


async def test_a_topic_is_led_when_every_partition_is() -> None:
    one, other = topic("a", 1, [1]), topic("a", 1, [1], leader=-1)
    both = {"topic": "a", "partitions": [*one["partitions"], *other["partitions"]]}
    topics = await KafkaAdmin(Client(topics=[both]), PLAIN).topics()
    assert (topics["a"].partitions, topics["a"].led) == (2, False)


async def test_a_topic_that_cannot_be_made_is_named_with_the_clusters_reason() -> None:
    client = Client(answer=Answer(topic_errors=[("a", 38, "one broker is there")]))
    with pytest.raises(errors.InvalidReplicationFactorError, match="a: one broker is there"):
        await KafkaAdmin(client, PLAIN).create([Topic("a", 1)], 3, 3)


async def test_nothing_to_make_or_to_ask_about_asks_nothing() -> None:
    client = Client()
    admin = KafkaAdmin(client, PLAIN)
    await admin.create([], 3, 3)
    await rights.allow(admin, [])
    await rights.set_passwords(admin, {})
    assert await admin.settings([]) == {}
    assert client.asked == []


async def test_settings_are_read_by_topic() -> None:
    entries = [("retention.ms", "-1", False), ("cleanup.policy", "delete", False)]
    client = Client(answer=Answer(resources=[(0, None, 2, "a", entries)]))
    settings = await KafkaAdmin(client, PLAIN).settings(["a"])
    assert settings == {"a": {"retention.ms": "-1", "cleanup.policy": "delete"}}


async def test_rules_are_read_with_who_what_and_from_where() -> None:
    entries = [("User:relay", "*", 4, 3), ("User:relay", "10.0.0.1", 3, 2)]
    client = Client(answer=Answer(resources=[(2, "wijkspoor.", 4, entries)]))
    assert await rights.rules(KafkaAdmin(client, NAMED)) == {
        Rule("relay", Kind.TOPIC, Resource("wijkspoor.", prefixed=True), Operation.WRITE),
        Rule("relay", Kind.TOPIC, Resource("wijkspoor.", prefixed=True), Operation.READ, allows=False, host="10.0.0.1"),
    }


async def test_a_cluster_that_keeps_no_rules_is_told_apart_from_one_that_has_none() -> None:
    assert await rights.rules(KafkaAdmin(Client(), NAMED)) == frozenset()
    with pytest.raises(rights.NoAccessControl):
        await rights.rules(KafkaAdmin(Client(answer=Answer(error_code=54)), NAMED))


def test_a_password_leaves_this_process_salted_and_hashed_only() -> None:
    name, mechanism, iterations, salt, salted, _ = rights._salted("relay", "a word", 8193)
    assert (name, mechanism, iterations, len(salt)) == ("relay", 2, 8193, 16)
    assert salted == hashlib.pbkdf2_hmac("sha512", b"a word", salt, 8193)
    assert rights._salted("relay", "a word", 8193)[3] != salt


def test_an_errors_code_is_told_with_what_it_is_about() -> None:
    raise_for(0, "nothing")
    with pytest.raises(errors.TopicAuthorizationFailedError, match="a topic"):
        raise_for(29, "a topic")
