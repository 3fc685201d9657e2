"""A log that comes back in bulk leaves the tables as they were, and what cannot come back in bulk comes as it came."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.postgres.connect import ROLE
from events.adapters.postgres.store import PostgresStore
from events.history import Former
from events.ledger import Transfer
from events.store import Appended, AppendRequest, Conflict, Duplicate, Outcome, RefusedByGuard
from events.unique import KeyChange
from tests.conftest import fresh_database
from tests.contract.making import Clock, request

TABLES = ("log", "command", "transfer", "account", "unique_key", "counter")
START = datetime(2021, 3, 11, 9, 0, 0, 7, tzinfo=UTC)


@pytest.fixture
async def original(postgres: EmbeddedPostgres, clock: Clock) -> AsyncIterator[PostgresStore]:
    """The store that is to come back."""
    async with fresh_database(postgres) as dsn:
        opened = await PostgresStore.open(dsn, clock=clock)
        yield opened
        await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


def story() -> list[AppendRequest]:
    """Money in every kind of transfer, keys claimed and released, several events a command, and none."""
    return [
        request("envelope-1", 0, 1, transfers=[Transfer("posted", 900, "CONTROL:c", "AVAILABLE:c")]),
        request("grant-1", 0, 2, transfers=[Transfer("pending", 50, "AVAILABLE:c", "COMMITTED:1", "p1")]),
        request("grant-2", 0, 1, transfers=[Transfer("pending", 70, "AVAILABLE:c", "COMMITTED:2", "p2")]),
        request("call-1", 0, 3, keys=[KeyChange("claim", "a", "one"), KeyChange("claim", "b", "one")]),
        request("grant-1", 2, 1, transfers=[Transfer("post", 40, pending_id="p1")]),
        request("grant-2", 1, 1, transfers=[Transfer("void", 0, pending_id="p2")]),
        request("call-1", 3, 1, keys=[KeyChange("release", "a", "one")]),
        request("call-2", 0, 1, keys=[KeyChange("claim", "a", "two")]),
        request("grant-1", 3, 1, transfers=[Transfer("posted", 40, "COMMITTED:1", "PAYABLE:1")]),
    ]


async def lived(store: PostgresStore, clock: Clock) -> list[Former]:
    """The story as it first happened, each command at its time."""
    formers = []
    for one in story():
        outcome = await store.append(one)
        assert isinstance(outcome, Appended)
        assert outcome.record.first_position is not None
        formers.append(Former(outcome.record.first_position, clock.now, one))
        clock.now += timedelta(seconds=1)
    return formers


async def tables(store: PostgresStore) -> dict[str, list[asyncpg.Record]]:
    """Every row, whatever the order; an account that never held anything may be missing."""
    found = {}
    for name in TABLES:
        rows = await store.pool.fetch(f"SELECT * FROM store.{name} AS t ORDER BY t::text")  # noqa: S608 -- the names stand above
        found[name] = [row for row in rows if name != "account" or any(list(row.values())[1:])]
    return found


def kinds(outcomes: Sequence[Outcome]) -> set[type]:
    return {type(one) for one in outcomes}


@pytest.mark.parametrize("at_once", [1, 4, 100])
async def test_the_tables_are_the_same_in_every_row(
    original: PostgresStore, store: PostgresStore, clock: Clock, at_once: int
) -> None:
    formers = await lived(original, clock)
    for start in range(0, len(formers), at_once):
        assert kinds(await store.restore(formers[start : start + at_once])) == {Appended}

    assert await tables(store) == await tables(original)
    assert await store.wait_for(formers[-1].first, 1)


async def test_what_comes_after_a_restore_is_judged_by_what_was_restored(
    original: PostgresStore, store: PostgresStore, clock: Clock
) -> None:
    await store.restore(await lived(original, clock))
    late = [
        request("grant-9", 0, transfers=[Transfer("posted", 861, "AVAILABLE:c", "COMMITTED:9")]),
        request("grant-1", 4, transfers=[Transfer("post", 1, pending_id="p1")]),
        request("call-3", 0, keys=[KeyChange("claim", "a", "three")]),
    ]
    assert kinds(await store.append_many(late)) == {RefusedByGuard}
    assert isinstance(await store.append(request("grant-1", 0)), Conflict)


async def test_a_restore_that_goes_on_knows_what_was_there(
    original: PostgresStore, store: PostgresStore, clock: Clock
) -> None:
    formers = await lived(original, clock)
    await store.restore(formers[:4])
    again = await PostgresStore.open(store.dsn)
    assert [type(one) for one in await again.restore(formers[:6])] == [Duplicate] * 4 + [Appended] * 2
    assert kinds(await again.restore(formers[6:])) == {Appended}
    await again.close()

    assert await tables(store) == await tables(original)


async def test_one_that_begins_in_the_middle_does_not_trust_books_it_has_not_followed(
    original: PostgresStore, store: PostgresStore, clock: Clock
) -> None:
    formers = await lived(original, clock)
    await store.restore(formers[:4])
    again = await PostgresStore.open(store.dsn)
    assert kinds(await again.restore(formers[4:])) == {Appended}
    await again.close()

    assert await tables(store) == await tables(original)


async def test_one_that_a_guard_refuses_is_named_and_nothing_after_it_is_written(store: PostgresStore) -> None:
    formers = [
        Former(1, START, request("call-1", 0, 2)),
        Former(3, START, request("grant-1", 0, transfers=[Transfer("posted", 1, "AVAILABLE:c", "COMMITTED:1")])),
        Former(4, START, request("call-2", 0)),
    ]
    assert [type(one) for one in await store.restore(formers)] == [Appended, RefusedByGuard]
    assert (await store.head()).position == 2


async def test_it_does_not_write_over_a_log_that_grows_meanwhile(store: PostgresStore) -> None:
    await store.restore([Former(1, START, request("call-1", 0))])
    other = await PostgresStore.open(store.dsn)
    await other.append(request("call-5", 0))
    await other.close()

    (outcome,) = await store.restore([Former(2, START, request("call-2", 0))])
    assert isinstance(outcome, Appended)
    assert outcome.record.first_position == 3, "whoever restores sees that it is not where it was"


async def test_without_the_owners_rights_it_comes_back_one_by_one(
    postgres: EmbeddedPostgres, original: PostgresStore, clock: Clock
) -> None:
    formers = await lived(original, clock)
    async with fresh_database(postgres) as dsn:
        modest = await PostgresStore.open(postgres.dsn(user=ROLE, database=dsn.rpartition("/")[2].partition("?")[0]))
        assert kinds(await modest.restore(formers)) == {Appended}
        assert await tables(modest) == await tables(original)
        await modest.close()
