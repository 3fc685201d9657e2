"""The live monitor on real Kafka: its figures are a count over the log, whatever happens to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import pytest
from aiokafka import AIOKafkaProducer
from msgspec.structs import replace

from events import codec
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import to_record
from events.adapters.kafka.topics import LOG_TOPICS, PARKED_TOPIC
from events.catalog import FACT_TYPES
from events.payment import FundsCommitted, FundsDecommitted, PaymentExecuted, RecoveryOffset
from events.store import Recorded
from projections.monitor.figures import Figures, Freshness
from projections.monitor.glance import glance
from projections.monitor.limits import Limits
from projections.monitor.tables import Tables, apply
from projections.monitor.tell import Outside, tell
from tests.integration.kafka.monitoring import monitoring, publish, story


@pytest.fixture(scope="module")
def _log() -> list[Recorded]:
    return []


@pytest.fixture
async def log(_log: list[Recorded]) -> Sequence[Recorded]:
    """The log of 2021, played once."""
    if not _log:
        _log.extend(await story())
    return _log


def counted(log: Sequence[Recorded]) -> Figures:
    """The same figures from dictionaries, in the order of the log."""
    tables = Tables()
    for event in log:
        apply(tables, glance(event))
    return tell(tables, Outside(behind=0), Limits())


def calm(figures: Figures) -> Figures:
    """The figures without how the reader fared."""
    kept = figures.freshness
    fresh = Freshness(
        at=kept.at, position=kept.position, recorded_at=kept.recorded_at, events=kept.events, missing=kept.missing
    )
    return replace(figures, freshness=fresh)


def assert_counts(figures: Figures, log: Sequence[Recorded]) -> None:
    """Compared with a count that shares nothing with the monitor, and with its twin."""
    services = Counter(FACT_TYPES[event.type].service for event in log)
    assert {one.service: one.events for one in figures.services} == dict(services)
    facts = [codec.read(event).fact for event in log]
    committed = sum(one.amount_cents for one in facts if isinstance(one, FundsCommitted))
    committed -= sum(one.amount_cents for one in facts if isinstance(one, FundsDecommitted))
    paid = sum(one.amount_cents for one in facts if isinstance(one, PaymentExecuted | RecoveryOffset))
    (burn,) = figures.budget
    assert (burn.committed_cents, burn.paid_cents) == (committed, paid)
    assert calm(figures) == calm(counted(log))


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


async def test_killed_it_starts_from_nothing_and_tells_the_same(topics: KafkaAccess, log: Sequence[Recorded]) -> None:
    await publish(topics, log)
    with monitoring(topics) as monitor:
        before = monitor.figures()
        monitor.kill()
        monitor.start()
        again = monitor.figures()
        assert calm(again) == calm(before)
        assert_counts(again, log)
        # The worker alone: the watchdog has it back.
        monitor.worker().kill()
        third = monitor.figures(lambda found: found.freshness.restarts == 1 and found.freshness.behind == 0)
        assert calm(third) == calm(before)


async def test_the_watchdog_replaces_a_worker_that_stands_still(topics: KafkaAccess, log: Sequence[Recorded]) -> None:
    await publish(topics, log)
    with monitoring(topics) as monitor:
        monitor.figures()
        frozen = monitor.worker()
        frozen.suspend()
        again = monitor.figures(lambda found: found.freshness.restarts == 1 and found.freshness.behind == 0)
        assert_counts(again, log)
        assert not frozen.is_running()


async def test_what_cannot_be_read_and_what_comes_twice_changes_nothing(
    topics: KafkaAccess, log: Sequence[Recorded]
) -> None:
    half = len(log) // 2
    await publish(topics, log[:half])
    await spoil(topics, log[half])
    await publish(topics, log, after=half)
    await publish(topics, log)
    with monitoring(topics) as monitor:
        figures = monitor.figures()
        assert figures.freshness.unreadable == POISONS
        assert figures.freshness.repeats == len(log)
        assert {one.kind for one in figures.alarms} == {"unreadable", "parked"}
        assert [(one.consumer, one.records) for one in figures.parked] == [("react:jury", 2)]
        assert_counts(replace(figures, alarms=[], parked=[]), log)


POISONS = 3


async def spoil(access: KafkaAccess, event: Recorded) -> None:
    """Records that nobody can read, first and in the middle, and two parked events."""
    out = to_record(event, 0)
    note = {"consumer": "react:jury", "stream": event.stream, "reason": "a bug"}
    async with AIOKafkaProducer(**access.client()) as producer:
        for topic in (LOG_TOPICS["intake"], LOG_TOPICS["jury"]):
            await producer.send_and_wait(topic, b"\xff not json", key=b"?", partition=3)
        await producer.send_and_wait(out.topic, b"{}", out.key, out.partition, out.timestamp_ms, out.headers)
        for _ in range(2):
            await producer.send_and_wait(PARKED_TOPIC, msgspec.json.encode(note), key=event.stream.encode())
        await producer.send_and_wait(PARKED_TOPIC, b"\x00", key=b"?")
