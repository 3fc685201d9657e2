"""Three nodes: what was acknowledged survives the loss of one, and nothing is acknowledged that would not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

from deploy.kafka.local import LocalKafka
from events.adapters.kafka import setup
from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess, opened
from events.adapters.kafka.topics import LOG_TOPICS, PUBLIC_TOPIC, TOPICS
from tests.integration.kafka.conftest import delete_topics, fresh_topics

TOPIC = LOG_TOPICS["payment"]
SECONDS = 60.0
PATIENCE_MS = 3000


async def leader(kafka: LocalKafka) -> int:
    """The node that leads the partition that these tests write."""
    async with open_admin(kafka.access()) as admin:
        answer = await admin.ask(MetadataRequest([TOPIC]))
    partitions = answer.to_object()["topics"][0]["partitions"]
    found: int = next(one["leader"] for one in partitions if one["partition"] == 0)
    return found


class Writer:
    """Writes numbers one after another, each until it is acknowledged; a number may come twice."""

    def __init__(self, access: KafkaAccess) -> None:
        self.acknowledged = 0
        self._access = access
        self._moved = asyncio.Condition()

    async def more(self, count: int, seconds: float = SECONDS) -> None:
        """Wait until so many more are acknowledged."""
        wanted = self.acknowledged + count
        async with asyncio.timeout(seconds), self._moved:
            await self._moved.wait_for(lambda: self.acknowledged >= wanted)

    async def write(self) -> None:
        """Write until cancelled."""
        producer = AIOKafkaProducer(**self._access.client(), acks="all", request_timeout_ms=PATIENCE_MS)
        async with opened(producer, self._access):
            while True:
                with suppress(KafkaError):
                    await producer.send_and_wait(TOPIC, str(self.acknowledged + 1).encode(), partition=0)
                    async with self._moved:
                        self.acknowledged += 1
                        self._moved.notify_all()


@asynccontextmanager
async def writing(kafka: LocalKafka) -> AsyncIterator[Writer]:
    """A writer at work on fresh topics; afterwards all that it was promised must be there, in order."""
    await fresh_topics(kafka.access())
    writer = Writer(kafka.access())
    work = asyncio.create_task(writer.write())
    try:
        await writer.more(10)
        yield writer
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
    found = list(dict.fromkeys(await read_all(kafka.access())))
    assert found[: writer.acknowledged] == list(range(1, writer.acknowledged + 1))
    # One more may have arrived while its acknowledgement was under way.
    assert len(found) - writer.acknowledged in {0, 1}


async def read_all(access: KafkaAccess) -> list[int]:
    """Every number on the partition, in order."""
    place = TopicPartition(TOPIC, 0)
    reader = AIOKafkaConsumer(**access.client())
    async with asyncio.timeout(SECONDS), opened(reader, access):
        reader.assign([place])
        await reader.seek_to_beginning(place)
        end = (await reader.end_offsets([place]))[place]
        found: list[int] = []
        while await reader.position(place) < end:
            for batch in (await reader.getmany(timeout_ms=200)).values():
                found += [int(record.value) for record in batch]
    return found


async def test_the_leader_is_killed_and_nothing_acknowledged_is_lost(three_nodes: LocalKafka) -> None:
    async with writing(three_nodes) as writer:
        lost = await leader(three_nodes)
        three_nodes.kill(lost)
        await writer.more(20)
        assert await leader(three_nodes) != lost
        await asyncio.to_thread(three_nodes.restart, lost)
        await writer.more(20)


@pytest.mark.long
async def test_a_frozen_leader_is_replaced_and_gives_way_when_it_wakes(three_nodes: LocalKafka) -> None:
    async with writing(three_nodes) as writer:
        frozen = await leader(three_nodes)
        three_nodes.pause(frozen)
        await writer.more(20)
        three_nodes.resume(frozen)
        await asyncio.to_thread(three_nodes.wait_ready)
        await writer.more(20)


async def test_with_one_of_three_left_nothing_is_acknowledged_until_another_is_back(three_nodes: LocalKafka) -> None:
    async with writing(three_nodes) as writer:
        left = await leader(three_nodes)
        for node in {1, 2, 3} - {left}:
            three_nodes.kill(node)
        with pytest.raises(TimeoutError):
            # One that was under way when they died may have had its two copies.
            await writer.more(2, seconds=2.0)
        for node in {1, 2, 3} - {left}:
            await asyncio.to_thread(three_nodes.restart, node, wait=False)
        await asyncio.to_thread(three_nodes.wait_ready)
        await writer.more(20)


@pytest.mark.long
async def test_all_three_are_restarted_in_turn_under_a_writer(three_nodes: LocalKafka) -> None:
    async with writing(three_nodes) as writer:
        for node in (1, 2, 3):
            await asyncio.to_thread(three_nodes.restart, node)
            await writer.more(20)


@pytest.mark.long
async def test_all_three_are_killed_at_once_and_come_back_with_all_that_was_acknowledged(
    three_nodes: LocalKafka,
) -> None:
    async with writing(three_nodes) as writer:
        for node in (1, 2, 3):
            three_nodes.kill(node)
        await asyncio.to_thread(three_nodes.start)
        await writer.more(20)


async def test_three_copies_are_kept_and_a_topic_with_fewer_is_found(three_nodes: LocalKafka) -> None:
    access = three_nodes.access()
    async with open_admin(access) as admin:
        await delete_topics(admin, [name for name in await admin.topics() if not name.startswith("__")])
        await admin.create([TOPICS[0]], 1, 3)
    report = await setup.apply(access)
    assert [(one.kind, one.about) for one in report.differences] == [("wrong-replication", TOPICS[0].name)]
    async with open_admin(access) as admin:
        found = await admin.topics()
        settings = await admin.settings([PUBLIC_TOPIC])
    assert found[PUBLIC_TOPIC].copies == 3
    assert settings[PUBLIC_TOPIC]["min.insync.replicas"] == "2"


async def test_a_broker_that_is_away_changes_nothing_in_what_must_be(three_nodes: LocalKafka) -> None:
    await fresh_topics(three_nodes.access())
    three_nodes.kill(1)
    # At once, while the dead one is still named, and when it is not any more.
    for _ in range(2):
        report = await setup.check(three_nodes.access())
        assert (report.brokers, report.differences) == (3, ())
        async with asyncio.timeout(SECONDS):
            while 1 in await _serving(three_nodes.access()):  # noqa: ASYNC110 -- brokers do not call us
                await asyncio.sleep(0.1)


async def _serving(access: KafkaAccess) -> tuple[int, ...]:
    async with open_admin(access) as admin:
        return admin.brokers()
