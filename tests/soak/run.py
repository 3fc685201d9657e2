"""One soak from its seed: a cluster, load and faults side by side, quiet again, and the checker's word on it."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from deploy.kafka.local import LocalKafka
from events.adapters.embedded import EmbeddedPostgres
from events.adapters.kafka.publisher import CONSUMER as PUBLISHER
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.progress import PostgresProgress
from events.adapters.postgres.store import PostgresStore
from events.envelope import Actor
from events.times import instant
from projections.public_events.queries import PostgresPublicLog
from services.bootstrap.cluster import Cluster, open_cluster
from services.bootstrap.ground import FOR_MANY
from services.bootstrap.readers import everybody
from services.clock import wall_clock
from services.cluster.roles import DECIDING, Role
from services.settings import Settings
from tests.soak.checker import check
from tests.soak.client import Clients
from tests.soak.collecting import collected
from tests.soak.faults import KINDS, Faults, Struck, plan
from tests.soak.history import Verdict
from tests.soak.load import today, waves
from tests.soak.provider import Provider
from tests.soak.skewing import skewed
from tests.soak.watching import Pause, Watch, longest_pause


@dataclass(frozen=True)
class Order:
    """What a soak is to be. Load goes on until every fault has struck, and through one wave at least.

    `skew`: by so many seconds the clock of a third of the processes is ahead, and that of another third behind.
    `real`: on a log of real time, where nobody moves a clock and an identity provider says who acts.
    """

    seed: int
    seconds: float
    faults: int
    roles: Sequence[tuple[Role, int]]
    nodes: int = 1
    small: int = 2
    whole: int = 0
    kinds: Sequence[str] = KINDS
    skew: int = 0
    real: bool = False
    quiet_seconds: float = 60.0


@dataclass(frozen=True)
class Report:
    """What came of a soak; seconds are measured from outside."""

    order: Order
    verdict: Verdict
    struck: Sequence[Struck]
    seconds: float
    quiet: float
    pause: Pause
    again: Counter[str]
    unasked: int
    unwell: Sequence[str]

    def line(self) -> str:
        """All of it in one line."""
        figures = ", ".join(f"{number} {name}" for name, number in self.verdict.figures.items())
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(Counter(s.kind for s in self.struck).items()))
        kept = {kind: self.verdict.of(kind) for kind in ("lost", "invented", "twice", "misordered")}
        parts = [
            f"soak, seed {self.order.seed}, clocks wrong by {self.order.skew} s, {self.seconds:.0f} s: {figures}",
            f"{len(self.struck)} faults ({kinds}): {', '.join(f'{number} {kind}' for kind, number in kept.items())}",
            f"{len(self.verdict.findings)} findings in all",
            f"quiet {self.quiet:.1f} s after the last",
            f"longest pause {self.pause.seconds:.1f} s ({self.pause.behind})",
            f"processes that ended unasked: {self.unasked}",
            f"asked again: {dict(self.again)}",
        ]
        return "; ".join(parts)

    def write(self, path: Path) -> None:
        """The same for programs."""
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {
            "seed": self.order.seed,
            "seconds": round(self.seconds, 1),
            "figures": self.verdict.figures,
            "faults": [asdict(one) for one in self.struck],
            "findings": [asdict(one) for one in self.verdict.findings],
            "quietSeconds": round(self.quiet, 1),
            "longestPause": asdict(self.pause),
            "endedUnasked": self.unasked,
            "unwell": list(self.unwell),
        }
        path.write_text(json.dumps(told, indent=1) + "\n")


def together(workers: int = 3, standby: int = 2) -> list[tuple[Role, int]]:
    """The same roles in fewer processes: all services taken in by one, and each worker works for all five."""
    return [
        (Role("serve", DECIDING), 1),
        (Role("work", DECIDING), workers),
        (Role("relay"), standby),
        (Role("project", tuple(everybody().whole[1:])), standby),
        (Role("timers"), standby),
        (Role("publish"), standby),
    ]


async def soak(order: Order, kafka: LocalKafka, folder: Path) -> Report:
    """Run it; the folder keeps what the processes said."""
    server = EmbeddedPostgres(folder, settings=FOR_MANY)
    server.start()
    try:
        provider = Provider(folder)
        settings = Settings(
            data=folder,
            dsn=server.dsn(),
            demo=not order.real,
            profile="cluster",
            kafka=kafka.bootstrap,
            oidc_issuer=provider.name if order.real else None,
            oidc_keys=provider.keys if order.real else None,
        )
        with skewed(order.skew):
            async with open_cluster(settings, {}, order.roles) as cluster:
                # Tokens were made longer ago than clocks are wrong: whether one is good, each machine's own clock says.
                clock = partial(_ago, timedelta(seconds=order.skew, minutes=1))
                ours = replace(cluster.issuer, clock=clock)
                token = (
                    partial(provider.token, clock)
                    if order.real
                    else lambda who: ours.issue(who.role, who.organisation, who.person)
                )
                clients = clients_of(cluster, order.seed, token)
                return await _soaked(order, cluster, kafka, server, clients)
    except BaseException:  # it is raised again: whatever went wrong, what the processes said is kept
        _keep(folder, Path(f"build/soak-{order.seed}"))
        raise
    finally:
        server.stop()


def _keep(folder: Path, kept: Path) -> None:
    """What the processes said outlives a soak that went wrong."""
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(folder / "processes", kept)
    sys.stdout.write(f"\nwhat the processes said is in {kept}\n")


async def _soaked(
    order: Order, cluster: Cluster, kafka: LocalKafka, server: EmbeddedPostgres, clients: Clients
) -> Report:
    store, clock = cluster.store, asyncio.get_running_loop().time
    assert isinstance(store, PostgresStore)
    faults = Faults(cluster.fleet, kafka, order.nodes, server, Random(f"victims {order.seed}"))
    watch, begin = Watch(PostgresProgress(store.pool), everybody()), clock()
    async with beside(cluster.fleet.watch()), beside(watch.run()):
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task((_real_load if order.real else _load)(order, clients, over))
            await faults.run(plan(order.seed, order.faults, order.seconds, order.kinds))
            over.set()
        ended = clock()
        if not order.real:
            # What is due by now fires, and then nobody may need help any more.
            await clients.advance(clients.now)
        await watch.quiet(order.quiet_seconds)
        await _told(store, order.quiet_seconds)
        quiet = clock() - ended
    verdict = check(await collected(clients, store, kafka.access()))
    return Report(
        order=order,
        verdict=verdict,
        struck=[Struck(one.at - begin, one.kind, one.who) for one in faults.struck],
        seconds=clock() - begin,
        quiet=quiet,
        pause=longest_pause(watch.samples),
        again=clients.again,
        unasked=_unasked(cluster, faults.struck),
        unwell=await _unwell(cluster),
    )


async def _load(order: Order, clients: Clients, over: asyncio.Event) -> None:
    for number, chapters in enumerate(waves(order.seed, order.small, order.whole)):
        for chapter in chapters:
            if over.is_set() and number:
                return
            await clients.advance(chapter.at)
            async with asyncio.TaskGroup() as group:
                for lane in chapter.lanes:
                    group.create_task(_lane(clients, lane))


async def _real_load(order: Order, clients: Clients, over: asyncio.Event) -> None:
    """Call after call, several side by side, at the pace of their answers."""
    now = wall_clock()
    # Up to here every deadline has fired, whichever clock it was judged by.
    clients.now = instant(now - timedelta(seconds=2 * order.skew))

    async def calls(first: int) -> None:
        number = first
        while not over.is_set() or number == first:
            for chapter in today(order.seed, number, now):
                await _lane(clients, chapter.lanes[0])
            number += order.small

    async with asyncio.TaskGroup() as group:
        for first in range(order.small):
            group.create_task(calls(first))


async def _lane(clients: Clients, lane: Sequence[Any]) -> None:
    for step in lane:
        await clients.send(step)


def clients_of(cluster: Cluster, seed: int, token: Callable[[Actor], str]) -> Clients:
    """Clients that find every service where it is now."""
    members = cluster.fleet.members.values()
    serving = {name: one for one in members if one.role.kind == "serve" for name in one.role.names}
    clocks = [one for one in members if one.role.kind == "timers"]
    return Clients(
        cluster.client,
        {name: lambda one=one: one.address for name, one in serving.items()},  # type: ignore[misc]  # bound now
        [lambda one=one: one.address for one in clocks],  # type: ignore[misc]  # bound now
        token,
        Random(f"clients {seed}"),
    )


def _ago(age: timedelta) -> datetime:
    return wall_clock() - age


def _unasked(cluster: Cluster, struck: Sequence[Struck]) -> int:
    """How many processes ended though nobody killed them."""
    starts = sum(one.starts - 1 for one in cluster.fleet.members.values())
    return starts - sum(one.kind.startswith("kill") and one.who in cluster.fleet.members for one in struck)


async def _told(store: PostgresStore, seconds: float) -> None:
    """Wait until every public event is on its topic; TimeoutError."""
    public, places = PostgresPublicLog(store.pool), PostgresPlaces(store.pool)
    async with asyncio.timeout(seconds):
        while await places.load(PUBLISHER) < await public.last():  # noqa: ASYNC110 -- another process moves it
            await asyncio.sleep(0.1)


async def _unwell(cluster: Cluster) -> list[str]:
    """The processes whose health is not UP now that all is quiet, and what they say."""
    told = {}
    for title, one in cluster.fleet.members.items():
        if one.pid is not None:
            told[title] = (await cluster.client.get(f"{one.address}/health")).json()
    return [f"{title}: {said}" for title, said in told.items() if said["status"] != "UP"]


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Something that goes on beside the body, and ends with it."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
