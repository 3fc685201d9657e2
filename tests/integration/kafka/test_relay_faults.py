"""Whatever is killed, frozen or deleted: every event is on Kafka in the end, in order, and every repeat is equal."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from aiokafka.protocol.metadata import MetadataRequest

from deploy.kafka.local import LocalKafka
from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.topics import LOG_TOPICS, TOPICS
from events.adapters.kafka.verify import verify_topics
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from tests.integration.kafka.conftest import delete_topics, fresh_topics, running
from tests.integration.kafka.logs import (
    SECONDS,
    Writer,
    assert_whole,
    everything,
    published,
    relay_on,
    relaying,
    rolled,
    until,
)
from tests.integration.kafka.relay_program import PAGE, STEPS

ROOT = Path(__file__).parents[3]
FAULTS = 40
OFTEN = {"after sending", "before moving"}
JURY = LOG_TOPICS["jury"]


@pytest.fixture(scope="module")
def mortal() -> Iterator[LocalKafka]:
    """A node that a test may kill; it leaves it running."""
    with running(1) as one:
        yield one


@pytest.fixture
async def own(mortal: LocalKafka) -> KafkaAccess:
    """The way to it, with all topics new and empty."""
    await fresh_topics(mortal.access())
    return mortal.access()


@asynccontextmanager
async def process(
    store: PostgresStore, access: KafkaAccess, holder: str, *death: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A relay as a process of its own, killed at the end."""
    relay = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.kafka.relay_program", store.dsn, access.bootstrap, holder, *death),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield relay
    finally:
        if relay.returncode is None:
            relay.kill()
        await relay.wait()


async def whole(store: PostgresStore, access: KafkaAccess) -> int:
    """Everything is there, as the relay has written it down; how many repeats."""
    log, found = await store.read_all(limit=20_000), await everything(access)
    assert_whole(log, found)
    assert (await PostgresPublication(store.pool).load()).partitions == rolled(found)
    return sum(map(len, found.values())) - len(log)


@pytest.mark.parametrize(
    "step", [step if step in OFTEN else pytest.param(step, marks=pytest.mark.long) for step in STEPS]
)
async def test_a_relay_killed_at_any_step_is_followed_by_one_that_goes_on(
    store: PostgresStore, topics: KafkaAccess, step: str
) -> None:
    await Writer(store).write(PAGE * 10)
    # What is confirmed meanwhile is written down together: a second move may never come.
    async with process(store, topics, "mortal", step, "1" if "moving" in step else "3") as relay:
        assert await asyncio.wait_for(relay.wait(), SECONDS) == -signal.SIGKILL

    async with relaying(relay_on(store, topics, "heir")):
        await published(store, PAGE * 10)
    await whole(store, topics)


