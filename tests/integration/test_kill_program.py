"""kill -9 between every two steps of append, reaction, projection and timer: what was begun is finished once (G1, G2).

The play runs in a process of its own on a real database. It dies at a named step, is started again on the same data,
dies at the next one, and in the end has left exactly what an undisturbed play leaves.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence

import pytest

from events.adapters.embedded import EmbeddedPostgres
from projections.views import VIEWS
from services.registry import SERVICES
from tests.integration.killed.ending import Ended, assert_same
from tests.integration.killed.nursery import Nursery, Told, lives, nurseries

UNTIL = "2021-08-20"
"""Publication, applications, completion, eligibility: reactions of every service, deadlines, every view."""
LONGEST = 16
"""Deaths of one play."""
SEED = 20210311

Point = tuple[str, int]

AROUND = {
    "command": ("before the append", "after the append"),
    "append": ("under way", "committed, nobody told"),
    "timers": ("before they are set", "after they are set"),
    "alarm": ("before a command", "after a command", "before it is noted", "after it is noted"),
    "vault": ("keys are there",),
    **dict.fromkeys(VIEWS, ("before the batch", "folded, not written", "after the batch")),
    **{f"react:{service}": ("before its place", "after its place") for service in SERVICES},
}
"""Who → the steps between which the program must be able to die."""


def every_place() -> set[str]:
    sends = ("before a command", "before the append", "after the append", "after a command")
    # Intake reacts in calls that keep a register; that of 2021 does not.
    acting = [name for name, one in SERVICES.items() if one.reactions and name != "intake"]
    reacting = {f"react:{name}: {step}" for name in acting for step in sends}
    return {f"{who}: {step}" for who, steps in AROUND.items() for step in steps} | reacting


def points(crossed: Mapping[str, int]) -> list[Point]:
    """The first crossing of each place and, where it is crossed often, a later one; rare places first.

    A life that goes on where another died crosses less, so the later one stays small.
    """
    chance = random.Random(SEED)
    found: list[tuple[int, str, int]] = []
    for name, count in crossed.items():
        found.append((count, name, 1))
        if count >= 16:
            found.append((count, name, chance.randint(2, max(2, count // 12))))
    rare = sorted({(count, name.partition(":")[0]) for count, name, _ in found})
    first = {who: place for place, (_, who) in reversed(list(enumerate(rare)))}
    order = list(crossed)
    found.sort(key=lambda one: (first[one[1].partition(":")[0]], one[2], order.index(one[1])))
    return [(name, number) for _, name, number in found]


async def undisturbed(server: EmbeddedPostgres, where: Nursery, until: str | None) -> Told:
    calm = await lives(server, where, [], until)
    assert calm.died == []
    return calm


async def through(
    server: EmbeddedPostgres, where: Nursery, waiting: deque[Point], calm: Ended, until: str | None
) -> list[Point]:
    """Plays that take points from the queue until it is empty; the deaths that came."""
    died: list[Point] = []
    while waiting:
        mine = [waiting.popleft() for _ in range(min(LONGEST, len(waiting)))]
        told = await lives(server, where, mine, until)
        assert_same(calm, told.ended)
        # How often a place is crossed depends on how events come in batches: a late crossing may not come at all.
        assert told.died or mine[0][1] > 1, f"{mine[0]} was never reached"
        # What an ending play no longer crosses comes first in the next.
        waiting.extendleft(reversed(mine[len(told.died) or 1 :]))
        died += told.died
    return died


async def killed_everywhere(server: EmbeddedPostgres, until: str | None, choose: int) -> str:
    start = time.perf_counter()
    async with nurseries(2) as houses:
        calm = await undisturbed(server, houses[0], until)
        assert calm.crossed.keys() >= every_place()
        waiting = deque(points(calm.crossed)) if choose == 0 else deque(spread(calm.crossed, choose))
        deaths = await asyncio.gather(*(through(server, where, waiting, calm.ended, until) for where in houses))
    died = Counter(point for some in deaths for point in some)
    assert {name for name, _ in died} >= every_place()
    return (
        f"{died.total()} deaths at {len(died)} points of {len({name for name, _ in died})} places,"
        f" {calm.ended.events} events, {time.perf_counter() - start:.0f} s: every play ended alike"
    )


def spread(crossed: Mapping[str, int], choose: int) -> list[Point]:
    """So many crossings of each place, evenly over the play."""
    found = {(name, 1 + number * count // choose) for name, count in crossed.items() for number in range(choose)}
    return sorted(found, key=lambda one: (one[1], one[0]))


async def test_killed_at_every_step_and_started_again_it_ends_as_if_nothing_had_happened(
    postgres: EmbeddedPostgres,
) -> None:
    sys.stdout.write("\n" + await killed_everywhere(postgres, UNTIL, 0) + "\n")


@pytest.mark.long
async def test_killed_at_six_crossings_of_every_step_it_ends_alike(postgres: EmbeddedPostgres) -> None:
    sys.stdout.write("\n" + await killed_everywhere(postgres, UNTIL, 6) + "\n")


async def whole_call(server: EmbeddedPostgres, seeds: Sequence[int], longest: int, most: int) -> str:
    """The play to the last euro; each life ends after a random number of steps of whatever kind."""
    start = time.perf_counter()
    died = 0
    async with nurseries(2) as houses:
        calm = await undisturbed(server, houses[0], None)

        async def some(where: Nursery, mine: Sequence[int]) -> int:
            count = 0
            for seed in mine:
                chance = random.Random(seed)
                deaths = [("", chance.randint(1, most)) for _ in range(longest)]
                told = await lives(server, where, deaths)
                assert_same(calm.ended, told.ended)
                count += len(told.died)
            return count

        died = sum(await asyncio.gather(*(some(where, seeds[place::2]) for place, where in enumerate(houses))))
    return (
        f"{len(seeds)} plays to the last euro, {died} deaths, {calm.ended.events} events each,"
        f" {time.perf_counter() - start:.0f} s: every play ended alike"
    )


async def test_killed_again_and_again_on_the_way_the_whole_call_ends_alike(postgres: EmbeddedPostgres) -> None:
    sys.stdout.write("\n" + await whole_call(postgres, [1], 8, 3_000) + "\n")


@pytest.mark.long
async def test_two_dozen_whole_calls_end_alike(postgres: EmbeddedPostgres) -> None:
    sys.stdout.write("\n" + await whole_call(postgres, range(24), 60, 1_200) + "\n")
