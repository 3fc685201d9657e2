"""The call of 2021 reaches other agencies whole: pushed to a receiver in order, signed day by day, and proven."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from events.adapters.memory_lease import MemoryLeases
from events.adapters.postgres.manifests import PostgresManifests
from events.adapters.postgres.places import PostgresPlaces
from events.adapters.postgres.webhooks import PostgresSubscriptions
from events.proof import manifest
from events.proof.manifest import Signed
from events.public.cloudevent import source_of
from events.webhooks import Progress, Subscription
from projections.public_events.queries import PostgresPublicLog
from services.clock import moments
from services.completeness import Received, Report, check
from services.manifests import TOPIC, ManifestMaker, ToldUntil
from services.runtime import Runtime
from services.webhooks.addresses import networks
from services.webhooks.calling import Caller
from services.webhooks.delivering import Delivery
from services.webhooks.dispatcher import Dispatcher
from services.webhooks.signing import first_key, make_secret, secrets_of, shown
from tests.integration.webhooks.receiver import ORIGIN, receiver
from tests.publics import ident

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = ident("the receiver of the call")


def pool_of(runtime: Runtime) -> object:
    """The connections of a whole program."""
    return runtime.store.pool  # type: ignore[attr-defined]  # the store of a whole program


def wall() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


async def pushed(runtime: Runtime) -> tuple[list[bytes], Subscription]:
    """Every body that a receiver got, in order of arrival."""
    pool = pool_of(runtime)
    public = PostgresPublicLog(pool)  # type: ignore[arg-type]  # a pool
    rows = PostgresSubscriptions(pool)  # type: ignore[arg-type]  # a pool
    caller = Caller(networks("127.0.0.0/8"))
    delivery = Delivery(public, rows, runtime.vault, caller, wall, ORIGIN)
    dispatcher = Dispatcher(delivery, MemoryLeases(wall), "here", look_seconds=0.1)
    last = await public.last()
    async with receiver() as there:
        row = Subscription(KEY, "OVO000123", "p-1", there.url, (), wall(), (first_key(KEY),), Progress())
        await make_secret(runtime.vault, row.keys[0])
        assert await rows.add(row)
        working = asyncio.create_task(dispatcher.run())
        try:
            await there.came(last, 60)
        finally:
            dispatcher.stop()
            await working
            await caller.close()
        (secret,) = await secrets_of(runtime.vault, row, wall())
        for heard in there.events:
            Webhook(shown(secret)).verify(heard.body, dict(heard.headers))
        return [heard.body for heard in there.events], row


async def signed(runtime: Runtime) -> Sequence[Signed]:
    """The manifests of every day of the play."""
    pool = pool_of(runtime)
    places = PostgresPlaces(pool)  # type: ignore[arg-type]  # a pool
    kept = PostgresManifests(pool)  # type: ignore[arg-type]  # a pool
    until = ToldUntil(runtime.store, lambda: places.load("public_events"), moments(runtime.clock))
    public = PostgresPublicLog(pool)  # type: ignore[arg-type]  # a pool
    signer, origin = runtime.signers["log"], runtime.log_info.origin
    await ManifestMaker(public, kept, signer, origin, until, moments(runtime.clock)).make_due()
    return [manifest.read(one.body) for one in await kept.page(TOPIC, None, 10_000)]


def proven(runtime: Runtime, days: Sequence[Signed], bodies: Sequence[bytes]) -> Report:
    """What the check says."""
    received = Received(source_of(runtime.log_info.origin))
    for body in bodies:
        received.take(body)
    return check(received, days, runtime.signers["log"].public_key)


async def test_the_whole_call_is_pushed_signed_and_proven(played: Runtime) -> None:
    bodies, row = await pushed(played)
    days = await signed(played)
    report = proven(played, days, bodies)

    assert report.findings == []
    assert (report.first, report.last + report.beyond) == (1, len(bodies))
    assert len(days) > 365, "silence is signed too"
    assert days[-1].manifest.last > 0.9 * len(bodies)
    assert proven(played, days, bodies[:50] + bodies[51:]).findings[0].kind == "missing"
    assert proven(played, days[-1:], bodies).complete, "the latest manifest speaks for all before it"

    stands = await PostgresSubscriptions(pool_of(played)).find(row.ident)  # type: ignore[arg-type]  # a pool
    assert stands is not None
    assert (stands.progress.status, stands.progress.place) == ("active", len(bodies))
