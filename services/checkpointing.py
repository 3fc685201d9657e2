"""Signs the log's head again and again, asked or not: a log that cannot be signed must be seen at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

EVERY_SECONDS = 30.0
"""Half of what lies between two checkpoints at most (guarantees: 60 s)."""


class Checkpointing:
    """Keeps a checkpoint fresh (`services.supervisor.Runs`); its position is the last event under a signed head.

    `latest` signs one; what it raises is raised: a hole in the log ends this, and turns health to DOWN.
    """

    name = "checkpoint"

    def __init__(self, latest: Callable[[], Awaitable[str]], every: float = EVERY_SECONDS) -> None:
        self._latest = latest
        self._every = every
        self._signed_at: float | None = None
        self.position = -1

    @property
    def alarms(self) -> Mapping[str, str]:
        """None: what it cannot do, it raises."""
        return {}

    def figures(self) -> Mapping[str, float]:
        """For Prometheus: how old the latest is, once there is one."""
        if self._signed_at is None:
            return {}
        return {"wijkspoor_checkpoint_age_seconds": asyncio.get_running_loop().time() - self._signed_at}

    async def run(self) -> None:
        """Sign now and then, for ever."""
        while True:
            # The second line of the note: how many events the head covers (C2SP signed note).
            self.position = int((await self._latest()).split("\n")[1])
            self._signed_at = asyncio.get_running_loop().time()
            await asyncio.sleep(self._every)

    def behind(self, head: int) -> int:
        """Nothing: the log it signs is the one of the moment, whatever its `head`."""
        return 0

    async def reached(self, position: int) -> None:
        """Nobody waits for it."""
