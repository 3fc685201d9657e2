"""What every keeper of places promises: it moves from where it is believed to be, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory import MemoryPlaces
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.store import PostgresStore
from events.consumer import Fenced, Places
from tests.conftest import fresh_database


@pytest.fixture(params=["memory", "postgres"])
async def places(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[Places]:
    if request.param == "memory":
        yield MemoryPlaces()
        return
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        yield PostgresPlaces(store.pool)
        await store.close()


async def test_a_new_consumer_stands_at_zero(places: Places) -> None:
    assert await places.load("jury") == 0


async def test_a_place_moves_and_is_kept_by_name(places: Places) -> None:
    await places.advance("jury", 0, 5)
    await places.advance("jury", 5, 9)
    await places.advance("payment", 0, 2)

    assert (await places.load("jury"), await places.load("payment")) == (9, 2)


async def test_a_zombie_that_holds_a_stale_place_is_told_and_moves_nothing(places: Places) -> None:
    await places.advance("jury", 0, 5)
    zombie = await places.load("jury")
    await places.advance("jury", 5, 9)

    with pytest.raises(Fenced):
        await places.advance("jury", zombie, 7)
    with pytest.raises(Fenced):
        await places.advance("jury", 0, 1)
    assert await places.load("jury") == 9


async def test_a_place_that_was_never_made_is_not_at_five(places: Places) -> None:
    with pytest.raises(Fenced):
        await places.advance("jury", 5, 6)
    assert await places.load("jury") == 0
