"""Every role of the cluster as a process of this machine: for trying, for `make cluster`, and for tests."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial

import httpx2

from events.adapters import engine
from events.adapters.kafka.access import PRINCIPALS
from events.adapters.kafka.setup import apply
from events.adapters.postgres.store import PostgresStore
from events.envelope import Actor
from events.store import EventStore
from projections.monitor.main import installed
from projections.views import VIEWS
from services import keys
from services.auth import LocalIssuer, open_issuer
from services.bootstrap.ground import open_database
from services.bootstrap.offline import prepare
from services.bootstrap.standing import kafka_access
from services.clock import wall_clock
from services.cluster.fleet import Fleet
from services.cluster.roles import DECIDING, DESK, Role
from services.house import FIRST_DAY, LogInfo
from services.registry import SERVICES
from services.settings import Settings
from services.story.over_http import OverHttp
from services.web.server import HOST, bind

COMMAND = (sys.executable, "-m", "services.cli.main")
PROGRAM_PATIENCE_SECONDS = 180.0
"""How long one command or one move of the clock may take while processes come and go."""


@dataclass(frozen=True)
class Cluster:
    """The running cluster: its processes, its log, and a way in for a play."""

    fleet: Fleet
    store: EventStore
    issuer: LocalIssuer
    info: LogInfo
    client: httpx2.AsyncClient

    def stage(self) -> OverHttp:
        """The cluster as the stage of a play: every service at its own address, the clock at the timers'."""
        told = self.fleet.addresses()
        services = {name: told[Role("serve", [name]).title] for name in DECIDING}
        return OverHttp(self.client, SERVICES, services, told["timers"], self._token, FIRST_DAY)

    @property
    def desk(self) -> str:
        """Where the desk answers."""
        return self.fleet.members[Role("serve", [DESK]).title].address

    def _token(self, actor: Actor) -> str:
        return self.issuer.issue(actor.role, actor.organisation, actor.person)


def everyone(workers: int = 1, standby: int = 1) -> list[tuple[Role, int]]:
    """Every role, and how many processes of it: `workers` for each service's reactions, `standby` where one acts."""
    return [
        *((Role("serve", [name]), 1) for name in (*DECIDING, DESK)),
        *((Role("work", [name]), workers) for name in DECIDING),
        (Role("relay"), standby),
        (Role("project", tuple(VIEWS)), standby),
        (Role("timers"), standby),
        (Role("publish"), standby),
        # It is an extra of its own: wijkspoor[monitor].
        *([(Role("monitor"), 1)] if installed() else []),
    ]


@asynccontextmanager
async def open_cluster(
    settings: Settings, ports: Mapping[str, int], roles: Sequence[tuple[Role, int]] | None = None
) -> AsyncIterator[Cluster]:
    """Start every process on one database and one Kafka; all end with this. CannotRun when one does not start.

    `ports` are those that matter, by the process's title; `roles` replaces the usual ones and how many have them.
    """
    async with AsyncExitStack() as stack:
        access = kafka_access(settings)
        dsn, _ = open_database(settings, stack, adopt=False)
        origin = await prepare(settings.model_copy(update={"dsn": dsn}))
        passwords = _passwords(settings)
        await apply(access, passwords)
        folder = settings.data / "processes"
        ports = {"monitor": _free_port(), **ports}
        told = settings.model_copy(update={"dsn": dsn, "monitor": f"http://{HOST}:{ports['monitor']}"})
        fleet = Fleet(COMMAND, partial(_environment, told, passwords), folder, engine.tied_to_us())
        stack.push_async_callback(fleet.close)
        await fleet.start(roles or everyone(), ports)
        store = await PostgresStore.open(dsn)
        stack.push_async_callback(store.close)
        client = await stack.enter_async_context(httpx2.AsyncClient(timeout=PROGRAM_PATIENCE_SECONDS))
        issuer = open_issuer(settings.keys / "issuer.pem", origin, wall_clock)
        yield Cluster(fleet, store, issuer, LogInfo(origin), client)


def _passwords(settings: Settings) -> Mapping[str, str]:
    """A password for every user of a Kafka that asks for one; we enter as its administrator."""
    if settings.kafka_security == "plaintext":
        return {}
    return {user: keys.password(settings.keys, user) for user in PRINCIPALS}


def _free_port() -> int:
    """A port that is free now; the desk must know where the monitor will be."""
    with closing(bind(0)) as free:
        port: int = free.getsockname()[1]
        return port


def _environment(settings: Settings, passwords: Mapping[str, str], role: Role) -> dict[str, str]:
    """What a process is told: all settings that are not its own affair, and Kafka with its own user and no other's."""
    user = role.principal if passwords else None
    # Who takes uploads enters the store of files, and nobody else.
    secret = settings.files_secret if "intake" in role.names and role.kind == "serve" else None
    told = {
        "WIJKSPOOR_DATA": str(settings.data),
        "WIJKSPOOR_DSN": settings.dsn or "",
        "WIJKSPOOR_MONITOR": settings.monitor or "",
        "WIJKSPOOR_KAFKA": settings.kafka or "",
        "WIJKSPOOR_KAFKA_SECURITY": settings.kafka_security,
        "WIJKSPOOR_KAFKA_USER": user or "",
        "WIJKSPOOR_KAFKA_PASSWORD": passwords.get(user, "") if user else "",
        "WIJKSPOOR_KAFKA_CA": str(settings.kafka_ca or ""),
        "WIJKSPOOR_OIDC_ISSUER": settings.oidc_issuer or "",
        "WIJKSPOOR_OIDC_AUDIENCE": settings.oidc_audience,
        "WIJKSPOOR_OIDC_KEYS": settings.oidc_keys or "",
        "WIJKSPOOR_WEBHOOK_NETWORKS": settings.webhook_networks,
        "WIJKSPOOR_WEBHOOK_ORIGIN": settings.webhook_origin,
        "WIJKSPOOR_FILES": settings.files or "",
        "WIJKSPOOR_FILES_REGION": settings.files_region,
        "WIJKSPOOR_FILES_KEY": settings.files_key or "",
        "WIJKSPOOR_FILES_SECRET": secret.get_secret_value() if secret else "",
        "WIJKSPOOR_LOG_LEVEL": settings.log_level,
        "WIJKSPOOR_ORGANISATION": settings.organisation,
        "WIJKSPOOR_PROFILE": "cluster",
    }
    return {**{name: value for name, value in os.environ.items() if not name.startswith("WIJKSPOOR_")}, **told}  # noqa: TID251 -- a child gets what we have
