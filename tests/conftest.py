"""Shared fixtures: one PostgreSQL server a session, and a fresh migrated database a test.

`dsn` is the owner's address of the test's own database; stores opened on it take the application's rights.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.store import PostgresStore

TEMPLATE = "template_store"
ROOM_BYTES = 4 * 1024**3
_numbers = count(1)


def roomy_folder() -> str | None:
    """Memory in place of disk, where there is plenty: databases come and go by the hundred."""
    shared = Path("/dev/shm")  # noqa: S108 -- what goes there gets a private folder of its own
    return str(shared) if shared.exists() and shutil.disk_usage(shared).free > ROOM_BYTES else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A running server with a migrated template database. It does not sync to disk: no test here pulls the plug."""
    with tempfile.TemporaryDirectory(dir=roomy_folder(), prefix="wijkspoor test ") as folder:
        relaxed = {"fsync": "off", "full_page_writes": "off", "max_connections": "100"}
        with EmbeddedPostgres(Path(folder), settings=relaxed) as server:
            migrate(server.dsn(database=TEMPLATE))
            yield server


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """An empty folder for a test's own server. Killing a process loses nothing that memory would not lose too."""
    with tempfile.TemporaryDirectory(dir=roomy_folder(), prefix="wijkspoor-data-") as folder:
        yield Path(folder)


@asynccontextmanager
async def fresh_database(server: EmbeddedPostgres) -> AsyncIterator[str]:
    """The owner's address of a new migrated database, dropped afterwards."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(server.dsn(database="postgres"))
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY wal_log")
        yield server.dsn(database=name)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


@pytest.fixture
async def dsn(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The owner's address of a database that only this test uses."""
    async with fresh_database(postgres) as address:
        yield address


@pytest.fixture
async def store(dsn: str) -> AsyncIterator[PostgresStore]:
    """An event store on the test's own database."""
    opened = await PostgresStore.open(dsn)
    yield opened
    await opened.close()
