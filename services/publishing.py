"""What gives public events on, as one thing to keep going: publisher (where there is Kafka), webhooks, manifests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from events.store import StoreUnavailable

MEASURE_SECONDS = 1.0
STOP_SECONDS = 20.0
"""Longer than a receiver may take to answer."""


class Part(Protocol):
    """One of them."""

    async def run(self) -> None:
        """Work until `stop`."""

    def stop(self) -> None:
        """Finish what is in hand, then let `run` return."""

    def figures(self) -> Mapping[str, float]:
        """What it tells Prometheus."""


class Publishing:
    """The parts together (`services.supervisor.Runs`).

    `told` gives the position up to which the public log knows the store; `behind` how many public events Kafka is short
    of, `alarm` what its publisher waits for. The position of all this is the last one at which nothing was behind:
    everything public up to it is out. Receivers of webhooks are not waited for.
    """

    name = "publish"

    def __init__(
        self,
        parts: Sequence[Part],
        told: Callable[[], Awaitable[int]],
        behind: Callable[[], int] = lambda: 0,
        alarm: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._parts = parts
        self._told = told
        self._behind = behind
        self._alarm = alarm
        self.position = -1

    @property
    def alarms(self) -> Mapping[str, str]:
        """What it waits for without going on, and why."""
        why = self._alarm()
        return {} if why is None else {self.name: why}

    def figures(self) -> Mapping[str, float]:
        """What all of them tell Prometheus."""
        return {name: value for part in self._parts for name, value in part.figures().items()}

    async def run(self) -> None:
        """Until cancelled; then what is in hand is finished first. What one part raises ends all."""
        tasks = [asyncio.create_task(part.run()) for part in self._parts]
        measuring = asyncio.create_task(self._measure())
        try:
            done, _ = await asyncio.wait([*tasks, measuring], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except asyncio.CancelledError:
            for part in self._parts:
                part.stop()
            await asyncio.wait(tasks, timeout=STOP_SECONDS)
            raise
        finally:
            for task in [*tasks, measuring]:
                task.cancel()
            await asyncio.gather(*tasks, measuring, return_exceptions=True)

    def behind(self, head: int) -> int:
        """How much of the log has not been given on; nothing before that was measured."""
        return max(head - self.position, 0) if self.position >= 0 else 0

    async def reached(self, position: int) -> None:
        """Nobody in this process waits for it."""

    async def _measure(self) -> None:
        while True:
            with suppress(StoreUnavailable):
                told = await self._told()
                if not self._behind():
                    self.position = told
            await asyncio.sleep(MEASURE_SECONDS)
