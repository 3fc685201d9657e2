"""The live monitor on real Kafka: its figures are a count over the log, whatever happens to it."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import replace as replaced
from datetime import datetime

import pytest
from aiokafka import AIOKafkaProducer
from msgspec.structs import replace

from deploy.kafka.local import LocalKafka
from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.parked import ParkedTopic
from events.adapters.kafka.records import to_record
from events.adapters.kafka.topics import LOG_TOPICS, PARKED_TOPIC
from events.parking import Parked
from events.store import Recorded
from tests.integration.kafka.conftest import delete_topics
from tests.integration.kafka.monitoring import (
    Monitor,
    assert_counts,
    calm,
    counted,
    free_port,
    monitoring,
    publish,
    refused,
    story,
)


@pytest.fixture
async def log() -> Sequence[Recorded]:
    """The log of 2021."""
    return await story()


async def test_its_figures_are_a_count_over_the_log_and_follow_it(topics: KafkaAccess, log: Sequence[Recorded]) -> None:
    half = len(log) // 2
    await publish(topics, log[:half])
    with monitoring(topics) as monitor:
        first = monitor.figures(lambda found: found.freshness.events == half)
        assert calm(first) == calm(counted(log[:half]))
        await publish(topics, log, after=half)
        last = monitor.figures(lambda found: found.freshness.events == len(log) and found.freshness.behind == 0)
        assert_counts(last, log)
        assert (last.freshness.repeats, list(last.freshness.gaps), last.freshness.restarts) == (0, [], 0)
        metrics = monitor.get("/metrics").decode()
        assert f"wijkspoor_monitor_position {float(len(log))}" in metrics
        assert monitor.stop() == 0


async def test_killed_it_starts_from_nothing_and_frozen_it_is_replaced(
    topics: KafkaAccess, log: Sequence[Recorded]
) -> None:
    await publish(topics, log)
    with monitoring(topics) as monitor:
        before = monitor.figures()
        monitor.kill()
        monitor.start()
        again = monitor.figures()
        assert calm(again) == calm(before)
        assert_counts(again, log)
        # The worker alone: the watchdog sees that it says nothing any more.
        frozen = monitor.worker()
        frozen.suspend()
        third = monitor.figures(lambda found: found.freshness.restarts == 1 and found.freshness.behind == 0)
        assert calm(third) == calm(before)
        assert not frozen.is_running()


async def test_a_monitor_that_cannot_begin_says_why(kafka: LocalKafka) -> None:
    access = kafka.access()
    async with open_admin(access) as admin:
        await delete_topics(admin, [name for name in await admin.topics() if not name.startswith("__")])
    missing = refused(Monitor(access))
    assert "Topics are missing on Kafka (wijkspoor.decision.v1" in missing
    assert "run wijkspoor topics apply" in missing
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = refused(Monitor(access, port=taken.getsockname()[1]))
    assert "name another port" in told
    nobody = refused(Monitor(KafkaAccess(f"127.0.0.1:{free_port()}")))
    assert "cannot be reached" in nobody


async def test_what_cannot_be_read_and_what_comes_twice_changes_nothing(
    topics: KafkaAccess, log: Sequence[Recorded]
) -> None:
    half = len(log) // 2
    await publish(topics, log[:half])
    await spoil(topics, log[half], log[-1].recorded_at)
    await publish(topics, log, after=half)
    await publish(topics, log)
    with monitoring(topics) as monitor:
        figures = monitor.figures()
        assert figures.freshness.unreadable == POISONS
        assert figures.freshness.repeats == len(log)
        assert {one.kind for one in figures.alarms} == {"unreadable", "parked"}
        assert [(one.consumer, one.records) for one in figures.parked] == [("react:jury", 2)]
        assert_counts(replace(figures, alarms=[], parked=[]), log)


POISONS = 4


async def spoil(access: KafkaAccess, event: Recorded, at: datetime) -> None:
    """Records that nobody can read, first and in the middle, and two parked events."""
    out = to_record(event, 0)
    async with AIOKafkaProducer(**access.client()) as producer:
        for topic in (LOG_TOPICS["intake"], LOG_TOPICS["jury"]):
            await producer.send_and_wait(topic, b"\xff not json", key=b"?", partition=3)
        await producer.send_and_wait(out.topic, b"{}", out.key, out.partition, out.timestamp_ms, out.headers)
        await producer.send_and_wait(PARKED_TOPIC, b"\x00", key=b"?")
    stuck = Parked(1, "react:jury", event, None, "failed", "a bug", at)
    told = ParkedTopic(access)
    await told.tell(stuck)
    await told.tell(replaced(stuck, reason="behind"))
    await told.close()
