"""Group reading: one question for all who ask meanwhile, and nobody is harmed by another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from events.adapters.postgres.together import MOST, Together


class Database:
    """Answers when it is let; remembers what it was asked. `broken` fails the next question."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.asked: list[Sequence[str]] = []
        self.let = asyncio.Event()
        self.broken = False

    async def __call__(self, keys: Sequence[str]) -> Mapping[str, str]:
        self.asked.append(keys)
        self.begun.set()
        await self.let.wait()
        if self.broken:
            self.broken = False
            raise ConnectionError("gone")
        return {key: key.upper() for key in keys if key != "nothing"}


async def test_who_asks_while_a_question_is_under_way_shares_the_next() -> None:
    database = Database()
    together = Together(database)
    first = asyncio.create_task(together.get("a"))
    await database.begun.wait()
    rest = [asyncio.create_task(together.get(key)) for key in ("b", "c", "a", "b", "nothing")]
    await asyncio.sleep(0)
    database.let.set()
    assert await first == "A"
    assert await asyncio.gather(*rest) == ["B", "C", "A", "B", None]
    assert database.asked == [["a"], ["b", "c", "a", "nothing"]], "a key under way is asked anew: it may have changed"


async def test_a_question_has_no_more_than_so_many_keys() -> None:
    database = Database()
    database.let.set()
    together = Together(database)
    keys = [str(number) for number in range(MOST + 1)]
    assert await asyncio.gather(*map(together.get, keys)) == keys
    assert [len(one) for one in database.asked] == [MOST, 1]


async def test_a_question_that_fails_fails_for_its_own_and_the_next_is_asked() -> None:
    database = Database()
    database.broken = True
    together = Together(database)
    lost = [asyncio.create_task(together.get(key)) for key in ("a", "b")]
    await database.begun.wait()
    later = asyncio.create_task(together.get("a"))
    await asyncio.sleep(0)
    database.let.set()
    assert await later == "A"
    for one in lost:
        with pytest.raises(ConnectionError):
            await one


async def test_who_gives_up_takes_nobody_along() -> None:
    database = Database()
    together = Together(database)
    leaves, stays = (asyncio.create_task(together.get("a")) for _ in range(2))
    await database.begun.wait()
    leaves.cancel()
    await asyncio.sleep(0)
    database.let.set()
    assert await stays == "A"
    assert leaves.cancelled()
    assert await together.get("b") == "B"
