"""The small parts of the relay: what is next in a partition, what an acknowledgement tells, and work side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from types import SimpleNamespace
from typing import Any

import pytest

from events.adapters.kafka.records import KafkaRecorded, from_record, to_record
from events.adapters.kafka.sending import Batch, Offsets, Shrunk
from events.adapters.kafka.session import Progress
from events.adapters.kafka.trail import Trail
from events.beside import beside
from events.publication import EMPTY
from tests.unit.events.kafka.test_records import consumed, event

PLACE = ("wijkspoor.intake.v1", 3)


def came(position: int, previous: int) -> KafkaRecorded:
    got = from_record(consumed(to_record(event(position), previous)))
    assert isinstance(got, KafkaRecorded)
    return got


def test_the_next_event_is_the_one_that_names_the_last() -> None:
    trail = Trail()
    assert [trail.take(came(*one)) for one in ((3, 0), (9, 3), (11, 9))] == [True, True, True]
    assert trail.end == EMPTY.then(event(3)).then(event(9)).then(event(11))


def test_repeats_and_what_comes_too_early_are_not_next() -> None:
    trail = Trail()
    early, first, again, second = came(9, 3), came(3, 0), came(3, 0), came(9, 3)
    assert [trail.take(one) for one in (early, first, again, second)] == [False, True, False, True]


def test_after_a_loss_nothing_is_next_until_it_is_refilled() -> None:
    trail = Trail()
    lost = came(5, 3)
    assert [trail.take(one) for one in (came(3, 0), came(9, 5), came(11, 9))] == [True, False, False]
    assert [trail.take(one) for one in (lost, came(9, 5), came(11, 9))] == [True, True, True]


def acknowledged(offset: int) -> Awaitable[Any]:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    future.set_result(SimpleNamespace(offset=offset))
    return future


async def test_acknowledgements_in_their_order_move_the_end() -> None:
    offsets = Offsets({PLACE: 10})
    await offsets.confirm([Batch(PLACE, 5, acknowledged(10)), Batch(PLACE, 2, acknowledged(15))])
    assert offsets.ends == {PLACE: 17}


async def test_what_others_wrote_in_between_is_no_harm() -> None:
    offsets = Offsets({PLACE: 10})
    await offsets.confirm([Batch(PLACE, 5, acknowledged(12))])
    assert offsets.ends == {PLACE: 17}


async def test_an_acknowledgement_without_a_place_tells_nothing() -> None:
    offsets = Offsets({PLACE: 10})
    await offsets.confirm([Batch(PLACE, 5, acknowledged(-1))])
    assert offsets.ends == {PLACE: 10}


async def test_an_acknowledgement_below_the_end_tells_that_the_partition_was_emptied() -> None:
    with pytest.raises(Shrunk, match="ended at 10, now at 0"):
        await Offsets({PLACE: 10}).confirm([Batch(PLACE, 5, acknowledged(0))])


async def test_a_batch_that_fails_is_heard() -> None:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    future.set_exception(OSError("gone"))
    with pytest.raises(OSError, match="gone"):
        await Offsets().confirm([Batch(PLACE, 1, future)])


class Work:
    """Something that goes on until it is cancelled, and remembers that it was."""

    ended = False

    async def for_ever(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True


async def short() -> None:
    await asyncio.sleep(0)


async def failing() -> None:
    await asyncio.sleep(0)
    raise OSError("gone")


async def test_the_others_live_as_long_as_the_main_work() -> None:
    other = Work()
    await beside(short(), other.for_ever())
    assert other.ended


async def test_another_that_is_done_ends_nothing() -> None:
    main, started = Work(), asyncio.Event()

    async def until_started() -> None:
        await started.wait()

    task = asyncio.create_task(beside(main.for_ever(), short(), until_started()))
    await asyncio.sleep(0)
    started.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert main.ended


@pytest.mark.parametrize("main", [True, False])
async def test_what_fails_first_is_raised_as_it_is_and_ends_the_rest(main: bool) -> None:
    work = Work()
    with pytest.raises(OSError, match="gone"):
        await (beside(failing(), work.for_ever()) if main else beside(work.for_ever(), failing()))
    assert work.ended


def test_the_lag_is_what_is_recorded_and_not_acknowledged() -> None:
    assert Progress(position=7, head=10).lag == 3
    assert Progress(position=11, head=10).lag == 0, "the head was looked at a moment ago"
