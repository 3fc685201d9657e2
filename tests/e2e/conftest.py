"""The whole program on a real database, and a client that speaks HTTP to it over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from events.adapters.embedded import EmbeddedPostgres
from events.envelope import Actor
from services.bootstrap.whole import open_whole
from services.runtime import Runtime
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct, play
from services.web.app import create_app
from services.web.server import address, bind, serve
from tests.conftest import fresh_database

END = "2026-02-01T00:00:00.000000Z"


@asynccontextmanager
async def program(server: EmbeddedPostgres, folder: Path) -> AsyncIterator[Runtime]:
    """A fresh demo log, its consumers running."""
    async with (
        fresh_database(server) as dsn,
        open_whole(Settings(data=folder, dsn=dsn, demo=True)) as runtime,
    ):
        yield runtime


@asynccontextmanager
async def client_of(runtime: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the program's own server on a free port of 127.0.0.1."""
    listening, ready = bind(0), asyncio.Event()
    serving = asyncio.create_task(serve(create_app(runtime), listening, ready.set))
    await ready.wait()
    try:
        async with httpx2.AsyncClient(base_url=address(listening), timeout=60) as client:
            yield client
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()


def bearer(runtime: Runtime, actor: Actor) -> dict[str, str]:
    """The header that says who acts."""
    return {"Authorization": f"Bearer {runtime.issuer.issue(actor.role, actor.organisation, actor.person)}"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Runtime]:
    """The call of 2021, played to its end; tests of a module share it and only read."""
    async with program(postgres, tmp_path_factory.mktemp("played")) as runtime:
        await play(steps(), runtime, Direct(runtime.handler, runtime.services), now=runtime.clock.now)
        await runtime.advance(END)
        yield runtime
