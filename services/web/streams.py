"""Answers that last: how many there may be, how they end with the server, and how a slow reader is kept from costing
memory.

Nothing is read ahead: the next page is fetched when the one before has been handed to the connection, which takes it
only as fast as the reader does. Who takes nothing for a minute is let go, and comes back with Last-Event-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import aclosing, contextmanager, suppress
from typing import Any

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from services.problems import TOO_MANY, Problem
from services.web.replies import RETRY_SECONDS

MOST_AT_ONCE = 500
PATIENCE_SECONDS = 60.0
FAREWELL_SECONDS = 2.0
"""How long an answer has to end itself when the server stops."""

EVENT_STREAM = "text/event-stream"

_TOO_MANY = ("Er luisteren al te veel lezers; probeer zo weer.", "Too many readers are listening; try again shortly.")


class Streams:
    """The answers of one application that wait for events: long polls and event streams."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._closing = asyncio.Event()
        self.open = 0

    def close(self) -> None:
        """The server stops: whoever waits hears it now, and ends."""
        self._closing.set()

    @property
    def closing(self) -> bool:
        """Whether the server stops."""
        return self._closing.is_set()

    @contextmanager
    def enter(self) -> Iterator[None]:
        """A place for one answer; a 429 problem when there is none."""
        if self.open >= self._most:
            raise Problem(TOO_MANY, detail=_TOO_MANY, headers={"Retry-After": str(RETRY_SECONDS)})
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    async def wait(self, event: Coroutine[Any, Any, bool]) -> bool:
        """Wait for an event; False when the server stops first."""
        waiting = asyncio.ensure_future(event)
        closing = asyncio.ensure_future(self.closed())
        try:
            await asyncio.wait((waiting, closing), return_when=asyncio.FIRST_COMPLETED)
            return waiting.done() and waiting.result()
        finally:
            await _end(waiting, closing)

    async def closed(self) -> None:
        """Wait until the server stops."""
        await self._closing.wait()


class EventStream(Response):
    """Server-sent events, one chunk at a time, until they end, the reader leaves or takes nothing any more."""

    def __init__(
        self, chunks: AsyncGenerator[bytes, None], streams: Streams, patience: float = PATIENCE_SECONDS
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}, media_type=EVENT_STREAM)
        del self.headers["content-length"]
        self._chunks = chunks
        self._streams = streams
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until one of the ends comes."""
        with self._streams.enter():
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            gone = asyncio.ensure_future(_gone(receive))
            sending = asyncio.ensure_future(self._send(send))
            closing = asyncio.ensure_future(self._streams.closed())
            try:
                await asyncio.wait((gone, sending, closing), return_when=asyncio.FIRST_COMPLETED)
                if not gone.done():
                    await asyncio.wait((gone, sending), timeout=FAREWELL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    sending.result()
            finally:
                await _end(gone, sending, closing)

    async def _send(self, send: Send) -> None:
        with suppress(TimeoutError):
            async with aclosing(self._chunks) as chunks:
                async for chunk in chunks:
                    async with asyncio.timeout(self._patience):
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    # The server takes everything at once for a reader who has left: a turn for whoever notices that.
                    await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel what still runs, and wait until it has ended."""
    for one in tasks:
        one.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
