"""One seed decides every duplicate, delay and kill; the end is always the same (G2, G3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest

from events.store import Balance
from projections.budget_consumption.check import differences
from projections.hashes import view_hash
from projections.memory import MemoryRunner
from projections.views import VIEWS
from services.story.call_2021 import steps
from services.story.player import play
from tests import comparing
from tests.simulation.world import World

KILLS, REPEATS = 12, 60
"""Chances in thousandths: about sixty kills and fifty repeats in one play."""


class Ended(msgspec.Struct):
    """What a play leaves behind."""

    content: Mapping[str, Sequence[comparing.type_and_data]]
    balances: Sequence[Balance]
    views: Mapping[str, str]
    differences: list[Any]
    kills: int


async def played(seed: int, *, kills: int = KILLS, repeats: int = REPEATS) -> Ended:
    runners = {name: MemoryRunner(view) for name, view in VIEWS.items()}
    world = World(seed, kills=kills, repeats=repeats, views=lambda: list(runners.values()))
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance("2026-12-31T00:00:00.000000Z")
    balances = sorted(await world.store.balances(), key=lambda one: one.account)
    return Ended(
        content=await comparing.content(world.store, world.vault),
        balances=balances,
        views={name: view_hash(runner.view, list(runner.rows.values())) for name, runner in runners.items()},
        differences=differences(list(runners["budget_consumption"].rows.values()), balances),
        kills=len(world.fate.log),
    )


async def undisturbed() -> Ended:
    return await played(0, kills=0, repeats=0)


def assert_same(one: Ended, other: Ended) -> None:
    assert comparing.difference(one.content, other.content) is None
    assert one.balances == other.balances
    assert one.views == other.views
    assert one.differences == other.differences == []


async def several(seeds: range) -> int:
    calm = await undisturbed()
    kills = 0
    for seed in seeds:
        wild = await played(seed)
        assert_same(calm, wild)
        kills += wild.kills
    return kills


@pytest.mark.parametrize("start", range(1, 51, 10))
async def test_fifty_seeds_end_alike(start: int) -> None:
    kills = await several(range(start, start + 10))
    assert kills > 200, "a world without kills shows nothing"


@pytest.mark.long
@pytest.mark.parametrize("start", range(1, 1001, 50))
async def test_a_thousand_seeds_end_alike(start: int) -> None:
    await several(range(start, start + 50))


async def test_a_lost_effect_would_be_noticed() -> None:
    calm, wild = await undisturbed(), await undisturbed()
    stream = next(name for name in wild.content if name.startswith("payment-order-"))
    shortened = dict(wild.content) | {stream: wild.content[stream][:-1]}
    assert comparing.difference(calm.content, shortened) is not None
