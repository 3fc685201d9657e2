"""What every feed of the whole log promises: its order, from any place, nothing left out, and no end.

Here on the tail of both stores; `tests/integration/kafka/test_feed_contract.py` runs the same on Kafka.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, suppress

import pytest

from events.adapters.tail import TailFeed
from events.feed import Feed
from events.store import Recorded
from tests.contract.making import AnyStore, request

PATIENCE = 10.0


@pytest.fixture
async def feed(log: AnyStore) -> AsyncIterator[TailFeed]:
    made = TailFeed(log, ring=8, idle=0.05)
    yield made
    await made.close()


async def taken(feed: Feed, after: int, count: int, limit: int = 500) -> list[int]:
    """The first `count` positions above `after` that the feed delivers."""
    positions: list[int] = []
    async with asyncio.timeout(PATIENCE), aclosing(feed.batches("a consumer", after, limit=limit)) as batches:
        async for batch in batches:
            assert len(batch) <= limit
            assert [feed.previous(event) for event in batch] == [event.position - 1 for event in batch]
            positions += [event.position for event in batch]
            if len(positions) >= count:
                break
    return positions


async def test_what_was_there_before_is_delivered_from_the_place_on(log: AnyStore, feed: Feed) -> None:
    await log.append(request("call-1", 0, 5))

    assert await taken(feed, 0, 5) == [1, 2, 3, 4, 5]
    assert await taken(feed, 3, 2) == [4, 5]
    assert await taken(feed, 0, 5, limit=2) == [1, 2, 3, 4, 5]


async def test_what_comes_later_is_delivered_when_it_comes(log: AnyStore, feed: Feed) -> None:
    waiting = asyncio.create_task(taken(feed, 0, 3))
    for version in range(3):
        await log.append(request("call-1", version))

    assert await waiting == [1, 2, 3]


async def test_an_idle_feed_gives_a_sign_of_life(feed: Feed) -> None:
    async with asyncio.timeout(PATIENCE), aclosing(feed.batches("a consumer", 0)) as batches:
        async for batch in batches:
            assert list(batch) == []
            break


async def test_consumers_at_every_pace_get_everything_once_and_in_order(log: AnyStore, feed: Feed) -> None:
    total = 60

    async def consume(limit: int, turns: int) -> list[int]:
        positions: list[int] = []
        async with aclosing(feed.batches(f"{limit}/{turns}", 0, limit=limit)) as batches:
            async for batch in batches:
                positions += [event.position for event in batch]
                for _ in range(turns):
                    await asyncio.sleep(0)
                if len(positions) >= total:
                    break
        return positions

    async with asyncio.timeout(PATIENCE):
        consumers = [asyncio.create_task(consume(limit, turns)) for limit in (1, 3, 500) for turns in (0, 50)]
        for version in range(0, total, 2):
            await log.append(request("call-1", version, 2))
        for one in consumers:
            assert await one == list(range(1, total + 1))


async def test_what_was_acknowledged_need_not_come_again_but_what_was_not_does(log: AnyStore, feed: Feed) -> None:
    await log.append(request("call-1", 0, 6))
    async with asyncio.timeout(PATIENCE), aclosing(feed.batches("a consumer", 0, limit=3)) as batches:
        async for batch in batches:
            if batch:
                await feed.acknowledge("a consumer", batch[-1].position)
                break
    assert await taken(feed, 3, 3) == [4, 5, 6]
    assert await taken(feed, 1, 5) == [2, 3, 4, 5, 6], "a place that was lost is asked for again"


async def test_idle_consumers_share_one_read_an_append(log: AnyStore) -> None:
    counted = Counted(log)
    feed = TailFeed(counted, idle=PATIENCE)
    await log.append(request("call-1", 0))
    arrived: asyncio.Queue[int] = asyncio.Queue()

    async def consume(number: int) -> None:
        async for batch in feed.batches(f"consumer {number}", 0):
            for event in batch:
                arrived.put_nowait(event.position)

    consumers = [asyncio.create_task(consume(number)) for number in range(10)]
    async with asyncio.timeout(PATIENCE):
        assert [await arrived.get() for _ in consumers] == [1] * 10
        for version in range(1, 6):
            await log.append(request("call-1", version))
            assert [await arrived.get() for _ in consumers] == [version + 1] * 10
    for one in consumers:
        one.cancel()
        with suppress(asyncio.CancelledError):
            await one
    await feed.close()

    # To catch up each reads for itself; after that one read an append serves all.
    assert counted.reads == len(consumers) + 5


class Counted:
    """A store that counts how often it is read."""

    def __init__(self, store: AnyStore) -> None:
        self._store = store
        self.reads = 0
        self.append, self.append_many, self.find_command = store.append, store.append_many, store.find_command
        self.read_stream, self.read_case, self.balances = store.read_stream, store.read_case, store.balances
        self.head, self.wait_for = store.head, store.wait_for

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        self.reads += 1
        return await self._store.read_all(after_position, types=types, limit=limit)
