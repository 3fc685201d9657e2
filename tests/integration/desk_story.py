"""The desk over the real play of 2021, in memory: the log, its views, and the pages in front of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from projections.desk.reads import ViewsDesk
from projections.memory import MemoryReads, MemoryRunner
from projections.views import VIEWS
from services.story.call_2021 import steps
from services.story.player import play
from tests.simulation.world import World


@dataclass(frozen=True)
class Story:
    """The play, ended: its log, its views by name, and the desk's data over both."""

    world: World
    runners: dict[str, MemoryRunner[Any]]
    desk: ViewsDesk


async def played() -> Story:
    """Play the whole call once."""
    runners = {name: MemoryRunner(view) for name, view in VIEWS.items()}
    world = World(0, views=lambda: list(runners.values()))
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    return Story(world, runners, ViewsDesk(MemoryReads(runners, world.store), world.store))
