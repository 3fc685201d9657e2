"""Serving the application on this machine alone, until somebody asks it to stop."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from events.failures import CannotRun

HOST = "127.0.0.1"
GRACE_SECONDS = 10
KEPT_SECONDS = 75
"""Longer than clients and proxies keep a connection that is not used: if we closed it first, as uvicorn does after five
seconds like many a client, a request that is just on its way would be lost."""


class PortTaken(CannotRun):
    """Another program listens on the port."""


def bind(port: int, host: str = HOST) -> socket.socket:
    """A listening socket on this machine alone, or where `host` says (port 0: any free one).

    PortTaken or CannotRun when there is none to be had.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by every connection: an answer in two writes would wait 40 ms for the client's acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"Port {port} is taken: stop what listens there, or choose another with --port.") from error
        raise CannotRun(f"Port {port} cannot be opened ({error.strerror}): choose another with --port.") from error
    return listening


def address(listening: socket.socket) -> str:
    """Where the socket can be reached."""
    return f"http://{HOST}:{listening.getsockname()[1]}"


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again at the end, and what is open would not be closed."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Nothing to capture."""
        yield


def spare_the_collector() -> None:
    """What is loaded by now stays: looking through all of it for cycles, again and again, would keep an answer waiting
    for a tenth of a second."""
    gc.collect()
    gc.freeze()


async def serve(app: FastAPI, listening: socket.socket, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGINT or SIGTERM; answers in hand are finished first. `ready` is called once it answers."""
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # Asked twice, it waits no longer for answers in hand.
        server.force_exit = server.should_exit
        server.should_exit = True
        # Answers that wait for events would be waited for in turn.
        app.state.streams.close()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    spare_the_collector()
    try:
        ready()
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            # A socket that is closed under a server that still watches it would confuse the next one.
            server.should_exit = True
            app.state.streams.close()
            await serving
            raise
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
