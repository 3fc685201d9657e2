"""A server that has begun anew is told of once, however short it was away, and whichever of its processes was lost."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.store import PostgresStore
from events.store import StoreUnavailable

PATIENCE = 20.0


async def again(store: PostgresStore) -> None:
    """Ask until the server answers; StoreUnavailable of one that has begun anew is raised."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await store.unbroken()
            except StoreUnavailable as error:
                if "for a moment" in str(error):
                    raise
                await asyncio.sleep(0.05)
            else:
                return


@pytest.mark.parametrize("victim", ["server", "one of its processes"])
async def test_a_server_that_has_begun_anew_is_told_of_once(data_folder: Path, victim: str) -> None:
    with EmbeddedPostgres(data_folder) as server:
        migrate(server.dsn())
        store = await PostgresStore.open(server.dsn())
        await store.unbroken()
        await store.unbroken()
        if victim == "server":
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            server.restart()
        else:
            other = await asyncpg.connect(server.dsn())
            os.kill(other.get_server_pid(), signal.SIGKILL)
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
                async with asyncio.timeout(PATIENCE):
                    while True:
                        await other.fetchval("SELECT 1")
        with pytest.raises(StoreUnavailable, match="for a moment"):
            while True:
                await again(store)
        await store.unbroken()
        await store.close()
