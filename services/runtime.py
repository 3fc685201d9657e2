"""The running program: everything that HTTP, the command line and a play need, put together by `services.bootstrap`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from events.parking import Stuck
from events.proof.signing import Signer
from events.store import EventStore
from events.times import Instant
from events.vault import Vault
from services.auth import LocalIssuer
from services.clock import Clock
from services.deciding import Service
from services.handle import Handler
from services.house import LogInfo
from services.supervisor import Supervisor
from services.web.ports import RouterFactory


@dataclass(frozen=True)
class Process:
    """One process of the program on one log, as far as its health goes: `services.web.ports.Observed`."""

    log_info: LogInfo
    store: EventStore
    clock: Clock
    supervisor: Supervisor

    @property
    def failures(self) -> Mapping[str, str]:
        """The consumers that have stopped for good, and why."""
        return self.supervisor.failures

    @property
    def parked(self) -> Sequence[Stuck]:
        """The streams on which consumers stand still."""
        return self.supervisor.parked

    @property
    def alarms(self) -> Mapping[str, str]:
        """What is tried again and again without going on, and why."""
        return self.supervisor.alarms

    def lag(self) -> Mapping[str, int]:
        """How far each consumer has come, as positions."""
        return self.supervisor.positions()

    def behind(self, head: int) -> Mapping[str, int]:
        """How much each consumer has still to do, in events."""
        return self.supervisor.behind(head)


@dataclass(frozen=True)
class Runtime(Process):
    """One that takes commands or shows views. `services.web.ports.Runtime` is the part that HTTP sees.

    `checkpoint` gives the latest one as a signed note, where this process holds the log's key.
    """

    services: Mapping[str, Service]
    vault: Vault
    signers: Mapping[str, Signer]
    handler: Handler
    issuer: LocalIssuer
    routers: Sequence[RouterFactory]
    checkpoint: Callable[[], Awaitable[str]] | None

    async def settled(self) -> int:
        """Wait until every consumer has reached the head and nothing new followed."""
        return await self.supervisor.settled()

    async def advance(self, to: Instant) -> None:
        """Move the story's clock, firing every deadline on the way."""
        await self.supervisor.advance(to)

    async def advance_clock(self, to: Instant) -> None:
        """The same, by the name that HTTP uses."""
        await self.supervisor.advance(to)
