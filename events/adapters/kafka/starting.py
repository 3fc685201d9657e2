"""Starting a client that may be given up meanwhile, for a connection that is half made is nobody's to close; and
stopping one that may never say that it has stopped."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

log = structlog.get_logger()

PATIENCE_SECONDS = 5.0
STOP_SECONDS = 15.0


class Starts(Protocol):
    """Any client."""

    async def start(self) -> None:
        """Connect."""


class Stops(Protocol):
    """Any client."""

    async def stop(self) -> None:
        """Leave the group, disconnect."""


async def start(client: Starts) -> None:
    """Start a client. Who is cancelled meanwhile waits a little for the start to end, and stops the client then."""
    starting = asyncio.ensure_future(client.start())
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({starting}, timeout=PATIENCE_SECONDS)
        if not done:
            starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        raise


async def stop(client: Stops) -> None:
    """Stop a client; one that does not come to an end is left behind, and whoever takes its place need not wait."""
    stopping = asyncio.ensure_future(client.stop())
    try:
        done, _ = await asyncio.wait({stopping}, timeout=STOP_SECONDS)
    except asyncio.CancelledError:
        stopping.cancel()
        raise
    if not done:
        stopping.cancel()
        log.warning("a client of Kafka does not stop, and is left behind")
        return
    stopping.result()
