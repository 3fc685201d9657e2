"""Who holds a lease knows it at every step, and who has lost it learns it before the next."""

from __future__ import annotations

import asyncio

import pytest

from events.adapters.memory_lease import MemoryLeases
from events.consumer import Fenced
from events.store import StoreUnavailable
from events.tenure import Tenure
from tests.contract.making import Clock


class Keeper(MemoryLeases):
    """Leases that can be out of reach, and that count how often they are asked."""

    away = False
    asked = 0

    async def take(self, name: str, holder: str, seconds: float) -> int | None:
        """As the port says."""
        self.asked += 1
        if self.away:
            raise StoreUnavailable("away")
        return await super().take(name, holder, seconds)


def pair(seconds: float = 60.0) -> tuple[Clock, Keeper, Tenure, Tenure]:
    clock = Clock()
    keeper = Keeper(clock)
    return clock, keeper, Tenure(keeper, "relay", "a", seconds), Tenure(keeper, "relay", "b", seconds)


async def test_one_begins_and_the_other_waits() -> None:
    _, _, one, other = pair()
    assert await one.begin()
    assert not await other.begin()
    assert one.token == 1


async def test_while_the_lease_lasts_nobody_is_asked() -> None:
    _, keeper, one, _ = pair()
    await one.begin()
    for _ in range(5):
        await one.assure()
    assert keeper.asked == 1


async def test_when_its_time_is_over_it_asks_again_and_goes_on_if_nobody_took_over() -> None:
    _, keeper, one, _ = pair(seconds=0.0)
    await one.begin()
    await one.assure()
    assert keeper.asked == 2
    assert one.token == 1


async def test_who_was_frozen_learns_that_another_has_taken_over() -> None:
    clock, _, one, other = pair(seconds=0.0)
    await one.begin()
    clock.move(seconds=1)
    assert await other.begin()
    assert other.token == 2
    with pytest.raises(Fenced):
        await one.assure()


async def test_who_got_the_lease_back_in_between_is_still_superseded() -> None:
    clock, keeper, one, other = pair(seconds=0.0)
    await one.begin()
    clock.move(seconds=1)
    await other.begin()
    await other.end()
    with pytest.raises(Fenced):
        await one.assure()
    assert keeper.token("relay") == 3


async def test_what_is_given_up_is_free_at_once() -> None:
    _, _, one, other = pair()
    await one.begin()
    await one.end()
    assert await other.begin()


async def test_keeping_outlasts_a_keeper_that_is_away_and_ends_when_superseded() -> None:
    clock, keeper, one, other = pair(seconds=0.03)
    await one.begin()
    keeping = asyncio.create_task(one.keep())
    keeper.away = True
    before = keeper.asked
    async with asyncio.timeout(5):
        while keeper.asked < before + 3:  # noqa: ASYNC110 -- the keeper counts, it does not call
            await asyncio.sleep(0.001)
    assert not keeping.done()

    keeper.away = False
    clock.move(seconds=1)
    assert await other.begin()
    with pytest.raises(Fenced):
        await asyncio.wait_for(keeping, 5)
