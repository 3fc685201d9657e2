"""What every keeper of manifests promises: one a day, for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory_manifests import MemoryManifests
from events.adapters.postgres.manifests import PostgresManifests
from events.adapters.postgres.store import PostgresStore
from events.manifests import Kept, Manifests
from tests.conftest import fresh_database

TOPIC = "wijkspoor.public.v1"
DAYS = [Kept(f"2021-07-{day}", b"\x00manifest " + str(day).encode()) for day in (15, 16, 18)]


@pytest.fixture(params=["memory", "postgres"])
async def kept(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[Manifests]:
    if request.param == "memory":
        yield MemoryManifests()
        return
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        yield PostgresManifests(store.pool)
        await store.close()


async def given(kept: Manifests) -> None:
    """Three days, the latest first."""
    for day in reversed(DAYS):
        assert await kept.add(TOPIC, day)


async def test_at_first_there_is_none(kept: Manifests) -> None:
    assert await kept.latest(TOPIC) is None
    assert await kept.find(TOPIC, "2021-07-15") is None
    assert await kept.page(TOPIC, None, 10) == []


async def test_a_manifest_comes_back_byte_for_byte(kept: Manifests) -> None:
    await given(kept)

    assert await kept.find(TOPIC, "2021-07-16") == DAYS[1]
    assert await kept.find(TOPIC, "2021-07-17") is None
    assert await kept.latest(TOPIC) == DAYS[2]


async def test_a_day_has_one_manifest_for_ever(kept: Manifests) -> None:
    await given(kept)

    assert not await kept.add(TOPIC, Kept("2021-07-16", b"another"))
    assert await kept.find(TOPIC, "2021-07-16") == DAYS[1]


async def test_days_come_in_order_page_by_page(kept: Manifests) -> None:
    await given(kept)

    assert await kept.page(TOPIC, None, 2) == DAYS[:2]
    assert await kept.page(TOPIC, "2021-07-16", 2) == DAYS[2:]
    assert await kept.page(TOPIC, "2021-07-14", 10) == DAYS


async def test_topics_know_nothing_of_each_other(kept: Manifests) -> None:
    await given(kept)

    assert await kept.latest("another") is None
    assert await kept.add("another", Kept("2021-07-15", b"x"))
    assert await kept.page("another", None, 10) == [Kept("2021-07-15", b"x")]


@pytest.mark.parametrize(
    "statement", ["UPDATE subscription.manifest SET body = ''", "DELETE FROM subscription.manifest"]
)
async def test_the_application_cannot_change_what_was_signed(store: PostgresStore, statement: str) -> None:
    await given(PostgresManifests(store.pool))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await store.pool.execute(statement)
