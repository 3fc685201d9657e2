"""The live monitor through what happens to Kafka and to its group: it comes back by itself, and tells the same."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence

import psutil
import pytest
from aiokafka.protocol.admin import DescribeGroupsRequest
from aiokafka.protocol.group import LeaveGroupRequest

from deploy.kafka.local import LocalKafka
from events.adapters.kafka import setup
from events.adapters.kafka.access import PRINCIPALS
from events.adapters.kafka.admin import KafkaAdmin, open_admin
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.topics import LOG_TOPICS, TOPICS
from events.catalog import FACT_TYPES
from events.store import Recorded
from projections.monitor.setup import GROUP
from tests.integration.kafka.conftest import delete_topics, fresh_topics
from tests.integration.kafka.monitoring import (
    Monitor,
    assert_counts,
    calm,
    counted,
    monitoring,
    publish,
    refused,
    story,
)

pytestmark = pytest.mark.long


@pytest.fixture
async def log() -> Sequence[Recorded]:
    """The log of 2021."""
    return await story()


async def test_a_hole_on_the_topics_is_read_again_once_and_then_an_alarm(
    topics: KafkaAccess, log: Sequence[Recorded]
) -> None:
    await publish(topics, log, leave_out={400})
    with monitoring(topics) as monitor:
        figures = monitor.figures(lambda found: found.freshness.restarts == 1 and found.freshness.behind == 0)
        assert (figures.freshness.missing, len(figures.freshness.gaps)) == (1, 1)
        assert [one.kind for one in figures.alarms] == ["gap"]
        assert calm(figures).services == calm(counted([one for one in log if one.position != 400])).services
        for _ in range(20):
            # Twenty beats of the watchdog: that nothing happens can only be waited for.
            await asyncio.sleep(0.2)
            assert monitor.figures().freshness.restarts == 1, "a rebuild does not mend it, so there is no second one"


async def test_a_broker_that_is_killed_costs_nothing(kafka: LocalKafka, log: Sequence[Recorded]) -> None:
    access, half = kafka.access(), len(log) // 2
    await fresh_topics(access)
    await publish(access, log[:half])
    with monitoring(access) as monitor:
        monitor.figures(lambda found: found.freshness.events == half)
        kafka.kill(1)
        # Longer than a session lasts: the time without a broker is the fault itself.
        await asyncio.sleep(5)
        kafka.restart(1)
        await publish(access, log, after=half)
        figures = monitor.figures(lambda found: found.freshness.events == len(log) and found.freshness.behind == 0)
        assert_counts(figures, log)


async def test_a_topic_that_is_made_anew_and_filled_again_is_read_on(
    topics: KafkaAccess, log: Sequence[Recorded]
) -> None:
    half = len(log) // 2
    await publish(topics, log[:half])
    with monitoring(topics) as monitor:
        monitor.figures(lambda found: found.freshness.events == half)
        async with open_admin(topics) as admin:
            await delete_topics(admin, [LOG_TOPICS["payment"]])
            await admin.create([one for one in TOPICS if one.name == LOG_TOPICS["payment"]], 1, 1)
        # The relay fills a topic that was lost from its beginning, and goes on.
        await publish(topics, [one for one in log[:half] if FACT_TYPES[one.type].service == "payment"])
        await publish(topics, log, after=half)
        figures = monitor.figures(lambda found: found.freshness.events == len(log) and found.freshness.behind == 0)
        assert_counts(figures, log)


async def test_a_member_that_is_put_out_of_its_group_is_back(topics: KafkaAccess, log: Sequence[Recorded]) -> None:
    half = len(log) // 2
    await publish(topics, log[:half])
    with monitoring(topics) as monitor:
        monitor.figures(lambda found: found.freshness.events == half)
        async with open_admin(topics) as admin:
            for member in await members(admin):
                await admin.ask(LeaveGroupRequest(GROUP, member))
        await publish(topics, log, after=half)
        figures = monitor.figures(lambda found: found.freshness.events == len(log) and found.freshness.behind == 0)
        assert_counts(figures, log)


async def members(admin: KafkaAdmin) -> list[str]:
    answer = await admin.ask(DescribeGroupsRequest([GROUP]))
    return [member[0] for group in answer.groups for member in group[5]]


async def test_a_second_monitor_is_refused_and_the_first_goes_on(topics: KafkaAccess, log: Sequence[Recorded]) -> None:
    await publish(topics, log)
    with monitoring(topics) as monitor:
        monitor.figures()
        assert "Another monitor reads as wijkspoor.monitor" in refused(Monitor(topics))
        assert_counts(monitor.figures(), log)


async def test_frozen_again_and_again_it_comes_back(topics: KafkaAccess, log: Sequence[Recorded]) -> None:
    piece = len(log) // 4
    with monitoring(topics) as monitor:
        for turn in range(1, 4):
            await publish(topics, log[: turn * piece], after=(turn - 1) * piece)
            monitor.figures(lambda found, seen=turn * piece: found.freshness.events == seen)
            monitor.worker().send_signal((signal.SIGSTOP, signal.SIGKILL, signal.SIGSTOP)[turn - 1])
        await publish(topics, log, after=3 * piece)
        figures = monitor.figures(lambda found: found.freshness.events == len(log) and found.freshness.restarts == 3)
        assert_counts(figures, log)


async def test_it_only_reads_and_needs_no_right_to_more(secured: LocalKafka, log: Sequence[Recorded]) -> None:
    await fresh_topics(secured.access())
    await setup.apply(secured.access(), dict.fromkeys(PRINCIPALS, "a word"))
    await publish(secured.access(), log)
    with monitoring(secured.access("monitor", "a word")) as monitor:
        assert_counts(monitor.figures(), log)
    wrong = refused(Monitor(secured.access("monitor", "a mistake")))
    assert "check address or credentials" in wrong
    assert "mistake" not in wrong


async def test_a_worker_whose_watchdog_is_gone_ends(topics: KafkaAccess, log: Sequence[Recorded]) -> None:
    await publish(topics, log)
    with monitoring(topics) as monitor:
        monitor.figures()
        worker = monitor.worker()
        assert monitor.process is not None
        monitor.process.kill()
        monitor.process.wait()
        psutil.wait_procs([worker], timeout=15)
        assert not worker.is_running()
