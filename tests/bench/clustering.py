"""The cluster on real Kafka: from a command over HTTP to its rows, and to what another service's reaction made of it.

Fifty commands a second through separate processes; and how much memory they all hold when nothing happens.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil

from deploy.kafka.local import LocalKafka
from events.envelope import Actor
from events.store import EventStore
from projections.views import VIEWS
from services.bootstrap.cluster import Cluster, open_cluster
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.over_http import OverHttp
from services.story.player import play
from services.story.script import Step
from tests.bench.measuring import Figure, Target, percentile
from tests.bench.scale import Scale

EVERY_SECONDS = 1 / 50
LOOK_SECONDS = 0.01
UNTIL = "2021-03-22"
MIB = 2**20
LAST_LINES = 20
SEEN = "SELECT coalesce(min(position), 0) FROM store.consumer_place WHERE consumer = ANY($1)"
STARTED = "SELECT stream FROM store.log WHERE stream = ANY($1) AND version = 1"


def clustering(folder: Path, scale: Scale) -> list[Figure]:
    """All figures of the cluster; the event loop is asyncio's own, for processes are started in it."""
    with LocalKafka(folder / "kafka-of-cluster") as kafka:
        settings = Settings(data=folder / "cluster", demo=True, profile="cluster", kafka=kafka.bootstrap)
        try:
            return asyncio.run(_measured(settings, scale))
        except Exception:
            _tell(settings.data / "processes")
            raise


def _tell(logs: Path) -> None:
    """What the processes had to say goes with their folder; their last warnings are worth more than their names."""
    for file in sorted(logs.glob("*.log")):
        said = [line for line in file.read_text(errors="replace").splitlines() if '"level": "info"' not in line]
        print(f"== {file.name}", *said[-LAST_LINES:], sep="\n", file=sys.stderr)  # noqa: T201 -- a bench tells on stderr


async def _measured(settings: Settings, scale: Scale) -> list[Figure]:
    rounds = []
    async with open_cluster(settings, {}) as cluster:
        stage = cluster.stage()
        scenes = [step for step in steps() if step.at <= UNTIL]
        await play(scenes, stage, stage, now=stage.now)
        memory = _resident(cluster)
        for number in range(scale.rounds + 1):
            found = await _round(cluster, stage, scale.seen if number else scale.seen // 5)
            if number:
                rounds.append(found)
    part = f"cluster: 50 commands/s over HTTP, {len(cluster.fleet.members)} processes, Kafka"
    limit = Target("≤", 250)
    figures = []
    for name, waits in (
        (f"command → rows of all {len(VIEWS)} views", [one.seen for one in rounds]),
        ("command → what another service's reaction recorded", [one.reacted for one in rounds]),
    ):
        figures += [
            Figure(part, f"{name}: p50", "ms", [percentile(one, 0.50) for one in waits]),
            Figure(part, f"{name}: p99", "ms", [percentile(one, 0.99) for one in waits], limit),
        ]
    note = "processes and database, shared pages counted once (PSS); Kafka beside it"
    return [*figures, Figure(part, "memory of all when idle", "MiB", [memory], Target("≤", 1_536), note)]


@dataclass
class Waits:
    """Milliseconds from sending to being seen, and to being reacted to; `sent` and `asked` are still on their way."""

    seen: list[float] = field(default_factory=list)
    reacted: list[float] = field(default_factory=list)
    sent: dict[int, float] = field(default_factory=dict)
    asked: dict[str, float] = field(default_factory=dict)


async def _round(cluster: Cluster, stage: OverHttp, commands: int) -> Waits:
    """Drafts and their submissions by turns, at a steady pace whatever the answers take."""
    waits, done = Waits(), asyncio.Event()
    # Made beforehand: what is measured is the cluster, on the two cores that the client runs on too.
    applications = [_application(*EXAMPLE) for _ in range(commands)]
    watching = asyncio.create_task(_watch(cluster, waits, done))
    start = time.perf_counter()
    ready: asyncio.Queue[Step] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        for number in range(commands):
            await asyncio.sleep(max(0.0, start + number * EVERY_SECONDS - time.perf_counter()))
            waiting = not ready.empty()
            fresh = partial(_draft, cluster, stage, waits, ready)
            act = _submit(stage, waits, ready.get_nowait()) if waiting else fresh(applications.pop())
            group.create_task(act)
    done.set()
    await watching
    return waits


async def _draft(
    cluster: Cluster, stage: OverHttp, waits: Waits, ready: asyncio.Queue[Step], application: tuple[Step, Step]
) -> None:
    draft, submission = application
    begin = time.perf_counter()
    await stage(draft)
    # Its event is the latest or one of the few before it: what is seen up to here has seen it.
    waits.sent[(await cluster.store.head()).position] = begin
    ready.put_nowait(submission)


async def _submit(stage: OverHttp, waits: Waits, submission: Step) -> None:
    waits.asked[f"assessment-{submission.id}"] = time.perf_counter()
    await stage(submission)


def _example() -> tuple[Step, Step]:
    """A draft and its submission as in the story."""
    draft = next(step for step in steps() if step.command == "start-draft")
    return draft, next(step for step in steps() if step.command == "submit-application" and step.id == draft.id)


EXAMPLE = _example()


def _application(draft: Step, submission: Step) -> tuple[Step, Step]:
    """The same by somebody else, for a neighbourhood that nobody has asked for."""
    ident, person = str(uuid4()), str(uuid4())
    body = {**draft.body, "neighbourhood": f"Wijk {ident[:8]}"}
    actor = Actor(role=draft.actor.role, organisation=draft.actor.organisation, person=person)
    return (
        replace(draft, id=ident, body=body, actor=actor),
        replace(submission, id=ident, actor=actor),
    )


async def _watch(cluster: Cluster, waits: Waits, done: asyncio.Event) -> None:
    """Look from a connection of its own, as another process would."""
    connection = await asyncpg.connect(_address(cluster.store))
    views = list(VIEWS)
    try:
        while waits.sent or waits.asked or not done.is_set():
            await asyncio.sleep(LOOK_SECONDS)
            position = await connection.fetchval(SEEN, views)
            started = [row["stream"] for row in await connection.fetch(STARTED, list(waits.asked))]
            now = time.perf_counter()
            waits.seen += [(now - waits.sent.pop(one)) * 1_000 for one in list(waits.sent) if one <= position]
            waits.reacted += [(now - waits.asked.pop(one)) * 1_000 for one in started]
    finally:
        await connection.close()


def _address(store: EventStore) -> str:
    address: str = store.dsn  # type: ignore[attr-defined]  # the PostgreSQL store has an address
    return address


def _resident(cluster: Cluster) -> float:
    """MiB of every process of the cluster and of the database."""
    ours = psutil.Process()
    pids = {member.pid for member in cluster.fleet.members.values() if member.pid}
    found = [one for one in ours.children(recursive=True) if one.pid in pids or "postgres" in one.name()]
    return sum(one.memory_full_info().pss for one in found) / MIB
