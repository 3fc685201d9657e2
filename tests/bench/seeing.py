"""From a command to its rows: how long until a reader on another connection sees them in every view."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import asyncpg

from events.envelope import Actor
from events.vocabulary import Party
from projections.views import VIEWS
from services.answers import Done, Issued
from services.bootstrap.whole import open_whole
from services.intake.commands import StartDraft
from services.runtime import Runtime
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct, play
from tests.bench.making import fresh
from tests.bench.measuring import Figure, Target, percentile
from tests.bench.scale import Scale

EVERY_SECONDS = 1 / 50
LOOK_SECONDS = 0.001
UNTIL = "2021-03-22"
BEHIND = "SELECT coalesce(min(position), 0) FROM store.consumer_place WHERE consumer = ANY($1)"


async def seeing(folder: Path, scale: Scale) -> list[Figure]:
    """The whole program with all its consumers, fifty commands a second: decided, signed, durable, seen."""
    found = []
    settings = Settings(data=folder / "seeing", demo=True)
    async with open_whole(settings) as program:
        scenes = steps(UNTIL)
        await play(scenes, program, Direct(program.handler, program.services), now=program.clock.now)
        for number in range(scale.rounds + 1):
            waits = await _round(program, scenes[0].id, scale.seen if number else scale.seen // 5)
            if number:
                found.append(waits)
    part = f"command → rows of all {len(VIEWS)} views, 50 commands/s, every consumer running"
    limit = Target("≤", 50)
    return [
        Figure(part, "p50", "ms", [percentile(one, 0.50) for one in found], limit),
        Figure(part, "p99", "ms", [percentile(one, 0.99) for one in found], limit),
    ]


async def _round(program: Runtime, call: str, commands: int) -> list[float]:
    """Start drafts at a steady pace, whatever the answers take; milliseconds from sending to being seen."""
    sent: dict[int, float] = {}
    waits: list[float] = []
    done = asyncio.Event()
    watching = asyncio.create_task(_watch(program, sent, waits, done))
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(commands):
            await asyncio.sleep(max(0.0, start + number * EVERY_SECONDS - time.perf_counter()))
            group.create_task(_command(program, call, sent))
    done.set()
    await watching
    return waits


async def _command(program: Runtime, call: str, sent: dict[int, float]) -> None:
    applicant = Party(ovo="OVO002001", kbo="0207437468", name="Stad Aalst")
    actor = Actor(role="applicant_signatory", organisation=applicant.ovo, person=fresh())
    command = StartDraft(call=call, applicant=applicant, neighbourhood="Rechteroever")
    begin = time.perf_counter()
    issued = Issued("intake", "application", fresh(), command, actor, program.clock.now(), fresh())
    answer = await program.handler.handle(issued)
    if not isinstance(answer, Done):
        raise TypeError(f"a draft was answered {answer!r}")
    sent[answer.position] = begin


async def _watch(program: Runtime, sent: dict[int, float], waits: list[float], done: asyncio.Event) -> None:
    """Look from a connection of its own, as another process would."""
    connection = await asyncpg.connect(program.store.dsn)  # type: ignore[attr-defined]  # the PostgreSQL store has an address
    views = list(VIEWS)
    try:
        while sent or not done.is_set():
            await asyncio.sleep(LOOK_SECONDS)
            if not sent:
                continue
            seen = await connection.fetchval(BEHIND, views)
            now = time.perf_counter()
            there = [position for position in sent if position <= seen]
            waits += [(now - sent.pop(position)) * 1_000 for position in there]
    finally:
        await connection.close()
