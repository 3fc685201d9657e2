"""The agency's side of the bank's folder, over the play of 2021 as it stands when the first payments are released."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from functools import cache

import pytest

from services.banking.office import Office
from services.story.call_2021 import steps
from services.story.player import play
from tests.simulation.world import World
from tests.unit.services.banking.desk import Desk


@cache
def released() -> World:
    """Eleven orders are released, and the bank has said nothing yet. Copied, never changed."""
    world = World(0)
    before = [step for step in steps("2022-01-17") if step.command != "confirm-execution"]

    async def played() -> None:
        await world.begin()
        await play(before, world, world.send, now=world.clock.now)

    asyncio.run(played())
    return world


@pytest.fixture
def desk() -> Desk:
    """A desk of its own for each test."""
    return Desk(deepcopy(released()))


@pytest.fixture
def office(desk: Desk) -> Office:
    """The desk's office."""
    return desk.office
