"""A command as it comes from outside: over HTTP, with token, schema, rights, rules, guards, signature and commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

from events.envelope import Actor
from services import logging
from services.bootstrap.whole import open_whole
from services.deciding import Service
from services.registry import SERVICES
from services.runtime import Runtime
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct, play
from services.story.script import Step
from services.web.app import create_app
from services.web.commands import path_of
from services.web.server import bind, serve
from tests.bench.driving import drive, request
from tests.bench.measuring import Burst, Figure, Target
from tests.bench.scale import Scale

CALLERS = 32
UNTIL = "2021-03-22"


async def commanding(folder: Path, scale: Scale) -> list[Figure]:
    """Drafts and their submissions by turns, from 32 callers, while the program's own consumers follow the log."""
    settings = Settings(data=folder / "commanding", demo=True)
    (folder / "commanding").mkdir()
    with (folder / "commanding" / "log").open("w") as lines:
        logging.configure("info", "json", lines)
        return await _measured(settings, scale)


async def _measured(settings: Settings, scale: Scale) -> list[Figure]:
    async with open_whole(settings) as program:
        await play(steps(UNTIL), program, Direct(program.handler, program.services), now=program.clock.now)
        bursts = [await _burst(program, scale.commanded) for _ in range(scale.rounds)]
        await program.settled()
    part = f"commands over HTTP, {CALLERS} callers, every consumer of the program running"
    return [
        Figure(part, "draft and submission by turns", "commands/s", [one.rate for one in bursts], Target("≥", 1_000)),
        Figure(part, "p50", "ms", [one.p50 for one in bursts]),
        Figure(part, "p99", "ms", [one.p99 for one in bursts], Target("≤", 25)),
    ]


async def _burst(program: Runtime, commands: int) -> Burst:
    cases = [_case(program) for _ in range(commands // 2)]
    listening, ready = bind(0), asyncio.Event()
    serving = asyncio.create_task(serve(create_app(program), listening, ready.set))
    await ready.wait()
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            port: int = listening.getsockname()[1]
            driven = pool.submit(drive, port, cases, CALLERS, len(cases) // 10)
            return await asyncio.wrap_future(driven)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()


def _example() -> tuple[Step, Step]:
    draft = next(step for step in steps() if step.command == "start-draft")
    return draft, next(step for step in steps() if step.command == "submit-application" and step.id == draft.id)


EXAMPLE = _example()


def _case(program: Runtime) -> Sequence[bytes]:
    """The story's first draft and submission by somebody else, for a neighbourhood that nobody has asked for."""
    ident, person = str(uuid4()), str(uuid4())
    draft, submission = EXAMPLE
    actor = Actor(role=draft.actor.role, organisation=draft.actor.organisation, person=person)
    token = program.issuer.issue(actor.role, actor.organisation, actor.person)
    body = {**draft.body, "neighbourhood": f"Wijk {ident[:8]}"}
    made = (replace(draft, id=ident, body=body), replace(submission, id=ident))
    return [_request(SERVICES["intake"], step, token) for step in made]


def _request(service: Service, step: Step, token: str) -> bytes:
    spec = next(spec for model, spec in service.commands.items() if model.command_name == step.command)
    path = path_of(service, spec).replace("{id}", step.id)
    return request(path, {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}, step.json())
