"""A play that is over, on the memory twin: what it left in the log and in the books."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from events.canonical import decode
from events.catalog import stream_name
from events.store import Recorded
from events.times import Instant
from services.deciding import case_id
from services.story.player import play
from services.story.script import load
from tests import comparing
from tests.e2e.acting import Acting
from tests.simulation.world import World


@dataclass(frozen=True)
class Ended:
    """The play, the world it was played in, every event, and what each stream says."""

    story: Acting
    world: World
    log: Sequence[Recorded]
    content: Mapping[str, Sequence[comparing.type_and_data]]

    def name(self, kind: str, key: str, ordinal: str | int | None = None) -> str:
        """The name of a stream of a case."""
        case = self.story.case(key)
        return stream_name(kind, case if ordinal is None else case_id(case, kind, ordinal))

    def stream(self, kind: str, key: str, ordinal: str | int | None = None) -> Sequence[comparing.type_and_data]:
        """What it says, version by version; nothing where there is none."""
        return self.content.get(self.name(kind, key, ordinal), ())

    def types(self, kind: str, key: str, ordinal: str | int | None = None) -> list[str]:
        """The types alone."""
        return [type_ for type_, _ in self.stream(kind, key, ordinal)]

    def data(self, type_: str, kind: str, key: str, ordinal: str | int | None = None) -> Any:
        """The data of the last fact of that type in a stream of a case."""
        return [told["data"] for found, told in self.stream(kind, key, ordinal) if found == type_][-1]

    async def accounts(self) -> dict[str, int]:
        """What is left on every account that holds anything, in cents."""
        return {one.account: one.posted for one in await self.world.store.balances() if one.posted}


async def ended(story: Acting, end: Instant) -> Ended:
    """Play it on the memory twin, and let every deadline pass until then."""
    world = World(0)
    await world.begin()
    await play(story.steps, world, story.expecting(world.send), now=world.clock.now)
    await world.advance(end)
    content = await comparing.content(world.store, world.vault)
    return Ended(story, world, await comparing.whole_log(world.store), content)


OF_THE_HOUSE = {"balance", "Europe/Brussels", "TOTAL_ELIGIBLE_COST"}
"""What the program's own rules say, whatever the call: an outcome of P5, the zone, and a reading of E3."""


def left_of_2021(one: Ended) -> set[Any]:
    """Words, codes and amounts of the call of 2021 that this call's log holds and its own terms do not."""
    foreign = _leaves(load("calls/2021.json")) - _leaves(one.story.terms) - OF_THE_HOUSE
    bodies = [recorded.body for recorded in one.log if one.story.call.encode() in recorded.body]
    found = foreign & {leaf for body in bodies for leaf in _leaves(decode(body))}
    return found | {
        word for word in ("wijkverbeteringscontract", "WVC-2021") for body in bodies if word.encode() in body
    }


def _leaves(value: Any) -> set[Any]:
    """Every text in it that is no day, and every number that can only be an amount."""
    return {leaf for leaf in _walk(value) if (not _DAY.fullmatch(leaf) if isinstance(leaf, str) else leaf >= 1_000_000)}


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _walk(value: Any) -> Iterator[str | int]:
    match value:
        case dict():
            for inner in value.values():
                yield from _walk(inner)
        case list():
            for inner in value:
                yield from _walk(inner)
        case str() | int() if not isinstance(value, bool):
            yield value
        case _:
            return
