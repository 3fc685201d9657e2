"""Group commit: one task a process writes what all callers want written, many requests in one transaction.

The database decides; here is only who is asked together, and what is done when the asking fails.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from events.adapters.postgres import batch
from events.adapters.postgres.connect import DRIVER_ERRORS, ROLE, connect, in_words, lost
from events.adapters.postgres.rows import command_record
from events.adapters.sql import statement
from events.store import AppendRequest, Duplicate, Outcome, StoreUnavailable

if TYPE_CHECKING:
    from asyncpg import Connection, Record
    from asyncpg.prepared_stmt import PreparedStatement

LARGEST_BATCH = 256
LARGEST_BATCH_BYTES = 8 * 1024 * 1024

Answer: TypeAlias = Outcome | Exception


class Writer:
    """The one way from this process into the log. `clock` replaces the database's clock (a demo log); `role` is the
    one whose rights it takes."""

    def __init__(
        self, dsn: str, clock: Callable[[], datetime] | None, written: Callable[[int], None], role: str = ROLE
    ) -> None:
        self._dsn = dsn
        self._role = role
        self._clock = clock
        self._written = written
        self._queue: deque[tuple[AppendRequest, asyncio.Future[Outcome]]] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._connection: Connection[Record] | None = None
        self._statements: dict[str, PreparedStatement[Record]] = {}

    def submit(self, request: AppendRequest) -> asyncio.Future[Outcome]:
        """Put a request in the queue; the future has its outcome once that is durable."""
        batch.check(request)
        if self._closing:
            raise StoreUnavailable("the store is closing")
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="store writer")
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queue.append((request, future))
        self._wake.set()
        return future

    async def close(self) -> None:
        """Write what is queued, then end."""
        if self._task is not None:
            task, self._task = self._task, None
            self._closing = True
            self._wake.set()
            await task
        if self._connection is not None:
            await self._connection.close(timeout=5)
            self._connection = None

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._serve(self._take())
            if self._closing:
                return

    def _take(self) -> list[tuple[AppendRequest, asyncio.Future[Outcome]]]:
        taken: list[tuple[AppendRequest, asyncio.Future[Outcome]]] = []
        size = 0
        while self._queue and len(taken) < LARGEST_BATCH and size < LARGEST_BATCH_BYTES:
            taken.append(self._queue.popleft())
            size += sum(len(event.body) for event in taken[-1][0].events)
        return taken

    async def _serve(self, taken: Sequence[tuple[AppendRequest, asyncio.Future[Outcome]]]) -> None:
        answers: Sequence[Answer]
        try:
            answers = await self.write([request for request, _ in taken], self._clock() if self._clock else None)
        except Exception as error:  # noqa: BLE001 -- the boundary of the task: whatever it is, the callers must hear it
            answers = [error] * len(taken)
        for (_, future), answer in zip(taken, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    async def write(self, requests: Sequence[AppendRequest], now: datetime | None) -> list[Answer]:
        """Write a batch; if its transaction fails, each request alone. An answer may be the error to raise."""
        try:
            return list(await self._persist(requests, now))
        except DRIVER_ERRORS as error:
            if lost(error) or len(requests) == 1:
                return [in_words(error)] * len(requests)
        answers: list[Answer] = []
        for request in requests:
            answers += await self.write([request], now)
        return answers

    async def _persist(self, requests: Sequence[AppendRequest], now: datetime | None) -> list[Outcome]:
        try:
            return await self._ask(requests, now)
        except DRIVER_ERRORS as error:
            if not lost(error):
                raise
            # The server may have gone while we were idle. Asking again is safe: a command that was written after
            # all answers as a duplicate.
            await self._drop()
        try:
            return await self._ask(requests, now)
        except DRIVER_ERRORS as error:
            if lost(error):
                await self._drop()
            raise

    async def _ask(self, requests: Sequence[AppendRequest], now: datetime | None) -> list[Outcome]:
        if batch.is_plain(requests):
            prepared = await self._prepared("append_plain")
            base = await prepared.fetchval(*batch.plain(requests, now))
            if base is not None:
                found = batch.all_appended(requests, base)
                self._written(base + sum(len(one.events) for one in requests))
                return found
        prepared = await self._prepared("append_judged")
        row: Any = await prepared.fetchrow(*batch.judged(requests, now))
        self._written(row["base"] + sum(len(r.events) for r, c in zip(requests, row["code"], strict=True) if c == "ok"))
        judged = batch.outcomes(requests, row["base"], row["code"], row["detail"], row["version"])
        return [
            outcome if outcome is not None else await self._first_answer(request)
            for request, outcome in zip(requests, judged, strict=True)
        ]

    async def _first_answer(self, request: AppendRequest) -> Duplicate:
        prepared = await self._prepared("find_commands")
        return Duplicate(command_record(await prepared.fetchrow([request.command_id])))

    async def _prepared(self, name: str) -> PreparedStatement[Record]:
        if self._connection is None or self._connection.is_closed():
            self._statements.clear()
            self._connection = await connect(self._dsn, self._role)
        if name not in self._statements:
            self._statements[name] = await self._connection.prepare(statement(name))
        return self._statements[name]

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._statements.clear()
        if connection is not None:
            connection.terminate()
