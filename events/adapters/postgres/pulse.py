"""How far the log has come, as far as this process knows: told by its own writer, by NOTIFY, and by asking.

A notification can be lost with its connection; asking once a second is the safety net.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from events.adapters.postgres.connect import DRIVER_ERRORS, ROLE, connect
from events.adapters.sql import statement
from events.store import StoreUnavailable

if TYPE_CHECKING:
    from asyncpg import Connection, Record

CHANNEL = "wijkspoor_log"


class Pulse:
    """`position` is the last known end of the log; `reached` waits for it to grow."""

    def __init__(self, dsn: str, every_seconds: float = 1.0, role: str = ROLE) -> None:
        self._dsn = dsn
        self._role = role
        self._every = every_seconds
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.position = 0

    def told(self, position: int) -> None:
        """The log is known to reach this position."""
        if position > self.position:
            self.position = position
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()

    async def reached(self, position: int, timeout: float) -> bool:
        """Wait until the log is known to reach the position; False after `timeout` seconds."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="store pulse")
        try:
            async with asyncio.timeout(timeout):
                while self.position < position:
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            with suppress(StoreUnavailable, *DRIVER_ERRORS):
                await self._listen(await connect(self._dsn, self._role))
            await asyncio.sleep(self._every / 4)

    async def _listen(self, connection: Connection[Record]) -> None:
        try:
            await connection.add_listener(CHANNEL, lambda *heard: self.told(int(heard[-1])))
            while True:
                self.told(await connection.fetchval(statement("head_position")))
                await asyncio.sleep(self._every)
        finally:
            connection.terminate()
