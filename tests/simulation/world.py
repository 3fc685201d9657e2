"""The whole program on the memory twin, driven by one seed: which consumer goes next, how far, and when it dies.

What is durable (store, places, timers, vault, views) outlives a kill; the process (handler, sinks) is made anew. A kill
can come before or after any durable step; a place that was not yet on disk can be lost; any batch and any command can
come twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, TypeVar

from events.adapters.memory import MemoryPlaces, MemoryStore, MemoryVault
from events.adapters.memory_timers import MemoryTimers
from events.consumer import Sink
from events.store import AppendRequest, Outcome, Recorded
from events.timers import TimerRow
from events.times import Instant, moment
from services import house
from services.clock import StoryClock
from services.handle import Handler
from services.reacting import ReactionSink, Sender
from services.registry import SERVICES
from services.story.player import Direct
from services.story.script import Step, ident
from services.timers import Alarm, TimerSink
from tests.simulation.signing import signers

T = TypeVar("T")


class Killed(BaseException):
    """The process died here. Not an Exception: nothing may catch it on the way."""


@dataclass
class Fate:
    """What the seed has in store. `kills` and `repeats` are chances per step, in thousandths."""

    random: Random
    kills: int = 0
    repeats: int = 0
    log: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        """A place where the process can die."""
        if self.kills and self.random.randrange(1000) < self.kills:
            self.log.append(name)
            raise Killed(name)

    def repeat(self) -> bool:
        """Whether the world sends this twice."""
        return bool(self.repeats) and self.random.randrange(1000) < self.repeats


class MortalStore(MemoryStore):
    """The store as a process sees it: it can die before or after an append."""

    def __init__(self, clock: Callable[[], datetime], fate: Fate) -> None:
        super().__init__(clock)
        self._fate = fate

    async def append(self, request: AppendRequest) -> Outcome:
        """As the port says, with death on either side."""
        self._fate.step("before append")
        outcome = await super().append(request)
        self._fate.step("after append")
        return outcome


class MortalPlaces(MemoryPlaces):
    """Places that can die with the process, or be forgotten by a disk that had not written them yet."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    async def advance(self, consumer: str, expected: int, position: int) -> None:
        """As the port says, with death on either side."""
        self._fate.step(f"before place of {consumer}")
        await super().advance(consumer, expected, position)
        self._fate.step(f"after place of {consumer}")


class MortalTimers(MemoryTimers):
    """Deadlines, with death on either side of each step."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    async def change(self, expected: int, position: int, rows: Sequence[TimerRow], cancelled: Sequence[str]) -> None:
        """As the port says."""
        self._fate.step("before timers")
        await super().change(expected, position, rows, cancelled)
        self._fate.step("after timers")

    async def fired(self, row: TimerRow) -> None:
        """As the port says."""
        self._fate.step("before fired")
        await super().fired(row)
        self._fate.step("after fired")


class World:
    """One seeded world. `views` makes the sinks of the projections, anew after each kill, over durable rows."""

    def __init__(
        self, seed: int, *, kills: int = 0, repeats: int = 0, views: Callable[[], Sequence[Any]] = tuple
    ) -> None:
        self.fate = Fate(Random(seed), kills, repeats)
        self.clock = StoryClock(house.FIRST_DAY)
        self.store = MortalStore(lambda: moment(self.clock.now()), self.fate)
        self.places = MortalPlaces(self.fate)
        self.timers = MortalTimers(self.fate)
        self.vault = MemoryVault(b"simulation")
        self._views = views
        self._ids = 0
        self._signers = signers()

    async def begin(self) -> None:
        """Found the log and start the process."""
        kills, self.fate.kills = self.fate.kills, 0
        await house.found(self.store, self._signers, "simulation/demo", self.clock.now(), self._new_id)
        self.fate.kills = kills
        await self._boot()

    async def advance(self, to: Instant) -> None:
        """Move the clock, firing every deadline on the way."""
        while True:
            await self.settled()
            due = await self.timers.next_due()
            if due is None or due > to:
                break
            self.clock.move(max(due, self.clock.now()))
            await self._survive(self._fire)
        self.clock.move(max(to, self.clock.now()))

    async def settled(self) -> int:
        """Deliver, in an order that the seed chooses, until every consumer is at the head."""
        while True:
            head = (await self.store.head()).position
            behind = [name for name, place in self._place.items() if place < head]
            if not behind:
                return head
            name = self.fate.random.choice(behind)
            await self._survive(lambda name=name: self._deliver(name))  # type: ignore[misc]  # bound now, not later

    @property
    def handler(self) -> Handler:
        """The road in, of the process that lives now."""
        return self._handler

    async def send(self, step: Step) -> bool:
        """Send a step of the play until it is answered; sometimes once more."""
        replayed = await self._survive(lambda: Direct(self._handler, SERVICES)(step))
        if self.fate.repeat():
            assert await self._survive(lambda: Direct(self._handler, SERVICES)(step)), "a repeat is answered as one"
        return replayed

    async def _fire(self) -> int:
        return await self._alarm.fire_due()

    async def _deliver(self, name: str) -> None:
        place = self._place[name]
        batch = await self.store.read_all(place, limit=self.fate.random.randint(1, 8))
        if batch:  # Killed after its last step, it may have been at the head already.
            await self._sinks[name].apply(batch)
            self._place[name] = batch[-1].position

    async def _survive(self, act: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await act()
            except Killed:
                await self._boot()

    async def _boot(self) -> None:
        self._handler = Handler(SERVICES, self.store, self.vault, self._signers, self._new_id)
        sender = Sender(self._handler, self.clock, "OVO900001")
        self._alarm = Alarm(SERVICES, self.timers, sender, self.clock)
        sinks: list[Sink] = [ReactionSink(one, self.store, self.places, sender) for one in SERVICES.values()]
        sinks += [TimerSink(SERVICES, self.timers), *self._views()]
        self._sinks = {sink.name: sink for sink in sinks}
        self._place = {sink.name: await sink.place() for sink in sinks}
        for name in self._place:
            if name.startswith("react:") and self.fate.repeat():
                await self._forget(name)

    async def _forget(self, name: str) -> None:
        """A place that the disk had not written: the consumer begins again a little earlier."""
        earlier = max(0, self._place[name] - self.fate.random.randint(1, 20))
        await MemoryPlaces.advance(self.places, name, self._place[name], earlier)
        self._place[name] = await self._sinks[name].place()

    def _new_id(self) -> str:
        self._ids += 1
        return ident("simulated event", str(self._ids))


def batches(log: Sequence[Recorded], size: int) -> Sequence[Sequence[Recorded]]:
    """The log in pieces."""
    return [log[start : start + size] for start in range(0, len(log), size)]
