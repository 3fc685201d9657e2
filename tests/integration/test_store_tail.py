"""Many writers and one tailing reader: none missed, no hole, none twice, and soon enough."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count

import pytest

from events.adapters.postgres.store import PostgresStore
from events.adapters.tail import TailFeed
from events.store import Appended, AppendRequest, Prepared
from tests.contract.making import ident, request

WRITERS = 16


class Numbered:
    """Requests made once and cheaply: the ids are numbers in a UUID's dress."""

    def __init__(self) -> None:
        self._next = count(1)

    def __call__(self, stream: str, version: int) -> AppendRequest:
        number = f"00000000-0000-7000-8000-{next(self._next):012x}"
        event = Prepared(number, "Numbered", 1, ident(stream), b'{"x":"' + b"y" * 590 + b'"}', "k", b"s" * 64)
        return AppendRequest(stream, version, [event], number)


async def write_and_follow(dsn: str, total: int) -> str:
    """Two processes' worth of stores: sixteen writers on one, the reader on another that only hears NOTIFY."""
    writing, reading = await PostgresStore.open(dsn), await PostgresStore.open(dsn)
    feed = TailFeed(reading)
    made, left = Numbered(), count()
    sent_at: dict[int, float] = {}
    acknowledged: list[int] = []
    late: list[float] = []

    async def writer(name: int) -> None:
        version = 0
        while next(left) < total:
            outcome = await writing.append(made(f"call-{name}", version))
            assert isinstance(outcome, Appended)
            sent_at[outcome.record.position] = time.perf_counter()
            acknowledged.append(outcome.record.position)
            version += 1

    async def reader() -> None:
        expected = 1
        async for batch in feed.batches("reader", 0):
            now = time.perf_counter()
            for event in batch:
                assert event.position == expected, f"{event.position} came where {expected} was due"
                expected += 1
                # What is delivered before its writer has heard of it was delivered at once.
                late.append(now - sent_at.pop(event.position, now))
            if expected > total:
                return

    begun = time.perf_counter()
    following = asyncio.create_task(reader())
    await asyncio.gather(*map(writer, range(WRITERS)))
    wrote = time.perf_counter() - begun
    await asyncio.wait_for(following, 60)
    took = time.perf_counter() - begun
    await feed.close()
    await writing.close()
    await reading.close()
    assert sorted(acknowledged) == list(range(1, total + 1))
    late.sort()
    median, most = statistics.median(late) * 1e3, late[int(total * 0.99)] * 1e3
    return (
        f"{total} appends by {WRITERS} writers: {total / wrote:,.0f}/s, all delivered after {took:.1f} s;"
        f" delivery after acknowledgement p50 {median:.1f} ms, p99 {most:.1f} ms"
    )


async def test_sixteen_writers_and_a_reader_miss_nothing(dsn: str) -> None:
    sys.stdout.write("\n" + await write_and_follow(dsn, 20_000) + "\n")


@pytest.mark.long
async def test_sixteen_writers_and_a_reader_miss_nothing_in_a_million(dsn: str) -> None:
    sys.stdout.write("\n" + await write_and_follow(dsn, 1_000_000) + "\n")


async def test_an_event_is_delivered_to_another_process_in_milliseconds(dsn: str) -> None:
    writing, reading = await PostgresStore.open(dsn), await PostgresStore.open(dsn)
    feed = TailFeed(reading)
    arrived: asyncio.Queue[float] = asyncio.Queue()

    async def follow() -> None:
        async for batch in feed.batches("reader", 0):
            for _ in batch:
                arrived.put_nowait(time.perf_counter())

    following = asyncio.create_task(follow())
    took = []
    for version in range(30):
        begun = time.perf_counter()
        await writing.append(request("call-1", version))
        took.append(await asyncio.wait_for(arrived.get(), 10) - begun)
    following.cancel()
    await feed.close()
    await writing.close()
    await reading.close()

    sys.stdout.write(f"\nappend to delivery: median {statistics.median(took) * 1e3:.1f} ms\n")
    # Without a notification each would wait for the next look, a second later.
    assert statistics.median(took) < 0.1


async def test_a_lost_notification_costs_a_second_at_most(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = await PostgresStore.open(dsn)
    writing = await PostgresStore.open(dsn)
    assert not await reading.wait_for(1, 0.2)
    # The listener is deaf from now on, as after a network that swallowed its messages.
    monkeypatch.setattr(reading._pulse, "told", deaf(reading._pulse.told))

    await writing.append(request("call-1", 0))

    assert await reading.wait_for(1, 5)
    await writing.close()
    await reading.close()


def deaf(hear: Callable[[int], None]) -> Callable[[int], None]:
    """Hears nothing the first time, as if one notification had been lost."""
    first = [True]

    def told(position: int) -> None:
        if position and first:
            first.clear()
            return
        hear(position)

    return told
