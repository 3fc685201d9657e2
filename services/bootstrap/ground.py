"""What every process stands on: a database, keys, the clock of the log, and the log itself."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.shared_time import PostgresSharedTime
from events.adapters.postgres.store import PostgresStore
from events.failures import CannotRun
from events.proof.signing import Signer
from events.times import instant
from services import house
from services.clock import Clock, SharedStoryClock, StoryClock, SystemClock, event_id, moments
from services.cluster.roles import Kind
from services.house import ForeignKeys, LogInfo
from services.settings import Settings

FOR_MANY = {"max_connections": "250"}
"""A database that twenty processes share."""

READERS = 2
"""How many connections for reading a role needs at most."""

Mend: TypeAlias = Callable[[], Coroutine[Any, Any, bool]] | None


def open_database(settings: Settings, stack: AsyncExitStack, *, adopt: bool) -> tuple[str, Mend]:
    """The database's address, and how to start its server again when it has died, if it is ours."""
    if settings.dsn:
        return settings.dsn, None
    server = EmbeddedPostgres(settings.data, settings=FOR_MANY if settings.profile == "cluster" else None)
    dsn = server.start(adopt=adopt)
    stack.callback(server.stop)

    async def mend() -> bool:
        if server.pid is not None:
            return False
        # The loop waits for it: the server lives as long as the thread that starts it, so that is the main one.
        server.restart()
        return True

    return dsn, mend


async def open_log(
    settings: Settings, dsn: str, signers: Mapping[str, Signer], stack: AsyncExitStack
) -> tuple[Clock, LogInfo, PostgresStore]:
    """The store with the clock that its log asks for; an empty log is begun."""
    probe = await PostgresStore.open(dsn, readers=1)
    info, head = await house.read(probe), await probe.head()
    await probe.close()
    demo = info.demo if info else settings.demo
    if settings.demo and not demo:
        raise CannotRun("The log in this folder is real and cannot be played on: choose another folder with --data.")
    start = instant(head.recorded_at) if head.recorded_at is not None else house.FIRST_DAY
    clock: Clock = StoryClock(start) if demo else SystemClock()
    store = await PostgresStore.open(dsn, clock=moments(clock) if demo else None)
    stack.push_async_callback(store.close)
    try:
        if info is None:
            info = await house.found(store, signers, settings.log_origin, clock.now(), event_id)
        await house.check_keys(store, signers)
    except ForeignKeys as error:
        raise CannotRun(str(error)) from error
    return clock, info, store


async def begun_log(
    dsn: str, signers: Mapping[str, Signer], stack: AsyncExitStack, *, kind: Kind
) -> tuple[PostgresStore, Clock, LogInfo]:
    """The store of a log that somebody has begun, with the rights of this kind of role, and its clock, which the timers
    move; CannotRun if no log has begun."""
    role = f"wijkspoor_{kind}"
    probe = await PostgresStore.open(dsn, readers=1, role=role)
    stack.push_async_callback(probe.close)
    info, head = await house.read(probe), await probe.head()
    if info is None or head.recorded_at is None:
        raise CannotRun("No log has begun in this database: run wijkspoor migrate first.")
    if not info.demo:
        store, clock = await PostgresStore.open(dsn, readers=READERS, role=role), SystemClock()
        stack.push_async_callback(store.close)
        await _known(store, signers)
        return store, clock, info
    shared = SharedStoryClock(instant(head.recorded_at), PostgresSharedTime(probe.pool), moves=kind == "timers")
    await shared.refresh()
    store = await PostgresStore.open(dsn, clock=moments(shared), readers=READERS, role=role)
    stack.push_async_callback(store.close)
    await _known(store, signers)
    return store, shared, info


async def _known(store: PostgresStore, signers: Mapping[str, Signer]) -> None:
    try:
        await house.check_keys(store, signers)
    except ForeignKeys as error:
        raise CannotRun(str(error)) from error


def holder() -> str:
    """Who holds a lease: this process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"
