"""The same story by command route alone, over a real socket: the log says the same, stream by stream."""

from __future__ import annotations

from pathlib import Path

import httpx2

from events.adapters.embedded import EmbeddedPostgres
from services.runtime import Runtime
from services.story.call_2021 import steps
from services.story.over_http import OverHttp
from services.story.player import play
from tests import comparing
from tests.e2e.conftest import END, client_of, program
from tests.simulation.world import World

EXPECTED = "RecoveryOffset"
"""What the story has of domain.md §2.7 that no other has."""
START = "2021-01-01T00:00:00.000000Z"


def stage_over(runtime: Runtime, client: httpx2.AsyncClient) -> OverHttp:
    """All services and the clock at one address."""
    issue = runtime.issuer.issue
    return OverHttp(
        client,
        runtime.services,
        dict.fromkeys(runtime.services, str(client.base_url)),
        str(client.base_url),
        lambda actor: issue(actor.role, actor.organisation, actor.person),
        START,
    )


async def test_the_story_over_http_gives_the_same_log_as_in_memory(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    world = World(0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance(END)
    async with program(postgres, tmp_path) as runtime, client_of(runtime) as client:
        stage = stage_over(runtime, client)
        await play(steps(), stage, stage, now=stage.now)
        await stage.advance(END)
        ours = await comparing.content(runtime.store, runtime.vault)
        theirs = await comparing.content(world.store, world.vault)
        assert comparing.difference(ours, theirs) is None
        assert EXPECTED in {type_ for stream in theirs.values() for type_, _ in stream}
        assert sorted(await runtime.store.balances(), key=str) == sorted(await world.store.balances(), key=str)
        # Every step once more: all are known, nothing is added.
        head = await runtime.store.head()
        for step in steps()[::40]:
            assert await stage(step)
        assert await runtime.store.head() == head
