"""One request to a receiver, bounded in every way: where it goes, how long it takes, how much comes back.

The name is resolved here and the connection is made to the very address that was looked at, so a name that answers
differently the second time gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import httpcore2
from httpx2 import URL

from services.logging import scrub
from services.webhooks.addresses import Network, public, within

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
EXCERPT_BYTES = 1024
RESOLVERS = 32
"""Threads that ask for names: a name server that does not answer holds one each."""

_AGENT = "wijkspoor-webhooks/1"


class AddressRefused(Exception):
    """The name leads only to addresses to which nothing is delivered."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; `status` is None when nothing did, and `error` says why. Names of headers are lower case.

    `forbidden`: nothing was sent, because of where it would have gone.
    """

    status: int | None = None
    error: str | None = None
    forbidden: bool = False
    millis: int = 0
    excerpt: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Calls(Protocol):
    """Makes requests to receivers."""

    async def call(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answered:
        """One request; whatever goes wrong on the way is in the answer."""

    async def close(self) -> None:
        """Close what is open; a later call opens it again."""


class Guarded(httpcore2.AsyncNetworkBackend):
    """Connects to an address only after looking at it. `anywhere`: to public ones too, not to `allowed` alone."""

    def __init__(
        self, threads: Callable[[], ThreadPoolExecutor], allowed: Sequence[Network], *, anywhere: bool
    ) -> None:
        self._threads = threads
        self._allowed = allowed
        self._anywhere = anywhere
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """As httpcore says; AddressRefused when no address of this name may be spoken to."""
        usable = [one for one in await self._resolved(host, port) if self._may(one)]
        if not usable:
            raise AddressRefused("the name leads to no address to which webhooks are delivered")
        for address in usable[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue  # the name has another address
        return await self._inner.connect_tcp(usable[-1], port, timeout, local_address, socket_options)

    async def _resolved(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads(), _look_up, host, port)
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore2.ConnectError("the name is not known") from error
        return list(dict.fromkeys(found))

    def _may(self, address: str) -> bool:
        return within(address, self._allowed) or (self._anywhere and public(address))


def _look_up(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Caller:
    """Calls over the network. Without TLS it speaks to `allowed` networks alone."""

    def __init__(
        self, allowed: Sequence[Network] = (), *, trust: ssl.SSLContext | None = None, seconds: float = WHOLE_SECONDS
    ) -> None:
        self._seconds = seconds
        self._names: ThreadPoolExecutor | None = None
        self._pools = {
            "https": httpcore2.AsyncConnectionPool(
                ssl_context=trust or ssl.create_default_context(),
                network_backend=Guarded(self._threads, allowed, anywhere=True),
                max_connections=None,
                keepalive_expiry=30,
            ),
            "http": httpcore2.AsyncConnectionPool(
                network_backend=Guarded(self._threads, allowed, anywhere=False),
                max_connections=None,
                keepalive_expiry=30,
            ),
        }

    def _threads(self) -> ThreadPoolExecutor:
        if self._names is None:
            self._names = ThreadPoolExecutor(RESOLVERS, "webhook-names")
        return self._names

    async def close(self) -> None:
        """As the port says."""
        for pool in self._pools.values():
            await pool.aclose()
        names, self._names = self._names, None
        if names is not None:
            # A thread may still wait for a name server: the program need not wait for it.
            names.shutdown(wait=False, cancel_futures=True)

    async def call(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answered:
        """As the port says."""
        begun = time.perf_counter()  # noqa: TID251 -- how long a receiver takes is measured here alone
        try:
            async with asyncio.timeout(self._seconds):
                answered = await self._exchange(method, URL(url), headers, body)
        except (TimeoutError, httpcore2.TimeoutException):
            answered = Answered(error=f"no answer within {self._seconds:g} s")
        except AddressRefused as refused:
            answered = Answered(error=str(refused), forbidden=True)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as broken:
            answered = Answered(error=scrub(f"{type(broken).__name__}: {broken}")[:200])
        millis = round((time.perf_counter() - begun) * 1000)  # noqa: TID251 -- as above
        return replace(answered, millis=millis)

    async def _exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes) -> Answered:
        own = {"Host": url.netloc.decode("ascii"), "User-Agent": _AGENT, "Accept-Encoding": "identity"}
        sent = [(name.encode(), value.encode()) for name, value in {**own, **headers}.items()]
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        limits = {"timeout": {"connect": CONNECT_SECONDS, "read": self._seconds, "write": self._seconds}}
        excerpt = b""
        async with self._pools[url.scheme].stream(
            method, target, headers=sent, content=body, extensions=limits
        ) as response:
            async for chunk in response.aiter_stream():
                excerpt += chunk
                if len(excerpt) >= EXCERPT_BYTES:
                    break  # the rest is not read: the connection ends with it
        heard = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Answered(response.status, excerpt=_printable(excerpt[:EXCERPT_BYTES]), headers=heard)


def _printable(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return scrub("".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text))
