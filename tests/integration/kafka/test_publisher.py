"""From the public log to the public topic: every event, in order, as it is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.kafka.local import LocalKafka
from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.public_reader import read_public
from events.adapters.kafka.public_records import sequence_of
from events.adapters.kafka.topics import PUBLIC_TOPIC, TOPICS
from events.adapters.postgres.store import PostgresStore
from events.failures import CannotRun
from events.public.feed import Published
from events.publication import Place
from tests.integration.kafka.conftest import delete_topics, fresh_topics
from tests.integration.kafka.logs import until
from tests.integration.kafka.publics import acknowledged, on_the_topic, publisher_on, publishing
from tests.publics import PaperPublicLog, published

ROOT = Path(__file__).parents[3]


async def filled(count: int) -> PaperPublicLog:
    """A public log of so many events of several cases."""
    public = PaperPublicLog()
    await public.add(*(published(number, case=f"case {number % 40}") for number in range(1, count + 1)))
    return public


def assert_whole(events: Sequence[Published], found: Mapping[Place, Sequence[Any]]) -> int:
    """Every event is there under its key, in order, repeats being equal bytes; how many repeats there are."""
    bodies = {event.sequence: event for event in events}
    seen: set[int] = set()
    for records in found.values():
        last = 0
        for record in records:
            sequence = sequence_of(record.headers)
            assert sequence is not None
            assert (record.value, record.key.decode()) == (bodies[sequence].body, bodies[sequence].key)
            if sequence not in seen:
                assert sequence > last
                last = sequence
            seen.add(sequence)
    assert seen == set(bodies)
    return sum(map(len, found.values())) - len(seen)


async def test_every_public_event_is_on_the_topic_under_its_case_in_order(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    public = await filled(700)
    async with publishing(publisher_on(store, public, topics)) as publisher:
        await acknowledged(store, 700)
        await public.grow(50)
        await acknowledged(store, 750)
        assert publisher.active

    found = await on_the_topic(topics)
    assert assert_whole(public.events, found) == 0
    progress = publisher.progress
    assert (progress.sent, progress.refilled, progress.position, progress.lag) == (750, 0, 750, 0)
    assert sum(bool(records) for records in found.values()) == 6, "cases spread over the partitions"


async def test_a_record_carries_the_attributes_of_its_event_in_headers(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    public = PaperPublicLog([published(1, case=None)])
    async with publishing(publisher_on(store, public, topics)):
        await acknowledged(store, 1)

    ((record,),) = [records for records in (await on_the_topic(topics)).values() if records]
    event = msgspec.json.decode(record.value)
    assert record.key.decode() == public.events[0].call, "what concerns no case is keyed by its call"
    assert dict(record.headers) == {
        "content-type": b"application/cloudevents+json",
        **{f"ce_{name}": str(value).encode() for name, value in event.items() if name != "data"},
    }
    assert record.timestamp == public.events[0].recorded_at.timestamp() * 1000


async def test_a_subscriber_reads_all_of_it_byte_for_byte(store: PostgresStore, topics: KafkaAccess) -> None:
    public = await filled(130)
    async with publishing(publisher_on(store, public, topics)):
        await acknowledged(store, 130)

    assert sorted([event async for event in read_public(topics)]) == sorted(one.body for one in public.events)
    async with open_admin(topics) as admin:
        await delete_topics(admin, [PUBLIC_TOPIC])
    with pytest.raises(CannotRun, match="is not to be seen"):
        assert [event async for event in read_public(topics)] == []


async def test_who_comes_next_repeats_nothing(store: PostgresStore, topics: KafkaAccess) -> None:
    public = await filled(0)
    for upto in (90, 180, 270):
        async with publishing(publisher_on(store, public, topics, f"the one for {upto}")):
            await public.grow(90)
            await acknowledged(store, upto)

    assert assert_whole(public.events, await on_the_topic(topics)) == 0


async def test_the_same_publisher_goes_on_when_it_is_run_again(store: PostgresStore, topics: KafkaAccess) -> None:
    """Who keeps it going ends it and begins it again whenever the database was away."""
    public = await filled(0)
    publisher = publisher_on(store, public, topics)
    for upto in (30, 60):
        async with publishing(publisher):
            await public.grow(30)
            await acknowledged(store, upto)

    assert assert_whole(public.events, await on_the_topic(topics)) == 0


async def test_of_two_one_publishes_and_the_other_takes_over(store: PostgresStore, topics: KafkaAccess) -> None:
    public = await filled(100)
    first, second = publisher_on(store, public, topics, "a"), publisher_on(store, public, topics, "b")
    async with publishing(second), publishing(first):
        await acknowledged(store, 100)
        assert first.active != second.active
        active, waiting = (first, second) if first.active else (second, first)
        active.stop()
        await until(lambda: waiting.active, seconds=5)
        await public.grow(50)
        await acknowledged(store, 150)

    assert assert_whole(public.events, await on_the_topic(topics)) == 0


async def test_a_topic_deleted_by_mistake_is_refilled(store: PostgresStore, topics: KafkaAccess) -> None:
    public = await filled(120)
    async with publishing(publisher_on(store, public, topics)) as publisher:
        await acknowledged(store, 120)
        async with open_admin(topics) as admin:
            await delete_topics(admin, [PUBLIC_TOPIC])
            await until(lambda: publisher.alarm is not None)
            await admin.create([one for one in TOPICS if one.name == PUBLIC_TOPIC], 1, 1)
        await until(lambda: publisher.progress.refilled == 120)
        await public.grow(5)
        await acknowledged(store, 125)
        assert publisher.alarm is None

    assert assert_whole(public.events, await on_the_topic(topics)) == 0


async def test_a_topic_that_holds_another_log_is_left_alone(store: PostgresStore, topics: KafkaAccess) -> None:
    async with publishing(publisher_on(store, await filled(10), topics)):
        await acknowledged(store, 10)
    before = await on_the_topic(topics)

    other = PaperPublicLog([published(number, case=f"case {number % 40}", text="anders") for number in range(1, 20)])
    with pytest.raises(CannotRun, match="another log"):
        await publisher_on(store, other, topics).run()
    assert await on_the_topic(topics) == before


async def test_a_public_log_that_fell_back_is_waited_for(store: PostgresStore, topics: KafkaAccess) -> None:
    """A database that died has forgotten the latest rows of the view, which had been published already."""
    whole = await filled(20)
    async with publishing(publisher_on(store, whole, topics)):
        await acknowledged(store, 20)
    fallen = await filled(12)
    async with publishing(publisher_on(store, fallen, topics, "the next")) as publisher:
        await until(lambda: publisher.alarm is not None)
        assert publisher.alarm is not None
        assert "the public log with 12 so far" in publisher.alarm
        await fallen.add(*(await filled(30)).events[12:])
        await acknowledged(store, 30)
        assert publisher.alarm is None

    assert assert_whole(fallen.events, await on_the_topic(topics)) == 0


@pytest.mark.long
async def test_a_broker_that_is_frozen_is_not_waited_for(store: PostgresStore, three_nodes: LocalKafka) -> None:
    await fresh_topics(three_nodes.access())
    public = await filled(60)
    async with publishing(publisher_on(store, public, three_nodes.access())):
        await acknowledged(store, 60)
        three_nodes.pause(2)
        try:
            await public.grow(60)
            await acknowledged(store, 120, seconds=30)
        finally:
            three_nodes.resume(2)
            three_nodes.wait_ready()
        await public.grow(10)
        await acknowledged(store, 130)

    assert_whole(public.events, await on_the_topic(three_nodes.access()))


@pytest.mark.parametrize(
    "step", ["after sending", "after the acknowledgement", pytest.param("after moving", marks=pytest.mark.long)]
)
async def test_killed_at_any_step_it_loses_nothing(
    step: str, dsn: str, store: PostgresStore, kafka: LocalKafka, topics: KafkaAccess
) -> None:
    async def live(*death: str) -> int:
        program = "tests.integration.kafka.publisher_program"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", program, dsn, kafka.bootstrap, "100", *death, cwd=ROOT
        )
        return await process.wait()

    assert await live(step, "2") == -9
    assert await live() == 0

    public = PaperPublicLog()
    await public.grow(100)
    assert assert_whole(public.events, await on_the_topic(topics)) == 0, "what Kafka holds says where to go on"
