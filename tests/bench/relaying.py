"""From the store to Kafka and back: the relay at full speed and in its stride, and a store filled from the six topics.

The log is one of real facts, a third of them money, each recorded at a time of its own, all signed.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any
from uuid import UUID

import msgspec

from deploy.kafka.local import LocalKafka
from events import canonical
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.history import open_history
from events.adapters.kafka.log_feed import KafkaLogFeed
from events.adapters.kafka.relay import Relay
from events.adapters.kafka.verify import verify_topics
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.catalog import FACT_TYPES, KINDS, AnyFact
from events.consumer import Consumer
from events.store import Recorded
from projections.audit.restore import fill, restore_history
from projections.audit.verify import Level
from projections.runner import Runner
from projections.view import View
from projections.views import VIEWS
from tests.bench.ground import Ground
from tests.bench.making import Author, fresh, golden
from tests.bench.measuring import Figure, Target, Watch, percentile, timed
from tests.bench.scale import Scale
from tests.integration.kafka.conftest import fresh_topics
from tests.unit.events.proof.forge import Draft, Forge, uuid

CALL = str(UUID(int=77))
CASES = 5_000
PLAIN = 4
PAGE = 1_000
SHOWN = ("budget_consumption", "worklist")
EVERY_SECONDS = 1 / 50


class NotWhole(AssertionError):
    """What came out is not what went in."""


async def relaying(ground: Ground, scale: Scale) -> list[Figure]:
    """Events a second out and back, and how long one takes at fifty a second."""
    log = _log(scale.verified // 4)
    # It is not the program that holds it.
    gc.freeze()
    out: list[Watch] = []
    back: dict[Level, list[Watch]] = {"chain": [], "full": []}
    seen: dict[str, list[Watch]] = {name: [] for name in SHOWN}
    looked, waits = [], []
    with LocalKafka(ground.folder / "kafka") as kafka:
        access = kafka.access()
        for number in range(scale.rounds):
            await fresh_topics(access)
            async with ground.store(f"bench_relay_{number}") as store:
                await fill(_pages(log), len(log), store)
                out.append(await _relayed(store, access, len(log)))
                with timed() as watch:
                    if await verify_topics(store, PostgresPublication(store.pool), access):
                        raise NotWhole("the topics do not hold what was relayed")
                looked.append(watch)
                for name, caught in seen.items():
                    caught.append(await _caught_up(store, access, VIEWS[name], len(log), number))
                for level, watches in back.items():
                    watches.append(await _restored(ground, access, level, len(log)))
                waits.append(await _stride(store, access, scale.seen))
    part = f"relay and restore, {len(log):,} signed events, one broker on the same two cores"

    def clock(watches: Sequence[Watch]) -> list[float]:
        return [len(log) / watch.seconds for watch in watches]

    def core(watches: Sequence[Watch]) -> list[float]:
        return [len(log) / watch.cpu for watch in watches]

    return [
        Figure(part, "relay, catching up", "events/s", clock(out), Target("≥", 10_000)),
        Figure(part, "… a core of the program", "events/s", core(out)),
        Figure(
            part, "append → acknowledged by Kafka and written down, p50", "ms", [percentile(one, 0.50) for one in waits]
        ),
        Figure(part, "… p99", "ms", [percentile(one, 0.99) for one in waits], None, "50 appends a second"),
        *(Figure(part, f"{name}, catching up", "events/s", clock(seen[name]), Target("≥", 20_000)) for name in SHOWN),
        Figure(part, "verification of the topics", "events/s", clock(looked)),
        Figure(part, "restore, hashes verified first", "events/s", clock(back["chain"]), Target("≥", 20_000)),
        Figure(part, "… a core of the program", "events/s", core(back["chain"])),
        Figure(part, "restore, everything verified first", "events/s", clock(back["full"])),
    ]


@asynccontextmanager
async def _at_work(store: PostgresStore, access: KafkaAccess) -> AsyncIterator[Relay]:
    relay = Relay(store, PostgresPublication(store.pool), PostgresLeases(store.pool), access, "bench")
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await task


async def _reached(relay: Relay, position: int) -> None:
    while relay.progress.position < position:  # noqa: ASYNC110 -- the relay counts, it does not call
        await asyncio.sleep(0.001)


async def _relayed(store: PostgresStore, access: KafkaAccess, events: int) -> Watch:
    """From the start of a relay to its end, with the last event acknowledged."""
    with timed() as watch:
        async with _at_work(store, access) as relay:
            await _reached(relay, events)
    return watch


async def _caught_up(store: PostgresStore, access: KafkaAccess, view: View[Any], events: int, number: int) -> Watch:
    """From nothing to the last event's rows, over Kafka."""
    consumer = Consumer(KafkaLogFeed(access, group=f"wijkspoor.project.{number}."), Runner(store.pool, view))
    with timed() as watch:
        running = asyncio.create_task(consumer.run())
        await consumer.reached(events)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    return watch


async def _restored(ground: Ground, access: KafkaAccess, level: Level, events: int) -> Watch:
    async with ground.store("bench_restored") as empty:
        with timed() as watch:
            async with open_history(access) as history:
                done = await restore_history(history, empty, level=level, types=FACT_TYPES)
        if done.events != events:
            raise NotWhole(f"{done.events} of {events} events came back")
    return watch


async def _stride(store: PostgresStore, access: KafkaAccess, appends: int) -> list[float]:
    """Milliseconds from an append's answer to the watermark, fifty a second."""
    author, waits = Author("account", fresh()), []
    async with _at_work(store, access) as relay:
        await _reached(relay, (await store.head()).position)
        start = time.perf_counter()
        for number in range(appends):
            await asyncio.sleep(max(0.0, start + number * EVERY_SECONDS - time.perf_counter()))
            await store.append(author.request([golden("ClaimSubmitted", call=CALL, checks=[], costs=[])]))
            begin = time.perf_counter()
            await _reached(relay, (await store.head()).position)
            waits.append((time.perf_counter() - begin) * 1_000)
    return waits


async def _pages(log: Sequence[Recorded]) -> AsyncGenerator[Sequence[Recorded], None]:
    for start in range(0, len(log), PAGE):
        yield log[start : start + PAGE]


def _log(events: int) -> list[Recorded]:
    """Keys, an envelope, and cases for which money is set aside, claimed and freed again."""
    forge = Forge(kinds=KINDS)
    forge.steps = (1, 250_000, 60_000_000)
    forge.register(*forge.keys.values())
    _tell(forge, "envelope", CALL, golden("EnvelopeSet", call=CALL, amount_cents=10**12))
    claim = golden("ClaimSubmitted", call=CALL, checks=[], costs=[])
    reserved, released = (golden(name, call=CALL) for name in ("AmountReserved", "ReservationReleased"))
    for number in count():
        case, attempt = str(UUID(int=10**9 + number % CASES)), 1 + number // CASES
        mine = {"case": case, "amount_cents": 5, "attempt": attempt}
        _tell(forge, "grant", case, msgspec.structs.replace(reserved, **mine))
        for ordinal in range(PLAIN):
            ident = str(UUID(int=10**12 + number * PLAIN + ordinal))
            _tell(forge, "claim", ident, msgspec.structs.replace(claim, case=case))
        _tell(forge, "grant", case, msgspec.structs.replace(released, **mine))
        if len(forge.made) >= events:
            break
    return forge.made


def _tell(forge: Forge, kind: str, ident: str, fact: AnyFact) -> None:
    data = msgspec.json.decode(canonical.encode(fact))
    forge.add(Draft(kind, ident, type(fact).__name__, data, uuid(forge.random)))
