"""The ground that everything else on Kafka stands on: one node goes and comes back as it is told to."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.kafka.local import LocalKafka
from deploy.kafka.settings import HOST
from events.adapters.kafka.connect import KafkaAccess, opened
from events.adapters.kafka.topics import LOG_TOPICS, PARKED_TOPIC
from events.failures import CannotRun
from tests.integration.kafka.conftest import fresh_topics, running

ROOT = Path(__file__).parents[3]
SECONDS = 30.0


@pytest.fixture(scope="module")
def one() -> Iterator[LocalKafka]:
    """A node that these tests may stop as they like."""
    with running(1) as node:
        yield node


async def write(access: KafkaAccess, *values: bytes, topic: str = PARKED_TOPIC) -> None:
    """Write, each acknowledged by all."""
    async with opened(AIOKafkaProducer(**access.client(), acks="all", enable_idempotence=True), access) as producer:
        for value in values:
            await producer.send_and_wait(topic, value, key=b"a stream")


async def read(access: KafkaAccess, count: int, topic: str = PARKED_TOPIC) -> list[bytes | None]:
    """The first records of a topic."""
    reader = AIOKafkaConsumer(topic, **access.client(), auto_offset_reset="earliest")
    async with asyncio.timeout(SECONDS), opened(reader, access):
        return [(await reader.getone()).value for _ in range(count)]


async def test_what_is_acknowledged_is_read(topics: KafkaAccess) -> None:
    await write(topics, b"a fact", topic=LOG_TOPICS["intake"])
    assert await read(topics, 1, LOG_TOPICS["intake"]) == [b"a fact"]


async def test_each_test_finds_its_topics_empty_and_no_group(topics: KafkaAccess) -> None:
    await write(topics, b"old", topic=LOG_TOPICS["jury"])
    async with _member(topics) as reader:
        await reader.getone()
        await reader.commit()
    await fresh_topics(topics)
    await write(topics, b"new", topic=LOG_TOPICS["jury"])
    async with _member(topics) as reader:
        record = await reader.getone()
    assert (record.value, record.offset) == (b"new", 0)


async def test_a_record_of_another_time_is_kept_as_it_is(topics: KafkaAccess) -> None:
    times = (1_615_449_600_000, 4_102_444_800_000)
    async with AIOKafkaProducer(**topics.client()) as producer:
        for at in times:
            await producer.send_and_wait(PARKED_TOPIC, b"x", timestamp_ms=at)
    async with AIOKafkaConsumer(PARKED_TOPIC, **topics.client(), auto_offset_reset="earliest") as reader:
        assert tuple([(await reader.getone()).timestamp for _ in times]) == times


def test_it_listens_to_this_machine_alone(kafka: LocalKafka) -> None:
    listening = [one.laddr.ip for one in psutil.Process(kafka.pid(1)).net_connections("inet") if one.status == "LISTEN"]
    assert listening == [HOST, HOST]


async def test_what_was_acknowledged_is_there_after_a_kill_and_after_an_orderly_stop(one: LocalKafka) -> None:
    await fresh_topics(one.access())
    await write(one.access(), b"before the kill")
    one.kill(1)
    assert one.alive == ()
    with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
        # Nobody takes its port while it is away.
        stranger.bind((HOST, int(one.bootstrap.partition(":")[2])))
    one.restart(1)
    await write(one.access(), b"before the stop")
    one.stop()
    one.start()
    assert await read(one.access(), 2) == [b"before the kill", b"before the stop"]


async def test_a_paused_node_answers_when_it_goes_on(one: LocalKafka) -> None:
    await fresh_topics(one.access())
    async with AIOKafkaProducer(**one.access().client()) as producer:
        await producer.send_and_wait(PARKED_TOPIC, b"before")
        one.pause(1)
        waiting = asyncio.ensure_future(producer.send_and_wait(PARKED_TOPIC, b"while it was away"))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
        one.resume(1)
        async with asyncio.timeout(SECONDS):
            assert (await waiting).offset == 1


def test_a_broker_that_cannot_start_says_why_with_its_last_words(tmp_path: Path) -> None:
    kafka = LocalKafka(tmp_path)
    data = tmp_path / "node-1" / "data"
    data.mkdir(parents=True)
    (data / "meta.properties").write_text("version=1\nnode.id=7\ncluster.id=another\n")
    with pytest.raises(CannotRun, match=r"node 1 has ended: .*(node\.id|node id|bootstrap)"):
        kafka.start()
    assert kafka.alive == ()


def test_at_a_terminal_it_says_its_address_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    program, broker = _at_a_terminal(tmp_path)
    program.send_signal(signal.SIGINT)
    assert program.wait(SECONDS) == 0
    assert not psutil.pid_exists(broker.pid)
    program.communicate()


def test_it_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    program, broker = _at_a_terminal(tmp_path)
    program.kill()
    program.communicate()
    _, alive = psutil.wait_procs([broker], SECONDS)
    for left in alive:
        left.kill()
    assert alive == []


def _at_a_terminal(folder: Path) -> tuple[subprocess.Popen[str], psutil.Process]:
    command = [sys.executable, "-m", "deploy.kafka.local", "--folder", str(folder / "with space")]
    program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert program.stdout is not None
    assert program.stdout.readline().startswith(f"Kafka serves on {HOST}:")
    (broker,) = psutil.Process(program.pid).children()
    return program, broker


def _member(access: KafkaAccess) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        LOG_TOPICS["jury"],
        **access.client(),
        group_id="wijkspoor.work.jury",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=1000,
        heartbeat_interval_ms=200,
    )
