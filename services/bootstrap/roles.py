"""One role of the cluster as one process: takes commands, reacts, relays, projects, or keeps the time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from fastapi import FastAPI

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.log_feed import KafkaLogFeed
from events.adapters.kafka.parked import ParkedTopic
from events.adapters.kafka.partitions import Partitions
from events.adapters.kafka.relay import Relay
from events.adapters.kafka.topics import LOG_TOPICS
from events.adapters.kafka.turns import Turns
from events.adapters.kafka.verify import TopicVerification
from events.adapters.postgres.earlier import PostgresEarlier
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.progress import PostgresProgress
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.timers import PostgresTimers
from events.adapters.postgres.vault import PostgresVault
from events.catalog import FACT_TYPES
from events.consumer import Consumer, Sink
from events.failures import CannotRun
from events.proof.signing import Signer
from events.times import moment
from projections.audit.checkpoints import Checkpoints
from projections.desk.monitor import MonitorData, MonitorOrTail, TailOnly
from projections.monitor.tail import TailMonitor
from projections.runner import PostgresReads, Runner
from projections.views import VIEWS
from services import keys
from services.auth import LocalIssuer, open_issuer, unkept_issuer
from services.bootstrap.ground import begun_log, holder, open_database
from services.bootstrap.publishing import public_routers, publishing
from services.bootstrap.relaying import Relaying
from services.bootstrap.storing import open_files
from services.bootstrap.whole import books_agree, desk_routers
from services.checkpointing import Checkpointing
from services.clock import Clock, event_id, wall_clock
from services.cluster.leased import Leased
from services.cluster.quiet import Expected, Quiet
from services.cluster.roles import DESK, Role
from services.deciding import Service
from services.files.api import file_routes
from services.handle import Handler
from services.house import LogInfo
from services.intake.worker import INTAKE
from services.oidc import OidcIssuer, open_oidc
from services.parking import Attendant, Retries, among
from services.proving import LogProof
from services.reacting import ReactionSink, Sender, concerns
from services.registry import SERVICES
from services.runtime import Process, Runtime
from services.settings import Settings
from services.supervisor import Runs, Supervisor
from services.timers import Alarm, TimerSink
from services.web.app import create_app, create_vitals_app
from services.web.ports import RouterFactory

Watch: TypeAlias = Callable[[], Coroutine[Any, Any, str | None]]
"""Looks at something now and then, and says what is wrong, or None."""

ANSWERS = frozenset({"serve", "timers"})
"""Roles that ask who is there."""


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
        process, app = ROLES[role.kind](Ground(settings, store, clock, info, signers, provider, stack), role)
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


Opened: TypeAlias = tuple[Process, FastAPI]


def _serve(ground: Ground, role: Role) -> Opened:
    services = {name: SERVICES[name] for name in role.names if name != DESK}
    routers: list[RouterFactory] = []
    if INTAKE.name in role.names:
        files = open_files(ground.settings, ground.stack)
        told = (ground.store, ground.vault, ground.clock, ground.settings.organisation)
        routers.append(file_routes(files, ground.handler(services), *told))
    if DESK in role.names:
        reads = PostgresReads(ground.store.pool, ground.store)
        routers += [
            *public_routers(ground.settings, ground.store, ground.vault),
            *desk_routers(reads, ground.store, ground.info, ground.clock, _monitor(ground)),
        ]
    if "log" not in ground.signers:
        runtime = _runtime(ground, services, ground.process().supervisor, routers)
        return runtime, create_app(runtime, ground.provider)
    latest = Checkpoints(ground.store, ground.info.origin, ground.signers["log"]).latest
    signing = Checkpointing(latest)
    runtime = _runtime(ground, services, ground.process(signing).supervisor, routers, latest)

    async def own() -> Mapping[str, float]:
        return signing.figures()

    return runtime, create_app(runtime, ground.provider, own)


def _monitor(ground: Ground) -> MonitorData:
    """The live monitor where there is one, and while it does not answer what the tail can tell."""
    tail = TailMonitor(ground.store, ground.clock.now)
    if ground.settings.monitor is None:
        return TailOnly(tail)
    monitor = MonitorOrTail(ground.settings.monitor, tail)
    ground.stack.push_async_callback(monitor.aclose)
    return monitor


def _runtime(
    ground: Ground,
    services: Mapping[str, Service],
    supervisor: Supervisor,
    routers: Sequence[RouterFactory] = (),
    checkpoint: Callable[[], Awaitable[str]] | None = None,
) -> Runtime:
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


def _work(ground: Ground, role: Role) -> Opened:
    members = {one.name: one for one in (_reactions(ground, SERVICES[name]) for name in role.names)}
    told = ParkedTopic(ground.kafka)
    ground.stack.push_async_callback(told.close)
    attendant = Attendant(
        ground.parking, list(members), lambda consumer, stream: _again(members[consumer].sink_of(stream)), told.tell
    )
    process = ground.process(*members.values(), attendant=attendant)
    return process, create_vitals_app(process)


def _again(sink: Sink | None) -> Retries | None:
    return sink if isinstance(sink, ReactionSink) else None


def _reactions(ground: Ground, service: Service) -> Partitions:
    sender = Sender(ground.handler({service.name: service}), ground.clock, ground.settings.organisation)
    places, proof = PostgresPlaces(ground.store.pool), LogProof(ground.store)
    name, wanted, topics = reactions_name(service.name), concerns(service), reads_of(service)

    def sink(place: str) -> Sink:
        return ReactionSink(service, ground.store, places, sender, place, parking=ground.parking, proof=proof)

    progress, earlier = PostgresProgress(ground.store.pool), PostgresEarlier(ground.store.pool)
    return Partitions(
        ground.kafka,
        f"wijkspoor.work.{service.name}",
        name,
        topics,
        sink,
        quiet=frozenset(FACT_TYPES) - frozenset(wanted),
        turn=Turns(name, topics, wanted, progress, earlier),
        parking=ground.parking,
    )


def reactions_name(service: str) -> str:
    """The consumer that carries a service's reactions."""
    return f"react:{service}"


