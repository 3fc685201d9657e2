"""What outsiders were told never changes: not by a poison event, not by its mending, not by a rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.store import PostgresStore
from events.store import Recorded
from projections.public_events.evolve import PUBLIC
from projections.public_events.queries import PostgresPublicLog
from projections.rebuild import WouldBreak, rebuild
from projections.runner import Runner
from projections.sifting import Withheld
from tests.changing import replace
from tests.contract.making import ident
from tests.contract.test_public_log import HISTORY
from tests.integration.test_projections import fill, pool
from tests.unit.projections.samples import sample

__all__ = ["pool"]
Pool = asyncpg.Pool

OTHER = sample("ApplicationSubmitted", case=ident("another case"))
FACTS = (*HISTORY, OTHER)
POISON = 6
"""The position of DeclaredAdmissible: two public events stand before it, two after it."""


def spoilt(log: Sequence[Recorded]) -> list[Recorded]:
    return [replace(one, body=b"{") if one.position == POISON else one for one in log]


async def told(pool: Pool) -> list[tuple[int, str]]:
    return [(one.sequence, one.type.rpartition(".")[2]) for one in await PostgresPublicLog(pool).read(0, 100)]


async def started(pool: Pool) -> Runner[Any]:
    runner = Runner(pool, PUBLIC)
    await runner.place()
    return runner


@pytest.mark.parametrize("step", [1, 4, 9])
async def test_the_feed_stands_still_before_a_poison_event_and_goes_on_in_order_once_it_is_mended(
    store: PostgresStore, pool: Pool, step: int
) -> None:
    log, runner, parking = list(await fill(store, FACTS)), await started(pool), PostgresParking(pool)
    for attempt in range(2):
        with pytest.raises(Withheld, match=f"position {POISON}"):
            for start in range(await runner.place(), len(log), step):
                await runner.apply(spoilt(log)[start : start + step])
        assert await runner.place() == POISON - 1, attempt
        assert await told(pool) == [(1, "published"), (2, "submitted")]
        (parked,) = await parking.listed()
        assert (parked.consumer, parked.event.position, parked.reason) == ("public_events", POISON, "undecodable")

    await runner.apply(log[POISON - 1 :])

    assert [name for _, name in await told(pool)][2:] == ["declaredAdmissible", "awarded", "submitted"]
    assert await parking.listed() == []
    assert (await rebuild(pool, PUBLIC)).equal


async def test_a_type_of_the_future_may_be_public_so_the_feed_waits_for_the_program_that_knows_it(
    store: PostgresStore, pool: Pool
) -> None:
    log, runner = list(await fill(store, FACTS)), await started(pool)
    with pytest.raises(Withheld, match="unknown-type"):
        await runner.apply([*log[:4], replace(log[4], type="Unheard"), *log[5:]])
    assert len(await told(pool)) == 2


async def test_what_was_given_up_on_record_is_left_out_for_ever_and_a_rebuild_agrees(
    store: PostgresStore, pool: Pool
) -> None:
    log, runner, parking = list(await fill(store, FACTS)), await started(pool), PostgresParking(pool)
    with pytest.raises(Withheld):
        await runner.apply(spoilt(log))
    (parked,) = await parking.listed()
    assert await parking.discard(parked.number, "an official", "the bytes are lost")

    await runner.apply(spoilt(log)[POISON - 1 :])

    assert await told(pool) == [(1, "published"), (2, "submitted"), (3, "awarded"), (4, "submitted")]
    assert await runner.place() == len(log)
    assert (await rebuild(pool, PUBLIC)).equal


async def test_a_fold_that_fails_withholds_what_follows(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, FACTS)

    def failing(rows: Any, event: Any) -> None:
        PUBLIC.evolve(rows, event)
        if event.position == POISON:
            raise ZeroDivisionError

    runner = Runner(pool, replace(PUBLIC, evolve=failing))
    await runner.place()
    with pytest.raises(Withheld, match="ZeroDivisionError"):
        await runner.apply(log)
    assert len(await told(pool)) == 2
    assert await runner.place() == POISON - 1


async def test_a_rebuild_that_would_tell_otherwise_is_refused_and_changes_nothing(
    store: PostgresStore, pool: Pool
) -> None:
    log, runner = list(await fill(store, FACTS)), await started(pool)
    await runner.apply(log)
    before = await PostgresPublicLog(pool).read(0, 100)

    def other(rows: Any, event: Any) -> None:
        if event.envelope.type != "ApplicationSubmitted":
            PUBLIC.evolve(rows, event)

    for version in (PUBLIC.version, PUBLIC.version + 1):
        with pytest.raises(WouldBreak, match="public_events"):
            await rebuild(pool, replace(PUBLIC, evolve=other, version=version))
        assert await PostgresPublicLog(pool).read(0, 100) == before
        tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE tablename LIKE 'public_events_v%'")
        assert len(tables) == 1
    assert await runner.place() == len(log)


async def test_a_new_version_that_tells_the_same_is_built(store: PostgresStore, pool: Pool) -> None:
    log, runner = list(await fill(store, FACTS)), await started(pool)
    await runner.apply(log)
    before = await PostgresPublicLog(pool).read(0, 100)
    done = await rebuild(pool, replace(PUBLIC, version=PUBLIC.version + 1))
    assert done.equal is None
    assert await PostgresPublicLog(pool).read(0, 100) == before
