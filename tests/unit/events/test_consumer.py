"""The one engine: in order, without repeats, never past a hole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from events.consumer import Consumer, Gap
from events.store import Recorded


def event(position: int) -> Recorded:
    when = datetime(2021, 3, 11, tzinfo=UTC)
    return Recorded(position, when, "call-x", position, "CallClosed", 1, "x", b"{}", "key", b"")


class Fixed:
    """A feed of every event, or of every `step`-th, that delivers the given batches and then waits."""

    def __init__(self, *batches: list[int], step: int = 1) -> None:
        self._batches = batches
        self._step = step
        self.acknowledged: list[int] = []
        self.closed = False

    async def batches(self, consumer: str, after: int, *, limit: int = 500) -> AsyncGenerator[Sequence[Recorded], None]:
        try:
            for batch in self._batches:
                yield [event(position) for position in batch]
            await asyncio.Event().wait()
        finally:
            self.closed = True

    def previous(self, recorded: Recorded) -> int:
        return max(recorded.position - self._step, 0)

    async def acknowledge(self, consumer: str, position: int) -> None:
        self.acknowledged.append(position)


class Counting:
    """A sink that remembers what it was given."""

    name = "counting"

    def __init__(self, place: int = 0) -> None:
        self._place = place
        self.seen: list[int] = []

    async def place(self) -> int:
        return self._place

    async def apply(self, batch: Sequence[Recorded]) -> None:
        self.seen += [one.position for one in batch]


async def consumed(feed: Fixed, sink: Counting, until: int) -> None:
    consumer = Consumer(feed, sink)
    task = asyncio.create_task(consumer.run())
    reached = asyncio.create_task(consumer.reached(until))
    done, _ = await asyncio.wait({task, reached}, return_when=asyncio.FIRST_COMPLETED)
    for one in (task, reached):
        one.cancel()
        with suppress(asyncio.CancelledError):
            await one
    assert reached in done


async def test_events_are_applied_once_each_in_order() -> None:
    feed, sink = Fixed([1, 2], [3]), Counting()
    await consumed(feed, sink, 3)
    assert sink.seen == [1, 2, 3]
    assert feed.acknowledged == [2, 3]


async def test_what_was_seen_is_dropped() -> None:
    feed, sink = Fixed([1, 2], [], [2, 3], [1, 2, 3, 4]), Counting()
    await consumed(feed, sink, 4)
    assert sink.seen == [1, 2, 3, 4]


@pytest.mark.parametrize("batch", [[1, 2, 2, 3], [1, 2, 3, 1, 2, 3], [1, 2, 1, 2, 3]])
async def test_what_comes_again_in_the_same_batch_is_dropped_too(batch: list[int]) -> None:
    """A relay that woke up sends again what it sent; one fetch may bring both."""
    feed, sink = Fixed(batch), Counting()
    await consumed(feed, sink, 3)
    assert sink.seen == [1, 2, 3]


async def test_a_consumer_goes_on_after_its_place() -> None:
    feed, sink = Fixed([1, 2, 3]), Counting(place=2)
    await consumed(feed, sink, 3)
    assert sink.seen == [3]


async def test_a_gap_is_an_alarm_and_nothing_after_it_is_applied() -> None:
    sink = Counting()
    with pytest.raises(Gap, match="2 comes before 3, and 1 was the last"):
        await Consumer(Fixed([1], [3]), sink).run()
    assert sink.seen == [1]


async def test_a_hole_inside_a_batch_stops_the_whole_batch() -> None:
    sink = Counting()
    with pytest.raises(Gap):
        await Consumer(Fixed([1, 2, 4]), sink).run()
    assert sink.seen == []


async def test_what_follows_on_what_is_for_the_feed_to_say() -> None:
    feed, sink = Fixed([3, 6], [6, 9], step=3), Counting()
    await consumed(feed, sink, 9)
    assert sink.seen == [3, 6, 9]


async def test_a_part_of_the_log_has_gaps_too() -> None:
    feed, sink = Fixed([3], [9], step=3), Counting()
    with pytest.raises(Gap, match="6 comes before 9, and 3 was the last"):
        await Consumer(feed, sink).run()
    assert sink.seen == [3]


async def test_a_feed_that_jumped_back_to_a_first_event_is_a_gap_as_well() -> None:
    feed, sink = Fixed([3, 6], [7], step=7), Counting()
    with pytest.raises(Gap):
        await Consumer(feed, sink).run()
    assert sink.seen == []


async def test_the_feed_is_closed_whatever_ends_the_consumer() -> None:
    gap, calm = Fixed([1], [3]), Fixed([1])
    with pytest.raises(Gap):
        await Consumer(gap, Counting()).run()
    await consumed(calm, Counting(), 1)
    assert gap.closed
    assert calm.closed
