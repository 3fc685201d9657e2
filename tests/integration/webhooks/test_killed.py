"""A dispatcher that is killed (-9) while a receiver has its request in hand loses nothing and keeps the order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.vault import PostgresVault
from events.adapters.postgres.webhooks import PostgresSubscriptions
from events.webhooks import Progress, Subscription
from services.webhooks.signing import first_key, make_secret
from tests.integration.webhooks.play import now
from tests.integration.webhooks.program import MASTER
from tests.integration.webhooks.receiver import AGREES, Heard, Reply, receiver
from tests.publics import ident

ROOT = Path(__file__).parents[3]
EVENTS = 40
KEY = ident("killed")


async def begin(dsn: str) -> Process:
    """A dispatcher's process."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.webhooks.program", dsn, str(EVENTS), cwd=ROOT
    )


async def play(dsn: str, store: PostgresStore, fatal: Sequence[int]) -> tuple[list[Heard], int]:
    """Deliver everything, killing the dispatcher each time when a request of these numbers has arrived."""
    rows = PostgresSubscriptions(store.pool)
    moments = list(fatal)
    process: Process | None = None
    kills = 0

    def answer(heard: Heard) -> Reply:
        nonlocal kills
        if process and moments and len(there.events) >= moments[0]:
            moments.pop(0)
            # What it asked for has arrived, and it will never know.
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        return AGREES if heard.method == "OPTIONS" else Reply()

    async with receiver(answer) as there:
        key = first_key(KEY)
        await make_secret(PostgresVault(store.pool, MASTER), key)
        await rows.add(Subscription(KEY, "OVO000001", "p-1", there.url, (), now(), (key,), Progress()))
        while (stands := await rows.find(KEY)) is not None and stands.progress.place < EVENTS:
            process = await begin(dsn)
            ended = asyncio.create_task(process.wait())
            whole = asyncio.create_task(there.until(lambda one: EVENTS in one.sequences, 60))
            await asyncio.wait({ended, whole}, return_when=asyncio.FIRST_COMPLETED)
            while not ended.done() and (await rows.find(KEY) or stands).progress.place < EVENTS:  # noqa: ASYNC110 -- rows
                await asyncio.sleep(0.01)  # … tell nobody that they change
            if not ended.done():
                process.kill()
            await ended
            whole.cancel()
            await asyncio.gather(whole, return_exceptions=True)
        return there.events, kills


def check(events: Sequence[Heard], kills: int) -> None:
    """Nothing lost, nothing out of order, and a repeat is known by its id."""
    sequences = [one.sequence for one in events]
    assert sorted(set(sequences)) == list(range(1, EVENTS + 1))
    assert all(after - before in (0, 1) for before, after in pairwise(sequences)), sequences
    assert len(sequences) - EVENTS <= kills, "each kill costs one repeat at most"
    assert len({(one.sequence, one.headers["webhook-id"]) for one in events}) == EVENTS


async def test_a_killed_dispatcher_loses_nothing_and_repeats_under_the_same_id(dsn: str, store: PostgresStore) -> None:
    events, kills = await play(dsn, store, (1, 20))
    assert kills == 2
    check(events, kills)
    assert len(events) == EVENTS + 2, "both had arrived without its knowing"


@pytest.mark.long
async def test_it_may_be_killed_twelve_times(dsn: str, store: PostgresStore) -> None:
    events, kills = await play(dsn, store, range(1, 48, 4))
    assert kills == 12
    check(events, kills)