def reads_of(service: Service) -> list[str]:
    """The topics on which a service finds what it reacts to."""
    return sorted({LOG_TOPICS[FACT_TYPES[name].service] for name in concerns(service)})


def _relay(ground: Ground, _role: Role) -> Opened:
    publication = PostgresPublication(ground.store.pool)
    relay = Relay(ground.store, publication, ground.leases, ground.kafka, holder())
    runs = Relaying(relay, TopicVerification(ground.store, publication, ground.kafka))
    process = ground.process(runs)
    return process, create_vitals_app(process, runs.figures)


def _project(ground: Ground, role: Role) -> Opened:
    feed = KafkaLogFeed(ground.kafka)
    runs = [
        Leased(Consumer(feed, Runner(ground.store.pool, VIEWS[name])), ground.leases, holder()) for name in role.names
    ]
    attendant = Attendant(ground.parking, role.names, among({}))
    process = ground.process(*runs, attendant=attendant, watch=partial(books_agree, ground.store))
    return process, create_vitals_app(process)


def _timers(ground: Ground, _role: Role) -> Opened:
    timers = PostgresTimers(ground.store.pool)
    sender = Sender(ground.handler(SERVICES), ground.clock, ground.settings.organisation)
    alarm = Alarm(SERVICES, timers, sender, ground.clock)
    sink = TimerSink(SERVICES, timers, parking=ground.parking, log=ground.store, proof=LogProof(ground.store))
    consumer = Leased(Consumer(KafkaLogFeed(ground.kafka), sink), ground.leases, holder())
    attendant = Attendant(ground.parking, [sink.name], among({sink.name: sink}))
    quiet = Quiet(PostgresProgress(ground.store.pool), everybody())
    supervisor = Supervisor(
        [consumer], ground.store, timers, alarm, ground.clock, ground.look, quiet=quiet.settled, attendant=attendant
    )
    runtime = _runtime(ground, {}, supervisor)

    async def own() -> Mapping[str, float]:
        due = await timers.next_due()
        late = (moment(ground.clock.now()) - moment(due)).total_seconds() if due is not None else 0.0
        return {"wijkspoor_timer_overdue_seconds": max(late, 0.0)}

    return runtime, create_app(runtime, ground.provider, own)


def everybody() -> Expected:
    """All consumers of a cluster."""
    partitioned = {reactions_name(name): reads_of(service) for name, service in SERVICES.items()}
    return Expected(whole=["timers", *VIEWS], partitioned=partitioned)


def _publish(ground: Ground, _role: Role) -> Opened:
    told = (ground.settings, ground.store, ground.vault, ground.clock, ground.info, ground.signers["log"])
    runs = publishing(*told, ground.stack, ground.kafka)
    process = ground.process(runs)

    async def own() -> Mapping[str, float]:
        return runs.figures()

    return process, create_vitals_app(process, own)


ROLES: Mapping[str, Callable[[Ground, Role], Opened]] = {
    "serve": _serve,
    "work": _work,
    "relay": _relay,
    "project": _project,
    "timers": _timers,
    "publish": _publish,
}
