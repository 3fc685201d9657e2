"""Kafka on this machine for development, tests and `make cluster`: one node or three, ended with their owner.

    with LocalKafka(folder, nodes=3) as kafka:
        client = AIOKafkaProducer(**kafka.access().client())

A person starts one with `python -m deploy.kafka.local --nodes 1`. No other host can reach it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Self, TypeVar

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from deploy.kafka import jars
from deploy.kafka.jars import Jvm
from deploy.kafka.node import Node
from deploy.kafka.settings import ADMIN, BROKER, CA, HOST, Cluster, Ports
from events.adapters.engine import make_folder
from events.adapters.kafka.connect import KafkaAccess
from events.failures import CannotRun

READY_SECONDS = 60.0
STOP_SECONDS = 10.0
TRAIN_SECONDS = 60.0
LOOK_SECONDS = 0.05

Result = TypeVar("Result")


class LocalKafka:
    """A cluster in a folder; nodes are numbered from 1. A folder used before goes on where it stopped.

    With `sasl`, who comes must log in (SCRAM-SHA-512) and may do what ACLs say; `access()` is the administrator's. With
    `tls` too, a folder of certificates, what is said is encrypted.
    Every method may be called from any thread, and blocks until what it says is so.
    """

    def __init__(
        self, folder: Path, nodes: int = 1, *, sasl: bool = False, tls: Path | None = None, jvm: Jvm | None = None
    ) -> None:
        if nodes not in {1, 3}:
            raise ValueError("a local Kafka has one node or three")
        self._folder = folder.absolute()
        self._count = nodes
        self._sasl = sasl or tls is not None
        self._tls = tls
        self._jvm = jvm
        self._cluster: Cluster | None = None
        self._nodes: list[Node] = []
        self._wanted: set[int] = set()
        self._doors: list[socket.socket] = []
        # Linux ends a tied process when the *thread* that started it ends: this one lives as long as the cluster.
        self._nursery: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def bootstrap(self) -> str:
        """The addresses of all nodes, `host:port` with commas between."""
        return ",".join(f"{HOST}:{ports.client}" for ports in self._started().ports)

    def access(self, user: str | None = None, password: str | None = None) -> KafkaAccess:
        """How a client enters: with `sasl` as the user named, or else as the administrator."""
        secrets = self._started().passwords
        if secrets is None:
            return KafkaAccess(self.bootstrap)
        if user is None:
            user, password = ADMIN, secrets[ADMIN]
        if self._tls is not None:
            return KafkaAccess(self.bootstrap, user, password, "sasl_ssl", self._tls / CA)
        return KafkaAccess(self.bootstrap, user, password, "sasl_plaintext")

    @property
    def alive(self) -> tuple[int, ...]:
        """The nodes whose process is there; a paused one is."""
        return tuple(node.number for node in self._nodes if node.pid is not None)

    def pid(self, node: int) -> int | None:
        """A node's process while it runs."""
        return self._nodes[node - 1].pid

    def start(self) -> None:
        """Start every node that does not run, and wait until all serve; any CannotRun says why not."""
        with ExitStack() as undo:
            undo.callback(self.stop)
            if self._cluster is None:
                self._prepare()
            self._in_nursery(self._begin)
            self.wait_ready()
            undo.pop_all()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End every node in order, by force after so many seconds, and give the ports free; the folder stays."""
        self._end(signal.SIGTERM, seconds)

    def drop(self) -> None:
        """End every node at once and remove the folder: for what nobody needs again."""
        self._end(signal.SIGKILL, STOP_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self, node: int) -> None:
        """Kill a node (-9)."""
        self._end_one(node, signal.SIGKILL)

    def halt(self, node: int) -> None:
        """End a node in order, as an administrator would: it hands over what it leads first."""
        self._end_one(node, signal.SIGTERM)

    def pause(self, node: int) -> None:
        """Freeze a node: it keeps its connections and says nothing."""
        self._wanted.discard(node)
        self._nodes[node - 1].signal(signal.SIGSTOP)

    def resume(self, node: int) -> None:
        """Let a frozen node go on."""
        self._nodes[node - 1].signal(signal.SIGCONT)
        if node in self.alive:
            self._wanted.add(node)

    def restart(self, node: int, *, wait: bool = True) -> None:
        """End a node in order if it runs, start it again, and wait until it serves with all others that run."""
        self.halt(node)
        self._wanted.add(node)
        self._in_nursery(self._nodes[node - 1].start)
        if wait:
            self.wait_ready()

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until every node that should run serves and knows the others; CannotRun if one has ended."""
        self._in_nursery(lambda: asyncio.run(self._ready(seconds)))

    async def _ready(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not await self._serves():
                    for number in self._wanted - set(self.alive):
                        raise self._nodes[number - 1].why()
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise CannotRun(f"Kafka does not serve after {seconds:.0f} s: see the logs in {self._folder}.") from None

    async def _serves(self) -> bool:
        for number in sorted(self._wanted):
            one = f"{HOST}:{self._started().ports[number - 1].client}"
            if not await _knows(replace(self.access(), bootstrap=one), self._wanted):
                return False
        return True

    def _prepare(self) -> None:
        jvm = self._jvm or jars.jvm(_train)
        self._nursery = ThreadPoolExecutor(1, thread_name_prefix="kafka-nursery")
        self._doors = [_door() for _ in range(2 * self._count)]
        numbers = [door.getsockname()[1] for door in self._doors]
        ports = [Ports(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
        self._nodes = [Node(n, self._folder / f"node-{n}", jvm) for n in range(1, self._count + 1)]
        make_folder(self._folder)
        self._cluster = Cluster(ports, self._passwords() if self._sasl else None, self._tls)
        with ThreadPoolExecutor(self._count) as hands:
            for done in [hands.submit(node.configure, self._cluster) for node in self._nodes]:
                done.result()

    def _passwords(self) -> dict[str, str]:
        """The super users' passwords, drawn once a folder: formatting wrote them into the cluster."""
        path = self._folder / "passwords.json"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(json.dumps({name: os.urandom(16).hex() for name in (BROKER, ADMIN)}))
        found: dict[str, str] = json.loads(path.read_text())
        return found

    def _begin(self) -> None:
        for node in self._nodes:
            node.start()
            self._wanted.add(node.number)

    def _end_one(self, number: int, how: signal.Signals) -> None:
        self._wanted.discard(number)
        self._nodes[number - 1].signal(how)
        self._nodes[number - 1].end(STOP_SECONDS)

    def _end(self, how: signal.Signals, seconds: float) -> None:
        self._wanted.clear()
        for node in self._nodes:
            node.signal(how)
        for node in self._nodes:
            node.end(seconds)
        for door in self._doors:
            door.close()
        if self._nursery is not None:
            self._nursery.shutdown()
        self._cluster, self._nodes, self._doors, self._nursery = None, [], [], None

    def _started(self) -> Cluster:
        if self._cluster is None:
            raise CannotRun("This Kafka is not started: call start() first.")
        return self._cluster

    def _in_nursery(self, work: Callable[[], Result]) -> Result:
        self._started()
        if self._nursery is None:
            raise CannotRun("This Kafka is not started: call start() first.")
        return self._nursery.submit(work).result()


def _train(jvm: Jvm) -> None:
    with tempfile.TemporaryDirectory(prefix="wijkspoor-kafka-") as folder:
        kafka = LocalKafka(Path(folder), jvm=jvm)
        kafka.start()
        # Java writes the classes down when it ends.
        kafka.stop(TRAIN_SECONDS)


def _door() -> socket.socket:
    """A free port, kept from everybody else for as long as the socket is open.

    It is bound and never listens, so the broker alone may share it, now and after each restart; and no client's own
    port can fall on it while the broker is down.
    """
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.bind((HOST, 0))
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return door


async def _knows(access: KafkaAccess, nodes: Set[int]) -> bool:
    """Whether the one broker at this address serves, and names all these nodes."""
    try:
        host, port = access.bootstrap.split(":")
        # A first knock, because the client complains aloud of a door that is not open yet.
        _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
        await writer.wait_closed()
        client = AIOKafkaClient(**access.client())
        try:
            await client.bootstrap()
            return {one.nodeId for one in client.cluster.brokers()} >= nodes
        finally:
            await client.close()
    except (OSError, KafkaError):
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a cluster in the foreground until Ctrl-C; 3 when it cannot run."""
    parser = argparse.ArgumentParser(prog="python -m deploy.kafka.local", description="Kafka on this machine alone.")
    parser.add_argument("--nodes", type=int, choices=(1, 3), default=1)
    parser.add_argument("--sasl", action="store_true", help="log-in by SCRAM; prints the administrator's password")
    parser.add_argument("--folder", type=Path, help="kept afterwards; otherwise a throw-away one")
    asked = parser.parse_args(arguments)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        stack.callback(signal.signal, signal.SIGTERM, before)
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wijkspoor-kafka-")))
        try:
            kafka = stack.enter_context(LocalKafka(folder, asked.nodes, sasl=asked.sasl))
        except CannotRun as error:
            print(error, file=sys.stderr)
            return 3
        except KeyboardInterrupt:
            print("Stopped before it served.", file=sys.stderr)
            return 3
        print(f"Kafka serves on {kafka.bootstrap}", flush=True)
        if asked.sasl:
            print(f"The administrator is {ADMIN}, password {kafka.access().password}", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
