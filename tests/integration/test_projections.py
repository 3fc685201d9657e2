"""Views on real PostgreSQL: one transaction a batch, fenced, and equal to the twin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest

from events import codec
from events.adapters.postgres.connect import open_pool
from events.adapters.postgres.store import PostgresStore
from events.catalog import AnyFact
from events.consumer import Fenced
from events.store import Appended, Recorded
from projections.budget_consumption.evolve import BUDGET, BudgetRow
from projections.memory import MemoryReads, MemoryRunner
from projections.past import Cut
from projections.query import Is, Query
from projections.runner import Outdated, PostgresReads, Runner, compare_budget, prepare
from projections.view import View
from projections.views import VIEWS
from tests.unit.projections.samples import CALL, appended
from tests.unit.projections.test_budget import LIFE

Pool = asyncpg.Pool


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    opened = await open_pool(dsn, 4)
    yield opened
    await opened.close()


async def fill(store: PostgresStore, facts: Sequence[AnyFact], start: int = 1) -> Sequence[Recorded]:
    for number, fact in enumerate(facts, start):
        outcome = await store.append(appended(fact, number))
        assert isinstance(outcome, Appended), (fact, outcome)
    return await store.read_all(start - 1, limit=10_000)


async def test_the_table_equals_the_twin_and_the_ledger(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    for view in VIEWS.values():
        twin, runner = MemoryRunner(view), Runner(pool, view)
        assert await runner.place() == 0
        for start in range(0, len(log), 3):
            await twin.apply(log[start : start + 3])
            await runner.apply(log[start : start + 3])
        found = await PostgresReads(pool, store).present(view, Query())
        expected = await MemoryReads({view.name: twin}, store).present(view, Query())
        assert found == expected
        assert found.rows
        assert await runner.place() == len(log)
    compared = await compare_budget(pool)
    assert compared is not None
    assert (compared.position, compared.differences) == (len(log), [])


async def test_the_check_finds_a_cent_that_was_changed_by_hand(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    runner = Runner(pool, BUDGET)
    await runner.place()
    assert await compare_budget(pool) is None, "a view that is behind is not compared"
    await runner.apply(log)
    await pool.execute("UPDATE budget_consumption SET executed_cents = executed_cents + 1 WHERE scope = 'case'")
    compared = await compare_budget(pool)
    assert compared is not None
    assert {one.figure for one in compared.differences} == {"executed", "committed, unspent"}


async def test_a_superseded_instance_is_fenced_and_writes_nothing(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    old, new = Runner(pool, BUDGET), Runner(pool, BUDGET)
    await old.place()
    await new.place()
    await new.apply(log[:5])
    before = await PostgresReads(pool, store).present(BUDGET, Query())
    with pytest.raises(Fenced):
        await old.apply(log[:3])
    with pytest.raises(Fenced):
        await old.apply(log[7:])
    assert await PostgresReads(pool, store).present(BUDGET, Query()) == before


async def test_rows_and_place_move_together_or_not_at_all(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    runner = Runner(pool, BUDGET)
    await runner.place()
    await pool.execute("ALTER TABLE budget_consumption_v1 ADD CONSTRAINT none CHECK (executed_cents = 0)")
    with pytest.raises(asyncpg.CheckViolationError):
        await runner.apply(log)
    found = await PostgresReads(pool, store).present(BUDGET, Query())
    assert (found.position, found.known_at, found.rows) == (0, None, [])
    await pool.execute("ALTER TABLE budget_consumption_v1 DROP CONSTRAINT none")
    await runner.apply(log)
    assert await runner.place() == len(log)


async def test_preparing_twice_makes_nothing_new_and_another_version_is_outdated(pool: Pool) -> None:
    assert await prepare(pool, BUDGET)
    assert await prepare(pool, BUDGET)
    newer = View(**{name: getattr(BUDGET, name) for name in BUDGET.__slots__} | {"version": BUDGET.version + 1})
    assert not await prepare(pool, newer)
    with pytest.raises(Outdated, match="rebuild budget_consumption"):
        await Runner(pool, newer).place()


async def test_the_past_at_the_head_is_the_present(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    runner = Runner(pool, BUDGET)
    await runner.place()
    await runner.apply(log)
    reads = PostgresReads(pool, store)
    query = Query((Is("call", CALL),))
    present = await reads.present(BUDGET, query)
    assert present.known_at is not None
    assert await reads.past(BUDGET, query, Cut(known_at=present.known_at)) == present
    assert await reads.past(BUDGET, query, Cut(as_of="2099-01-01T00:00:00.000000Z")) == present


async def test_what_was_known_earlier_is_a_fold_of_the_log_cut_there(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    middle = log[6]
    cut = Cut(known_at=codec.read(middle).envelope.occurred_at)
    reads = PostgresReads(pool, store)
    nothing = await reads.past(BUDGET, Query(), cut)
    assert (nothing.position, nothing.rows) == (0, []), "business time lies years before the recording"
    at = middle.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    found = await reads.past(BUDGET, Query(), Cut(known_at=at))
    assert found.position >= 7
    twin = MemoryRunner(BUDGET)
    await twin.apply(log[: found.position])
    assert found.rows == (await MemoryReads({BUDGET.name: twin}, store).present(BUDGET, Query())).rows


async def test_waiting_for_a_position_ends_when_it_shows_or_in_time(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    runner = Runner(pool, BUDGET)
    await runner.place()
    reads = PostgresReads(pool, store)
    assert not await reads.reached(BUDGET, len(log), 0.05)
    await runner.apply(log)
    assert await reads.reached(BUDGET, len(log), 0.05)


async def test_pages_join_without_a_gap_and_filters_agree_with_the_twin(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, LIFE)
    runner, twin = Runner(pool, BUDGET), MemoryRunner(BUDGET)
    await runner.place()
    await runner.apply(log)
    await twin.apply(log)
    both = PostgresReads(pool, store), MemoryReads({BUDGET.name: twin}, store)
    for order in ((), ("committed_cents", "call", "scope", "item")):
        query = Query((Is("call", CALL),), order=order)
        whole = (await both[0].present(BUDGET, query)).rows
        for reads in both:
            seen: list[BudgetRow] = []
            while page := (await reads.present(BUDGET, query.page(_after(seen, order), 2))).rows:
                seen += page
            assert seen == whole
            assert len(whole) == 5


def _after(seen: list[BudgetRow], order: tuple[str, ...]) -> tuple[str | int, ...] | None:
    return tuple(getattr(seen[-1], name) for name in order or BUDGET.key) if seen else None
