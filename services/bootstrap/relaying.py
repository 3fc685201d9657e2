"""The relay as a process runs it: publishing, and reading back what was published."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from events.adapters.kafka.relay import Relay
from events.adapters.kafka.verify import TopicVerification

STOP_SECONDS = 10.0
VERIFY_SECONDS = 300.0
"""How often the topics are read on from where the last round stopped."""


class Relaying:
    """The relay and its verification (`services.supervisor.Runs`)."""

    name = "relay"

    def __init__(self, relay: Relay, verification: TopicVerification) -> None:
        self._relay = relay
        self._verification = verification

    @property
    def position(self) -> int:
        """Everything up to it is in Kafka."""
        return self._relay.progress.position

    @property
    def alarms(self) -> Mapping[str, str]:
        """What is tried again and again, and what the topics hold that they should not."""
        told = {"relay": self._relay.alarm, "relay:verification": self._verification.alarm}
        return {name: why for name, why in told.items() if why is not None}

    async def run(self) -> None:
        """Relay; cancelled, it finishes what is under way, so that a standby takes over at once."""
        relaying = asyncio.ensure_future(self._relay.run())
        verifying = asyncio.ensure_future(self._verification.run(VERIFY_SECONDS))
        try:
            done, _ = await asyncio.wait({relaying, verifying}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except asyncio.CancelledError:
            self._relay.stop()
            await asyncio.wait({relaying}, timeout=STOP_SECONDS)
            raise
        finally:
            for task in (relaying, verifying):
                task.cancel()
            await asyncio.gather(relaying, verifying, return_exceptions=True)

    def behind(self, head: int) -> int:
        """How many events are not in Kafka."""
        return max(head - max(self.position, 0), 0)

    async def reached(self, position: int) -> None:
        """Nobody in this process waits for it."""

    async def figures(self) -> Mapping[str, float]:
        """What it tells Prometheus. Who stands by knows nothing of lag."""
        shown = {"wijkspoor_relay_active": float(self._relay.active)}
        if self._relay.active:
            shown["wijkspoor_relay_lag_positions"] = self._relay.progress.lag
            shown["wijkspoor_relay_pending"] = self._relay.progress.pending
        shown["wijkspoor_relay_sent_total"] = self._relay.progress.sent
        shown["wijkspoor_relay_refilled_total"] = self._relay.progress.refilled
        return shown
