"""One of several at work: who holds the lease runs, the others stand by and take over within seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from events.beside import beside
from events.consumer import Fenced
from events.lease import Leases
from events.store import StoreUnavailable
from events.tenure import Tenure
from services.supervisor import Runs

log = structlog.get_logger()

LEASE_SECONDS = 5.0
LOOKS = 5
"""How often a standby looks while a lease lasts."""


class Leased:
    """Runs something under a lease (`services.supervisor.Runs`).

    The lease keeps two from doing the same work; that the work of one who was frozen and woke up changes nothing is
    the place's task, which fences it.
    """

    def __init__(self, inner: Runs, leases: Leases, holder: str, seconds: float = LEASE_SECONDS) -> None:
        self._inner = inner
        self._tenure = Tenure(leases, f"run:{inner.name}", holder, seconds)
        self._look = seconds / LOOKS
        self.active = False

    @property
    def name(self) -> str:
        """The name of what runs."""
        return self._inner.name

    @property
    def position(self) -> int:
        """How far it has come while it runs here; below 0 while it stands by."""
        return self._inner.position if self.active else -1

    @property
    def alarms(self) -> Mapping[str, str]:
        """What it waits for while it runs here."""
        return self._inner.alarms if self.active else {}

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
                while not await self._tenure.begin():  # noqa: ASYNC110 -- the lease ends in the database, which tells nobody
                    await asyncio.sleep(self._look)
                self.active = True
                log.info("runs here now", consumer=self.name)
                try:
                    await beside(self._inner.run(), self._tenure.keep())
                except Fenced:
                    log.warning("another instance has taken over", consumer=self.name)
                    await asyncio.sleep(self._look)
                finally:
                    self.active = False
        finally:
            with suppress(StoreUnavailable):
                await self._tenure.end()
