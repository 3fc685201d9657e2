"""A live monitor in a process of its own, as the program runs it, and what tests do to it.

`python -m tests.integration.kafka.monitoring` is that process, told on its input where Kafka is. So Faust keeps its
loop and its warnings to itself.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen

import psutil
from aiokafka import AIOKafkaProducer
from msgspec.structs import replace

from events import codec
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.records import from_record, to_record
from events.adapters.kafka.topics import LOG_TOPICS, PARKED_TOPIC, PARTITIONS
from events.catalog import FACT_TYPES
from events.failures import CannotRun
from events.payment import FundsCommitted, FundsDecommitted, PaymentExecuted, RecoveryOffset
from events.store import Recorded
from projections.monitor.figures import Figures, Freshness, from_json
from projections.monitor.glance import glance
from projections.monitor.limits import Limits
from projections.monitor.main import run_monitor
from projections.monitor.setup import Setup, Timing
from projections.monitor.tables import Tables, apply
from projections.monitor.tell import Outside, tell
from services.story.call_2021 import steps
from services.story.player import play
from tests.simulation.world import World

QUICK = Timing(session=1.0, heartbeat=0.2, commit=0.5, beat=0.2, patience=3.0, start=20.0)
WAIT_SECONDS = 60.0


def setup(access: KafkaAccess, port: int, timing: Timing = QUICK) -> Setup:
    """A monitor over the program's topics."""
    log = {topic: PARTITIONS[topic] for topic in LOG_TOPICS.values()}
    return Setup(access, log, {PARKED_TOPIC: PARTITIONS[PARKED_TOPIC]}, from_record, port, timing=timing)


_played: list[Recorded] = []


async def story() -> Sequence[Recorded]:
    """The whole log of 2021, from the memory twin; played once."""
    if not _played:
        _played.extend(await _play())
    return _played


async def _play() -> Sequence[Recorded]:
    world = World(0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance("2026-12-31T00:00:00.000000Z")
    return await world.store.read_all(limit=100_000)


async def publish(
    access: KafkaAccess, log: Sequence[Recorded], after: int = 0, leave_out: Collection[int] = ()
) -> None:
    """What the relay writes of this log from a position on; `leave_out` are positions that get lost on the way."""
    last: dict[tuple[str, int], int] = {}
    async with AIOKafkaProducer(**access.client(), enable_idempotence=True) as producer:
        for event in log:
            out = to_record(event, 0)
            previous = last.get((out.topic, out.partition), 0)
            last[out.topic, out.partition] = event.position
            if event.position > after and event.position not in leave_out:
                out = to_record(event, previous)
                await producer.send(out.topic, out.value, out.key, out.partition, out.timestamp_ms, out.headers)
        await producer.flush()


def counted(log: Sequence[Recorded]) -> Figures:
    """The same figures from dictionaries, in the order of the log."""
    tables = Tables()
    for event in log:
        apply(tables, glance(event))
    return tell(tables, Outside(behind=0), Limits())


def calm(figures: Figures) -> Figures:
    """The figures without how the reader fared."""
    kept = figures.freshness
    fresh = Freshness(
        at=kept.at, position=kept.position, recorded_at=kept.recorded_at, events=kept.events, missing=kept.missing
    )
    return replace(figures, freshness=fresh)


def assert_counts(figures: Figures, log: Sequence[Recorded]) -> None:
    """Compared with a count that shares nothing with the monitor, and with its twin."""
    services = Counter(FACT_TYPES[event.type].service for event in log)
    assert {one.service: one.events for one in figures.services} == dict(services)
    facts = [codec.read(event).fact for event in log]
    committed = sum(one.amount_cents for one in facts if isinstance(one, FundsCommitted))
    committed -= sum(one.amount_cents for one in facts if isinstance(one, FundsDecommitted))
    paid = sum(one.amount_cents for one in facts if isinstance(one, PaymentExecuted | RecoveryOffset))
    (burn,) = figures.budget
    assert (burn.committed_cents, burn.paid_cents) == (committed, paid)
    assert calm(figures) == calm(counted(log))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Monitor:
    """One monitor that can be started, asked and killed."""

    access: KafkaAccess
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self, stderr: int | None = None) -> None:
        """Start it, and do not wait."""
        given = [self.access.bootstrap, str(self.port), self.access.security]
        given += [self.access.user or "", self.access.password or ""]
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", __name__],
            stdin=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
        )
        assert self.process.stdin
        with self.process.stdin as told:
            told.write(json.dumps(given).encode())
        self.process.stdin = None

    def figures(self, so: Callable[[Figures], bool] = lambda found: found.freshness.behind == 0) -> Figures:
        """The figures, as soon as they are so: by default, when everything was read."""
        until, found = time.monotonic() + WAIT_SECONDS, None
        while time.monotonic() < until:
            try:
                found = from_json(self.get("/figures"))
            except OSError:
                found = None
            if found is not None and so(found):
                return found
            assert self.process is not None and self.process.poll() is None, "the monitor has ended"
            time.sleep(0.05)
        raise AssertionError(f"not so after {WAIT_SECONDS} s: {found}")

    def get(self, path: str) -> bytes:
        """One of its pages."""
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
            return bytes(answer.read())

    def worker(self) -> psutil.Process:
        """The process in which Faust runs."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children()
        return next(one for one in children if any("spawn_main" in word for word in one.cmdline()))

    def kill(self) -> None:
        """Kill -9 the whole of it, worker and watchdog."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end, and how it did."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=30)


def refused(one: Monitor) -> str:
    """Start a monitor that cannot begin; what it says, and nothing but that."""
    one.start(subprocess.PIPE)
    assert one.process is not None
    try:
        _, said = one.process.communicate(timeout=WAIT_SECONDS)
    finally:
        if one.process.poll() is None:
            one.kill()
    assert one.process.returncode == 1
    return said.decode().splitlines()[-1]


@contextmanager
def monitoring(access: KafkaAccess) -> Iterator[Monitor]:
    """A running monitor, ended afterwards."""
    one = Monitor(access)
    one.start()
    try:
        yield one
    finally:
        if one.process is not None and one.process.poll() is None:
            one.kill()


def main() -> None:
    """The process."""
    bootstrap, port, security, user, password = json.load(sys.stdin)
    access: Any = KafkaAccess(bootstrap, user or None, password or None, security)
    try:
        run_monitor(setup(access, int(port)))
    except CannotRun as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
