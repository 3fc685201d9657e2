"""The composition root: the only place that names adapters. Nothing is built at import; what is opened is closed in
reverse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeAlias

from fastapi import APIRouter

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.timers import PostgresTimers
from events.adapters.postgres.vault import PostgresVault
from events.adapters.tail import TailFeed
from events.consumer import Consumer, Sink
from events.envelope import Actor
from events.failures import CannotRun
from events.proof.signing import Signer
from events.times import instant
from projections.audit.checkpoints import Checkpoints
from projections.audit.restore import RestoreTarget
from projections.desk.reads import ViewsDesk
from projections.desk.routes import desk_router
from projections.rebuild import Rebuilt as ViewRebuilt
from projections.rebuild import rebuild
from projections.routers import routers
from projections.runner import PostgresReads, Runner, compare_budget
from projections.views import VIEWS
from services import house, keys
from services.auth import open_issuer
from services.cli.ports import Progress, Rebuilt
from services.clock import Clock, StoryClock, SystemClock, event_id, moments, wall_clock
from services.handle import Handler
from services.house import ForeignKeys, LogInfo
from services.reacting import ReactionSink, Sender
from services.registry import SERVICES
from services.runtime import Runtime
from services.settings import Settings
from services.supervisor import Supervisor
from services.timers import Alarm, TimerSink
from services.web.ports import Reader, RouterFactory

Mend: TypeAlias = Callable[[], Coroutine[Any, Any, bool]] | None


@asynccontextmanager
async def open_whole(settings: Settings) -> AsyncIterator[Runtime]:
    """The whole program, alone on its data folder or database, consumers running; closed in reverse at the end.

    CannotRun, with one sentence that says what to do, if it cannot be started here.
    """
    async with AsyncExitStack() as stack:
        dsn, mend = _database(settings, stack, adopt=False)
        migrate(dsn)
        runtime = await _open(settings, dsn, stack, mend)
        runtime.supervisor.start()
        stack.push_async_callback(runtime.supervisor.stop)
        yield runtime


@asynccontextmanager
async def open_shared(settings: Settings) -> AsyncIterator[Runtime]:
    """The program beside a running instance, or alone: it reads and handles commands, and consumes nothing.

    CannotRun as above; the database is brought to this version only if nobody else uses it.
    """
    async with AsyncExitStack() as stack:
        dsn, mend = _database(settings, stack, adopt=True)
        migrate(dsn)
        yield await _open(settings, dsn, stack, mend)


@asynccontextmanager
async def open_empty(settings: Settings) -> AsyncIterator[RestoreTarget]:
    """A store in which no log has begun, for a restore; CannotRun as above."""
    async with AsyncExitStack() as stack:
        dsn, _ = _database(settings, stack, adopt=False)
        migrate(dsn)
        store = await PostgresStore.open(dsn)
        stack.push_async_callback(store.close)
        yield store


async def rebuild_views(settings: Settings, name: str, progress: Progress) -> list[Rebuilt]:
    """Build one view, or `all`, anew beside the ones in use; CannotRun as above."""
    async with AsyncExitStack() as stack:
        dsn, _ = _database(settings, stack, adopt=True)
        store = await PostgresStore.open(dsn)
        stack.push_async_callback(store.close)
        wanted = list(VIEWS) if name == "all" else [name]
        return [_told(await rebuild(store.pool, VIEWS[one], progress)) for one in wanted]


def _told(built: ViewRebuilt) -> Rebuilt:
    return Rebuilt(name=built.view, events=built.events, rows=built.rows, seconds=built.seconds, same=built.equal)


def _database(settings: Settings, stack: AsyncExitStack, *, adopt: bool) -> tuple[str, Mend]:
    """The database's address, and how to start its server again when it has died, if it is ours."""
    if settings.dsn:
        return settings.dsn, None
    server = EmbeddedPostgres(settings.data)
    dsn = server.start(adopt=adopt)
    stack.callback(server.stop)

    async def mend() -> bool:
        if server.pid is not None:
            return False
        # The loop waits for it: the server lives as long as the thread that starts it, so that is the main one.
        server.restart()
        return True

    return dsn, mend


async def _open(settings: Settings, dsn: str, stack: AsyncExitStack, mend: Mend) -> Runtime:
    signers = keys.signers(settings.keys)
    clock, info, store = await _open_log(settings, dsn, signers, stack)
    vault = PostgresVault(store.pool, keys.secret(settings.keys, "vault.master"))
    handler = Handler(SERVICES, store, vault, signers, event_id)
    return Runtime(
        log_info=info,
        services=SERVICES,
        store=store,
        vault=vault,
        signers=signers,
        handler=handler,
        clock=clock,
        issuer=open_issuer(settings.keys / "issuer.pem", info.origin, wall_clock),
        supervisor=_supervisor(settings, store, handler, clock, stack, mend),
        routers=_routers(PostgresReads(store.pool, store), store, info, clock),
        latest_checkpoint=Checkpoints(store, info.origin, signers["log"]).latest,
    )


def _routers(reads: PostgresReads, store: PostgresStore, info: LogInfo, clock: Clock) -> list[RouterFactory]:
    desk = ViewsDesk(reads, store)

    def desk_routes(reader: Reader) -> APIRouter:
        # A demo's pages are open to whoever sits at the machine; a real log asks who looks.
        return desk_router(desk, _guest if info.demo else reader("desk"))

    return [*routers(reads, store, clock.now), desk_routes]


def _guest() -> Actor:
    return Actor(role="auditor", organisation="OVO000000", person="guest")


async def _open_log(
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


def _supervisor(
    settings: Settings, store: PostgresStore, handler: Handler, clock: Clock, stack: AsyncExitStack, mend: Mend
) -> Supervisor:
    sender = Sender(handler, clock, settings.organisation)
    timers, places = PostgresTimers(store.pool), PostgresPlaces(store.pool)
    feed = TailFeed(store)
    stack.push_async_callback(feed.close)
    sinks: list[Sink] = [ReactionSink(service, store, places, sender) for service in SERVICES.values()]
    sinks.append(TimerSink(SERVICES, timers))
    sinks += [Runner(store.pool, view) for view in VIEWS.values()]
    alarm = Alarm(SERVICES, timers, sender, clock)
    consumers = [Consumer(feed, sink) for sink in sinks]
    return Supervisor(consumers, store, timers, alarm, clock, lambda: _books_agree(store), mend=mend)


async def _books_agree(store: PostgresStore) -> str | None:
    """Budget consumption against the ledger, wherever both stand at the same position."""
    compared = await compare_budget(store.pool)
    if compared is None or not compared.differences:
        return None
    return f"budget consumption differs from the ledger at position {compared.position}: {compared.differences[0]}"
