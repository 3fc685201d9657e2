"""A supervisor at work over the kernel's log, and a sink that does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from events.adapters.tail import TailFeed
from events.consumer import Consumer, Sink
from events.store import Recorded
from services.clock import Clock
from services.deciding import Service
from services.parking import Attendant
from services.registry import SERVICES
from services.supervisor import Supervisor
from services.timers import Alarm, TimerSink
from tests.unit.services.kernel import Kernel, Pauses

PATIENCE = 10.0


@dataclass
class Listener:
    """A sink that remembers what it applied; it raises what it is told to raise, and waits where it is told to wait."""

    name: str = "listener"
    raises: list[Exception] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    tried: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_go: asyncio.Event | None = None

    async def place(self) -> int:
        """Where it stands."""
        return self.seen[-1] if self.seen else 0

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """Remember, or fail."""
        self.tried += 1
        self.begun.set()
        if self.may_go is not None:
            await self.may_go.wait()
        if self.raises:
            raise self.raises.pop(0)
        self.seen += [one.position for one in batch]


async def content() -> str | None:
    """A running check that finds nothing."""
    return None


@asynccontextmanager
async def running(
    kernel: Kernel,
    *sinks: Sink,
    services: Mapping[str, Service] = SERVICES,
    clock: Clock | None = None,
    watch: Callable[[], Coroutine[Any, Any, str | None]] = content,
    pauses: Pauses | None = None,
    attendant: Attendant | None = None,
) -> AsyncIterator[Supervisor]:
    """A supervisor at work over the kernel's log. Its pauses last until the test ends them."""
    feed = TailFeed(kernel.store)
    time = clock or kernel.clock
    alarm = Alarm(services, kernel.timers, kernel.sender, time)
    consumers = [Consumer(feed, sink) for sink in sinks]
    made = Supervisor(
        consumers, kernel.store, kernel.timers, alarm, time, watch, pauses or Pauses(), attendant=attendant
    )
    made.start()
    try:
        async with asyncio.timeout(PATIENCE):
            yield made
    finally:
        await made.stop()
        await feed.close()


def everything(kernel: Kernel, services: Mapping[str, Service] = SERVICES) -> list[Sink]:
    """All reactions, and the deadlines."""
    return [*(kernel.reacting(one) for one in services.values()), TimerSink(services, kernel.timers)]
