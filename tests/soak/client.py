"""Clients as they should be: each command under its own key, sent again with the same key until it is answered.

What was sent and what was heard is written down before anything else happens.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import Any

import httpx2

from events.envelope import Actor
from events.times import Instant
from services.registry import SERVICES
from services.story.over_http import ADMIN
from services.story.script import Step
from services.web.commands import path_of
from tests.soak.history import Acknowledged

COMMAND_SECONDS = 10.0
"""How long a client waits for one answer before it asks again: shorter than a frozen process is frozen."""

CLOCK_SECONDS = 180.0
PAUSE_SECONDS = 0.2
PATIENCE_SECONDS = 240.0
TWICE = 0.05
"""How many commands are sent twice at once, as a client does that lost its patience."""

NOT_YET = {404, 409, 429, 503}
"""Answers after which the same key is sent again: the cluster is busy, or what the command rests on is under way."""


class Unanswered(Exception):
    """A command got no answer in time, or one that no client expects."""


class Clients:
    """Sends commands to the services' addresses and moves the story's clock at one of `clocks`.

    `addresses` are looked up for every request by service: a process may come back elsewhere.
    """

    def __init__(
        self,
        http: httpx2.AsyncClient,
        addresses: Mapping[str, Callable[[], str]],
        clocks: Sequence[Callable[[], str]],
        token: Callable[[Actor], str],
        chance: Random,
    ) -> None:
        self._http = http
        self._addresses = addresses
        self._clocks = clocks
        self._make_token = token
        self._chance = chance
        self._tokens: dict[Actor, str] = {}
        self._paths = {
            (service.name, model.command_name): path_of(service, spec)
            for service in SERVICES.values()
            for model, spec in service.commands.items()
        }
        self.sent: list[str] = []
        self.acknowledged: list[Acknowledged] = []
        self.again: Counter[str] = Counter()
        self._heard_last = "nothing"
        self.now: Instant = ""

    async def send(self, step: Step) -> None:
        """Send one command until it is answered; Unanswered if it never is."""
        self.sent.append(step.command_id)
        times = 2 if self._chance.random() < TWICE else 1
        await asyncio.gather(*(self._until_answered(step) for _ in range(times)))

    async def advance(self, to: Instant) -> None:
        """Move the story's clock; every deadline on the way has fired when this returns, and all is quiet."""
        number = 0

        async def ask() -> bool:
            nonlocal number
            address = self._clocks[number % len(self._clocks)]() + "/v1/demo/clock"
            number += 1
            headers = self._bearer(ADMIN)
            answer = await self._http.put(address, json={"now": to}, headers=headers, timeout=CLOCK_SECONDS)
            # 409: an earlier try had moved it, and was not heard.
            return answer.status_code in {200, 409} or self._wait(answer, "clock")

        await self._patiently(ask, f"the clock to {to}")
        self.now = to

    async def _until_answered(self, step: Step) -> None:
        async def ask() -> bool:
            address = self._addresses[step.service]() + self._paths[step.service, step.command]
            answer = await self._http.post(
                address.replace("{id}", step.id),
                content=step.json(),
                timeout=COMMAND_SECONDS,
                headers={
                    **self._bearer(step.actor),
                    "Content-Type": "application/json",
                    "Idempotency-Key": step.command_id,
                },
            )
            heard = _heard(step, answer)
            if heard is not None:
                self.acknowledged.append(heard)
            return heard is not None or self._wait(answer, step.command)

        await self._patiently(ask, f"{step.command} on {step.kind}-{step.id}")

    def _wait(self, answer: httpx2.Response, what: str) -> bool:
        """Whether the answer is final (never: it is False); Unanswered for one that waiting does not mend."""
        if answer.status_code not in NOT_YET:
            raise Unanswered(f"{what}: {answer.status_code} {answer.text}")
        self.again[str(answer.status_code)] += 1
        self._heard_last = f"{what}: {answer.status_code} {answer.text}"
        return False

    async def _patiently(self, ask: Callable[[], Awaitable[bool]], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    try:
                        if await ask():
                            return
                    except httpx2.TransportError as error:
                        self.again[type(error).__name__] += 1
                        self._heard_last = f"{what}: {error!r}"
                    await asyncio.sleep(PAUSE_SECONDS)
        except TimeoutError:
            told = f"{what} was not answered in {PATIENCE_SECONDS:.0f} s; the last that was heard: {self._heard_last}"
            raise Unanswered(told) from None

    def _bearer(self, actor: Actor) -> dict[str, str]:
        if actor not in self._tokens:
            self._tokens[actor] = self._make_token(actor)
        return {"Authorization": f"Bearer {self._tokens[actor]}"}


def _heard(step: Step, answer: httpx2.Response) -> Acknowledged | None:
    """The acknowledgement in an answer, if it is one; Unanswered if it is not the play's."""
    told: dict[str, Any] = answer.json() if answer.status_code in {201, 409} else {}
    if answer.status_code == 201 and not step.refused:
        events = [str(one["eventId"]) for one in told["events"]]
        return Acknowledged(told["commandId"], told["stream"], told["version"], told["position"], events)
    if answer.status_code == 409 and "recorded" in told and step.refused:
        where = told["recorded"]
        return Acknowledged(step.command_id, where["stream"], where["version"], where["position"], ("a refusal",))
    if answer.status_code == 201 or "recorded" in told:
        raise Unanswered(f"{step.command} on {step.kind}-{step.id}: {answer.status_code} {answer.text}")
    return None
