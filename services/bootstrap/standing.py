"""What a role stands on, and what it becomes on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from fastapi import FastAPI

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.vault import PostgresVault
from events.failures import CannotRun
from events.proof.signing import Signer
from services import keys
from services.auth import LocalIssuer, open_issuer, unkept_issuer
from services.clock import Clock, event_id, wall_clock
from services.deciding import Service
from services.handle import Handler
from services.house import LogInfo
from services.oidc import OidcIssuer
from services.parking import Attendant
from services.runtime import Process, Runtime
from services.settings import Settings
from services.supervisor import Runs, Supervisor
from services.web.ports import RouterFactory

Watch: TypeAlias = Callable[[], Coroutine[Any, Any, str | None]]
"""Looks at something now and then, and says what is wrong, or None."""

Opened: TypeAlias = tuple[Process, FastAPI]
"""A process at work, and what it answers over HTTP."""


@dataclass(frozen=True)
class Ground:
    """What a role stands on."""

    settings: Settings
    store: PostgresStore
    clock: Clock
    info: LogInfo
    signers: Mapping[str, Signer]
    provider: OidcIssuer | None
    stack: AsyncExitStack

    @property
    def kafka(self) -> KafkaAccess:
        """The way to Kafka; CannotRun when nobody said where it is."""
        return kafka_access(self.settings)

    @property
    def leases(self) -> PostgresLeases:
        """Who may act where one is enough."""
        return PostgresLeases(self.store.pool)

    def handler(self, services: Mapping[str, Service]) -> Handler:
        """The road in for these services."""
        return Handler(services, self.store, self.vault, self.signers, event_id)

    @property
    def vault(self) -> PostgresVault:
        """The keys of data subjects."""
        return PostgresVault(self.store.pool, keys.secret(self.settings.keys, "vault.master"))

    @property
    def parking(self) -> PostgresParking:
        """The stuck list."""
        return PostgresParking(self.store.pool)

    def process(self, *runs: Runs, attendant: Attendant | None = None, watch: Watch | None = None) -> Process:
        """A process that does just this; no deadline fires here."""
        looks = partial(self.look, watch)
        supervisor = Supervisor(runs, self.store, None, None, self.clock, looks, attendant=attendant)
        return Process(self.info, self.store, self.clock, supervisor)

    async def look(self, watch: Watch | None = None) -> str | None:
        """What others change, for what is shown without a command: the story's clock, the provider's keys. Then what
        this role has to watch. StoreUnavailable when the database is away, or was."""
        await self.store.unbroken()
        await self.clock.refresh()
        if self.provider is not None:
            await self.provider.refresh()
        return await watch() if watch is not None else None


def kafka_access(settings: Settings) -> KafkaAccess:
    """How these settings enter Kafka; CannotRun when they do not say where it is."""
    if settings.kafka is None:
        raise CannotRun("Nobody said where Kafka is: set WIJKSPOOR_KAFKA to its brokers, such as 127.0.0.1:9092.")
    password = settings.kafka_password.get_secret_value() if settings.kafka_password else None
    return KafkaAccess(settings.kafka, settings.kafka_user, password, settings.kafka_security, settings.kafka_ca)


def runtime_of(
    ground: Ground,
    services: Mapping[str, Service],
    supervisor: Supervisor,
    routers: Sequence[RouterFactory] = (),
    checkpoint: Callable[[], Awaitable[str]] | None = None,
) -> Runtime:
    """A process that takes commands or shows views."""
    return Runtime(
        log_info=ground.info,
        store=ground.store,
        clock=ground.clock,
        supervisor=supervisor,
        services=services,
        vault=ground.vault,
        signers=ground.signers,
        handler=ground.handler(services),
        issuer=_own_issuer(ground),
        routers=routers,
        checkpoint=checkpoint,
    )


def _own_issuer(ground: Ground) -> LocalIssuer:
    if ground.provider is not None:
        # Its tokens would count for nothing, and the folder of keys may be read-only.
        return unkept_issuer(ground.info.origin, wall_clock)
    return open_issuer(ground.settings.keys / "issuer.pem", ground.info.origin, wall_clock)
