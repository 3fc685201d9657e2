"""A server that crashed may have forgotten what it was to sync soon: who is idle must notice that too."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.postgres.migrate import migrate
from services.registry import SERVICES
from services.supervisor import Supervisor
from tests.integration.kafka.working import Office, apply, begun, office, publish, relaying, settled


@asynccontextmanager
async def supervised(access: KafkaAccess, one: Office) -> AsyncIterator[None]:
    """The reactions of one service, kept going as a program does that looks every moment."""

    async def watch() -> None:
        await one.store.unbroken()

    async def pause(_seconds: float) -> None:
        await asyncio.sleep(0.05)

    members = [one.reactions(access, service) for service in SERVICES.values() if service.reactions]
    supervisor = Supervisor(members, one.store, None, None, one.clock, watch, pause)
    supervisor.start()
    try:
        yield
    finally:
        await supervisor.stop()


async def forget(server: EmbeddedPostgres) -> None:
    """What a crash makes of a promise to sync soon: every place of a reaction is where it was before its last move."""
    owner = await asyncpg.connect(server.dsn())
    try:
        forgotten = await owner.execute("UPDATE store.consumer_place SET position = 0 WHERE consumer LIKE 'react:%'")
        assert forgotten != "UPDATE 0"
    finally:
        await owner.close()


async def test_an_idle_reaction_goes_back_to_the_place_that_a_crashed_server_remembers(
    topics: KafkaAccess, data_folder: Path
) -> None:
    with EmbeddedPostgres(data_folder) as server:
        migrate(server.dsn())
        async with office(server.dsn()) as one, relaying(topics, one.store), supervised(topics, one):
            await begun(one.store)
            await publish(one.handler)
            await apply(one.handler, 1)
            await settled(one.store)
            before = (await one.store.head()).position
            await forget(server)
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            server.restart()
            # Nothing new is recorded, and yet all of them come to the end again.
            await settled(one.store)
            assert (await one.store.head()).position == before
