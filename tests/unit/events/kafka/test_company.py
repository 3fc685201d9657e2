"""Several consumers, one reader: each gets every event in order, and nobody waits for the slowest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest

from events.adapters.kafka.company import Company
from events.store import Recorded
from tests.integration.kafka.carrying import history


class Reader:
    """Brings a log page by page; `fails` is raised once where it is set, `waits` holds the next page back."""

    def __init__(self, events: Sequence[Recorded], page: int = 10) -> None:
        self._left = list(events)
        self._page = page
        self.fails: BaseException | None = None
        self.may_go = asyncio.Event()
        self.may_go.set()
        self.asked = 0
        self.acknowledged: list[int] = []
        self.open = False

    async def start(self) -> None:
        self.open = True

    async def more(self) -> Sequence[Recorded]:
        self.asked += 1
        await self.may_go.wait()
        if self.fails is not None:
            failure, self.fails = self.fails, None
            raise failure
        brought, self._left = self._left[: self._page], self._left[self._page :]
        return brought

    async def acknowledge(self, position: int) -> None:
        self.acknowledged.append(position)

    async def close(self) -> None:
        self.open = False


async def read(company: Company, consumer: str, after: int, until: int) -> list[int]:
    """The positions that a consumer gets up to one."""
    company.join(consumer, after)
    found: list[int] = []
    while after < until:
        batch = await company.after(after, 7)
        found += [one.position for one in batch]
        after = found[-1] if found else after
        await company.acknowledge(consumer, after)
    return found


async def test_every_member_gets_every_event_in_order_and_each_is_brought_once() -> None:
    reader = Reader(history(100))
    company = Company(reader, 0)
    for name in ("a", "b", "c"):
        company.join(name, 0)
    found = await asyncio.gather(*(read(company, name, 0, 100) for name in ("a", "b", "c")))
    assert found == [list(range(1, 101))] * 3
    assert reader.asked == 10


async def test_who_stands_further_on_joins_where_it_stands() -> None:
    company = Company(Reader(history(100)), 0)
    company.join("a", 0)
    await company.after(0, 10)
    assert company.serves(4)
    assert await read(company, "b", 4, 100) == list(range(5, 101))


async def test_what_some_member_still_needs_is_kept_and_no_more() -> None:
    company = Company(Reader(history(60)), 0)
    company.join("slow", 0)
    await read(company, "quick", 0, 60)
    assert company.serves(0)
    await company.acknowledge("slow", 30)
    assert (company.serves(29), company.serves(30)) == (False, True)


async def test_who_falls_too_far_behind_is_not_waited_for() -> None:
    company = Company(Reader(history(100)), 0, kept=20)
    company.join("slow", 0)
    assert await read(company, "quick", 0, 100) == list(range(1, 101))
    assert not company.serves(0)
    assert not await company.after(0, 10)


async def test_the_reader_is_told_of_what_all_members_have_behind_them() -> None:
    reader = Reader(history(40))
    company = Company(reader, 0)
    company.join("slow", 0)
    await read(company, "quick", 0, 40)
    assert set(reader.acknowledged) == {0}
    await company.acknowledge("slow", 25)
    assert reader.acknowledged[-1] == 25


async def test_nothing_new_is_a_sign_of_life() -> None:
    company = Company(Reader([]), 0)
    company.join("a", 0)
    assert await company.after(0, 10) == ()


async def test_a_failure_reaches_who_asked_and_the_others_are_sent_away() -> None:
    reader = Reader(history(20))
    company = Company(reader, 0)
    reader.may_go.clear()
    company.join("a", 0)
    company.join("b", 0)
    first, second = (asyncio.create_task(company.after(0, 10)) for _ in "ab")
    while not reader.asked:  # noqa: ASYNC110 -- the reader tells nobody that it was asked
        await asyncio.sleep(0)
    reader.fails = ConnectionError("gone")
    reader.may_go.set()
    with pytest.raises(ConnectionError):
        await first
    assert company.broken
    assert not company.serves(0)
    assert await second == ()


async def test_who_is_ended_while_it_asks_leaves_no_reader_behind_that_others_trust() -> None:
    reader = Reader(history(20))
    company = Company(reader, 0)
    reader.may_go.clear()
    task = asyncio.create_task(read(company, "a", 0, 20))
    while not reader.asked:  # noqa: ASYNC110 -- see above
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert company.broken


async def test_the_last_one_closes_the_reader() -> None:
    reader = Reader(history(20))
    company = Company(reader, 0)
    await read(company, "a", 0, 20)
    company.join("b", 20)
    assert (await company.leave("a"), reader.open) == (False, True)
    assert (await company.leave("b"), reader.open) == (True, False)
    assert not company.serves(20)
