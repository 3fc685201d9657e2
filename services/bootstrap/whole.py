"""The whole program in one process: profile `single`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from events.adapters.postgres.migrate import migrate
from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.timers import PostgresTimers
from events.adapters.postgres.vault import PostgresVault
from events.adapters.tail import TailFeed
from events.consumer import Consumer, Sink
from projections.audit.checkpoints import Checkpoints
from projections.desk.monitor import TailOnly
from projections.monitor.tail import TailMonitor
from projections.public_events.evolve import PUBLIC
from projections.runner import PostgresReads, Runner, prepare
from projections.views import VIEWS
from services import keys
from services.auth import open_issuer
from services.bootstrap.agreeing import books_agree
from services.bootstrap.ground import Mend, open_database, open_log
from services.bootstrap.publishing import public_routers, publishing
from services.bootstrap.showing import desk_routers
from services.bootstrap.storing import open_files
from services.checkpointing import Checkpointing
from services.clock import Clock, event_id, wall_clock
from services.files.api import file_routes
from services.handle import Handler
from services.parking import Attendant, Retries, among
from services.proving import LogProof
from services.reacting import ReactionSink, Sender
from services.registry import SERVICES
from services.runtime import Runtime
from services.settings import Settings
from services.supervisor import Runs, Supervisor
from services.timers import Alarm, TimerSink


@asynccontextmanager
async def open_whole(settings: Settings) -> AsyncIterator[Runtime]:
    """The whole program, alone on its data folder or database, consumers running; closed in reverse at the end.

    CannotRun, with one sentence that says what to do, if it cannot be started here.
    """
    async with AsyncExitStack() as stack:
        dsn, mend = open_database(settings, stack, adopt=False)
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
        dsn, mend = open_database(settings, stack, adopt=True)
        migrate(dsn)
        yield await _open(settings, dsn, stack, mend)


async def _open(settings: Settings, dsn: str, stack: AsyncExitStack, mend: Mend) -> Runtime:
    signers = keys.signers(settings.keys)
    clock, info, store = await open_log(settings, dsn, signers, stack)
    # Whoever gives public events on looks for them before the view's own consumer has begun.
    await prepare(store.pool, PUBLIC)
    vault = PostgresVault(store.pool, keys.secret(settings.keys, "vault.master"))
    handler = Handler(SERVICES, store, vault, signers, event_id)
    monitor = TailOnly(TailMonitor(store, clock.now))
    latest = Checkpoints(store, info.origin, signers["log"]).latest
    gives_on = publishing(settings, store, vault, clock, info, signers["log"], stack)
    return Runtime(
        log_info=info,
        services=SERVICES,
        store=store,
        vault=vault,
        signers=signers,
        handler=handler,
        clock=clock,
        issuer=open_issuer(settings.keys / "issuer.pem", info.origin, wall_clock),
        supervisor=_supervisor(settings, store, handler, clock, stack, mend, [gives_on, Checkpointing(latest)]),
        routers=[
            file_routes(open_files(settings, stack), handler, store, vault, clock, settings.organisation),
            *public_routers(settings, store, vault),
            *desk_routers(PostgresReads(store.pool, store), store, info, clock, monitor),
        ],
        checkpoint=latest,
    )


def _supervisor(
    settings: Settings,
    store: PostgresStore,
    handler: Handler,
    clock: Clock,
    stack: AsyncExitStack,
    mend: Mend,
    beside: Sequence[Runs],
) -> Supervisor:
    sender = Sender(handler, clock, settings.organisation)
    timers, places = PostgresTimers(store.pool), PostgresPlaces(store.pool)
    feed = TailFeed(store)
    stack.push_async_callback(feed.close)
    parking, proof = PostgresParking(store.pool), LogProof(store)
    reacting = [
        ReactionSink(service, store, places, sender, parking=parking, proof=proof) for service in SERVICES.values()
    ]
    setting = TimerSink(SERVICES, timers, parking=parking, log=store, proof=proof)
    sinks: list[Sink] = [*reacting, setting, *(Runner(store.pool, view) for view in VIEWS.values())]
    alarm = Alarm(SERVICES, timers, sender, clock)
    consumers: list[Runs] = [*(Consumer(feed, sink) for sink in sinks), *beside]
    again: dict[str, Retries] = {setting.name: setting, **{one.name: one for one in reacting}}
    attendant = Attendant(parking, [sink.name for sink in sinks], among(again))

    async def watch() -> str | None:
        await store.unbroken()
        return await books_agree(store)

    return Supervisor(consumers, store, timers, alarm, clock, watch, mend=mend, attendant=attendant)
