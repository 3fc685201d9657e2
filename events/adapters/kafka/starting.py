"""Starting a client that may be given up meanwhile: a connection that is half made is nobody's to close."""

from __future__ import annotations

import asyncio
from typing import Protocol

PATIENCE_SECONDS = 5.0


class Starts(Protocol):
    """Any client."""

    async def start(self) -> None:
        """Connect."""


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
