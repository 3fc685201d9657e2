"""A topic deleted by mistake, made again and filled from the store; a broker that goes and comes: readers go on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from deploy.kafka.local import LocalKafka
from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.log_feed import KafkaLogFeed
from events.adapters.kafka.records import place_of
from events.adapters.kafka.topics import LOG_TOPICS, TOPICS
from events.store import Recorded
from tests.integration.kafka.carrying import Carrier, carrier, history, positions
from tests.integration.kafka.conftest import delete_topics
from tests.integration.kafka.test_partitions import Effects, member, once_each_in_order

PATIENCE = 60.0
LOST = LOG_TOPICS["intake"]


async def made_again(access: KafkaAccess) -> None:
    """The mistake, and its first half mended: the topic is there, and empty."""
    async with open_admin(access) as admin:
        await delete_topics(admin, [LOST])
        await admin.create([one for one in TOPICS if one.name == LOST], 1, 1)


async def refilled(relay: Carrier, events: Sequence[Recorded]) -> None:
    """Its second half: what stood there stands there again, each record as it was."""
    relay.last = type(relay.last)(int, {place: last for place, last in relay.last.items() if place[0] != LOST})
    await relay.carry([one for one in events if place_of(one.stream)[0] == LOST])


async def test_a_reader_of_the_whole_log_outlives_a_topic_that_was_lost(topics: KafkaAccess) -> None:
    events, found = history(900), list[int]()
    feed = KafkaLogFeed(topics, hole=20.0, idle=0.2)
    async with asyncio.timeout(PATIENCE), carrier(topics) as relay, aclosing(feed.batches("view", 0)) as batches:
        await relay.carry(events[:600])
        mistaken = False
        async for batch in batches:
            found += positions(batch)
            if found:
                await feed.acknowledge("view", found[-1])
            if len(found) == 600 and not mistaken:
                mistaken = True
                await made_again(topics)
                # The refill ends in the middle of what the reader has seen, and goes on with what it has not.
                await refilled(relay, events[:600])
                await relay.carry(events[600:])
            if len(found) >= 900:
                break
    assert found == list(range(1, 901))


async def test_members_of_a_group_outlive_a_topic_that_was_lost(topics: KafkaAccess) -> None:
    events, effects = history(900), Effects()
    async with asyncio.timeout(PATIENCE), carrier(topics) as relay, member(topics, effects) as one:
        await relay.carry(events[:600])
        await effects.count(600)
        await made_again(topics)
        await refilled(relay, events[:600])
        await relay.carry(events[600:])
        await effects.count(900)
        assert one.alarms == {}
    once_each_in_order(effects, 900)


async def test_readers_and_members_outlive_a_broker_that_goes_and_comes(topics: KafkaAccess, kafka: LocalKafka) -> None:
    events, effects, found = history(400), Effects(), list[int]()
    feed = KafkaLogFeed(topics, hole=30.0, idle=0.2)
    async with asyncio.timeout(PATIENCE), member(topics, effects), aclosing(feed.batches("view", 0)) as batches:
        async with carrier(topics) as relay:
            await relay.carry(events[:200])
            await effects.count(200)
            await asyncio.to_thread(kafka.kill, 1)
            await asyncio.to_thread(kafka.restart, 1)
            await relay.carry(events[200:])
        await effects.count(400)
        async for batch in batches:
            found += positions(batch)
            if len(found) >= 400:
                break
    once_each_in_order(effects, 400)
    assert found == list(range(1, 401))
