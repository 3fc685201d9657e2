"""A subscriber's web server on 127.0.0.1, on real sockets: it remembers what came and answers as it is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

import httptools
import msgspec

ORIGIN = "wijkspoor.test"


@dataclass
class Heard:
    """One request that arrived whole."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def sequence(self) -> int:
        """Which event it brings."""
        return int(msgspec.json.decode(self.body)["sequence"])


@dataclass
class Reply:
    """What is answered, once `wait` is over; with status 0 the receiver hangs up instead."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait: Callable[[], Awaitable[object]] | None = None


AGREES = Reply(200, {"WebHook-Allowed-Origin": ORIGIN, "WebHook-Allowed-Rate": "*", "Allow": "POST"})

Answer: TypeAlias = Callable[[Heard], Reply]


def plain(heard: Heard) -> Reply:
    """Agrees to everything and takes everything."""
    return AGREES if heard.method == "OPTIONS" else Reply()


@dataclass
class Receiver:
    """The server; `answer` may be changed while it runs."""

    answer: Answer = plain
    heard: list[Heard] = field(default_factory=list)
    port: int = 0
    secure: bool = False
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self.secure else 'http'}://127.0.0.1:{self.port}/haak?x=1"

    @property
    def events(self) -> list[Heard]:
        """The deliveries so far."""
        return [one for one in self.heard if one.method == "POST"]

    @property
    def sequences(self) -> list[int]:
        """Which events came, in order of arrival."""
        return [one.sequence for one in self.events]

    async def until(self, met: Callable[[Receiver], object], seconds: float = 10) -> None:
        """Wait until what came meets this."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(lambda: met(self))

    async def came(self, count: int, seconds: float = 10) -> list[int]:
        """Wait for so many deliveries; their sequences."""
        await self.until(lambda _: len(self.events) >= count, seconds)
        return self.sequences

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        request = _Request()
        parser = httptools.HttpRequestParser(request)
        try:
            while data := await reader.read(65536):
                parser.feed_data(data)
                if request.whole is None:
                    continue
                heard, request.whole = request.whole, None
                async with self._came:
                    self.heard.append(heard)
                    reply = self.answer(heard)
                    self._came.notify_all()
                if reply.wait is not None:
                    await reply.wait()
                if not reply.status:
                    return
                writer.write(_bytes(reply))
                await writer.drain()
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass  # the caller hung up, or the test is over
        finally:
            writer.close()


class _Request:
    """Collects what the parser finds."""

    def __init__(self) -> None:
        self._headers: dict[str, str] = {}
        self._target, self._body = b"", b""
        self.whole: Heard | None = None

    def on_message_begin(self) -> None:
        """A request begins."""
        self._headers, self._target, self._body = {}, b"", b""

    def on_url(self, url: bytes) -> None:
        """Its target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._body += body

    def on_message_complete(self) -> None:
        """It is whole; its method is told by what it carries."""
        method = "POST" if "webhook-id" in self._headers else "OPTIONS"
        self.whole = Heard(method, self._target.decode(), self._headers, self._body)


def _bytes(reply: Reply) -> bytes:
    headers = {"Content-Length": str(len(reply.body)), **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + reply.body


@asynccontextmanager
async def receiver(answer: Answer = plain, trust: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver that listens; everything is closed at the end."""
    made = Receiver(answer, secure=trust is not None)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await made.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=trust)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
