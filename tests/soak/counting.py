"""A million acknowledgements through hundreds of faults: writers on the store, relays behind it, three brokers.

What each writer said is kept as it was heard; whoever was killed is followed by one with a new run of numbers.
"""

from __future__ import annotations

import asyncio
import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from deploy.kafka.local import LocalKafka
from events.adapters.embedded import EmbeddedPostgres
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.reader import PLACES, open_reader
from events.adapters.kafka.records import from_record
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.store import StoreUnavailable
from services.bootstrap.cluster import Cluster, open_cluster
from services.bootstrap.ground import FOR_MANY
from services.cluster.roles import Role
from services.settings import Settings
from tests.soak.faults import Faults
from tests.soak.history import Acknowledged, Finding
from tests.soak.of_kafka import KafkaCheck
from tests.soak.of_log import LogCheck, heard
from tests.soak.run import beside
from tests.soak.skewing import skewed
from tests.soak.writing import GROUP, command_id, number_of

ROOT = Path(__file__).parents[2]
PAGE = 5_000
LINE_BYTES = 1024 * 1024
PUBLISHED_SECONDS = 180.0
WRITER = "kill writer"
WEIGHTS = {
    WRITER: 10,
    "kill database": 4,
    "kill relay": 3,
    "freeze relay": 1,
    "restart broker": 1,
    "kill broker": 1,
}
"""How often which fault comes."""


@dataclass(frozen=True)
class Count:
    """How many acknowledgements, through how many faults, spread evenly. `skew`: as `run.Order`; writers then propose
    the time of their own clocks for the recording. `pause`: of each writer after each group, so that relays keep up and
    are struck at work."""

    seed: int
    acknowledgements: int
    faults: int
    writers: int = 2
    nodes: int = 3
    skew: int = 0
    pause: float = 0.3
    limit_seconds: float = 1_500.0


@dataclass
class Run:
    """What one writer said before it ended: the groups that it sent, by their first number, and position by number."""

    sent: set[int] = field(default_factory=set)
    positions: dict[int, array[int]] = field(default_factory=dict)


@dataclass
class Writers:
    """Writer processes, each listened to; `runs` is what all of them said."""

    dsn: str
    clock: str
    pause: float
    runs: list[Run] = field(default_factory=list)
    acknowledged: int = 0
    _live: dict[asyncio.subprocess.Process, asyncio.Task[None]] = field(default_factory=dict)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self) -> None:
        """One more."""
        self.runs.append(Run())
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.soak.writing", self.dsn, str(len(self.runs)), self.clock, str(self.pause)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
        )
        self._live[process] = asyncio.create_task(self._listen(process, self.runs[-1]))

    async def kill(self, chance: Random) -> None:
        """Kill one (-9), and begin another."""
        process = chance.choice(list(self._live))
        process.kill()
        await self._ended(process)
        await self.begin()

    async def reached(self, acknowledgements: int) -> None:
        """Wait until so many were heard in all."""
        while self.acknowledged < acknowledgements:
            self._more.clear()
            await self._more.wait()

    async def close(self) -> None:
        """Let each finish what is under way."""
        for process in list(self._live):
            if process.stdin is not None:
                process.stdin.close()
            assert await self._ended(process) == 0, "a writer ended unasked"

    def heard(self) -> Iterator[Acknowledged]:
        """Every acknowledgement."""
        for run, told in enumerate(self.runs, 1):
            for first, positions in told.positions.items():
                for number, position in enumerate(positions, first):
                    yield Acknowledged(command_id(run, number), "", 0, position)

    def sent(self, command: str) -> bool:
        """Whether somebody sent this."""
        run, number = number_of(command)
        return 0 < run <= len(self.runs) and number - number % GROUP in self.runs[run - 1].sent

    async def _listen(self, process: asyncio.subprocess.Process, run: Run) -> None:
        if process.stdout is None:
            return
        async for line in process.stdout:
            # A writer that is killed can break off within a line: then nobody has heard it.
            if line.endswith(b"\n"):
                match line.split():
                    case [b"sent", first]:
                        run.sent.add(int(first))
                    case [b"heard", first, *positions]:
                        run.positions[int(first)] = array("q", map(int, positions))
                        self.acknowledged += len(positions)
                        self._more.set()

    async def _ended(self, process: asyncio.subprocess.Process) -> int:
        await self._live.pop(process)
        return await process.wait()


