"""Carries services' reactions."""

from __future__ import annotations

from events.adapters.kafka.parked import ParkedTopic
from events.adapters.kafka.partitions import Partitions
from events.adapters.kafka.turns import Turns
from events.adapters.postgres.earlier import PostgresEarlier
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.progress import PostgresProgress
from events.catalog import FACT_TYPES
from events.consumer import Sink
from services.bootstrap.readers import reactions_name, reads_of
from services.bootstrap.standing import Ground, Opened
from services.cluster.roles import Role
from services.deciding import Service
from services.parking import Attendant, Retries
from services.proving import LogProof
from services.reacting import ReactionSink, Sender, concerns
from services.registry import SERVICES
from services.web.app import create_vitals_app


def opened(ground: Ground, role: Role) -> Opened:
    """The role at work."""
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
