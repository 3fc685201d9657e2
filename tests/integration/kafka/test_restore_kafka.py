"""A store that is gone comes back from the six topics: same bytes, same books; from faulty topics nothing comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.history import open_history
from events.adapters.kafka.records import Outgoing, to_record
from events.adapters.kafka.topics import LOG_TOPICS
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.catalog import FACT_TYPES
from events.failures import CannotRun
from events.proof import strict64
from projections.audit.history import verify_history
from projections.audit.restore import NotVerified, Restored, restore, restore_history
from tests.conftest import fresh_database
from tests.integration.kafka.conftest import delete_topics, fresh_topics
from tests.integration.kafka.logs import everything, published, relay_on, relaying
from tests.integration.test_export_restore import bytes_of, history, write
from tests.unit.events.proof.forge import ORIGIN, Shelf, signers

ROUNDS = 40


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[PostgresStore]:
    """A store without events."""
    async with fresh_database(postgres) as dsn:
        opened = await PostgresStore.open(dsn)
        yield opened
        await opened.close()


@pytest.fixture
async def log(store: PostgresStore, topics: KafkaAccess, tmp_path: Path) -> Path:
    """A log of real facts in the store and on Kafka; its export."""
    out = await write(Shelf(history(ROUNDS)), tmp_path / "log")
    events = (await restore(out, store, types=FACT_TYPES)).events
    async with relaying(relay_on(store, topics)):
        await published(store, events)
    return out


async def restored(access: KafkaAccess, target: PostgresStore, log_key: str | None = None) -> Restored:
    async with open_history(access) as kafka:
        return await restore_history(kafka, target, types=FACT_TYPES, log_key=log_key)


async def written_anew(access: KafkaAccess, records: Sequence[Outgoing]) -> None:
    """The topics hold these records, and nothing else."""
    await fresh_topics(access)
    async with AIOKafkaProducer(**access.client()) as producer:
        for one in records:
            await producer.send(one.topic, one.value, one.key, one.partition, one.timestamp_ms, one.headers)


async def all_records(access: KafkaAccess) -> list[Outgoing]:
    found = await everything(access)
    return [to_record(event, event.previous) for events in found.values() for event in events]


async def test_the_store_comes_back_from_kafka_and_its_export_is_the_same_bytes(
    store: PostgresStore, topics: KafkaAccess, log: Path, empty: PostgresStore, tmp_path: Path
) -> None:
    done = await restored(topics, empty, strict64.encode(signers()["log"].public_key))

    assert (done.events, done.known) == (7 + 2 * ROUNDS, 0)
    assert bytes_of(await write(empty, tmp_path / "again")) == bytes_of(log)
    assert await empty.balances() == await store.balances()


async def test_a_restored_store_is_relayed_on_without_repeating_anything(
    topics: KafkaAccess, log: Path, store: PostgresStore, empty: PostgresStore
) -> None:
    done = await restored(topics, empty)
    async with relaying(relay_on(empty, topics, "new")) as relay:
        await published(empty, done.events)

    assert relay.progress.sent == 0
    assert await PostgresPublication(empty.pool).load() == await PostgresPublication(store.pool).load()


async def test_repeats_and_partitions_that_begin_again_are_no_harm(
    topics: KafkaAccess, log: Path, empty: PostgresStore, tmp_path: Path
) -> None:
    records = await all_records(topics)
    # As after a topic that was made anew while its relay was sending: the end first, then everything.
    await written_anew(topics, [*records[-2:], *records, *records[5:9]])
    await restored(topics, empty)

    assert bytes_of(await write(empty, tmp_path / "again")) == bytes_of(log)


async def test_a_restore_that_broke_off_is_gone_on_with(
    topics: KafkaAccess, log: Path, empty: PostgresStore, tmp_path: Path
) -> None:
    await restore(await write(Shelf(history(ROUNDS)[:20]), tmp_path / "part"), empty)

    assert (await restored(topics, empty)).known == 20
    assert bytes_of(await write(empty, tmp_path / "again")) == bytes_of(log)


def header(record: Outgoing, name: str, value: bytes) -> Outgoing:
    return record._replace(headers=[(one, value if one == name else was) for one, was in record.headers])


@pytest.mark.parametrize("fault", ["hole", "bad-signature", "not-canonical", "time-reversed"])
async def test_from_faulty_topics_nothing_is_restored(
    topics: KafkaAccess, log: Path, empty: PostgresStore, fault: str
) -> None:
    records = await all_records(topics)
    records.sort(key=lambda one: int(dict(one.headers)["position"]))
    victim = records.pop(40)
    match fault:
        case "bad-signature":
            records.append(header(victim, "signature", strict64.encode(b"\x01" * 64).encode()))
        case "not-canonical":
            records.append(victim._replace(value=b"{}"))
        case "time-reversed":
            records.append(header(victim, "recorded_at", b"2021-01-01T00:00:00.000000Z"))
        case _:
            pass
    await written_anew(topics, records)

    with pytest.raises(NotVerified) as caught:
        await restored(topics, empty)
    (found, *_) = caught.value.findings
    assert (found.kind, found.position) == (fault, 41)
    assert (await empty.head()).position == 0


async def test_a_log_of_others_is_not_taken_for_ones_own(topics: KafkaAccess, log: Path, empty: PostgresStore) -> None:
    with pytest.raises(NotVerified, match="wrong-key"):
        await restored(topics, empty, strict64.encode(signers(1)["log"].public_key))
    assert (await empty.head()).position == 0


async def test_without_all_six_topics_nothing_is_restored(topics: KafkaAccess, log: Path, empty: PostgresStore) -> None:
    async with open_admin(topics) as admin:
        await delete_topics(admin, [LOG_TOPICS["payment"]])
    with pytest.raises(CannotRun, match=r"wijkspoor\.payment\.v1"):
        await restored(topics, empty)


async def test_what_kafka_holds_is_verified_as_an_export_is(topics: KafkaAccess, log: Path) -> None:
    async with open_history(topics) as kafka:
        report = await verify_history(kafka, types=FACT_TYPES)
    assert (report.ok, report.events, report.origin, report.findings) == (True, 7 + 2 * ROUNDS, ORIGIN, [])