@dataclass(frozen=True)
class Counted:
    """What came of it."""

    findings: list[Finding]
    acknowledged: int
    events: int
    published: int
    repeats: int
    faults: Counter[str]
    seconds: float

    def line(self, count: Count) -> str:
        """All of it in one line."""
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.faults.items()))
        return (
            f"count, seed {count.seed}, clocks wrong by {count.skew} s, {self.seconds:.0f} s:"
            f" {self.acknowledged:,} acknowledgements, {self.events:,} events, {self.published:,} published"
            f" ({self.repeats:,} again), {self.faults.total()} faults ({kinds}): {len(self.findings)} findings"
        )


async def counted(count: Count, kafka: LocalKafka, folder: Path) -> Counted:
    """Do it, and look at what is left; TimeoutError when it takes too long."""
    server = EmbeddedPostgres(folder, settings=FOR_MANY)
    server.start()
    try:
        settings = Settings(data=folder, dsn=server.dsn(), demo=True, profile="cluster", kafka=kafka.bootstrap)
        with skewed(count.skew):
            async with (
                asyncio.timeout(count.limit_seconds),
                open_cluster(settings, {}, [(Role("relay"), 2)]) as cluster,
            ):
                begin = asyncio.get_running_loop().time()
                writers, faults = await _written(count, cluster, kafka, server)
                seconds = asyncio.get_running_loop().time() - begin
                assert isinstance(cluster.store, PostgresStore)
                log, topics, findings = await _checked(cluster.store, kafka.access(), writers)
    finally:
        server.stop()
    return Counted(findings, writers.acknowledged, log.events, topics.records, topics.repeats, faults, seconds)


async def _written(
    count: Count, cluster: Cluster, kafka: LocalKafka, server: EmbeddedPostgres
) -> tuple[Writers, Counter[str]]:
    chance, struck = Random(f"count {count.seed}"), Counter[str]()
    faults = Faults(cluster.fleet, kafka, count.nodes, server, chance)
    writers = Writers(server.dsn(), "own" if count.skew else "store", count.pause)
    # Each kind once at least.
    kinds = [*WEIGHTS, *chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=count.faults - len(WEIGHTS))]
    chance.shuffle(kinds)
    async with beside(cluster.fleet.watch()):
        for _ in range(count.writers):
            await writers.begin()
        async with asyncio.TaskGroup() as group:
            for number, kind in enumerate(kinds, 1):
                await writers.reached(count.acknowledgements * number // (count.faults + 1))
                struck[kind] += 1
                if kind == WRITER:
                    await writers.kill(chance)
                else:
                    group.create_task(faults.strike(kind))
            await writers.reached(count.acknowledgements)
        await writers.close()
        await _published(cluster.store)
    return writers, struck


async def _published(store: object) -> None:
    """Wait until everything is in Kafka."""
    assert isinstance(store, PostgresStore)
    publication, head = PostgresPublication(store.pool), (await store.head()).position
    async with asyncio.timeout(PUBLISHED_SECONDS):
        while True:
            with suppress(StoreUnavailable):
                if (await publication.load()).position >= head:
                    return
            await asyncio.sleep(0.1)


async def _checked(
    store: PostgresStore, access: KafkaAccess, writers: Writers
) -> tuple[LogCheck, KafkaCheck, list[Finding]]:
    log = LogCheck()
    while page := await store.read_all(log.events, limit=PAGE):
        log.take(page)
    topics = KafkaCheck(log.prints)
    async with open_reader(access) as reader:
        spans = await reader.spans(PLACES)
        starts, ends = {p: s.begin for p, s in spans.items()}, {p: s.end for p, s in spans.items()}
        async for place, records in reader.read(starts, ends):
            topics.take(place, map(from_record, records))
    topics.end()
    return log, topics, [*findings_of(log, writers), *topics.findings]


def findings_of(log: LogCheck, writers: Writers) -> list[Finding]:
    """The log by itself, and against what writers said. They hear positions alone: the rest follows from the number."""
    return [*log.findings, *heard(log, (_filled(log, one) for one in writers.heard())), *_invented(log, writers)]


def _filled(log: LogCheck, one: Acknowledged) -> Acknowledged:
    effect = log.effects.get(one.command_id)
    return one if effect is None else Acknowledged(one.command_id, effect.stream, effect.version, one.position)


def _invented(log: LogCheck, writers: Writers) -> Iterator[Finding]:
    founding = min(log.effects.values(), key=lambda effect: effect.first)
    for command, effect in log.effects.items():
        if effect is not founding and not writers.sent(command):
            yield Finding("invented", f"{command} at {effect.first}: nobody sent it")
