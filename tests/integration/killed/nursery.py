"""Lives by the dozen: a process that has imported everything forks one for every order."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from events.adapters.embedded import EmbeddedPostgres
from tests.conftest import fresh_database
from tests.integration.killed.ending import Ended, acknowledged, assert_nothing_lost, ending
from tests.integration.killed.program import Order

ROOT = Path(__file__).parents[3]


class Nursery:
    """One such process; it lives one order at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def live(self, order: Order) -> int:
        """The exit code of a life: minus the signal's number for one that was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """A nursery, ended with its context."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.killed.program",
        "nursery",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Nursery(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


@asynccontextmanager
async def nurseries(count: int) -> AsyncIterator[list[Nursery]]:
    """So many of them, side by side."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(nursery()) for _ in range(count)]


class Told(msgspec.Struct):
    """A play through several lives: the deaths that came, the one that did not, how it ended, what was crossed."""

    died: list[tuple[str, int]]
    missed: tuple[str, int] | None
    ended: Ended
    crossed: dict[str, int]
    acknowledged: int


async def lives(
    server: EmbeddedPostgres, where: Nursery, deaths: Sequence[tuple[str, int]], until: str | None = None
) -> Told:
    """One play on a fresh database, killed and started again, until a life reaches the end.

    After every death, what was acknowledged is looked up before anybody can repeat it.
    """
    died: list[tuple[str, int]] = []
    async with fresh_database(server) as dsn:
        with tempfile.TemporaryDirectory(prefix="wijkspoor-killed-") as name:
            folder = Path(name)
            for death in (*deaths, ("", 0)):
                code = await where.live(Order(str(folder), dsn, *death, until))
                await assert_nothing_lost(dsn, acknowledged(folder))
                if code == 0:
                    break
                assert code == -signal.SIGKILL, f"after {death} it ended with {code}"
                died.append(death)
            else:
                raise AssertionError("it was never left in peace")
            return Told(
                died=died,
                missed=death if death[1] else None,
                ended=await ending(dsn, folder / "keys"),
                crossed=msgspec.json.decode((folder / "crossed").read_bytes(), type=dict[str, int]),
                acknowledged=len(acknowledged(folder)),
            )
