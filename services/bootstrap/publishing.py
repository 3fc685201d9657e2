"""The publication of public events: pushed to subscribers, proven day by day, and in the cluster on Kafka too."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.publisher import Publisher
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.manifests import PostgresManifests
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.webhooks import PostgresSubscriptions
from events.failures import CannotRun
from events.proof.signing import Signer
from events.vault import Vault
from projections.public_events.evolve import PUBLIC
from projections.public_events.queries import PostgresPublicLog
from services.bootstrap.ground import holder
from services.clock import Clock, moments, wall_clock
from services.house import LogInfo
from services.manifests import TOPIC, ManifestMaker, ToldUntil
from services.publishing import Part, Publishing
from services.settings import Settings
from services.web.manifests import manifest_routes
from services.web.ports import RouterFactory
from services.web.public import public_routes
from services.webhooks.addresses import Network, networks
from services.webhooks.api import subscription_routes
from services.webhooks.calling import Caller
from services.webhooks.delivering import Delivery
from services.webhooks.dispatcher import Dispatcher


def publishing(
    settings: Settings,
    store: PostgresStore,
    vault: Vault,
    clock: Clock,
    info: LogInfo,
    signer: Signer,
    stack: AsyncExitStack,
    kafka: KafkaAccess | None = None,
) -> Publishing:
    """Webhooks and manifests at work, and with `kafka` the publisher; one of several processes acts at a time."""
    public, places = PostgresPublicLog(store.pool), PostgresPlaces(store.pool)
    leases = PostgresLeases(store.pool)

    async def told() -> int:
        return await places.load(PUBLIC.name)

    # Receivers judge a signature by the real time; a day is over by the log's.
    rows, caller = PostgresSubscriptions(store.pool), Caller(reachable(settings))
    stack.push_async_callback(caller.close)
    delivery = Delivery(public, rows, vault, caller, wall_clock, settings.webhook_origin)
    now = moments(clock)
    maker = ManifestMaker(public, PostgresManifests(store.pool), signer, info.origin, ToldUntil(store, told, now), now)
    dispatcher = Dispatcher(delivery, leases, holder())
    if kafka is None:
        return Publishing([dispatcher, maker], told)
    publisher = Publisher(public, places, leases, kafka, holder())
    parts: list[Part] = [publisher, dispatcher, maker]
    return Publishing(parts, told, lambda: publisher.progress.lag, lambda: publisher.alarm)


def public_routers(settings: Settings, store: PostgresStore, vault: Vault) -> Sequence[RouterFactory]:
    """What subscribers ask over HTTP: the feed, their subscriptions, the manifests."""
    public, rows = PostgresPublicLog(store.pool), PostgresSubscriptions(store.pool)
    return (
        public_routes(public),
        subscription_routes(rows, public, vault, wall_clock, plain=bool(reachable(settings))),
        manifest_routes(PostgresManifests(store.pool), TOPIC),
    )


def reachable(settings: Settings) -> Sequence[Network]:
    """The networks that webhooks may reach beside the public internet; CannotRun for one that is none."""
    try:
        return networks(settings.webhook_networks)
    except ValueError as error:
        raise CannotRun(f"WIJKSPOOR_WEBHOOK_NETWORKS is wrong ({error}): give networks such as 10.1.0.0/16.") from error
