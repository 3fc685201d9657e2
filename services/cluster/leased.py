"""One of several at work: who holds the lease runs, the others stand by and take over within seconds."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from events.consumer import Fenced
from events.lease import Leases
from events.store import StoreUnavailable
from services.supervisor import Runs

log = structlog.get_logger()

LEASE_SECONDS = 5.0
RENEWALS = 5
"""How many times a lease is renewed while it lasts: one lost round trip does not cost it."""


class Leased:
    """Runs something under a lease (`services.supervisor.Runs`).

    The lease keeps two from doing the same work; that the work of one who was frozen and woke up changes nothing is
    the place's task, which fences it.
    """

    def __init__(self, inner: Runs, leases: Leases, holder: str, seconds: float = LEASE_SECONDS) -> None:
        self._inner = inner
        self._leases = leases
        self._lease = f"run:{inner.name}"
        self._holder = holder
        self._seconds = seconds
        self.active = False

    @property
    def name(self) -> str:
        """The name of what runs."""
        return self._inner.name

    @property
    def position(self) -> int:
        """How far it has come while it runs here; below 0 while it stands by."""
        return self._inner.position if self.active else -1

    def behind(self, head: int) -> int:
        """How many events it has not handled; nothing that a standby would be late with."""
        return self._inner.behind(head) if self.active else 0

    async def reached(self, position: int) -> None:
        """Wait until it has handled the position here."""
        await self._inner.reached(position)

    async def run(self) -> None:
        """Stand by, run, and stand by again when another has taken over. Raises what it raises otherwise."""
        try:
            while True:
                while await self._take() is None:  # noqa: ASYNC110 -- the lease ends in the database, which tells nobody
                    await asyncio.sleep(self._seconds / RENEWALS)
                log.info("runs here now", consumer=self.name)
                try:
                    await self._serve()
                except Fenced:
                    log.warning("another instance has taken over", consumer=self.name)
                    await asyncio.sleep(self._seconds / RENEWALS)
        finally:
            self.active = False
            with suppress(StoreUnavailable):
                await self._leases.release(self._lease, self._holder)

    async def _serve(self) -> None:
        self.active = True
        tasks = [asyncio.create_task(self._inner.run()), asyncio.create_task(self._keep())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.active = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self) -> None:
        """Renew until the lease is lost."""
        while True:
            await asyncio.sleep(self._seconds / RENEWALS)
            if await self._take() is None:
                raise Fenced(f"the lease of {self.name} has gone to another instance")

    async def _take(self) -> int | None:
        return await self._leases.take(self._lease, self._holder, self._seconds)
