"""Other logs than that of 2021: another call by other terms, and a log written through deaths and repeats."""

from __future__ import annotations

from services.story.call_2021 import steps as call_of_2021
from services.story.player import play
from services.story.script import Step
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


async def test_a_log_written_through_deaths_and_repeats_has_nothing_to_find() -> None:
    world = World(11, kills=20, repeats=50)
    log = await log_of(world, call_of_2021(), "2026-02-01T00:00:00.000000Z")
    assert world.fate.log, "nobody died"
    assert list(check(log)) == []
