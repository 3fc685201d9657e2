"""A command as it comes from outside: over HTTP, with token, schema, rights, rules, guards, signature and commit."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from events.envelope import Actor
from services.bootstrap.whole import open_whole
from services.deciding import Service
from services.registry import SERVICES
from services.runtime import Runtime
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct, play
from services.story.script import Step
from services.web.commands import path_of
from tests.bench.driving import drive, request
from tests.bench.ground import Ground
from tests.bench.measuring import Burst, Figure, Target
from tests.bench.scale import Scale

WIJKSPOOR = str(Path(sys.executable).parent / "wijkspoor")
CALLERS = 32
UNTIL = "2021-03-22"


def commanding(here: Ground, scale: Scale) -> list[Figure]:
    """Drafts and their submissions by turns, from 32 callers: to a process of intake on each core, and to the whole
    program in one process, whose consumers follow the log meanwhile."""
    settings = Settings(data=here.folder / "commanding", dsn=here.dsn("commands"), demo=True)
    asyncio.run(here.create("commands"))
    cases = asyncio.run(_prepared(settings, scale.commanded // 2 * scale.rounds * 2))
    served = _bursts(settings, [["serve", "intake"]] * 2, cases[::2], scale)
    whole = _bursts(settings, [["up"]], cases[1::2], scale)
    what = f"commands over HTTP, {CALLERS} callers, draft and submission by turns"
    return [
        Figure(f"{what}, served by two processes", "rate", "commands/s", _rates(served), Target("≥", 1_000)),
        Figure(f"{what}, served by two processes", "p50", "ms", [one.p50 for one in served]),
        Figure(f"{what}, served by two processes", "p99", "ms", [one.p99 for one in served], Target("≤", 25)),
        Figure(f"{what}, by the whole program in one process", "rate", "commands/s", _rates(whole)),
        Figure(f"{what}, by the whole program in one process", "p99", "ms", [one.p99 for one in whole]),
    ]


def _rates(bursts: Sequence[Burst]) -> list[float]:
    return [one.rate for one in bursts]


def _bursts(settings: Settings, commands: Sequence[Sequence[str]], cases: Sequence[Case], scale: Scale) -> list[Burst]:
    size = len(cases) // scale.rounds
    with ExitStack() as stack:
        ports = [stack.enter_context(_process(settings, command)) for command in commands]
        return [
            drive(ports, cases[start : start + size], CALLERS, size // 10)
            for start in range(0, size * scale.rounds, size)
        ]


@contextmanager
def _process(settings: Settings, command: Sequence[str]) -> Iterator[int]:
    """A process of the program at work; its port."""
    told = {"WIJKSPOOR_DATA": str(settings.data), "WIJKSPOOR_DSN": settings.dsn or ""}
    with (settings.data / "log").open("a") as lines:
        started = subprocess.Popen(
            [WIJKSPOOR, *command, "--json", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=lines,
            env={**os.environ, **told},
        )
    try:
        said = json.loads(started.stdout.readline() if started.stdout else b"{}")
        yield int(str(said.get("address") or said["desk"]).rstrip("/").rpartition(":")[2])
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(60)


Case = Sequence[bytes]
"""The requests of one case, in their order."""


async def _prepared(settings: Settings, many: int) -> Sequence[Case]:
    """The call of 2021, open for applications; and what so many applicants are going to send."""
    async with open_whole(settings) as program:
        await play(steps(UNTIL), program, Direct(program.handler, program.services), now=program.clock.now)
        draft, submission = _example()
        people = [_person(program, draft.actor) for _ in range(CALLERS)]
        return [_case(draft, submission, people[number % CALLERS]) for number in range(many)]


def _example() -> tuple[Step, Step]:
    draft = next(step for step in steps() if step.command == "start-draft")
    return draft, next(step for step in steps() if step.command == "submit-application" and step.id == draft.id)


def _person(program: Runtime, like: Actor) -> str:
    """Somebody else of the same applicant; the token."""
    return program.issuer.issue(like.role, like.organisation, str(uuid4()))


def _case(draft: Step, submission: Step, token: str) -> Case:
    """The story's first draft and submission once more, for a neighbourhood that nobody has asked for."""
    ident = str(uuid4())
    body = {**draft.body, "neighbourhood": f"Wijk {ident[:8]}"}
    made = (replace(draft, id=ident, body=body), replace(submission, id=ident))
    return [_request(SERVICES["intake"], step, token) for step in made]


def _request(service: Service, step: Step, token: str) -> bytes:
    spec = next(spec for model, spec in service.commands.items() if model.command_name == step.command)
    path = path_of(service, spec).replace("{id}", step.id)
    return request(path, {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}, step.json())
