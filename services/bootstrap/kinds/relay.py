"""Publishes the log on Kafka."""

from __future__ import annotations

from events.adapters.kafka.relay import Relay
from events.adapters.kafka.verify import TopicVerification
from events.adapters.postgres.publication import PostgresPublication
from services.bootstrap.ground import holder
from services.bootstrap.relaying import Relaying
from services.bootstrap.standing import Ground, Opened
from services.cluster.roles import Role
from services.web.app import create_vitals_app


def opened(ground: Ground, _role: Role) -> Opened:
    """The role at work."""
    publication = PostgresPublication(ground.store.pool)
    relay = Relay(ground.store, publication, ground.leases, ground.kafka, holder())
    runs = Relaying(relay, TopicVerification(ground.store, publication, ground.kafka))
    process = ground.process(runs)
    return process, create_vitals_app(process, runs.figures)
