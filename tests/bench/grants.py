"""Budget grants: many callers take from one account, which must end exactly where it can give no more."""

from __future__ import annotations

import asyncio
import time

from events.adapters.postgres.store import PostgresStore
from events.store import Appended, Outcome, RefusedByGuard
from tests.bench.ground import Ground
from tests.bench.making import Author, fresh, golden
from tests.bench.measuring import Burst, Figure, Target, burst_of
from tests.bench.scale import Scale

CALLERS = 32
GRANT_CENTS = 33_333
ODD_CENTS = 33_332
"""What is left in the end: one cent less than a grant."""


class Overdrawn(AssertionError):
    """The account gave more, or less, than it had: no figure can make up for that."""


async def grants(ground: Ground, scale: Scale) -> list[Figure]:
    """Grants a second until the account is empty; Overdrawn unless it ends to the cent."""
    async with ground.store("bench_grants") as store:
        await _emptied(store, scale.grants // 10)
        bursts = [await _emptied(store, scale.grants) for _ in range(scale.rounds)]
    part = f"budget grants, {CALLERS} callers, one account"
    note = f"each time exactly {scale.grants} granted, {ODD_CENTS} cents left, never a cent over"
    return [
        Figure(part, "granted, hashed and signed", "grants/s", [one.rate for one in bursts], Target("≥", 5_000), note),
        Figure(part, "p50", "ms", [one.p50 for one in bursts]),
        Figure(part, "p99", "ms", [one.p99 for one in bursts]),
    ]


async def _emptied(store: PostgresStore, fitting: int) -> Burst:
    """A fresh account with room for so many grants, and callers who ask until all of them have been refused."""
    call = fresh()
    limit = fitting * GRANT_CENTS + ODD_CENTS
    await store.append(Author("envelope", call).request([golden("EnvelopeSet", call=call, amount_cents=limit)]))
    taken: list[float] = []
    start = time.perf_counter()
    last = start

    async def ask() -> None:
        nonlocal last
        while True:
            begin = time.perf_counter()
            if not _granted(await _grant(store, call)):
                return
            last = time.perf_counter()
            taken.append(last - begin)

    watch = asyncio.create_task(_watched(store, call, limit))
    await asyncio.gather(*(ask() for _ in range(CALLERS)))
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    if not watch.cancelled():
        watch.result()
    held = await _taken(store, call)
    if len(taken) != limit // GRANT_CENTS or held != len(taken) * GRANT_CENTS:
        raise Overdrawn(f"{len(taken)} grants and {held} cents were taken from {limit} cents")
    return burst_of(taken, last - start)


async def _grant(store: PostgresStore, call: str) -> Outcome:
    case = fresh()
    fact = golden("AmountReserved", call=call, case=case, amount_cents=GRANT_CENTS)
    return await store.append(Author("grant", case).request([fact]))


def _granted(outcome: Outcome) -> bool:
    match outcome:
        case Appended():
            return True
        case RefusedByGuard(guard="transfer", code="exceeds_balance"):
            return False
        case _:
            raise TypeError(f"a grant was answered {outcome!r}")


async def _watched(store: PostgresStore, call: str, limit: int) -> None:
    """Look at the account meanwhile, as an auditor could."""
    while True:
        if await _taken(store, call) > limit:
            raise Overdrawn("the account was seen beyond its limit")
        await asyncio.sleep(0.25)


async def _taken(store: PostgresStore, call: str) -> int:
    return int(
        await store.pool.fetchval(
            "SELECT debits_pending + debits_posted FROM store.account WHERE account = $1", f"AVAILABLE:{call}"
        )
    )
