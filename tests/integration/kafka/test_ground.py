"""The ground that everything else on Kafka stands on: nodes come and go as they are told to."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.topics import LOG_TOPICS
from tests.integration.kafka.conftest import fresh_topics


async def test_what_is_acknowledged_is_read(topics: KafkaAccess) -> None:
    async with AIOKafkaProducer(**topics.client(), acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(LOG_TOPICS["intake"], b"a fact", key=b"call-1")
    async with AIOKafkaConsumer(LOG_TOPICS["intake"], **topics.client(), auto_offset_reset="earliest") as reader:
        record = await reader.getone()
    assert (record.value, record.offset) == (b"a fact", 0)


async def test_each_test_finds_its_topics_empty_and_no_group(topics: KafkaAccess) -> None:
    async with AIOKafkaProducer(**topics.client()) as producer:
        await producer.send_and_wait(LOG_TOPICS["jury"], b"old", key=b"panel-1")
    group = "wijkspoor.work.jury"
    async with _member(topics, group) as reader:
        await reader.getone()
        await reader.commit()
    await fresh_topics(topics)
    async with AIOKafkaProducer(**topics.client()) as producer:
        await producer.send_and_wait(LOG_TOPICS["jury"], b"new", key=b"panel-1")
    async with _member(topics, group) as reader:
        record = await reader.getone()
    assert (record.value, record.offset) == (b"new", 0)


def _member(access: KafkaAccess, group: str) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        LOG_TOPICS["jury"],
        **access.client(),
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=1000,
        heartbeat_interval_ms=200,
    )