async def test_a_standby_takes_over_from_a_frozen_relay_which_then_steps_down(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    writer = Writer(store)
    async with process(store, topics, "frozen") as relay:
        assert relay.stdout is not None
        assert await relay.stdout.readline() == b"active\n"
        await published(store, await writer.write(200))
        relay.send_signal(signal.SIGSTOP)
        standby = relay_on(store, topics, "standby")
        async with relaying(standby):
            await until(lambda: standby.active, seconds=5)
            await published(store, await writer.write(200))
            relay.send_signal(signal.SIGCONT)
            await published(store, await writer.write(2_000))
            assert standby.active

    await whole(store, topics)


async def test_while_kafka_is_away_events_are_accepted_and_the_lag_grows_and_then_it_catches_up(
    store: PostgresStore, mortal: LocalKafka, own: KafkaAccess
) -> None:
    writer, relay = Writer(store), relay_on(store, own)
    async with relaying(relay):
        await published(store, await writer.write(500))
        await asyncio.to_thread(mortal.kill, 1)
        position = await writer.write(1_500)
        await until(lambda: relay.progress.lag >= 1_500 and relay.alarm is not None)
        await asyncio.to_thread(mortal.restart, 1)
        await published(store, position)
        await until(lambda: relay.alarm is None and relay.progress.lag == 0)

    await whole(store, own)


@pytest.mark.long
async def test_a_relay_that_begins_while_kafka_is_away_waits_for_it(
    store: PostgresStore, mortal: LocalKafka, own: KafkaAccess
) -> None:
    await Writer(store).write(200)
    await asyncio.to_thread(mortal.kill, 1)
    relay = relay_on(store, own)
    async with relaying(relay):
        await until(lambda: relay.alarm is not None)
        assert relay.alarm is not None
        assert "cannot be reached" in relay.alarm
        await asyncio.to_thread(mortal.restart, 1)
        await published(store, 200)

    await whole(store, own)


@pytest.mark.long
async def test_a_relay_that_is_stopped_while_kafka_is_away_does_not_wait_for_ever(
    store: PostgresStore, mortal: LocalKafka, own: KafkaAccess
) -> None:
    writer, relay = Writer(store), relay_on(store, own, drain_seconds=0.3)
    async with relaying(relay):
        await published(store, await writer.write(100))
        await asyncio.to_thread(mortal.kill, 1)
        await writer.write(100)
        await until(lambda: relay.progress.pending > 0)
    await asyncio.to_thread(mortal.restart, 1)

    async with relaying(relay_on(store, own, "next")):
        await published(store, 200)
    await whole(store, own)


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
async def test_a_topic_deleted_by_mistake_is_noticed_and_refilled_once_it_is_there_again(
    store: PostgresStore, topics: KafkaAccess, busy: bool
) -> None:
    writer, relay = Writer(store), relay_on(store, topics)
    async with relaying(relay), open_admin(topics) as admin:
        await published(store, await writer.write(800))
        await delete_topics(admin, [JURY])
        if busy:
            await writer.write(300)
        await until(lambda: relay.alarm is not None and JURY in relay.alarm)
        await admin.create([one for one in TOPICS if one.name == JURY], 1, 1)
        await published(store, await writer.write(200))
        await until(lambda: relay.alarm is None)

    assert relay.progress.refilled > 0
    await whole(store, topics)


async def test_a_topic_made_anew_before_anybody_looks_is_refilled_too(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    writer, relay = Writer(store), relay_on(store, topics, look_seconds=3_600)
    async with relaying(relay), open_admin(topics) as admin:
        await published(store, await writer.write(800))
        await delete_topics(admin, [JURY])
        await admin.create([one for one in TOPICS if one.name == JURY], 1, 1)
        await published(store, await writer.write(800))

    assert relay.progress.refilled > 0
    events = [event for records in (await everything(topics)).values() for event in records]
    assert {event.position for event in events} == set(range(1, 1_601))


async def in_sync(access: KafkaAccess) -> None:
    """Wait until every copy of every partition is up to date."""
    async with open_admin(access) as admin, asyncio.timeout(SECONDS):
        while True:
            answer = (await admin.ask(MetadataRequest(None))).to_object()
            if all(
                len(one["isr"]) == len(one["replicas"]) for topic in answer["topics"] for one in topic["partitions"]
            ):
                return
            await asyncio.sleep(0.05)


@pytest.mark.long
@pytest.mark.parametrize("fault", ["kill", "freeze", "halt"])
async def test_of_three_brokers_one_may_go_at_any_time(
    store: PostgresStore, three_nodes: LocalKafka, fault: str
) -> None:
    access = three_nodes.access()
    await fresh_topics(access)
    writer, relay = Writer(store), relay_on(store, access)
    async with relaying(relay):
        for node in (1, 2, 3):
            await published(store, await writer.write(300))
            writing = asyncio.create_task(writer.write(900))
            match fault:
                case "kill":
                    await asyncio.to_thread(three_nodes.kill, node)
                case "freeze":
                    await asyncio.to_thread(three_nodes.pause, node)
                case _:
                    await asyncio.to_thread(three_nodes.halt, node)
            await published(store, await writing)
            await asyncio.to_thread(three_nodes.resume if fault == "freeze" else three_nodes.restart, node)
            await asyncio.to_thread(three_nodes.wait_ready)
            # With two copies behind, Kafka rightly refuses to write.
            await in_sync(access)

    await whole(store, access)


@pytest.mark.long
async def test_nothing_is_lost_or_altered_through_forty_faults_at_relays_and_broker(
    store: PostgresStore, mortal: LocalKafka, own: KafkaAccess
) -> None:
    """Three relays at once; again and again one dies or freezes, or the broker does, while events keep coming."""
    chance, writer = random.Random(20210311), Writer(store)
    async with AsyncExitStack() as stack:
        relays = [await stack.enter_async_context(process(store, own, f"relay {n}")) for n in range(3)]
        for number in range(FAULTS):
            writing = asyncio.create_task(writer.write(chance.randint(50, 800)))
            match chance.choice(["kill", "freeze", "freeze", "broker", "pause"]):
                case "kill":
                    victim = chance.randrange(len(relays))
                    relays[victim].kill()
                    relays[victim] = await stack.enter_async_context(process(store, own, f"heir {number}"))
                case "freeze":
                    victim = chance.randrange(len(relays))
                    relays[victim].send_signal(signal.SIGSTOP)
                    await published(store, await writing, seconds=60)
                    relays[victim].send_signal(signal.SIGCONT)
                case "broker":
                    await asyncio.to_thread(mortal.kill, 1)
                    await asyncio.to_thread(mortal.restart, 1)
                case _:
                    await asyncio.to_thread(mortal.pause, 1)
                    await writing
                    await asyncio.to_thread(mortal.resume, 1)
            await published(store, await writing, seconds=60)

    await whole(store, own)
    assert await verify_topics(store, PostgresPublication(store.pool), own) == []
