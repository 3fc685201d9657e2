"""Holding a lease for as long as one is active, and knowing at every step whether one still does."""

from __future__ import annotations

import asyncio

from events.consumer import Fenced
from events.lease import Leases
from events.store import StoreUnavailable

PART = 3
"""A lease is renewed when a third of it has passed."""


class Tenure:
    """One holder's time under a lease, measured with a clock of its own that begins before the keeper's does."""

    def __init__(self, leases: Leases, name: str, holder: str, seconds: float) -> None:
        self._leases = leases
        self._name = name
        self._holder = holder
        self._seconds = seconds
        self._until = 0.0
        self.token = 0

    async def begin(self) -> bool:
        """Take the lease; False while another holds it."""
        self.token = 0
        return await self._take()

    async def assure(self) -> None:
        """Return only while the lease is ours; Fenced when another has it. Asks again when its time is over."""
        if asyncio.get_running_loop().time() >= self._until and not await self._take():
            raise Fenced(f"{self._name}: another instance has taken over")

    async def keep(self) -> None:
        """Renew for ever; Fenced when another has taken over. While the keeper cannot be reached, time runs on."""
        while True:
            await asyncio.sleep(self._seconds / PART)
            try:
                kept = await self._take()
            except StoreUnavailable:
                continue
            if not kept:
                raise Fenced(f"{self._name}: another instance has taken over")

    async def end(self) -> None:
        """Give the lease up."""
        self._until = 0.0
        await self._leases.release(self._name, self._holder)

    async def _take(self) -> bool:
        asked = asyncio.get_running_loop().time()
        token = await self._leases.take(self._name, self._holder, self._seconds)
        if token is None or self.token not in {0, token}:
            return False
        self.token, self._until = token, asked + self._seconds
        return True
