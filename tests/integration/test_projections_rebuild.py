"""A rebuild gives the same rows, tells what differs, and nobody who reads notices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from events.adapters.postgres.store import PostgresStore
from events.store import Recorded
from projections.budget_consumption.evolve import BUDGET
from projections.query import Query
from projections.rebuild import Undigested, rebuild
from projections.runner import PostgresReads, Runner
from projections.view import View
from projections.views import VIEWS
from tests.integration.test_projections import fill, pool
from tests.unit.projections.test_budget import LIFE

__all__ = ["pool"]
Pool = asyncpg.Pool
views = pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)


async def consume(pool: Pool, view: View[Any], log: Sequence[Recorded], step: int = 4) -> Runner[Any]:
    runner = Runner(pool, view)
    place = await runner.place()
    for start in range(place, len(log), step):
        await runner.apply(log[start : start + step])
    return runner


@views
async def test_a_rebuilt_view_equals_the_one_it_replaces(store: PostgresStore, pool: Pool, view: View[Any]) -> None:
    log = await fill(store, LIFE)
    await consume(pool, view, log)
    reads, seen = PostgresReads(pool, store), list[tuple[int, int]]()
    before = await reads.present(view, Query())
    for generation in (2, 3):
        done = await rebuild(pool, view, lambda reached, aim: seen.append((reached, aim)))
        assert (done.equal, done.differences, done.position) == (True, [], len(log))
        assert (done.rows, done.events) == (len(before.rows), sum(one.type in view.folds for one in log))
        tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE tablename LIKE $1", f"{view.name}_v%")
        assert [row["tablename"] for row in tables] == [f"{view.name}_v{generation}"]
    assert seen[-1] == (len(log), len(log))
    assert await reads.present(view, Query()) == before


async def test_what_was_changed_by_hand_is_named_and_mended(store: PostgresStore, pool: Pool) -> None:
    await consume(pool, BUDGET, await fill(store, LIFE))
    await pool.execute("UPDATE budget_consumption SET claimed_cents = 1 WHERE scope = 'call'")
    await pool.execute("DELETE FROM budget_consumption WHERE scope = 'category'")
    done = await rebuild(pool, BUDGET)
    assert done.equal is False
    assert len(done.differences) == 2
    assert (await rebuild(pool, BUDGET)).equal


async def test_the_consumer_goes_on_where_it_was(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    runner = await consume(pool, BUDGET, log[:8])
    assert (await rebuild(pool, BUDGET)).position == 8
    await runner.apply(log[8:])
    assert (await rebuild(pool, BUDGET)).equal


@views
async def test_events_that_come_meanwhile_are_not_lost_and_readers_see_no_gap(
    store: PostgresStore, pool: Pool, view: View[Any]
) -> None:
    log = await fill(store, LIFE)
    await consume(pool, view, log[:3])
    reads, ended, looks = PostgresReads(pool, store), asyncio.Event(), 0

    async def look() -> None:
        nonlocal looks
        place = 0
        while not ended.is_set():
            found = await reads.present(view, Query())
            assert found.rows
            assert found.position >= place
            place, looks = found.position, looks + 1

    reader = asyncio.create_task(look())
    done, _ = await asyncio.gather(rebuild(pool, view), consume(pool, view, log, 1))
    again = await rebuild(pool, view)
    ended.set()
    await reader
    assert done.equal
    assert again.equal
    assert again.position == len(log)
    assert looks > 1


async def test_a_new_version_of_the_fold_is_built_up_to_the_head(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    await consume(pool, BUDGET, log[:2])
    newer = View(**{name: getattr(BUDGET, name) for name in BUDGET.__slots__} | {"version": BUDGET.version + 1})
    done = await rebuild(pool, newer)
    assert (done.equal, done.position) == (None, len(log))
    assert await Runner(pool, newer).place() == len(log)


async def test_an_event_that_cannot_be_read_stops_the_rebuild_and_leaves_the_view(
    store: PostgresStore, pool: Pool, dsn: str
) -> None:
    await consume(pool, BUDGET, await fill(store, LIFE))
    before = await PostgresReads(pool, store).present(BUDGET, Query())
    owner = await asyncpg.connect(dsn)
    await owner.execute("ALTER TABLE store.log DISABLE TRIGGER log_is_final")
    await owner.execute("UPDATE store.log SET body = convert_to('{}', 'UTF8') WHERE position = 5")
    await owner.close()
    with pytest.raises(Undigested, match="position 5 "):
        await rebuild(pool, BUDGET)
    assert await PostgresReads(pool, store).present(BUDGET, Query()) == before


async def test_a_view_that_never_was_is_built(store: PostgresStore, pool: Pool) -> None:
    await fill(store, LIFE)
    done = await rebuild(pool, BUDGET)
    assert (done.position, done.rows, done.equal) == (0, 0, True)
