"""From the store to Kafka: everything, in order, as it is, and soon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import Outgoing
from events.adapters.kafka.relay import Relay
from events.adapters.kafka.sending import Batch, Producer
from events.adapters.kafka.session import Pace
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.failures import CannotRun
from events.store import StoreUnavailable
from tests.conftest import fresh_database
from tests.integration.kafka.logs import (
    QUICK,
    Writer,
    assert_whole,
    everything,
    published,
    relay_on,
    relaying,
    rolled,
    until,
)


@pytest.fixture
async def other_store(postgres: EmbeddedPostgres) -> AsyncIterator[PostgresStore]:
    """Another log, in a database of its own."""
    async with fresh_database(postgres) as dsn:
        opened = await PostgresStore.open(dsn)
        yield opened
        await opened.close()


async def test_the_topics_hold_the_whole_log_in_its_order_byte_for_byte(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    writer = Writer(store)
    await writer.write(1_500)
    async with relaying(relay_on(store, topics)) as relay:
        await published(store, 1_500)
        await writer.write(700)
        await published(store, 2_200)

    found = await everything(topics)
    assert_whole(await store.read_all(limit=5_000), found)
    assert sum(map(len, found.values())) == 2_200, "nothing twice"
    assert (relay.progress.sent, relay.progress.resent, relay.progress.refilled) == (2_200, 0, 0)
    assert (relay.progress.position, relay.progress.pending, relay.alarm) == (2_200, 0, None)
    assert (await PostgresPublication(store.pool).load()).partitions == rolled(found)


async def test_a_relay_that_stopped_in_order_leaves_nothing_for_the_next_to_repeat(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    writer = Writer(store)
    for upto in (300, 600, 900):
        async with relaying(relay_on(store, topics, f"the one for {upto}")):
            await published(store, await writer.write(300))

    found = await everything(topics)
    assert sum(map(len, found.values())) == 900
    assert_whole(await store.read_all(limit=5_000), found)


async def test_the_same_relay_goes_on_when_it_is_run_again(store: PostgresStore, topics: KafkaAccess) -> None:
    """Who keeps it going ends it and begins it again whenever the database was away."""
    writer, relay = Writer(store), relay_on(store, topics)
    for _ in range(3):
        async with relaying(relay):
            await published(store, await writer.write(100))
    assert_whole(await store.read_all(limit=500), await everything(topics))


class Taken:
    """A lease that another relay holds, kept where nobody can be reached at first."""

    def __init__(self) -> None:
        self.away = True

    async def take(self, name: str, holder: str, seconds: float) -> int | None:
        if self.away:
            raise StoreUnavailable("the database cannot be reached")
        return None

    async def release(self, name: str, holder: str) -> None:
        raise AssertionError("it never had it")


async def test_a_standby_is_well_again_once_the_database_is_back(store: PostgresStore) -> None:
    leases = Taken()
    relay = Relay(store, PostgresPublication(store.pool), leases, KafkaAccess("127.0.0.1:1"), "two", Pace(**QUICK))
    async with relaying(relay):
        await until(lambda: relay.alarm is not None)
        leases.away = False
        await until(lambda: relay.alarm is None)
        assert not relay.active


async def test_an_envelope_of_the_largest_size_goes_through(store: PostgresStore, topics: KafkaAccess) -> None:
    position = await Writer(store, filling=511 * 1024).write(12)
    async with relaying(relay_on(store, topics)):
        await published(store, position)

    assert_whole(await store.read_all(), await everything(topics))


async def test_of_two_relays_one_works_and_the_other_takes_over_at_once_when_it_stops(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    writer, first, second = Writer(store), relay_on(store, topics, "a"), relay_on(store, topics, "b")
    async with relaying(second):
        async with relaying(first):
            await until(lambda: first.active or second.active)
            active, waiting = (first, second) if first.active else (second, first)
            await published(store, await writer.write(500))
            assert active.active
            assert not waiting.active
            active.stop()
            await until(lambda: waiting.active, seconds=5)
            await published(store, await writer.write(500))
        second.stop()

    found = await everything(topics)
    assert sum(map(len, found.values())) == 1_000
    assert_whole(await store.read_all(limit=5_000), found)


async def test_topics_that_hold_another_log_are_left_alone(
    store: PostgresStore, other_store: PostgresStore, topics: KafkaAccess
) -> None:
    await Writer(store, seed=1).write(100)
    async with relaying(relay_on(store, topics)):
        await published(store, 100)
    before = await everything(topics)

    await Writer(other_store, seed=2).write(100)
    with pytest.raises(CannotRun, match="another log"):
        await relay_on(other_store, topics).run()
    assert await everything(topics) == before


async def test_a_store_that_is_older_than_what_was_published_is_not_published_over(
    store: PostgresStore, other_store: PostgresStore, topics: KafkaAccess
) -> None:
    await Writer(store).write(100)
    async with relaying(relay_on(store, topics)):
        await published(store, 100)

    await Writer(other_store).write(40)
    with pytest.raises(CannotRun, match="restore --from kafka"):
        await relay_on(other_store, topics).run()


async def test_a_client_that_takes_nothing_is_given_up_and_the_next_one_goes_on(
    store: PostgresStore, topics: KafkaAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does that never learns who leads a partition: it says nothing, and no acknowledgement is waited for."""
    send, hung = Producer.send, []

    async def hang_once(self: Producer, records: Sequence[Outgoing]) -> list[Batch]:
        if not hung:
            hung.append(len(records))
            await asyncio.Event().wait()
        return await send(self, records)

    monkeypatch.setattr(Producer, "send", hang_once)
    writer = Writer(store)
    async with relaying(relay_on(store, topics)):
        await published(store, await writer.write(50))
    assert hung
    assert_whole(await store.read_all(limit=100), await everything(topics))
