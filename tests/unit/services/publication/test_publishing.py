"""The parts that give public events on live and end together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import pytest

from events.failures import CannotRun
from services.publishing import Part, Publishing


class PaperPart:
    """Works until it is told to stop, or fails."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.name, self.error = name, error
        self.begun, self.stopping = asyncio.Event(), asyncio.Event()
        self.finished = False

    async def run(self) -> None:
        self.begun.set()
        if self.error is not None:
            raise self.error
        await self.stopping.wait()
        self.finished = True

    def stop(self) -> None:
        self.stopping.set()

    def figures(self) -> Mapping[str, float]:
        return {self.name: 1.0}


async def told() -> int:
    """The public log knows this much."""
    return 7


async def test_cancelled_each_finishes_what_is_in_hand() -> None:
    parts = [PaperPart("one"), PaperPart("two")]
    publishing = Publishing(parts, told)
    task = asyncio.create_task(publishing.run())
    await asyncio.gather(*(part.begun.wait() for part in parts))
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    assert task.cancelled()
    assert [part.finished for part in parts] == [True, True]


async def test_what_one_raises_ends_all_and_is_raised() -> None:
    good = PaperPart("good")
    parts: list[Part] = [good, PaperPart("bad", CannotRun("no rights"))]
    with pytest.raises(CannotRun, match="no rights"):
        await Publishing(parts, told).run()
    assert not good.finished


@pytest.mark.parametrize(("behind", "position"), [(0, 7), (3, -1)])
async def test_its_position_is_where_nothing_public_was_left_behind(behind: int, position: int) -> None:
    seen = asyncio.Event()

    async def asked() -> int:
        seen.set()
        return 7

    part = PaperPart("one")
    publishing = Publishing([part], asked, lambda: behind)
    task = asyncio.create_task(publishing.run())
    await seen.wait()
    await publishing.reached(10**9)
    part.stop()
    await task
    assert publishing.position == position


def test_its_figures_are_those_of_its_parts() -> None:
    assert Publishing([PaperPart("one"), PaperPart("two")], told).figures() == {"one": 1.0, "two": 1.0}
