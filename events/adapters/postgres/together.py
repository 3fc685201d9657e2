"""Group reading: what many callers ask singly is asked of the database as one question.

While one question is under way, those that come meanwhile are gathered for the next, as group commit does for writing.
Who asks alone waits for nobody; who asks among thirty costs a fraction of a round trip.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST = 64
"""Keys a question: so many long streams still fit into memory."""


class Together(Generic[K, V]):
    """Asks for many keys at once. `ask` answers with what there is of them.

    A key is never answered by a question that was under way before somebody asked: what was recorded by then is seen.
    """

    def __init__(self, ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._ask = ask
        self._waiting: dict[K, list[asyncio.Future[V | None]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V | None:
        """What there is for the key, or None; raises what the question raised."""
        future: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(future)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="group reading")
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                keys = list(islice(self._waiting, MOST))
                await self._answer({key: self._waiting.pop(key) for key in keys})
        finally:
            self._task = None

    async def _answer(self, asked: Mapping[K, list[asyncio.Future[V | None]]]) -> None:
        found: Mapping[K, V] = {}
        failed: Exception | None = None
        try:
            found = await self._ask(list(asked))
        except Exception as error:  # noqa: BLE001 -- the boundary of the task: whatever it is, the callers must hear it
            failed = error
        for key, futures in asked.items():
            for future in futures:
                if future.done():  # its caller has been cancelled
                    continue
                if failed is not None:
                    future.set_exception(failed)
                else:
                    future.set_result(found.get(key))
