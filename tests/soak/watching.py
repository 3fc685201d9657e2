"""Looking at a cluster from outside, a few times a second: whether anything moves, and how long nothing did."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from events.progress import Progress, Standing
from events.store import StoreUnavailable
from services.cluster.quiet import Expected, behind

LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Sample:
    """One look: when, how much has been done in all, and who is behind. None of both when nobody could look."""

    at: float
    done: int | None
    behind: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which somebody was behind and nothing moved."""

    begin: float
    seconds: float
    behind: str


def done(standing: Standing) -> int:
    """A number that grows whenever anybody gets anything done."""
    return standing.head + standing.relayed + sum(standing.places.values())


def longest_pause(samples: Sequence[Sample]) -> Pause:
    """The longest time in which there was work and none was done; one that could not be looked at counts as none."""
    longest, since, last, why = Pause(0.0, 0.0, ""), None, None, ""
    for sample in samples:
        moved = sample.done is not None and sample.done != last
        idle = sample.done is not None and sample.behind is None
        last = sample.done if sample.done is not None else last
        if since is not None and sample.at - since > longest.seconds:
            longest = Pause(since, sample.at - since, why)
        if moved or idle:
            since = None if idle else sample.at
            why = sample.behind or why
        elif since is None:
            since, why = sample.at, sample.behind or "the database is away"
    return longest


@dataclass
class Watch:
    """Looks for as long as it runs; `samples` is what it saw."""

    progress: Progress
    expected: Expected
    samples: list[Sample] = field(default_factory=list)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            self.samples.append(await self.look())
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> Sample:
        """One look."""
        now = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(5.0):
                standing = await self.progress.standing()
        except (StoreUnavailable, TimeoutError):
            return Sample(now(), None, None)
        return Sample(now(), done(standing), behind(standing, self.expected))

    async def quiet(self, seconds: float) -> float:
        """Wait until nobody is behind; how long that took. TimeoutError, with who it is, after so many seconds."""
        begin, sample = asyncio.get_running_loop().time(), None
        while sample is None or sample.done is None or sample.behind is not None:
            if sample is not None and sample.at - begin > seconds:
                raise TimeoutError(f"not quiet after {seconds:.0f} s: {sample.behind or 'the database is away'}")
            sample = await self.look()
            await asyncio.sleep(LOOK_SECONDS)
        return sample.at - begin
