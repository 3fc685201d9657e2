"""Whatever is wrong with the publication is found and named; what is whole is found whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from aiokafka import AIOKafkaProducer

from events.adapters.kafka.admin import open_admin
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import Outgoing, place_of, to_record
from events.adapters.kafka.topics import LOG_TOPICS, TOPICS
from events.adapters.kafka.verify import TopicFinding, TopicVerification, verify_topics
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.publication import Place
from tests.changing import replace
from tests.integration.kafka.conftest import delete_topics, fresh_topics
from tests.integration.kafka.logs import Writer, everything, published, relay_on, relaying, until

JURY = LOG_TOPICS["jury"]
EVENTS = 700


@pytest.fixture
async def whole(store: PostgresStore, topics: KafkaAccess) -> KafkaAccess:
    """A log and its publication."""
    await Writer(store).write(EVENTS)
    async with relaying(relay_on(store, topics)):
        await published(store, EVENTS)
    return topics


async def findings(store: PostgresStore, access: KafkaAccess) -> Sequence[TopicFinding]:
    return await verify_topics(store, PostgresPublication(store.pool), access)


@asynccontextmanager
async def running(verification: TopicVerification) -> AsyncIterator[None]:
    """Rounds in the background."""
    rounds = asyncio.create_task(verification.run(0.05))
    try:
        yield
    finally:
        rounds.cancel()
        with suppress(asyncio.CancelledError):
            await rounds


async def write(access: KafkaAccess, records: Sequence[Outgoing]) -> None:
    """What no principal but the relay may do; tests play the intruder."""
    async with AIOKafkaProducer(**access.client()) as producer:
        for one in records:
            await producer.send(one.topic, one.value, one.key, one.partition, one.timestamp_ms, one.headers)


async def written_anew(
    store: PostgresStore, access: KafkaAccess, change: Callable[[list[Outgoing]], list[Outgoing]]
) -> Place:
    """All partitions again as they were, but one of them changed; which one."""
    before = await everything(access)
    victim = max(before, key=lambda place: len(before[place]))
    await fresh_topics(access)
    for place, events in before.items():
        records = [to_record(event, event.previous) for event in events]
        await write(access, change(records) if place == victim else records)
    return victim


def altered(record: Outgoing, **headers: bytes) -> Outgoing:
    return record._replace(headers=[(name, headers.get(name, value)) for name, value in record.headers])


async def test_a_whole_publication_has_no_findings_and_repeats_are_no_harm(
    store: PostgresStore, whole: KafkaAccess
) -> None:
    verification = TopicVerification(store, PostgresPublication(store.pool), whole)
    assert await verification.round() == []
    assert (verification.records, verification.repeats) == (EVENTS, 0)

    again = [to_record(event, event.previous) for events in (await everything(whole)).values() for event in events[-2:]]
    await write(whole, again)
    assert await verification.round() == []
    assert verification.repeats == len(again), "each planted repeat is seen"
    assert await findings(store, whole) == []


async def test_while_the_relay_works_every_round_is_whole_and_reads_only_what_is_new(
    store: PostgresStore, topics: KafkaAccess
) -> None:
    writer, verification = Writer(store), TopicVerification(store, PostgresPublication(store.pool), topics)
    async with relaying(relay_on(store, topics)):
        for _ in range(6):
            position = await writer.write(400)
            assert await verification.round() == []
        await published(store, position)
        await verification.round()
        before = verification.records
        await published(store, await writer.write(50))
        assert await verification.round() == []
    assert verification.records - before == 50


def lose(records: list[Outgoing]) -> list[Outgoing]:
    return records[:5] + records[6:]


def lose_the_last(records: list[Outgoing]) -> list[Outgoing]:
    return records[:-3]


def swap(records: list[Outgoing]) -> list[Outgoing]:
    return [*records[:5], records[6], records[5], *records[7:]]


def alter_the_body(records: list[Outgoing]) -> list[Outgoing]:
    changed = records[5]._replace(value=records[5].value.replace(b'"public"', b'"secret"'))
    return [*records[:5], changed, *records[6:]]


def alter_the_time(records: list[Outgoing]) -> list[Outgoing]:
    return [*records[:5], altered(records[5], recorded_at=b"2021-03-11T09:00:00.000000Z"), *records[6:]]


def alter_the_signature(records: list[Outgoing]) -> list[Outgoing]:
    return [*records[:5], altered(records[5], signature=b"AAAA"), *records[6:]]


def spoil(records: list[Outgoing]) -> list[Outgoing]:
    return [*records[:5], records[5]._replace(value=b"{"), *records[6:]]


def empty(records: list[Outgoing]) -> list[Outgoing]:
    return []


PLANTED: Mapping[str, tuple[Callable[[list[Outgoing]], list[Outgoing]], int]] = {
    "lost": (lose, 5),
    "lost-at-the-end": (lose_the_last, -3),
    "lost-all": (empty, 0),
    "reordered": (swap, 6),
    "altered": (alter_the_body, 5),
    "altered-time": (alter_the_time, 5),
    "altered-signature": (alter_the_signature, 5),
    "unreadable": (spoil, 5),
}


@pytest.mark.parametrize("fault", PLANTED)
async def test_a_planted_fault_is_found_and_named_with_its_place(
    store: PostgresStore, whole: KafkaAccess, fault: str
) -> None:
    change, index = PLANTED[fault]
    victim = await written_anew(store, whole, change)
    log = [event for event in await store.read_all(limit=EVENTS) if place_of(event.stream) == victim]

    (found,) = await findings(store, whole)
    kind = "lost" if fault.startswith("lost") else fault.split("-", maxsplit=1)[0]
    assert (found.kind, found.topic, found.partition, found.position) == (kind, *victim, log[index].position)


@pytest.mark.parametrize("where", ["in its turn", "at the end", "far ahead", "from the past"])
async def test_a_foreign_record_is_found(store: PostgresStore, whole: KafkaAccess, where: str) -> None:
    before = await everything(whole)
    events = max(before.values(), key=len)
    last, place = events[-1], place_of(events[-1].stream)
    position, previous = {
        "in its turn": (events[5].position + 1, events[5].position),
        "at the end": (EVENTS + 1, last.position),
        "far ahead": (EVENTS + 1_000, EVENTS + 999),
        "from the past": (events[4].position, events[3].position),
    }[where]
    forged = replace(last, position=position)
    if where == "in its turn":
        await written_anew(store, whole, lambda all_: [*all_[:6], to_record(forged, previous), *all_[6:]])
    else:
        await write(whole, [to_record(forged, previous)])

    (found,) = await findings(store, whole)
    assert (found.topic, found.partition, found.position) == (*place, position)
    assert found.kind in {"foreign", "altered"}


async def test_a_missing_topic_is_found_and_when_it_was_made_anew_its_events_are_lost(
    store: PostgresStore, whole: KafkaAccess
) -> None:
    async with open_admin(whole) as admin:
        await delete_topics(admin, [JURY])
        assert [(one.kind, one.topic) for one in await findings(store, whole)] == [("missing-topic", JURY)]

        await admin.create([one for one in TOPICS if one.name == JURY], 1, 1)
        found = await findings(store, whole)
    assert {(one.kind, one.topic) for one in found} == {("lost", JURY)}

    async with relaying(relay_on(store, whole)) as relay:
        await until(lambda: relay.progress.refilled > 0 and relay.progress.pending == 0)
    assert await findings(store, whole) == []


async def test_rounds_go_on_by_themselves_and_raise_an_alarm_that_ends(
    store: PostgresStore, whole: KafkaAccess
) -> None:
    verification = TopicVerification(store, PostgresPublication(store.pool), whole)
    async with running(verification), open_admin(whole) as admin:
        await until(lambda: verification.rounds > 1 and verification.alarm is None)
        await delete_topics(admin, [JURY])
        await until(lambda: verification.alarm is not None and "missing-topic" in verification.alarm)
        await admin.create([one for one in TOPICS if one.name == JURY], 1, 1)
        async with relaying(relay_on(store, whole)):
            await until(lambda: verification.alarm is None)
