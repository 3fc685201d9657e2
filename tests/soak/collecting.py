"""Reads what a soak left behind: the log, what the store remembers, Kafka, the views, the ledger, the stuck list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.public_records import sequence_of
from events.adapters.kafka.publisher import PLACES as PUBLIC_PLACES
from events.adapters.kafka.reader import PLACES, open_reader
from events.adapters.kafka.records import BrokenRecord, KafkaRecorded, from_record
from events.adapters.postgres.connect import in_our_words
from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.publication import Place
from events.store import CommandRecord
from projections.query import Query
from projections.runner import PostgresReads
from projections.views import VIEWS
from tests import comparing
from tests.soak.client import Clients
from tests.soak.history import History, Told

_COMMANDS = "SELECT command_id::text, stream, version, position, first_position, count FROM store.command"


async def collected(clients: Clients, store: PostgresStore, access: KafkaAccess) -> History:
    """Everything, once the cluster is quiet."""
    parked = await PostgresParking(store.pool).stuck()
    return History(
        log=await comparing.whole_log(store),
        sent=clients.sent,
        acknowledged=clients.acknowledged,
        remembered={record.command_id: record for record in await remembered(store)},
        kafka=await published(access),
        ends=(await PostgresPublication(store.pool).load()).partitions,
        public=await told(access),
        now=clients.now,
        views={name: await _rows(store, name) for name in VIEWS},
        balances=await store.balances(),
        parked=[f"{one.consumer}: {one.stream}, {one.events} events" for one in parked],
    )


async def remembered(store: PostgresStore) -> Sequence[CommandRecord]:
    """What the store remembers of every command."""
    with in_our_words():
        rows = await store.pool.fetch(_COMMANDS)
    return [CommandRecord(*row.values(), content_hash=None, answer=None) for row in rows]


async def published(access: KafkaAccess) -> dict[Place, list[KafkaRecorded | BrokenRecord]]:
    """All that stands on the six topics, repeats and rubbish and all."""
    found: dict[Place, list[KafkaRecorded | BrokenRecord]] = {place: [] for place in PLACES}
    async with open_reader(access) as reader:
        spans = await reader.spans(PLACES)
        starts, ends = {p: s.begin for p, s in spans.items()}, {p: s.end for p, s in spans.items()}
        async for place, records in reader.read(starts, ends):
            found[place] += [from_record(record) for record in records]
    return found


async def told(access: KafkaAccess) -> dict[int, list[Told]]:
    """All that stands on the public topic."""
    found: dict[int, list[Told]] = {number: [] for _, number in PUBLIC_PLACES}
    async with open_reader(access) as reader:
        spans = await reader.spans(PUBLIC_PLACES)
        starts, ends = {p: s.begin for p, s in spans.items()}, {p: s.end for p, s in spans.items()}
        async for (_, number), records in reader.read(starts, ends):
            found[number] += [Told(sequence_of(one.headers) or 0, one.key.decode(), one.value) for one in records]
    return found


async def _rows(store: PostgresStore, name: str) -> Sequence[Any]:
    return (await PostgresReads(store.pool, store).present(VIEWS[name], Query())).rows
