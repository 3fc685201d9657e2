"""What every public log promises: one order without holes, exact bytes, and a wait that ends."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest

from events.adapters.postgres.store import PostgresStore
from events.catalog import AnyFact
from events.public.cloudevent import public_id
from events.public.feed import PublicLog
from events.store import Appended, StoreUnavailable
from projections.memory import MemoryRunner
from projections.public_events.evolve import PUBLIC
from projections.public_events.memory import MemoryPublicLog
from projections.public_events.queries import PostgresPublicLog
from projections.runner import Runner
from tests.contract.making import AnyStore
from tests.unit.projections.samples import CALL, CASE, appended, sample

SILENT = sample("ScoreSubmitted")
HISTORY = (
    sample("KeyRegistered", origin="contract/demo"),
    sample("CallPublished"),
    sample("DraftStarted"),
    sample("ApplicationSubmitted"),
    SILENT,
    sample("DeclaredAdmissible"),
    sample("AdviceAdopted"),
    sample("GrantAwarded", amount_cents=500),
)
TOLD = ["calls.notify.published", "applications.notify.submitted", "applications.notify.declaredAdmissible"]


@dataclass
class Office:
    """A store, the view that follows it, and the public log over the view."""

    store: AnyStore
    runner: Any
    public: PublicLog

    async def happens(self, *facts: AnyFact) -> None:
        """The facts are recorded and folded, as one batch."""
        place = await self.runner.place()
        for number, fact in enumerate(facts, place + 1):
            assert isinstance(await self.store.append(appended(fact, number)), Appended)
        await self.runner.apply(await self.store.read_all(place, limit=1_000))


@pytest.fixture
async def office(log: AnyStore) -> Office:
    if isinstance(log, PostgresStore):
        runner = Runner(log.pool, PUBLIC)
        await runner.place()
        return Office(log, runner, PostgresPublicLog(log.pool))
    twin = MemoryRunner(PUBLIC)
    return Office(log, twin, MemoryPublicLog(twin))


async def test_an_empty_log_tells_nothing(office: Office) -> None:
    assert await office.public.read(0, 10) == []
    assert await office.public.last() == 0
    assert await office.public.find(public_id("nothing")) is None


async def test_sequences_count_from_one_without_a_hole_in_the_order_of_the_log(office: Office) -> None:
    for fact in HISTORY:
        await office.happens(fact)

    told = await office.public.read(0, 100)

    assert [one.sequence for one in told] == [1, 2, 3, 4] == list(range(1, await office.public.last() + 1))
    assert [one.type.partition(".v1.")[2] for one in told] == [*TOLD, "grants.notify.awarded"]
    assert [one.recorded_at for one in told] == sorted(one.recorded_at for one in told)


async def test_one_batch_or_many_give_the_same_events(office: Office) -> None:
    await office.happens(*HISTORY[:4])
    await office.happens(*HISTORY[4:])
    alone = MemoryRunner(PUBLIC)
    for one in await office.store.read_all(0, limit=100):
        await alone.apply([one])

    assert await office.public.read(0, 100) == await MemoryPublicLog(alone).read(0, 100)


async def test_pages_join_without_a_gap(office: Office) -> None:
    await office.happens(*HISTORY)
    whole = list(await office.public.read(0, 100))
    pages = [await office.public.read(after, 3) for after in (0, 3, 4)]

    assert [one for page in pages for one in page] == whole
    assert [len(page) for page in pages] == [3, 1, 0]


async def test_the_columns_repeat_what_the_bytes_say(office: Office) -> None:
    await office.happens(*HISTORY)
    for one in await office.public.read(0, 100):
        event = json.loads(one.body)
        assert (event["id"], event["type"], int(event["sequence"])) == (one.id, one.type, one.sequence)
        assert event["partitionkey"] == event["subject"] == one.key
        assert event["source"] == "urn:wijkspoor:log:contract/demo"
        assert (one.call, one.case) == (CALL, CASE if "case" in event["data"] else None)


async def test_an_event_is_found_by_its_id_and_a_case_or_call_is_not_one(office: Office) -> None:
    await office.happens(*HISTORY)
    for one in await office.public.read(0, 100):
        assert await office.public.find(one.id) == one.sequence
    for other in (CASE, CALL, "", "no id at all"):
        assert await office.public.find(other) is None


async def test_waiting_ends_with_the_event_or_with_the_time(office: Office) -> None:
    await office.happens(*HISTORY[:3])
    assert await office.public.wait_for(1, 0.01)
    assert not await office.public.wait_for(2, 0.01)

    waiting = [asyncio.create_task(office.public.wait_for(2, 20.0)) for _ in range(5)]
    await asyncio.sleep(0)
    waiting[0].cancel()  # who asks for the others may leave
    await office.happens(SILENT)
    await office.happens(HISTORY[3])

    assert await asyncio.gather(*waiting[1:]) == [True] * 4


async def test_a_reader_may_start_before_the_view_was_ever_made(log: AnyStore) -> None:
    if not isinstance(log, PostgresStore):
        assert await MemoryPublicLog(MemoryRunner(PUBLIC)).last() == 0
        return
    early = PostgresPublicLog(log.pool)
    for question in (early.read(0, 1), early.find("x"), early.last(), early.wait_for(1, 1.0)):
        with pytest.raises(StoreUnavailable, match="public_events"):
            await question
