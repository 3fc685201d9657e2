"""A poison event stops its stream in one view; all others go on, and a rebuild takes it in once it is mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.store import PostgresStore
from events.feed import Broken
from events.parking import Poison
from events.store import Appended, AppendRequest, Recorded
from projections.query import Query
from projections.rebuild import Undigested, rebuild
from projections.runner import PostgresReads
from projections.sifting import Sifted
from projections.view import View
from projections.worklist.evolve import WORKLIST
from tests.changing import replace
from tests.contract.making import ident
from tests.integration.test_projections import fill, pool
from tests.integration.test_projections_rebuild import consume
from tests.unit.projections.samples import appended, sample
from tests.unit.projections.test_budget import LIFE

__all__ = ["pool"]
Pool = asyncpg.Pool

FACTS = [sample("ApplicationSubmitted", case=ident(f"case {number}")) for number in range(4)]


def broken(event: Recorded) -> Recorded:
    values = {name: getattr(event, name) for name in Recorded.__struct_fields__}
    return Broken(**values | {"type": "", "body": b"\x00{"}, previous=0, reason="no envelope")


POISON: dict[str, tuple[Callable[[Recorded], Recorded], str]] = {
    "unknown type": (lambda event: replace(event, type="Unheard"), "unknown-type"),
    "future version": (
        lambda event: replace(event, body=event.body.replace(b'"schema_version":1', b'"schema_version":9')),
        "future-version",
    ),
    "broken bytes": (lambda event: replace(event, body=b"{"), "undecodable"),
    "broken record": (broken, "undecodable"),
    "bytes of another stream": (lambda event: replace(event, stream=f"application-{ident('x')}"), "undecodable"),
}


async def shown(pool: Pool, store: PostgresStore, view: View[Any] = WORKLIST) -> set[str]:
    found = await PostgresReads(pool, store).present(view, Query())
    return {row.subject for row in found.rows}


@pytest.mark.parametrize(("spoil", "reason"), POISON.values(), ids=POISON)
async def test_poison_parks_its_stream_and_the_others_go_on(
    store: PostgresStore, pool: Pool, spoil: Callable[[Recorded], Recorded], reason: str
) -> None:
    log = list(await fill(store, FACTS))
    log[1] = spoil(log[1])
    runner = await consume(pool, WORKLIST, log)
    assert await runner.place() == len(log)
    assert await shown(pool, store) == {fact.case for fact in (FACTS[0], *FACTS[2:])}
    (parked,) = await PostgresParking(pool).listed()
    assert (parked.consumer, parked.event.stream, parked.reason) == ("worklist", log[1].stream, reason)
    assert (parked.event.position, parked.event.body) == (2, log[1].body)


async def test_what_follows_in_the_stream_waits_behind_across_batches_and_starts(
    store: PostgresStore, pool: Pool
) -> None:
    log = list(await fill(store, FACTS))
    follower = replace(log[2], stream=log[1].stream, body=log[2].body.replace(log[2].stream.encode(), b"x"))
    again = replace(log[3], stream=log[1].stream)
    await consume(pool, WORKLIST, [log[0], replace(log[1], body=b"{"), follower], step=2)
    await consume(pool, WORKLIST, [log[0], log[1], follower, again], step=1)
    parked = await PostgresParking(pool).of_stream("worklist", log[1].stream)
    assert [(one.event.position, one.reason) for one in parked] == [
        (2, "undecodable"),
        (3, "behind"),
        (4, "behind"),
    ]


async def test_a_fold_that_fails_half_way_leaves_no_trace_in_the_rows(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, FACTS)
    poisoned = FACTS[2].case

    def failing(rows: Any, event: Any) -> None:
        WORKLIST.evolve(rows, event)
        if event.fact.case == poisoned:
            raise ZeroDivisionError("a bug that names an.peeters@stad.be")

    view = replace(WORKLIST, evolve=failing)
    await consume(pool, view, log, step=4)
    assert await shown(pool, store) == {fact.case for fact in FACTS} - {poisoned}
    (parked,) = await PostgresParking(pool).listed()
    assert (parked.event.position, parked.reason) == (3, "failed")
    assert parked.detail == "the fold failed: ZeroDivisionError", "what it says of people stays out"


async def test_keys_that_cannot_be_told_are_poison_too(store: PostgresStore, pool: Pool) -> None:
    log = await fill(store, FACTS)

    def failing(event: Any) -> Any:
        raise KeyError(event.fact.case)

    await consume(pool, replace(WORKLIST, keys=failing), log)
    assert [one.reason for one in await PostgresParking(pool).listed()] == ["failed"] * len(log)


async def test_once_it_is_mended_a_rebuild_takes_the_stream_in_and_empties_the_list(
    store: PostgresStore, pool: Pool
) -> None:
    log = list(await fill(store, FACTS))
    runner = await consume(pool, WORKLIST, [log[0], replace(log[1], body=b"{"), *log[2:]])
    await rebuild(pool, WORKLIST)
    assert await shown(pool, store) == {fact.case for fact in FACTS}
    assert list(await PostgresParking(pool).stuck()) == []

    more = await fill(store, [sample("ApplicationSubmitted", case=ident("case 9"))], len(log) + 1)
    await runner.apply([replace(more[0], stream=log[1].stream, type="Unheard")])
    assert len(await PostgresParking(pool).stuck()) == 1, "a runner that was there all along goes on as it should"


def undecodable(number: int) -> AppendRequest:
    """A store keeps what it is given."""
    made = appended(sample("ApplicationSubmitted"), number)
    return replace(made, events=[replace(made.events[0], body=b"{}")])


async def test_a_rebuild_that_meets_poison_names_it_and_leaves_the_view_as_it_was(
    store: PostgresStore, pool: Pool
) -> None:
    await fill(store, FACTS)
    assert isinstance(await store.append(undecodable(len(FACTS) + 1)), Appended)
    await consume(pool, WORKLIST, await store.read_all(0))
    before = await shown(pool, store)
    with pytest.raises(Undigested, match=r"position 5 .*discard"):
        await rebuild(pool, WORKLIST)
    assert await shown(pool, store) == before
    assert len(await PostgresParking(pool).stuck()) == 1


async def test_what_was_discarded_is_left_out_of_a_rebuild(store: PostgresStore, pool: Pool) -> None:
    await fill(store, FACTS)
    await store.append(undecodable(len(FACTS) + 1))
    await consume(pool, WORKLIST, await store.read_all(0))
    parking = PostgresParking(pool)
    (parked,) = await parking.listed()
    await parking.discard(parked.number, "An Official", "never meant for us")

    assert (await rebuild(pool, WORKLIST)).equal
    assert await shown(pool, store) == {fact.case for fact in FACTS}


async def test_a_rebuild_waits_for_the_program_that_knows_every_type(store: PostgresStore, pool: Pool) -> None:
    log = list(await fill(store, FACTS))
    await consume(pool, WORKLIST, [log[0], replace(log[1], type="Unheard"), *log[2:]])
    with pytest.raises(Undigested, match="unknown type Unheard: upgrade first"):
        await rebuild(pool, WORKLIST)


async def test_an_event_that_a_view_ignores_is_not_even_read(store: PostgresStore) -> None:
    (event,) = await fill(store, [LIFE[0]])
    sifted = Sifted(WORKLIST, [replace(event, type=min(WORKLIST.ignores), body=b"{")])
    assert sifted.folded(()) == []
    assert sifted.aside({event.stream}) == []


async def test_what_a_fold_spoils_sets_the_rest_of_its_stream_aside(store: PostgresStore) -> None:
    log = await fill(store, FACTS)
    same = [replace(event, stream=log[0].stream) for event in log]
    sifted = Sifted(WORKLIST, log)
    assert len(sifted.folded(())) == len(log)
    sifted = Sifted(WORKLIST, [log[0], *same[1:]])
    sifted.poison = {1: Poison("failed", "no")}
    assert [(event.position, reason) for event, reason, _ in sifted.aside(())] == [
        (1, "failed"),
        *((event.position, "behind") for event in same[1:]),
    ]
    assert sifted.folded(()) == []
