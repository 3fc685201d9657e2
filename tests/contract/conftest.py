"""Every suite of a port runs on the adapter in memory and on the one on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory import MemoryStore
from events.adapters.postgres.store import PostgresStore
from tests.conftest import fresh_database
from tests.contract.making import AnyStore, Clock

ADAPTERS = ("memory", "postgres")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ADAPTERS)
async def log(request: pytest.FixtureRequest, clock: Clock, postgres: EmbeddedPostgres) -> AsyncIterator[AnyStore]:
    """An empty event store whose recording time is the test's clock."""
    if request.param == "memory":
        yield MemoryStore(clock)
        return
    async with fresh_database(postgres) as dsn:
        opened = await PostgresStore.open(dsn, clock=clock)
        yield opened
        await opened.close()
