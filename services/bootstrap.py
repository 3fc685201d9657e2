"""The composition root: the only place that names adapters. Nothing is built at import; what is opened is closed in
reverse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.failures import CannotRun
from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.timers import PostgresTimers
from events.adapters.postgres.vault import PostgresVault
from events.adapters.tail import TailFeed
from events.consumer import Consumer, Sink
from events.times import instant
from services import house, keys
from services.auth import open_issuer
from services.clock import Clock, StoryClock, SystemClock, event_id, moments, wall_clock
from services.handle import Handler
from services.house import ForeignKeys, LogInfo
from services.reacting import ReactionSink, Sender
from services.registry import SERVICES
from services.runtime import Runtime
from services.settings import Settings
from services.supervisor import Supervisor
from services.timers import Alarm, TimerSink


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """The whole program on its data folder or database, consumers running; closed in order at the end.

    CannotRun, with one sentence that says what to do, if it cannot be started here.
    """
    async with AsyncExitStack() as stack:
        dsn = settings.dsn or _start_embedded(settings.data, stack)
        migrate(dsn)
        clock, info, store = await _open_log(settings, dsn, stack)
        runtime = await _assemble(settings, clock, info, store, stack)
        runtime.supervisor.start()
        stack.push_async_callback(runtime.supervisor.stop)
        yield runtime


def _start_embedded(folder: Path, stack: AsyncExitStack) -> str:
    server = EmbeddedPostgres(folder)
    dsn = server.start()
    stack.callback(server.stop)
    return dsn


async def _open_log(settings: Settings, dsn: str, stack: AsyncExitStack) -> tuple[Clock, LogInfo, PostgresStore]:
    """The store with the clock that its log asks for; an empty log is begun."""
    probe = await PostgresStore.open(dsn, readers=1)
    info, head = await house.read(probe), await probe.head()
    await probe.close()
    demo = info.demo if info else settings.demo
    if info and settings.demo and not demo:
        raise CannotRun(f"The log {info.origin} is real and cannot be played on: choose another folder with --data.")
    start = instant(head.recorded_at) if head.recorded_at is not None else house.FIRST_DAY
    clock: Clock = StoryClock(start) if demo else SystemClock()
    store = await PostgresStore.open(dsn, clock=moments(clock) if demo else None)
    stack.push_async_callback(store.close)
    signers = keys.signers(settings.keys)
    try:
        if info is None:
            info = await house.found(store, signers, settings.log_origin, clock.now(), event_id)
        await house.check_keys(store, signers)
    except ForeignKeys as error:
        raise CannotRun(str(error)) from error
    return clock, info, store


async def _assemble(
    settings: Settings, clock: Clock, info: LogInfo, store: PostgresStore, stack: AsyncExitStack
) -> Runtime:
    vault = PostgresVault(store.pool, keys.secret(settings.keys, "vault.master"))
    signers = keys.signers(settings.keys)
    handler = Handler(SERVICES, store, vault, signers, event_id)
    sender = Sender(handler, clock, settings.organisation)
    timers, places = PostgresTimers(store.pool), PostgresPlaces(store.pool)
    feed = TailFeed(store)
    stack.push_async_callback(feed.close)
    sinks: list[Sink] = [ReactionSink(service, store, places, sender) for service in SERVICES.values()]
    sinks.append(TimerSink(SERVICES, timers))
    alarm = Alarm(SERVICES, timers, sender, clock)
    supervisor = Supervisor([Consumer(feed, sink) for sink in sinks], store, timers, alarm, clock)
    return Runtime(
        log_info=info,
        services=SERVICES,
        store=store,
        vault=vault,
        signers=signers,
        handler=handler,
        clock=clock,
        issuer=open_issuer(settings.keys / "issuer.pem", info.origin, wall_clock),
        supervisor=supervisor,
        routers=(),
        latest_checkpoint=_no_checkpoint,
    )


async def _no_checkpoint() -> str:
    raise CannotRun("not wired")
