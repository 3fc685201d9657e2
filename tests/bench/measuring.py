"""Figures: what was measured a few times, what was aimed at, and whether it was reached."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be: at least, or at most."""

    sense: Literal["≥", "≤"]
    value: float

    def met_by(self, value: float) -> bool:
        """Whether the value is good enough."""
        return value >= self.value if self.sense == "≥" else value <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: a value a round. The median counts; the extremes tell how quiet the machine was."""

    part: str
    name: str
    unit: str
    values: Sequence[float]
    target: Target | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The figure itself."""
        return median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None without one."""
        return self.target.met_by(self.median) if self.target is not None else None

    def document(self) -> dict[str, object]:
        """The figure as plain values."""
        target = {"sense": self.target.sense, "value": self.target.value} if self.target is not None else None
        return {
            "part": self.part,
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "min": min(self.values),
            "max": max(self.values),
            "values": list(self.values),
            "target": target,
            "met": self.met,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Burst:
    """Many calls by many callers: how many a second, and how long one took (milliseconds)."""

    rate: float
    p50: float
    p99: float


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank); 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def burst_of(latencies: Sequence[float], seconds: float) -> Burst:
    """The burst of these latencies (in seconds), which took so long in all."""
    return Burst(len(latencies) / seconds, percentile(latencies, 0.50) * 1_000, percentile(latencies, 0.99) * 1_000)


async def by_tasks(callers: Sequence[Callable[[], Awaitable[None]]], seconds: float) -> Burst:
    """Every caller calls as fast as it is answered, all in this event loop."""
    taken: list[float] = []
    start = time.perf_counter()

    async def go(call: Callable[[], Awaitable[None]]) -> None:
        while (begin := time.perf_counter()) - start < seconds:
            await call()
            taken.append(time.perf_counter() - begin)

    await asyncio.gather(*map(go, callers))
    return burst_of(taken, time.perf_counter() - start)


def by_threads(callers: Sequence[Callable[[], None]], seconds: float) -> Burst:
    """The same for calls that block, a thread each."""
    ready = threading.Barrier(len(callers))

    def go(call: Callable[[], None]) -> tuple[float, float, list[float]]:
        taken: list[float] = []
        ready.wait()
        start = time.perf_counter()
        while (begin := time.perf_counter()) - start < seconds:
            call()
            taken.append(time.perf_counter() - begin)
        return start, time.perf_counter(), taken

    with ThreadPoolExecutor(len(callers)) as pool:
        done = list(pool.map(go, callers))
    wall = max(end for _, end, _ in done) - min(start for start, _, _ in done)
    return burst_of([one for _, _, taken in done for one in taken], wall)


class Watch:
    """What a `timed` block took, once it is over."""

    seconds = 0.0
    cpu = 0.0


@contextmanager
def timed() -> Iterator[Watch]:
    """Measure a block: time on the wall, and processor time of this process."""
    watch, wall, cpu = Watch(), time.perf_counter(), time.process_time()
    yield watch
    watch.seconds, watch.cpu = time.perf_counter() - wall, time.process_time() - cpu
