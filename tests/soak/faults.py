"""Faults by a seed: processes killed and frozen, brokers and the database lost, members that come and go, repeats."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from aiokafka import AIOKafkaProducer

from deploy.kafka.local import LocalKafka
from events.adapters.embedded import EmbeddedPostgres
from events.adapters.kafka.connect import CLIENT_ERRORS
from events.adapters.kafka.reader import PLACES, open_reader
from services.cluster.fleet import Fleet, Member

FROZEN_SECONDS = 15.0
AWAY_SECONDS = 3.0
STAY_SECONDS = 4.0
REPEATED = 40

VICTIMS = ("work", "relay", "project", "serve", "timers", "publish")
KINDS = (
    *(f"kill {kind}" for kind in VICTIMS),
    *(f"freeze {kind}" for kind in VICTIMS),
    "rebalance",
    "kill broker",
    "restart broker",
    "freeze broker",
    "kill database",
    "repeat",
)
"""Every kind of fault."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault to come: so many seconds after the beginning."""

    at: float
    kind: str


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that was, whom it struck, and when."""

    at: float
    kind: str
    who: str


def plan(seed: int, count: int, seconds: float, kinds: Sequence[str] = KINDS) -> list[Planned]:
    """So many faults at random moments, each kind before any comes again. The same seed gives the same."""
    chance = Random(f"faults {seed}")
    drawn: list[str] = []
    while len(drawn) < count:
        drawn += chance.sample(kinds, len(kinds))
    moments = sorted(chance.uniform(0.03, 0.97) * seconds for _ in range(count))
    return [Planned(at, kind) for at, kind in zip(moments, drawn, strict=False)]


@dataclass
class Faults:
    """Strikes; `struck` is what was done. Faults overlap, but one broker at a time is gone, and one database."""

    fleet: Fleet
    kafka: LocalKafka
    nodes: int
    server: EmbeddedPostgres
    chance: Random
    struck: list[Struck] = field(default_factory=list)
    last: float = 0.0
    _brokers: asyncio.Lock = field(default_factory=asyncio.Lock)
    _database: asyncio.Lock = field(default_factory=asyncio.Lock)
    _joined: int = 0

    async def run(self, planned: Sequence[Planned]) -> None:
        """Strike at each moment, and return when everything that was taken away is back."""
        begin = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            for one in planned:
                await asyncio.sleep(max(begin + one.at - asyncio.get_running_loop().time(), 0))
                group.create_task(self.strike(one.kind))
        self.last = asyncio.get_running_loop().time()

    async def strike(self, kind: str) -> None:
        """One fault, and back again what it took away."""
        verb, _, what = kind.partition(" ")
        acts: Mapping[str, Callable[[], Awaitable[None]]] = {
            "rebalance": self._join_and_leave,
            "kill broker": self._kill_broker,
            "restart broker": self._restart_broker,
            "freeze broker": self._freeze_broker,
            "kill database": self._kill_database,
            "repeat": self._repeat,
        }
        if kind in acts:
            await acts[kind]()
        elif verb == "kill":
            await self._kill(what)
        else:
            await self._freeze(what)

    async def _kill(self, kind: str) -> None:
        title = self._victim(kind)
        self._note(f"kill {kind}", title)
        await self.fleet.kill(title)

    async def _freeze(self, kind: str) -> None:
        title = self._victim(kind)
        self._note(f"freeze {kind}", title)
        frozen = self.fleet.members[title].pid
        self.fleet.signal(title, signal.SIGSTOP)
        await asyncio.sleep(FROZEN_SECONDS)
        # Somebody may have killed it meanwhile, and another stands in its place.
        if frozen is not None and self.fleet.members[title].pid == frozen:
            self.fleet.signal(title, signal.SIGCONT)

    async def _join_and_leave(self) -> None:
        """One worker more, and after a while one less: twice everybody's partitions are given out anew."""
        role = self.fleet.members[self._victim("work")].role
        self._joined += 1
        member = Member(role, 100 + self._joined)
        self._note("rebalance", member.title)
        self.fleet.members[member.title] = member
        await self.fleet.begin(member.title)
        await asyncio.sleep(STAY_SECONDS)
        await self.fleet.stop(member.title)

    async def _kill_broker(self) -> None:
        async with self._brokers:
            node = self._broker("kill broker")
            await asyncio.to_thread(self.kafka.kill, node)
            await asyncio.sleep(AWAY_SECONDS)
            await asyncio.to_thread(self.kafka.restart, node)

    async def _restart_broker(self) -> None:
        async with self._brokers:
            await asyncio.to_thread(self.kafka.restart, self._broker("restart broker"))

    async def _freeze_broker(self) -> None:
        async with self._brokers:
            node = self._broker("freeze broker")
            self.kafka.pause(node)
            await asyncio.sleep(FROZEN_SECONDS)
            self.kafka.resume(node)
            await asyncio.to_thread(self.kafka.wait_ready)

    async def _kill_database(self) -> None:
        async with self._database:
            pid = self.server.pid
            self._note("kill database", str(pid))
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(self.chance.uniform(0, AWAY_SECONDS))
            # In this thread: the server ends with the thread that started it.
            self.server.restart()

    async def _repeat(self) -> None:
        """What a relay does that froze and wakes up: the last of each partition once more, as it was."""
        self._note("repeat", "every partition")
        with suppress(*CLIENT_ERRORS):
            async with open_reader(self.kafka.access()) as reader, _producer(self.kafka) as producer:
                spans = await reader.spans(PLACES)
                starts = {place: max(span.begin, span.end - REPEATED) for place, span in spans.items()}
                async for (topic, number), records in reader.read(starts, {p: s.end for p, s in spans.items()}):
                    for one in records:
                        made = {"partition": number, "timestamp_ms": one.timestamp, "headers": list(one.headers)}
                        await producer.send(topic, one.value, one.key, **made)

    def _victim(self, kind: str) -> str:
        alive = [title for title, one in self.fleet.members.items() if one.role.kind == kind and one.pid is not None]
        return self.chance.choice(sorted(alive) or [t for t, m in self.fleet.members.items() if m.role.kind == kind])

    def _broker(self, kind: str) -> int:
        node = self.chance.randint(1, self.nodes)
        self._note(kind, f"node {node}")
        return node

    def _note(self, kind: str, who: str) -> None:
        self.struck.append(Struck(asyncio.get_running_loop().time(), kind, who))


def _producer(kafka: LocalKafka) -> AIOKafkaProducer:
    return AIOKafkaProducer(**kafka.access().client(), acks="all", enable_idempotence=True)
