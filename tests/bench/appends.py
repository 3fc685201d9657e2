"""Appends: ours beside the peers', round by round, so that all meet the same noise."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from events.adapters.postgres.store import PostgresStore
from events.store import Appended
from tests.bench import peers
from tests.bench.ground import Ground
from tests.bench.making import Author, fresh, golden
from tests.bench.measuring import Burst, Figure, Target, by_tasks, by_threads
from tests.bench.scale import Scale

OURS, SAFE, UMA = "wijkspoor, hashed and signed", "eventsourcing, safe", "UmaDB, conditional"
CALLERS = (32, 1)

Run = Callable[[float], Awaitable[Burst]]


async def appends(ground: Ground, scale: Scale) -> list[Figure]:
    """Rates and waits of all three, and the ratios between them."""
    await ground.create(peers.DATABASE)
    found: dict[tuple[str, int], list[Burst]] = {}
    async with ground.store("bench_append") as store:
        with peers.uma_server(ground.folder) as url:
            for callers in CALLERS:
                with peers.eventsourcing(ground, callers) as inserting:
                    runs = {
                        OURS: ours(store, callers),
                        SAFE: _blocking(inserting),
                        UMA: _blocking(peers.uma(url, callers)),
                    }
                    for run in runs.values():
                        await run(scale.warm)
                    for _ in range(scale.rounds):
                        for name, run in runs.items():
                            found.setdefault((name, callers), []).append(await run(scale.seconds))
    await ground.drop(peers.DATABASE)
    return [figure for callers in CALLERS for figure in _figures(found, callers)]


def ours(store: PostgresStore, callers: int) -> Run:
    """Each caller has its own stream, and makes, hashes and signs its event before every append."""
    fact = golden("ClaimApproved")

    def caller() -> Callable[[], Awaitable[None]]:
        author = Author("claim", fresh())

        async def call() -> None:
            outcome = await store.append(author.request([fact]))
            if not isinstance(outcome, Appended):
                raise TypeError(f"an append was answered {outcome!r}")

        return call

    calls = [caller() for _ in range(callers)]
    return lambda seconds: by_tasks(calls, seconds)


def _blocking(callers: list[peers.Caller]) -> Run:
    return lambda seconds: asyncio.to_thread(by_threads, callers, seconds)


def _figures(found: dict[tuple[str, int], list[Burst]], callers: int) -> list[Figure]:
    part = f"appends, {callers} caller{'s' if callers > 1 else ''}"
    loud = callers > 1
    figures = []
    for name in (OURS, SAFE, UMA):
        bursts = found[name, callers]
        limit = Target("≤", 8) if loud and name == OURS else None
        figures += [
            Figure(part, name, "appends/s", [burst.rate for burst in bursts]),
            Figure(part, f"{name}: p50", "ms", [burst.p50 for burst in bursts]),
            Figure(part, f"{name}: p99", "ms", [burst.p99 for burst in bursts], limit),
        ]
    for name, times in ((SAFE, 10), (UMA, 1)):
        pairs = zip(found[OURS, callers], found[name, callers], strict=True)
        aim = Target("≥", times) if loud else None
        figures.append(Figure(part, f"ours : {name}", "×", [our.rate / peer.rate for our, peer in pairs], aim))
    return figures
