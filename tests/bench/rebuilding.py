"""Rebuild of budget consumption from a long log of money facts alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import psutil

from events.adapters.postgres.store import PostgresStore
from events.catalog import AnyFact
from events.store import AppendRequest
from projections.budget_consumption.evolve import BUDGET
from projections.rebuild import Rebuilt, rebuild
from projections.runner import prepare
from tests.bench.ground import Ground
from tests.bench.making import Author, fresh, golden
from tests.bench.measuring import Figure, Target, timed
from tests.bench.scale import Scale

TRANCHES = 6
AT_ONCE = 64
CENTS = 1_000


class Differs(AssertionError):
    """Two rebuilds of one log gave different rows."""


async def rebuilding(ground: Ground, scale: Scale) -> list[Figure]:
    """Events a second, from the first page to the swap of the table: read, folded, copied, indexed, compared."""
    built, ours, theirs = [], [], []
    async with ground.store("bench_rebuild") as store:
        await _fill(store, scale.folded)
        await prepare(store.pool, BUDGET)
        # As after a change of the fold: the first build has nothing to be compared with, and leaves something.
        await store.pool.execute("UPDATE projection_live SET version = 0")
        await rebuild(store.pool, BUDGET)
        for _ in range(scale.rounds):
            server = _processor(ground)
            with timed() as watch:
                built.append(await rebuild(store.pool, BUDGET))
            ours.append(watch.cpu)
            theirs.append(_processor(ground) - server)
    for one in built:
        _complete(one, scale.folded)
    part = (
        f"rebuild of budget_consumption, {built[0].events:,} events, {built[0].rows:,} rows, from log to swapped table"
    )
    note = "by the processor time of the program; the server reads ahead on another core"
    return [
        Figure(part, "a core", "events/s", _rates(built, ours), Target("≥", 300_000), note),
        Figure(part, "a core of the server", "events/s", _rates(built, theirs)),
        Figure(part, "by the clock", "events/s", [one.events / one.seconds for one in built]),
        Figure(part, "the fold alone", "events/s", [one.events / one.fold_seconds for one in built]),
    ]


def _rates(built: Sequence[Rebuilt], spent: Sequence[float]) -> list[float]:
    return [one.events / seconds for one, seconds in zip(built, spent, strict=True)]


def _complete(built: Rebuilt, wanted: int) -> None:
    if built.events < wanted or built.equal is not True:
        raise Differs(f"{built.events} events were folded, equal: {built.equal}, {built.differences}")


def _processor(ground: Ground) -> float:
    """Seconds of processor time that the server's processes have used so far."""
    server = psutil.Process(ground.server.pid)
    # A backend that has ended is counted in the server's own sum.
    ended = server.cpu_times()
    spent = [one.cpu_times() for one in (server, *server.children())]
    return float(sum(one.user + one.system for one in spent) + ended.children_user + ended.children_system)


async def _fill(store: PostgresStore, events: int) -> None:
    made = 0
    batch: list[AppendRequest] = []
    for request in _cases():
        batch.append(request)
        made += len(request.events)
        if len(batch) == AT_ONCE or made >= events:
            await store.append_many(batch)
            batch.clear()
        if made >= events:
            return


def _cases() -> Iterator[AppendRequest]:
    """The money of one case after another, a stream each: reserved, committed, and paid in tranches."""
    call = fresh()
    plain = {name: golden(name, call=call) for name in ("AmountReserved", "FundsCommitted", "PaymentExecuted")}
    plain |= {
        name: golden(name, call=call, checks=[]) for name in ("ClaimSubmitted", "PaymentOrdered", "PaymentFileReleased")
    }
    while True:
        case = fresh()
        yield Author("account", case).request(list(_steps(plain, case)), signed=False, moves=False)


def _steps(plain: dict[str, AnyFact], case: str) -> Iterator[AnyFact]:
    def one(name: str, **changes: object) -> AnyFact:
        return msgspec.structs.replace(plain[name], case=case, **changes)

    yield one("AmountReserved", amount_cents=TRANCHES * CENTS)
    yield one("FundsCommitted", amount_cents=TRANCHES * CENTS)
    for number in range(TRANCHES):
        tranche = f"tranche_{number}"
        yield one("ClaimSubmitted", tranche=tranche, amount_cents=CENTS)
        for name in ("PaymentOrdered", "PaymentFileReleased"):
            yield one(name, tranche=tranche, amount_cents=CENTS, net_cents=CENTS)
        yield one("PaymentExecuted", tranche=tranche, amount_cents=CENTS)
