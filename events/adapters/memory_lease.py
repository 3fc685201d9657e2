"""The tested twin of the leases, in this process only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class _Lease:
    holder: str | None
    token: int
    expires: datetime


class MemoryLeases:
    """Leases under one clock."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._leases: dict[str, _Lease] = {}

    async def take(self, name: str, holder: str, seconds: float) -> int | None:
        """As the port says."""
        now = self._clock()
        lease = self._leases.setdefault(name, _Lease(None, 0, now))
        if lease.holder != holder:
            if lease.holder is not None and lease.expires > now:
                return None
            lease.holder, lease.token = holder, lease.token + 1
        lease.expires = now + timedelta(seconds=seconds)
        return lease.token

    async def release(self, name: str, holder: str) -> None:
        """As the port says."""
        lease = self._leases.get(name)
        if lease is not None and lease.holder == holder:
            lease.holder = None

    def token(self, name: str) -> int:
        """The token of who holds the lease, or held it last; 0 when it was given up or never taken."""
        lease = self._leases.get(name)
        return lease.token if lease is not None and lease.holder is not None else 0
