"""A dispatcher as a process of its own, to be killed: `python -m tests.integration.webhooks.program DSN EVENTS`."""

from __future__ import annotations

import asyncio
import os
import sys

from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.vault import PostgresVault
from events.adapters.postgres.webhooks import PostgresSubscriptions
from services.logging import configure
from services.webhooks.calling import Caller
from services.webhooks.delivering import Delivery
from services.webhooks.dispatcher import Dispatcher
from tests.integration.webhooks.play import HERE, LOOK, QUICK, now
from tests.integration.webhooks.receiver import ORIGIN
from tests.publics import PaperPublicLog

MASTER = b"m" * 32
LEASE_SECONDS = 0.5


async def main(dsn: str, events: int) -> None:
    """Deliver so many events until somebody ends it."""
    store = await PostgresStore.open(dsn)
    public = PaperPublicLog()
    await public.grow(events)
    vault, caller = PostgresVault(store.pool, MASTER), Caller(HERE)
    delivery = Delivery(public, PostgresSubscriptions(store.pool), vault, caller, now, ORIGIN, QUICK)
    leases = PostgresLeases(store.pool)
    dispatcher = Dispatcher(delivery, leases, str(os.getpid()), lease_seconds=LEASE_SECONDS, look_seconds=LOOK)
    await dispatcher.run()


if __name__ == "__main__":
    configure("error", "json")
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
