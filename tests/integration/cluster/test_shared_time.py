"""The story's clock of several processes."""

from __future__ import annotations

import pytest

from events.adapters.postgres.shared_time import PostgresSharedTime
from events.adapters.postgres.store import PostgresStore
from services.clock import SharedStoryClock

JANUARY, MARCH, JULY = (f"2021-{month}-01T09:00:00.000000Z" for month in ("01", "03", "07"))


async def test_what_one_process_sets_the_other_learns_before_it_acts(store: PostgresStore) -> None:
    shared = PostgresSharedTime(store.pool)
    mover, other = SharedStoryClock(JANUARY, shared), SharedStoryClock(JANUARY, shared)
    await other.refresh()
    assert other.now() == JANUARY, "nobody has moved it"
    mover.move(MARCH)
    await mover.share()
    assert other.now() == JANUARY
    await other.refresh()
    assert other.now() == MARCH


async def test_the_time_of_the_story_never_goes_back(store: PostgresStore) -> None:
    shared = PostgresSharedTime(store.pool)
    await shared.store(JULY)
    await shared.store(MARCH)
    assert await shared.load() == JULY
    late = SharedStoryClock(JANUARY, shared)
    late.move(MARCH)
    await late.share()
    assert late.now() == MARCH
    await late.refresh()
    assert late.now() == JULY, "another process had gone further"
    with pytest.raises(ValueError, match="cannot go back"):
        late.move(MARCH)
    assert await shared.load() == JULY
