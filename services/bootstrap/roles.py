"""One role of the cluster as one process: takes commands, reacts, relays, projects, or keeps the time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module

from fastapi import FastAPI

from events.failures import CannotRun
from services import keys
from services.bootstrap.ground import begun_log, open_database
from services.bootstrap.standing import Ground, Opened
from services.clock import wall_clock
from services.cluster.roles import Role
from services.house import LogInfo
from services.oidc import OidcIssuer, open_oidc
from services.settings import Settings

ANSWERS = frozenset({"serve", "timers"})
"""Roles that ask who is there."""


@asynccontextmanager
async def open_role(settings: Settings, role: Role) -> AsyncIterator[FastAPI]:
    """A process of this role at work; what it gives is what it answers over HTTP. CannotRun as elsewhere.

    The database must have been prepared (`wijkspoor migrate`) and the log begun; a role changes neither.
    """
    async with AsyncExitStack() as stack:
        dsn, _ = open_database(settings, stack, adopt=True)
        signers = keys.signers(settings.keys, role.signs)
        store, clock, info = await begun_log(dsn, signers, stack, kind=role.kind)
        provider = _provider(settings, info) if role.kind in ANSWERS else None
        process, app = _kind_of(role)(Ground(settings, store, clock, info, signers, provider, stack), role)
        process.supervisor.start()
        stack.push_async_callback(process.supervisor.stop)
        yield app


def _provider(settings: Settings, info: LogInfo) -> OidcIssuer | None:
    """Whose tokens count; CannotRun for a real log that would trust its own. A demo is its own issuer."""
    if info.demo:
        return None
    if settings.oidc_issuer is None or settings.oidc_keys is None:
        raise CannotRun(
            "A real log in a cluster needs an identity provider: set WIJKSPOOR_OIDC_ISSUER and WIJKSPOOR_OIDC_KEYS."
        )
    return open_oidc(settings.oidc_issuer, settings.oidc_audience, settings.oidc_keys, wall_clock)


def _kind_of(role: Role) -> Callable[[Ground, Role], Opened]:
    found: Callable[[Ground, Role], Opened] = import_module(f"services.bootstrap.kinds.{role.kind}").opened
    return found
