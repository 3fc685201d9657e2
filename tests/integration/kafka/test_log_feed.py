"""The whole log from Kafka: one order out of thirty-six partitions, from any place, with or without a hint."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.log_feed import KafkaLogFeed
from events.feed import Hole
from tests.integration.kafka.carrying import carrier, history, positions

PATIENCE = 30.0


async def taken(
    feed: KafkaLogFeed, after: int, count: int, name: str = "view", *, acknowledge: bool = True
) -> list[int]:
    """The first `count` positions above `after`."""
    found: list[int] = []
    async with asyncio.timeout(PATIENCE), aclosing(feed.batches(name, after)) as batches:
        async for batch in batches:
            found += positions(batch)
            if batch and acknowledge:
                await feed.acknowledge(name, found[-1])
            if len(found) >= count:
                break
    return found


async def test_the_order_of_the_log_comes_back_from_all_partitions(topics: KafkaAccess) -> None:
    async with carrier(topics) as relay:
        await relay.carry(history(5_000))
    assert await taken(KafkaLogFeed(topics), 0, 5_000) == list(range(1, 5_001))


async def test_a_reader_goes_on_from_its_place(topics: KafkaAccess) -> None:
    async with carrier(topics) as relay:
        await relay.carry(history(300))
        assert await taken(KafkaLogFeed(topics), 120, 180) == list(range(121, 301))
        await relay.carry(history(100, after=300))
    assert await taken(KafkaLogFeed(topics), 300, 100) == list(range(301, 401))


async def test_a_hint_that_leads_too_far_is_not_believed(topics: KafkaAccess) -> None:
    async with carrier(topics) as relay:
        await relay.carry(history(300))
        assert await taken(KafkaLogFeed(topics), 0, 300) == list(range(1, 301))
        await relay.carry(history(300, after=300))
    # The database forgot: the place is far before what was acknowledged.
    assert await taken(KafkaLogFeed(topics), 50, 550) == list(range(51, 601))


async def test_a_hint_at_the_very_end_is_not_believed_either_though_nothing_new_comes(topics: KafkaAccess) -> None:
    async with carrier(topics) as relay:
        await relay.carry(history(200))
    assert await taken(KafkaLogFeed(topics), 0, 200) == list(range(1, 201))
    assert await taken(KafkaLogFeed(topics), 100, 100) == list(range(101, 201))


async def test_a_hole_that_lasts_is_an_alarm_and_nothing_after_it_is_given(topics: KafkaAccess) -> None:
    events = history(100)
    async with carrier(topics) as relay:
        await relay.carry([one for one in events if one.position != 50])
    feed, found = KafkaLogFeed(topics, hole=0.5), []
    with pytest.raises(Hole, match="position 50 has not come"):
        async for batch in feed.batches("view", 0):
            found += positions(batch)
    assert found == list(range(1, 50))


async def test_what_is_sent_twice_comes_once(topics: KafkaAccess) -> None:
    events = history(60)
    async with carrier(topics) as relay:
        records = [relay.record(one) for one in events]
        for made in [*records[:40], *records[20:40], *records[10:]]:
            await (await relay.send(made))
    assert await taken(KafkaLogFeed(topics), 0, 60) == list(range(1, 61))


async def test_several_consumers_of_one_feed_get_the_whole_log_each_from_its_own_place(topics: KafkaAccess) -> None:
    async with carrier(topics) as relay:
        await relay.carry(history(3_000))
        feed = KafkaLogFeed(topics, idle=0.2)
        whole = asyncio.gather(*(taken(feed, after, 3_500 - after, f"view {after}") for after in (0, 0, 1_000, 3_000)))
        await relay.carry(history(500, after=3_000))
        assert await whole == [list(range(after + 1, 3_501)) for after in (0, 0, 1_000, 3_000)]
