"""What the figures stand on: a folder, the program's own database server in it, and how fast this disk answers."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.store import PostgresStore
from tests.bench.measuring import percentile


@dataclass(frozen=True, slots=True)
class Ground:
    """A running server, and a folder for whatever else needs the same disk."""

    folder: Path
    server: EmbeddedPostgres

    def dsn(self, database: str) -> str:
        """The owner's address of a database on the server."""
        return self.server.dsn(database=database)

    @asynccontextmanager
    async def store(self, name: str) -> AsyncIterator[PostgresStore]:
        """An empty store in a database of its own, dropped at the end."""
        migrate(self.dsn(name))
        store = await PostgresStore.open(self.dsn(name))
        try:
            yield store
        finally:
            await store.close()
            await self.drop(name)

    async def create(self, name: str) -> None:
        """An empty database."""
        await self._say(f"CREATE DATABASE {name}")

    async def drop(self, name: str) -> None:
        """Its end."""
        await self._say(f"DROP DATABASE {name} WITH (FORCE)")

    async def _say(self, command: str) -> None:
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            await connection.execute(command)
        finally:
            await connection.close()


@contextmanager
def ground() -> Iterator[Ground]:
    """A server as the program starts it, with the program's settings, on a folder that goes away with it."""
    with tempfile.TemporaryDirectory(prefix="wijkspoor-bench-") as name:
        folder = Path(name)
        with EmbeddedPostgres(folder / "data") as server:
            yield Ground(folder, server)


def machine(folder: Path) -> dict[str, object]:
    """Where the figures were taken: what a reader needs to judge them."""
    p50, p99 = _flush(folder)
    return {
        "cores": os.cpu_count(),
        "memoryMiB": psutil.virtual_memory().total // 2**20,
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "flushP50Ms": round(p50, 2),
        "flushP99Ms": round(p99, 2),
    }


def _flush(folder: Path, times: int = 300) -> tuple[float, float]:
    """How long the disk takes to make 8 KiB durable: the floor under every commit, ours and our peers'."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        os.write(file.fileno(), bytes(8_192 * times))
        os.fsync(file.fileno())
        # As a log is written: over blocks that the file already has.
        for number in range(times):
            os.pwrite(file.fileno(), b"\x01" * 8_192, number * 8_192)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - start) * 1_000)
    return percentile(taken, 0.5), percentile(taken, 0.99)
