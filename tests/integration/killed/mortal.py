"""The program's own parts with a place to die on either side of every durable step.

`Fate` counts how often each place is crossed, and kills the process, as a power cut would, where it was told to.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from events.adapters.postgres.connect import ROLE
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.timers import PostgresTimers
from events.adapters.postgres.vault import PostgresVault
from events.adapters.postgres.writer import Writer
from events.codec import Event
from events.store import AppendRequest, Outcome, Recorded
from events.timers import TimerRow
from projections.runner import Runner
from projections.view import Key, RowT
from services.answers import Answer
from services.bootstrap import ground, whole
from services.deciding import Issue
from services.reacting import ReactionSink, Sender
from services.timers import Alarm

if TYPE_CHECKING:
    from asyncpg import Pool, Record

TURNS = 3
"""Turns of the loop after which an append is sent, and not yet answered."""

acting: ContextVar[str] = ContextVar("acting", default="command")
"""On whose behalf something is written: a command from outside, a reaction, a timer."""


@dataclass
class Fate:
    """Dies at the `at`-th crossing of the place `name`; of any place when it has no name; never when `at` is 0."""

    name: str = ""
    at: int = 0
    crossed: Counter[str] = field(default_factory=Counter)

    def cross(self, name: str) -> None:
        """A place where the process can die."""
        self.crossed[name] += 1
        count = self.crossed[name] if self.name else self.crossed.total()
        if self.name in ("", name) and count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


fate = Fate()


class MortalWriter(Writer):
    """Dies around the one statement that appends."""

    async def _ask(self, requests: Sequence[AppendRequest], now: datetime | None) -> list[Outcome]:
        asking = asyncio.ensure_future(super()._ask(requests, now))
        for _ in range(TURNS):
            await asyncio.sleep(0)
        fate.cross("append: under way")
        outcomes = await asking
        fate.cross("append: committed, nobody told")
        return outcomes


class MortalStore(PostgresStore):
    """Dies before an append is asked for, and after it was acknowledged."""

    def __init__(self, dsn: str, pool: Pool[Record], clock: Callable[[], datetime] | None, role: str = ROLE) -> None:
        super().__init__(dsn, pool, clock, role)
        self._writer = MortalWriter(dsn, clock, self._pulse.told, role)

    async def append(self, request: AppendRequest) -> Outcome:
        """As the port says."""
        fate.cross(f"{acting.get()}: before the append")
        outcome = await super().append(request)
        fate.cross(f"{acting.get()}: after the append")
        return outcome


class MortalVault(PostgresVault):
    """Dies between the making of a key and its first use."""

    async def keys(self, subjects: Sequence[str], *, create: bool) -> Mapping[str, bytes]:
        """As the port says."""
        made = await super().keys(subjects, create=create)
        if create:
            fate.cross("vault: keys are there")
        return made


class MortalPlaces(PostgresPlaces):
    """Dies around the step of a reaction's place."""

    async def advance(self, consumer: str, expected: int, position: int) -> None:
        """As the port says."""
        fate.cross(f"{consumer}: before its place")
        await super().advance(consumer, expected, position)
        fate.cross(f"{consumer}: after its place")


class MortalReactions(ReactionSink):
    """Says who acts."""

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """As the port says."""
        acting.set(self.name)
        await super().apply(batch)


class MortalSender(Sender):
    """Dies between two commands of one event, and between two firings."""

    async def send(self, service: str, issue: Issue, command_id: str, cause: str, why: str) -> Answer:
        """As the original."""
        fate.cross(f"{acting.get()}: before a command")
        answer = await super().send(service, issue, command_id, cause, why)
        fate.cross(f"{acting.get()}: after a command")
        return answer


class MortalAlarm(Alarm):
    """Says who acts."""

    async def fire_due(self) -> int:
        """As the original."""
        token = acting.set("alarm")
        try:
            return await super().fire_due()
        finally:
            acting.reset(token)


class MortalTimers(PostgresTimers):
    """Dies around the setting of deadlines and the note that one has fired."""

    async def change(self, expected: int, position: int, rows: Sequence[TimerRow], cancelled: Sequence[str]) -> None:
        """As the port says."""
        fate.cross("timers: before they are set")
        await super().change(expected, position, rows, cancelled)
        fate.cross("timers: after they are set")

    async def fired(self, row: TimerRow) -> None:
        """As the port says."""
        fate.cross("alarm: before it is noted")
        await super().fired(row)
        fate.cross("alarm: after it is noted")


class MortalRunner(Runner[RowT]):
    """Dies around a view's batch, and between its read and its write, which is one statement for rows and place."""

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """As the port says."""
        fate.cross(f"{self.name}: before the batch")
        await super().apply(batch)
        fate.cross(f"{self.name}: after the batch")

    def _evolve(self, rows: dict[Key, RowT], events: Sequence[tuple[Recorded, Event]]) -> None:
        super()._evolve(rows, events)
        fate.cross(f"{self.name}: folded, not written")


PARTS: Mapping[str, type[Any]] = {
    "PostgresStore": MortalStore,
    "PostgresVault": MortalVault,
    "PostgresPlaces": MortalPlaces,
    "PostgresTimers": MortalTimers,
    "Runner": MortalRunner,
    "ReactionSink": MortalReactions,
    "Sender": MortalSender,
    "Alarm": MortalAlarm,
}


def make_mortal(name: str, at: int) -> None:
    """Let bootstrap compose the very same program, of mortal parts; only in a process that is there to die."""
    fate.name, fate.at = name, at
    for part, mortal in PARTS.items():
        rooms = [room for room in (ground, whole) if hasattr(room, part)]
        assert rooms, f"nobody composes {part}"
        for room in rooms:
            setattr(room, part, mortal)
