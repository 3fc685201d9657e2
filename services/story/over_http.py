"""The play by command route alone, over the network: a stage and a sender that know nothing but addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx2

from events.envelope import Actor
from events.times import Instant
from services.deciding import Service
from services.story.player import Unexpected
from services.story.script import Step
from services.web.commands import path_of

ADMIN = Actor(role="admin", organisation="OVO900001", person="story")


class OverHttp:
    """Sends steps to the services' addresses, and moves the story's clock at its own.

    `addresses` are base addresses by service; `clock` is the base address of the process that keeps the clock, whose
    answer comes when all is quiet. `token` makes a bearer token for an actor.
    """

    def __init__(
        self,
        client: httpx2.AsyncClient,
        services: Mapping[str, Service],
        addresses: Mapping[str, str],
        clock: str,
        token: Callable[[Actor], str],
        start: Instant,
    ) -> None:
        self._client = client
        self._paths = {
            (service.name, model.command_name): addresses[service.name] + path_of(service, spec)
            for service in services.values()
            for model, spec in service.commands.items()
        }
        self._clock = clock + "/v1/demo/clock"
        self._token = token
        self._tokens: dict[Actor, str] = {}
        self._now = start

    def now(self) -> Instant:
        """The story's present."""
        return self._now

    async def advance(self, to: Instant) -> None:
        """Move the clock; every deadline on the way has fired when this returns, and all is quiet."""
        answer = await self._client.put(self._clock, json={"now": to}, headers=self._bearer(ADMIN))
        if answer.status_code != 200:
            raise Unexpected(f"the clock was not moved to {to}: {answer.status_code} {answer.text}")
        self._now = to

    async def settled(self) -> int:
        """Moving the clock to where it stands waits until all is quiet."""
        await self.advance(self._now)
        return 0

    async def __call__(self, step: Step) -> bool:
        """Send one step; True if it was answered before. Unexpected if the answer is not the play's."""
        answer = await self._client.post(
            self._paths[step.service, step.command].replace("{id}", step.id),
            content=step.json(),
            headers={
                **self._bearer(step.actor),
                "Content-Type": "application/json",
                "Idempotency-Key": step.command_id,
            },
        )
        refused = answer.status_code == 409 and "recorded" in answer.json()
        if refused != step.refused or (answer.status_code != 201 and not refused):
            raise Unexpected(f"{step.scene}: {step.command} at {step.at}: {answer.status_code} {answer.text}")
        return answer.headers.get("Idempotent-Replayed") == "true"

    def _bearer(self, actor: Actor) -> dict[str, str]:
        if actor not in self._tokens:
            self._tokens[actor] = self._token(actor)
        return {"Authorization": f"Bearer {self._tokens[actor]}"}
