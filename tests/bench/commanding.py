"""A command as it comes from outside: over HTTP, with token, schema, rights, rules, guards, signature and commit."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from events import times
from events.envelope import Actor
from services.auth import ALGORITHM
from services.bootstrap.whole import open_whole
from services.deciding import Service
from services.registry import SERVICES
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct
from services.story.script import Step
from services.web.commands import path_of
from tests.bench.driving import drive, request
from tests.bench.ground import Ground
from tests.bench.measuring import Burst, Figure, Target
from tests.bench.scale import Scale

WIJKSPOOR = str(Path(sys.executable).parent / "wijkspoor")
CALLERS = 32


def commanding(here: Ground, scale: Scale) -> list[Figure]:
    """Drafts and their submissions by turns, from 32 callers: to a process of intake on each core, and to the whole
    program in one process, whose consumers follow the log meanwhile."""
    settings = Settings(data=here.folder / "commanding", dsn=here.dsn("commands"))
    asyncio.run(here.create("commands"))
    provider = Provider(here.folder / "provider.json")
    of_provider, of_our_own = asyncio.run(_prepared(settings, provider, scale.commanded // 2 * scale.rounds))
    served = _bursts(settings, [["serve", "intake"]] * 2, of_provider, scale, provider.settings)
    whole = _bursts(settings, [["up"]], of_our_own, scale, {})
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


def _bursts(
    settings: Settings,
    commands: Sequence[Sequence[str]],
    cases: Sequence[Case],
    scale: Scale,
    told: Mapping[str, str] = {},
) -> list[Burst]:
    size = len(cases) // scale.rounds
    with ExitStack() as stack:
        ports = [stack.enter_context(_process(settings, command, told)) for command in commands]
        return [
            drive(ports, cases[start : start + size], CALLERS, size // 10)
            for start in range(0, size * scale.rounds, size)
        ]


@contextmanager
def _process(settings: Settings, command: Sequence[str], told: Mapping[str, str]) -> Iterator[int]:
    """A process of the program at work; its port."""
    told = {"WIJKSPOOR_DATA": str(settings.data), "WIJKSPOOR_DSN": settings.dsn or "", **told}
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


class Provider:
    """An identity provider that publishes its key in a file: processes of a real log's cluster believe no other."""

    def __init__(self, file: Path) -> None:
        self._key = OKPKey.generate_key("Ed25519", parameters={"kid": "bench"})
        self._issuer = "https://login.example.be"
        self.settings = {"WIJKSPOOR_OIDC_ISSUER": self._issuer, "WIJKSPOOR_OIDC_KEYS": str(file)}
        file.write_text(json.dumps(KeySet([self._key]).as_dict(private=False)), encoding="utf-8")

    def token(self, actor: Actor) -> str:
        """An hour's token for an actor."""
        now = int(time.time())
        claims = {"iss": self._issuer, "aud": "wijkspoor", "iat": now, "exp": now + 3_600}
        ours = {"role": actor.role, "org": actor.organisation, "person": actor.person}
        return jwt.encode(
            {"alg": ALGORITHM, "kid": self._key.kid}, {**claims, **ours}, self._key, algorithms=[ALGORITHM]
        )


async def _prepared(settings: Settings, provider: Provider, many: int) -> tuple[Sequence[Case], Sequence[Case]]:
    """The call of 2021, published as if that were today; and what so many applicants are going to send, with tokens of
    the provider, and as many with our own."""
    async with open_whole(settings) as program:
        first = next(step for step in steps() if step.command == "publish-call")
        days = (date.fromisoformat(times.day_of(program.clock.now())) - date.fromisoformat(first.at[:10])).days
        published = replace(_later(first, days), at=program.clock.now())
        await Direct(program.handler, program.services)(published)
        draft, submission = (_later(step, days) for step in _example())
        people = [msgspec.structs.replace(draft.actor, person=str(uuid4())) for _ in range(CALLERS)]
        own = [program.issuer.issue(one.role, one.organisation, one.person) for one in people]
        told = [provider.token(one) for one in people]
        of_provider, of_our_own = (
            [_case(draft, submission, tokens[number % CALLERS]) for number in range(many)] for tokens in (told, own)
        )
        return of_provider, of_our_own


def _later(step: Step, days: int) -> Step:
    """The same step with every day of its body so many days later."""

    def moved(found: re.Match[str]) -> str:
        return str(date.fromisoformat(found[0]) + timedelta(days=days))

    return replace(step, body=json.loads(re.sub(r"(?<=\")\d{4}-\d\d-\d\d(?=[T\"])", moved, json.dumps(step.body))))


def _example() -> tuple[Step, Step]:
    draft = next(step for step in steps() if step.command == "start-draft")
    return draft, next(step for step in steps() if step.command == "submit-application" and step.id == draft.id)


def _case(draft: Step, submission: Step, token: str) -> Case:
    """The story's first draft and submission once more, for a neighbourhood that nobody has asked for."""
    ident = str(uuid4())
    body = {**draft.body, "neighbourhood": f"Wijk {ident}"}
    made = (replace(draft, id=ident, body=body), replace(submission, id=ident))
    return [_request(SERVICES["intake"], step, token) for step in made]


def _request(service: Service, step: Step, token: str) -> bytes:
    spec = next(spec for model, spec in service.commands.items() if model.command_name == step.command)
    path = path_of(service, spec).replace("{id}", step.id)
    return request(path, {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}, step.json())
