"""What every keeper of leases promises: one holder at a time, and a token that tells who came later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory_lease import MemoryLeases
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.store import PostgresStore
from events.lease import Leases
from tests.conftest import fresh_database
from tests.contract.making import Clock


@dataclass
class Kept:
    """Leases, and a way to let everything that is held run out."""

    leases: Leases
    run_out: Callable[[], Awaitable[None]]


@pytest.fixture(params=["memory", "postgres"])
async def kept(request: pytest.FixtureRequest, clock: Clock, postgres: EmbeddedPostgres) -> AsyncIterator[Kept]:
    if request.param == "memory":

        async def later() -> None:
            clock.move(days=1)

        yield Kept(MemoryLeases(clock), later)
        return
    async with fresh_database(postgres) as dsn:
        store, owner = await PostgresStore.open(dsn), await asyncpg.connect(dsn)

        async def moved() -> None:
            await owner.execute("UPDATE store.lease SET expires_at = expires_at - interval '1 day'")

        yield Kept(PostgresLeases(store.pool), moved)
        await owner.close()
        await store.close()


async def test_the_first_who_asks_holds_it_and_others_wait(kept: Kept) -> None:
    assert await kept.leases.take("relay", "a", 60) == 1
    assert await kept.leases.take("relay", "b", 60) is None


async def test_a_holder_renews_and_keeps_its_token(kept: Kept) -> None:
    assert await kept.leases.take("relay", "a", 60) == 1
    assert await kept.leases.take("relay", "a", 60) == 1


async def test_a_holder_that_comes_late_keeps_its_token_if_nobody_took_over(kept: Kept) -> None:
    await kept.leases.take("relay", "a", 60)
    await kept.run_out()

    assert await kept.leases.take("relay", "a", 60) == 1


async def test_what_has_run_out_goes_to_the_next_with_a_greater_token(kept: Kept) -> None:
    await kept.leases.take("relay", "a", 60)
    await kept.run_out()

    assert await kept.leases.take("relay", "b", 60) == 2
    assert await kept.leases.take("relay", "a", 60) is None


async def test_a_renewal_lasts_from_now(kept: Kept) -> None:
    await kept.leases.take("relay", "a", 60)
    await kept.run_out()
    await kept.leases.take("relay", "a", 60)

    assert await kept.leases.take("relay", "b", 60) is None


async def test_what_is_given_up_can_be_taken_at_once_with_a_greater_token(kept: Kept) -> None:
    await kept.leases.take("relay", "a", 60)
    await kept.leases.release("relay", "a")

    assert await kept.leases.take("relay", "b", 60) == 2
    await kept.leases.release("relay", "b")
    assert await kept.leases.take("relay", "b", 60) == 3


async def test_nobody_gives_up_what_another_holds(kept: Kept) -> None:
    await kept.leases.take("relay", "a", 60)
    await kept.leases.release("relay", "b")
    await kept.leases.release("project", "a")

    assert await kept.leases.take("relay", "b", 60) is None


async def test_leases_of_different_names_know_nothing_of_each_other(kept: Kept) -> None:
    assert await kept.leases.take("relay", "a", 60) == 1
    assert await kept.leases.take("project:budget", "b", 60) == 1


async def test_of_many_who_ask_at_once_one_holds_it(kept: Kept) -> None:
    answers = await asyncio.gather(*(kept.leases.take("relay", f"holder {n}", 60) for n in range(8)))

    assert sorted(answers, key=bool) == [None] * 7 + [1]
