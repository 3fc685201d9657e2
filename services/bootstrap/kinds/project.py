"""Keeps views."""

from __future__ import annotations

from functools import partial

from events.adapters.kafka.log_feed import KafkaLogFeed
from events.consumer import Consumer
from projections.runner import Runner
from projections.views import VIEWS
from services.bootstrap.agreeing import books_agree
from services.bootstrap.ground import holder
from services.bootstrap.standing import Ground, Opened
from services.cluster.leased import Leased
from services.cluster.roles import Role
from services.parking import Attendant, among
from services.web.app import create_vitals_app


def opened(ground: Ground, role: Role) -> Opened:
    """The role at work."""
    feed = KafkaLogFeed(ground.kafka)
    runs = [
        Leased(Consumer(feed, Runner(ground.store.pool, VIEWS[name])), ground.leases, holder()) for name in role.names
    ]
    attendant = Attendant(ground.parking, role.names, among({}))
    process = ground.process(*runs, attendant=attendant, watch=partial(books_agree, ground.store))
    return process, create_vitals_app(process)
