"""What the command line does on Kafka and on the stuck list: topics, restore, the public topic, parked streams."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from events.adapters.kafka import setup
from events.adapters.kafka.access import PRINCIPALS
from events.adapters.kafka.history import open_history
from events.adapters.kafka.public_reader import read_public
from events.adapters.kafka.records import from_record
from events.adapters.kafka.topics import LOG_TOPICS, PARKED_TOPIC, PARTITIONS
from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.store import PostgresStore
from events.history import History
from projections.monitor.main import watch_over
from projections.monitor.setup import Setup
from services.bootstrap.ground import open_database
from services.bootstrap.standing import kafka_access
from services.settings import Settings


class KafkaTopics:
    """The topics of a cluster and who may do what there (`services.cli.topics.TopicsDoor`)."""

    principals = PRINCIPALS

    async def check(self, settings: Settings) -> setup.Report:
        """Compare; StoreUnavailable or CannotRun when the cluster cannot be asked."""
        return await setup.check(kafka_access(settings))

    async def apply(self, settings: Settings, passwords: Mapping[str, str]) -> setup.Report:
        """Make what is missing, then compare."""
        return await setup.apply(kafka_access(settings), passwords)


def open_kafka_history(settings: Settings) -> AbstractAsyncContextManager[History]:
    """The log as Kafka holds it; CannotRun without all of its topics."""
    return open_history(kafka_access(settings))


def public_topic(settings: Settings) -> AsyncIterator[bytes]:
    """Every public event on Kafka, from the first one on to the last one of now."""
    return read_public(kafka_access(settings))


async def run_monitor(settings: Settings, port: int) -> None:
    """The live monitor, until SIGINT or SIGTERM; CannotRun when it cannot begin."""
    logs = {topic: PARTITIONS[topic] for topic in LOG_TOPICS.values()}
    parked = {PARKED_TOPIC: PARTITIONS[PARKED_TOPIC]}
    await watch_over(Setup(kafka_access(settings), logs, parked, from_record, port, host=settings.host))


@asynccontextmanager
async def open_parking(settings: Settings) -> AsyncIterator[PostgresParking]:
    """The stuck list, whether consumers run or not."""
    async with AsyncExitStack() as stack:
        dsn, _ = open_database(settings, stack, adopt=True)
        migrate(dsn)
        store = await PostgresStore.open(dsn, readers=1)
        stack.push_async_callback(store.close)
        yield PostgresParking(store.pool)
