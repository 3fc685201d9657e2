"""The monitor as a process: a worker that runs Faust, and the watchdog that starts it and starts it again.

run_monitor(Setup(access, log_topics, parked_topics, from_record, port=8061))
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import distributions
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from events.failures import CannotRun
from projections.monitor.clock import ticking
from projections.monitor.places import Partition
from projections.monitor.prime import client, partitions
from projections.monitor.setup import Setup
from projections.monitor.watch import Report, Watch, behind
from projections.monitor.worker import work

log = structlog.get_logger()
STOP_SECONDS = 10.0


def installed() -> bool:
    """Whether Faust is there. Its packages are asked, for once imported it stands in for itself and has no spec."""
    return bool(list(distributions(name="faust-streaming")))


def run_monitor(setup: Setup) -> None:
    """Run until SIGTERM or SIGINT; CannotRun when it cannot begin."""
    if not installed():
        raise CannotRun("The live monitor needs Faust: install wijkspoor[monitor].")
    asyncio.run(watch_over(setup))


async def watch_over(setup: Setup) -> None:
    """The same for a program that has a loop already."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, over.set)
    try:
        await Watchdog(setup).run(over)
    finally:
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(one)


@dataclass(slots=True)
class _Worker:
    """A running worker and the pipe to it."""

    process: BaseProcess
    door: Connection
    watch: Watch
    last_words: str | None = None

    def listen(self, now: float) -> None:
        """Take in what it has said since."""
        with suppress(OSError, EOFError):
            while self.door.poll():
                said = self.door.recv()
                if isinstance(said, Report):
                    self.watch.told(said, now)
                else:
                    self.last_words = said

    def tell(self, left: int) -> None:
        """How many records it has still to read."""
        with suppress(OSError):
            self.door.send(left)

    def kill(self) -> None:
        """Without asking: it may be frozen."""
        self.process.kill()
        self._bury()

    async def stop(self) -> None:
        """Ask it to leave its group and end; kill it if it does not."""
        self.process.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                while self.process.is_alive():  # noqa: ASYNC110 -- a process does not call us
                    await asyncio.sleep(0.05)
        self.kill()

    def _bury(self) -> None:
        self.process.join()
        self.process.close()
        self.door.close()


@dataclass(slots=True)
class Watchdog:
    """Keeps one worker going. `restarts` counts those that it had to replace."""

    setup: Setup
    restarts: int = 0
    _short_lives: int = 0
    _every: Sequence[TopicPartition] = ()

    async def run(self, over: asyncio.Event) -> None:
        """Until `over`; CannotRun if the first worker cannot begin."""
        _see_that_free(self.setup.host, self.setup.port)
        try:
            async with client(self.setup) as looker:
                self._every = await partitions(looker, self.setup.topics)
                await self._run(looker, over)
        except KafkaConnectionError as error:
            raise CannotRun(self.setup.access.unreachable()) from error

    async def _run(self, looker: AIOKafkaConsumer, over: asyncio.Event) -> None:
        worker = self._start(frozenset())
        try:
            while not over.is_set():
                why = await self._look(worker, looker)
                if why is not None:
                    worker = await self._replace(worker, why, over)
                await _sleep(self.setup.timing.beat, over)
        finally:
            await worker.stop()

    def _start(self, known: frozenset[str]) -> _Worker:
        # A fresh interpreter: nothing of this process, its loop least of all, may leak into Faust's.
        fresh = multiprocessing.get_context("spawn")
        ours, theirs = fresh.Pipe()
        process = fresh.Process(target=work, args=(self.setup, self.restarts, theirs), daemon=True, name="monitor")
        process.start()
        theirs.close()
        timing = self.setup.timing
        return _Worker(process, ours, Watch(timing.patience, timing.start, ticking(), known))

    async def _look(self, worker: _Worker, looker: AIOKafkaConsumer) -> str | None:
        """Why the worker has to be replaced; None while it is well."""
        ends = await self._ends(looker)
        now = ticking()
        worker.listen(now)
        if not worker.process.is_alive():
            if worker.watch.report is None and worker.last_words is not None and not self.restarts:
                raise CannotRun(worker.last_words)
            return "ended"
        if ends is not None and worker.watch.report is not None:
            worker.tell(behind(worker.watch.report.offsets, ends))
        verdict = worker.watch.verdict(ends, now)
        return None if verdict == "well" else verdict

    async def _replace(self, worker: _Worker, why: str, over: asyncio.Event) -> _Worker:
        self.restarts += 1
        told = worker.watch.report
        lived = ticking() - worker.watch.began
        log.warning("monitor.worker_replaced", why=why, lived=round(lived, 1), said=worker.last_words)
        worker.kill()
        timing = self.setup.timing
        self._short_lives = 0 if lived > timing.start + timing.patience else self._short_lives + 1
        # The first time at once; who cannot live at all is not started in a circle.
        if self._short_lives > 1:
            await _sleep(min(2.0 ** (self._short_lives - 2), timing.longest_pause), over)
        return self._start(frozenset(told.gaps) if told else worker.watch.known)

    async def _ends(self, looker: AIOKafkaConsumer) -> Mapping[Partition, int] | None:
        try:
            async with asyncio.timeout(self.setup.timing.patience):
                found = await looker.end_offsets(self._every)
        except (KafkaError, OSError, TimeoutError):
            return None
        return {(where.topic, where.partition): end for where, end in found.items()}


def _see_that_free(host: str, port: int) -> None:
    """The worker binds it; who starts it is told before that it cannot."""
    try:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((host, port))
    except OSError as error:
        raise CannotRun(f"The monitor cannot listen on {host}:{port} ({error.strerror}): name another port.") from error


async def _sleep(seconds: float, over: asyncio.Event) -> None:
    """Not longer than until it is over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)
