"""The kernel of the services on the memory twins: a log with one call in it, and a store that can have a bad day."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import stamina

from events import codec
from events.adapters.memory import MemoryPlaces, MemoryStore, MemoryVault
from events.adapters.memory_timers import MemoryTimers
from events.codec import Event
from events.envelope import Actor
from events.store import AppendRequest, Conflict, Outcome, Recorded, StoreUnavailable
from events.times import moment
from services import house
from services.answers import Done, Issued
from services.clock import StoryClock
from services.deciding import Service, derived_id
from services.fields import Command
from services.handle import Handler
from services.intake.commands import PublishCall, WithdrawApplication
from services.reacting import ReactionSink, Sender
from services.registry import SERVICES
from services.story.script import ident
from tests.simulation.signing import signers
from tests.unit.services.intake.examples import (
    APPLICANT,
    CALL,
    CASE,
    OFFICIAL,
    TERMS,
    in_dutch,
    start,
    submit,
)

AGENCY = "OVO900001"
OPENS, CLOSES = TERMS.opens.utc, TERMS.deadline.utc


class WeakStore(MemoryStore):
    """The twin on a bad day: the next `away` appends find no store, the next `beaten` ones lose to somebody else."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self.away: list[Exception] = []
        self.beaten = 0
        self.appends = 0

    async def append(self, request: AppendRequest) -> Outcome:
        """As the port says, when the day is good."""
        self.appends += 1
        if self.away:
            raise self.away.pop()
        if self.beaten:
            self.beaten -= 1
            return Conflict(request.stream, request.expected_version + 1)
        return await super().append(request)

    def goes_away(self, times: int, error: type[Exception] = StoreUnavailable) -> None:
        """The next appends raise; then it is back."""
        self.away = [error("the store is away") for _ in range(times)]
        self.appends = 0


@dataclass
class Kernel:
    """Store, places, deadlines, clock and the one road in, all in memory."""

    clock: StoryClock = field(default_factory=lambda: StoryClock(house.FIRST_DAY))
    organisation: str = AGENCY

    def __post_init__(self) -> None:
        self.store = WeakStore(lambda: moment(self.clock.now()))
        self.places, self.timers = MemoryPlaces(), MemoryTimers()
        self._ids = 0
        self.handler = Handler(SERVICES, self.store, MemoryVault(), signers(), self.new_id)
        self.sender = Sender(self.handler, self.clock, self.organisation)

    def new_id(self) -> str:
        """An event id, the same in every run."""
        self._ids += 1
        return ident("event", str(self._ids))

    def reacting(self, service: Service) -> ReactionSink:
        """A service's reactions, as after a start of the process."""
        return ReactionSink(service, self.store, self.places, self.sender)

    async def send(self, kind: str, id_: str, command: Command, by: Actor) -> Done:
        """Somebody sends a command to intake, and it is done."""
        command_id = derived_id(CALL, f"{kind}/{id_}/{command.command_name}")
        answer = await self.handler.handle(Issued("intake", kind, id_, command, by, self.clock.now(), command_id))
        assert isinstance(answer, Done), answer
        return answer

    async def publish(self) -> None:
        """The call is published, long before it opens."""
        await self.send("call", CALL, PublishCall(terms=TERMS), OFFICIAL)

    async def apply(self, *, withdraw: bool = False) -> None:
        """One application on an open call, handed in; perhaps taken back."""
        self.clock.move(OPENS)
        await self.publish()
        await self.send("application", CASE, start(), APPLICANT)
        await self.send("application", CASE, submit(), APPLICANT)
        if withdraw:
            await self.send("application", CASE, WithdrawApplication(reason=in_dutch("Toch niet.")), APPLICANT)

    async def log(self) -> Sequence[Recorded]:
        """Everything recorded."""
        return await self.store.read_all(0)

    async def events(self, type_: str | None = None) -> list[Event]:
        """Everything recorded, read; or the events of one type."""
        return [codec.read(one) for one in await self.log() if type_ in (None, one.type)]

    async def size(self) -> int:
        """How many events there are."""
        return (await self.store.head()).position

    async def forget(self, consumer: str, place: int = 0) -> None:
        """The disk had not written a consumer's place: it begins again earlier."""
        await self.places.advance(consumer, await self.places.load(consumer), place)


@contextmanager
def without_pauses() -> Iterator[None]:
    """Retries follow each other at once, as many as the program says."""
    with stamina.set_testing(True, attempts=1_000, cap=True):
        yield


async def turns(count: int = 50) -> None:
    """Everybody who can go on has gone on: for what must not have happened."""
    for _ in range(count):
        await asyncio.sleep(0)


class Pauses:
    """Stands in for sleeping: each task's pauses are told to the test, and last until the test ends them."""

    def __init__(self) -> None:
        self._begun: defaultdict[str, asyncio.Queue[float]] = defaultdict(asyncio.Queue)
        self._over: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(0))

    async def __call__(self, seconds: float) -> None:
        """Pause, as the task that is running."""
        task: asyncio.Task[Any] | None = asyncio.current_task()
        assert task is not None
        self._begun[task.get_name()].put_nowait(seconds)
        await self._over[task.get_name()].acquire()

    async def begun(self, name: str) -> float:
        """Wait until this task pauses (again); for how long."""
        return await self._begun[name].get()

    def end(self, name: str) -> None:
        """Its pause is over."""
        self._over[name].release()
