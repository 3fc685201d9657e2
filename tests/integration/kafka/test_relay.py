"""From the store to Kafka: everything, in order, as it is, and soon."""

from __future__ import annotations

from dataclasses import fields

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.publication import EMPTY
from events.store import Recorded
from tests.integration.kafka.logs import Writer, everything, in_order, published, relay_on, relaying


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
    log = await store.read_all(limit=5_000)
    got = in_order(found)
    assert sum(map(len, found.values())) == len(got) == 2_200, "nothing twice"
    for event, sent in zip(log, got, strict=True):
        assert all(getattr(event, one.name) == getattr(sent, one.name) for one in fields(Recorded))
    assert (relay.progress.sent, relay.progress.resent, relay.progress.refilled) == (2_200, 0, 0)
    assert (relay.progress.position, relay.progress.pending, relay.alarm) == (2_200, 0, None)


async def test_what_each_partition_holds_is_written_down_with_the_watermark(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    await Writer(store).write(800)
    async with relaying(relay_on(store, topics)):
        await published(store, 800)

    known = await PostgresPublication(store.pool).load()
    expected = {}
    for place, events in (await everything(topics)).items():
        end = EMPTY
        for event in events:
            end = end.then(event)
        if events:
            expected[place] = end
    assert known.partitions == expected
