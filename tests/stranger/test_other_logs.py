"""Other logs than that of 2021: another call by other terms, and a log written through deaths and repeats."""

from __future__ import annotations

import pytest

from services.story.call_2021 import steps as call_of_2021
from services.story.player import play
from services.story.script import Step
from tests.e2e import test_city_of_things as city_of_things
from tests.e2e import test_plan_samenleven as plan_samenleven
from tests.e2e.acting import Acting
from tests.e2e.ended import ended
from tests.e2e.test_second_call import steps as second_call
from tests.simulation.world import World
from tests.stranger.checking import check
from tests.stranger.reading import Event, event


async def log_of(world: World, steps: list[Step], end: str) -> list[Event]:
    """Everything that was written when the play is over."""
    await world.begin()
    await play(steps, world, world.send, now=world.clock.now)
    await world.advance(end)
    return [event(one.position, one.body) for one in await world.store.read_all(0, limit=10_000)]


async def test_a_call_by_other_terms_has_nothing_to_find() -> None:
    log = await log_of(World(0), second_call(), "2026-01-31T00:00:00.000000Z")
    assert [one.type for one in log].count("GrantAwarded") == 2
    assert list(check(log)) == []


@pytest.mark.parametrize(
    ("story", "end"),
    [
        (plan_samenleven.story(), plan_samenleven.END),
        (city_of_things.story(), city_of_things.END),
    ],
    ids=["plan_samenleven", "city_of_things"],
)
async def test_a_further_call_with_its_unhappy_ways_has_nothing_to_find(story: Acting, end: str) -> None:
    log = [event(one.position, one.body) for one in (await ended(story, end)).log]
    assert [one.type for one in log].count("ContractClosed") == 3
    assert list(check(log)) == []


async def test_a_log_written_through_deaths_and_repeats_has_nothing_to_find() -> None:
    world = World(11, kills=20, repeats=50)
    log = await log_of(world, call_of_2021(), "2026-02-01T00:00:00.000000Z")
    assert world.fate.log, "nobody died"
    assert list(check(log)) == []
