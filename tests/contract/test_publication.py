"""What every keeper of the publication promises: all of a move or none, and only for who holds the newest token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory_lease import MemoryLeases
from events.adapters.memory_publication import MemoryPublication
from events.adapters.postgres.lease import PostgresLeases
from events.adapters.postgres.publication import PostgresPublication
from events.adapters.postgres.store import PostgresStore
from events.consumer import Fenced
from events.lease import Leases
from events.publication import EMPTY, LEASE, PartitionEnd, Publication, Published, roll
from events.store import Recorded
from tests.changing import replace
from tests.conftest import fresh_database
from tests.contract.making import Clock, ident

A, B = ("wijkspoor.intake.v1", 0), ("wijkspoor.jury.v1", 5)
EVENT = Recorded(
    7, datetime(2021, 3, 11, tzinfo=UTC), "call-1", 1, "CallPublished", 1, ident("case"), b"{}", "key", b"\x01"
)


@dataclass
class Kept:
    """A publication and the leases that fence it."""

    publication: Publication
    leases: Leases

    async def token(self, holder: str) -> int:
        token = await self.leases.take(LEASE, holder, 0.0)
        assert token is not None
        return token


@pytest.fixture(params=["memory", "postgres"])
async def kept(request: pytest.FixtureRequest, clock: Clock, postgres: EmbeddedPostgres) -> AsyncIterator[Kept]:
    if request.param == "memory":
        leases = MemoryLeases(clock)
        yield Kept(MemoryPublication(lambda: leases.token(LEASE)), leases)
        return
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        yield Kept(PostgresPublication(store.pool), PostgresLeases(store.pool))
        await store.close()


async def test_at_first_nothing_is_published(kept: Kept) -> None:
    assert await kept.publication.load() == Published(0, {})


async def test_watermark_and_partitions_move_together(kept: Kept) -> None:
    token = await kept.token("a")
    await kept.publication.move(token, 7, {A: PartitionEnd(5, 2, b"a" * 32), B: PartitionEnd(7, 5, b"b" * 32)})
    await kept.publication.move(token, 9, {A: PartitionEnd(9, 3, b"c" * 32)})

    assert await kept.publication.load() == Published(
        9, {A: PartitionEnd(9, 3, b"c" * 32), B: PartitionEnd(7, 5, b"b" * 32)}
    )


async def test_a_holder_whose_time_is_over_may_move_until_another_has_taken_over(kept: Kept) -> None:
    stale = await kept.token("a")
    await kept.publication.move(stale, 1, {})
    await kept.token("b")

    with pytest.raises(Fenced):
        await kept.publication.move(stale, 2, {A: PartitionEnd(2, 1, b"a" * 32)})
    assert await kept.publication.load() == Published(1, {})


async def test_a_watermark_never_goes_back(kept: Kept) -> None:
    token = await kept.token("a")
    await kept.publication.move(token, 5, {})

    with pytest.raises(Fenced):
        await kept.publication.move(token, 4, {})
    assert (await kept.publication.load()).position == 5


async def test_nobody_moves_without_a_lease(kept: Kept) -> None:
    with pytest.raises(Fenced):
        await kept.publication.move(1, 1, {})


async def test_nobody_moves_under_a_lease_that_was_given_up(kept: Kept) -> None:
    token = await kept.token("a")
    await kept.leases.release(LEASE, "a")

    with pytest.raises(Fenced):
        await kept.publication.move(token, 1, {})


def test_the_hash_covers_everything_that_is_published_of_an_event() -> None:
    changed = [
        replace(EVENT, position=8),
        replace(EVENT, recorded_at=datetime(2021, 3, 12, tzinfo=UTC)),
        replace(EVENT, body=b"[]"),
        replace(EVENT, key_id="kez"),
        replace(EVENT, signature=b"\x02"),
        # What moves from one field to the next is seen too.
        replace(EVENT, key_id="ke", signature=b"y\x01"),
        replace(EVENT, signature=b"\x01{", body=b"}"),
    ]
    hashes = {roll(EMPTY.hash, one) for one in [EVENT, *changed]} | {roll(b"\x01" * 32, EVENT)}

    assert len(hashes) == len(changed) + 2


def test_the_hash_is_the_one_that_is_written_down() -> None:
    """A subscriber in another language computes the same."""
    assert roll(EMPTY.hash, EVENT).hex() == "896081460904bbf173ae323b85f3a5337f53e4a0a6de88e1177ba660edd65092"


def test_an_end_knows_what_it_holds() -> None:
    assert EMPTY.then(EVENT) == PartitionEnd(7, 1, roll(bytes(32), EVENT))
