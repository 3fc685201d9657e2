"""The tables of Kafka: contract.md §5, and least privilege."""

from __future__ import annotations

import pytest

from events.adapters.kafka import access
from events.adapters.kafka.access import PRINCIPALS, RULES, Kind, Operation, Resource, Rule, allowed, ours
from events.adapters.kafka.topics import LOG_TOPICS, PARKED_TOPIC, PARTITIONS, PUBLIC_TOPIC, TOPICS, Topic, replication
from events.catalog import KINDS

NEVER = {
    Operation.ALL,
    Operation.DELETE,
    Operation.ALTER,
    Operation.ALTER_CONFIGS,
    Operation.CLUSTER_ACTION,
    Operation.CREATE_TOKENS,
}


def test_there_is_one_topic_a_service_one_for_the_public_and_one_for_what_is_parked() -> None:
    assert {topic.name for topic in TOPICS} == {
        "wijkspoor.intake.v1",
        "wijkspoor.eligibility.v1",
        "wijkspoor.jury.v1",
        "wijkspoor.decision.v1",
        "wijkspoor.payment.v1",
        "wijkspoor.log.v1",
        "wijkspoor.public.v1",
        "wijkspoor.parked.v1",
    }
    assert set(LOG_TOPICS) == set(KINDS.values())


def test_partition_counts_are_those_fixed_for_ever() -> None:
    assert [topic.partitions for topic in TOPICS] == [6, 6, 6, 6, 6, 6, 6, 1]
    assert PARTITIONS[PUBLIC_TOPIC] == 6
    assert PARTITIONS[PARKED_TOPIC] == 1


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_nothing_is_ever_thrown_away_or_compacted(topic: Topic) -> None:
    settings = topic.settings
    assert settings["cleanup.policy"] == "delete"
    assert settings["retention.ms"] == settings["retention.bytes"] == "-1"
    assert settings["max.message.bytes"] == "2097152"
    assert settings["unclean.leader.election.enable"] == "false"


@pytest.mark.parametrize(("brokers", "copies", "in_sync"), [(1, 1, "1"), (2, 2, "1"), (3, 3, "2"), (5, 3, "2")])
def test_three_brokers_keep_three_copies_and_a_write_counts_with_two(brokers: int, copies: int, in_sync: str) -> None:
    assert replication(brokers) == copies
    assert TOPICS[0].on(brokers)["min.insync.replicas"] == in_sync


def test_nobody_deletes_alters_or_reconfigures() -> None:
    assert not [rule for rule in RULES if rule.operation in NEVER or rule.kind in {Kind.CLUSTER, Kind.TRANSACTION}]
    assert all(rule.allows and rule.host == "*" for rule in RULES)


def test_nobody_creates_a_topic() -> None:
    assert not [rule for rule in RULES if rule.operation is Operation.CREATE]


def test_whoever_writes_is_named_here() -> None:
    writes = {rule.principal for rule in RULES if rule.operation is Operation.WRITE}
    assert writes == {"relay", "publisher", *(f"work-{service}" for service in access.REACTS_TO)}


@pytest.mark.parametrize("topic", LOG_TOPICS.values())
def test_only_the_relay_writes_the_log(topic: str) -> None:
    assert [one for one in PRINCIPALS if allowed(one, Kind.TOPIC, topic, Operation.WRITE)] == ["relay"]


def test_only_the_publisher_writes_what_is_public() -> None:
    assert [one for one in PRINCIPALS if allowed(one, Kind.TOPIC, PUBLIC_TOPIC, Operation.WRITE)] == ["publisher"]


def test_only_workers_park() -> None:
    parks = [one for one in PRINCIPALS if allowed(one, Kind.TOPIC, PARKED_TOPIC, Operation.WRITE)]
    assert parks == ["work-decision", "work-eligibility", "work-intake", "work-jury", "work-payment"]


def test_a_subscriber_sees_nothing_but_what_is_public() -> None:
    reads = [topic.name for topic in TOPICS if allowed("subscriber", Kind.TOPIC, topic.name, Operation.READ)]
    assert reads == [PUBLIC_TOPIC]
    assert allowed("subscriber", Kind.GROUP, "subscriber-finance", Operation.READ)
    assert not allowed("subscriber", Kind.GROUP, "wijkspoor.work.jury", Operation.READ)


def test_a_worker_has_its_own_group_alone() -> None:
    for service in access.REACTS_TO:
        mine = [one for one in PRINCIPALS if allowed(one, Kind.GROUP, f"wijkspoor.work.{service}", Operation.READ)]
        assert mine == [f"work-{service}"]


def test_who_reads_or_writes_may_describe() -> None:
    assert allowed("relay", Kind.TOPIC, LOG_TOPICS["jury"], Operation.DESCRIBE)
    assert allowed("work-jury", Kind.TOPIC, PARKED_TOPIC, Operation.DESCRIBE)
    assert not allowed("relay", Kind.TOPIC, PUBLIC_TOPIC, Operation.DESCRIBE)
    assert not allowed("nobody", Kind.TOPIC, PUBLIC_TOPIC, Operation.DESCRIBE)


@pytest.mark.parametrize(
    ("rule", "is_ours"),
    [
        (Rule("relay", Kind.TOPIC, Resource("elsewhere"), Operation.READ), True),
        (Rule("*", Kind.CLUSTER, Resource("kafka-cluster"), Operation.ALL), True),
        (Rule("stranger", Kind.TOPIC, Resource("wijkspoor.jury.v1"), Operation.READ), True),
        (Rule("stranger", Kind.GROUP, Resource("wijkspoor.work.jury"), Operation.READ), True),
        (Rule("stranger", Kind.TOPIC, Resource("*"), Operation.READ), True),
        (Rule("stranger", Kind.TOPIC, Resource("wijk", prefixed=True), Operation.READ), True),
        (Rule("stranger", Kind.TOPIC, Resource("wijk"), Operation.READ), False),
        (Rule("stranger", Kind.TOPIC, Resource("orders"), Operation.READ), False),
        (Rule("stranger", Kind.CLUSTER, Resource("kafka-cluster"), Operation.DESCRIBE), False),
    ],
    ids=str,
)
def test_a_rule_of_others_is_ours_to_judge_when_it_touches_what_is_ours(rule: Rule, is_ours: bool) -> None:
    assert ours(rule) is is_ours


def test_a_rule_reads_as_a_sentence() -> None:
    topic = Rule("relay", Kind.TOPIC, Resource("t"), Operation.ALTER_CONFIGS)
    group = Rule("subscriber", Kind.GROUP, Resource("s-", prefixed=True), Operation.READ, allows=False, host="10.0.0.1")
    assert str(topic) == "relay may alter configs topic t"
    assert str(group) == "subscriber may not read group s-* from 10.0.0.1"
