"""The same story by command route alone, over a real socket: the log says the same, stream by stream."""

from __future__ import annotations

from pathlib import Path

import httpx2

from events.adapters.embedded import EmbeddedPostgres
from events.envelope import Actor
from services.runtime import Runtime
from services.story.call_2021 import steps
from services.story.player import Unexpected, play
from services.story.script import Step
from services.web.commands import path_of
from tests import comparing
from tests.e2e.conftest import END, bearer, client_of, program
from tests.simulation.world import World

ADMIN = Actor(role="admin", organisation="OVO900001", person="story")


class OverHttp:
    """A stage and a sender that know nothing but routes."""

    def __init__(self, runtime: Runtime, client: httpx2.AsyncClient) -> None:
        self._runtime = runtime
        self._client = client
        self._tokens: dict[Actor, dict[str, str]] = {}
        self._now = "2021-01-01T00:00:00.000000Z"

    def now(self) -> str:
        return self._now

    async def advance(self, to: str) -> None:
        answer = await self._client.put("/v1/demo/clock", json={"now": to}, headers=self._bearer(ADMIN))
        assert answer.status_code == 200, answer.text
        self._now = to

    async def settled(self) -> int:
        # Moving the clock to where it stands waits until all is quiet.
        await self.advance(self._now)
        return 0

    async def __call__(self, step: Step) -> bool:
        service = self._runtime.services[step.service]
        spec = next(spec for model, spec in service.commands.items() if model.command_name == step.command)
        answer = await self._client.post(
            path_of(service, spec).replace("{id}", step.id),
            content=step.json(),
            headers={
                **self._bearer(step.actor),
                "Content-Type": "application/json",
                "Idempotency-Key": step.command_id,
            },
        )
        refused = answer.status_code == 409 and "recorded" in answer.json()
        if refused != step.refused or (answer.status_code != 201 and not refused):
            raise Unexpected(f"{step.command} was answered {answer.status_code} {answer.text}")
        return answer.headers.get("Idempotent-Replayed") == "true"

    def _bearer(self, actor: Actor) -> dict[str, str]:
        if actor not in self._tokens:
            self._tokens[actor] = bearer(self._runtime, actor)
        return self._tokens[actor]


async def test_the_story_over_http_gives_the_same_log_as_in_memory(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    world = World(0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance(END)
    async with program(postgres, tmp_path) as runtime, client_of(runtime) as client:
        stage = OverHttp(runtime, client)
        await play(steps(), stage, stage, now=stage.now)
        await stage.advance(END)
        ours = await comparing.content(runtime.store, runtime.vault)
        theirs = await comparing.content(world.store, world.vault)
        assert comparing.difference(ours, theirs) is None
        assert sorted(await runtime.store.balances(), key=str) == sorted(await world.store.balances(), key=str)
        # Every step once more: all are known, nothing is added.
        head = await runtime.store.head()
        for step in steps()[::40]:
            assert await stage(step)
        assert await runtime.store.head() == head
