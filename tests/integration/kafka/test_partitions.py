"""One consumer over a group: its partitions move between members, and every event has its effect once, in order."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.partitions import GroupTimes, Partitions
from events.adapters.kafka.records import place_of
from events.adapters.kafka.topics import LOG_TOPICS
from events.adapters.memory import MemoryPlaces
from events.consumer import Fenced
from events.store import Recorded, StoreUnavailable
from tests.integration.kafka.carrying import carrier, history

PATIENCE = 30.0
QUICK = GroupTimes(session=1_000, heartbeat=200, rebalance=4_000, topics=1_000)
TOPICS = tuple(LOG_TOPICS.values())


@dataclass
class Effects:
    """What all members together have done: outlives each of them, as a database does."""

    places: MemoryPlaces = field(default_factory=MemoryPlaces)
    done: list[int] = field(default_factory=list)
    by_stream: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    grown: asyncio.Condition = field(default_factory=asyncio.Condition)
    away: set[int] = field(default_factory=set)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)
    slow: set[int] = field(default_factory=set)
    in_hand: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_go.set()

    async def happen(self, one: Recorded) -> None:
        """The effect of an event. It is not repeatable: done twice, it shows."""
        if one.position in self.away:
            self.away.remove(one.position)
            raise StoreUnavailable("away")
        if one.position in self.slow:
            self.in_hand.set()
            await self.may_go.wait()
        async with self.grown:
            self.done.append(one.position)
            self.by_stream[one.stream].append(one.version)
            self.grown.notify_all()

    async def count(self, number: int) -> None:
        """Wait until so many effects have happened."""
        async with asyncio.timeout(PATIENCE), self.grown:
            await self.grown.wait_for(lambda: len(self.done) >= number)


class Doing:
    """The sink of one partition."""

    def __init__(self, name: str, effects: Effects) -> None:
        self.name = name
        self._effects = effects
        self._place = 0

    async def place(self) -> int:
        self._place = await self._effects.places.load(self.name)
        return self._place

    async def apply(self, batch: Sequence[Recorded]) -> None:
        for one in batch:
            if await self._effects.places.load(self.name) != self._place:
                raise Fenced(self.name)
            await self._effects.happen(one)
            await self._effects.places.advance(self.name, self._place, one.position)
            self._place = one.position


@asynccontextmanager
async def member(
    access: KafkaAccess, effects: Effects, quiet: frozenset[str] = frozenset(), turn: Callable | None = None
) -> AsyncIterator[Partitions]:
    """One process of the consumer."""
    more = {"turn": turn} if turn else {}
    made = Partitions(
        access,
        "wijkspoor.work.test",
        "react:test",
        TOPICS,
        lambda name: Doing(name, effects),
        quiet=quiet,
        times=QUICK,
        **more,
    )
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def once_each_in_order(effects: Effects, count: int) -> None:
    assert sorted(effects.done) == list(range(1, count + 1))
    for versions in effects.by_stream.values():
        assert versions == list(range(1, len(versions) + 1))


async def until(says: Callable[[], bool]) -> None:
    """Wait for a condition that nobody announces."""
    async with asyncio.timeout(PATIENCE):
        while not says():  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(0.01)


async def test_one_member_does_everything_and_its_places_say_so(topics: KafkaAccess) -> None:
    effects, events = Effects(), history(400)
    async with carrier(topics) as relay, member(topics, effects) as one:
        await relay.carry(events)
        await effects.count(400)
        once_each_in_order(effects, 400)
        for event in events[-40:]:
            topic, partition = place_of(event.stream)
            assert await effects.places.load(f"react:test/{topic}-{partition}") >= event.position
        assert max(one.positions().values()) == 400
        assert one.alarms == {}


async def test_partitions_move_to_a_member_that_comes_and_back_from_one_that_goes(topics: KafkaAccess) -> None:
    effects = Effects()
    async with carrier(topics) as relay, member(topics, effects) as one:
        await relay.carry(history(200))
        await effects.count(100)
        async with member(topics, effects) as other:
            await relay.carry(history(200, after=200))
            await until(lambda: len(one.positions()) == len(other.positions()) == 18)
            await relay.carry(history(200, after=400))
            await effects.count(600)
        await until(lambda: len(one.positions()) == 36)
        await relay.carry(history(200, after=600))
        await effects.count(800)
    once_each_in_order(effects, 800)


async def test_the_event_in_hand_is_finished_before_its_partition_goes(topics: KafkaAccess) -> None:
    effects = Effects(slow={30})
    effects.may_go.clear()
    async with carrier(topics) as relay, member(topics, effects):
        await relay.carry(history(100))
        await effects.in_hand.wait()
        async with member(topics, effects) as other:
            await until(lambda: len(effects.done) >= 60)
            assert 30 not in effects.done
            effects.may_go.set()
            await until(lambda: bool(other.positions()))
            assert 30 in effects.done
            await effects.count(100)
    once_each_in_order(effects, 100)


async def test_quiet_events_move_the_place_without_a_turn_of_their_own(topics: KafkaAccess) -> None:
    effects, asked = Effects(), []

    async def turn(event: Recorded) -> bool:
        asked.append(event.position)
        return True

    async with carrier(topics) as relay, member(topics, effects, frozenset({"CallClosed"}), turn):
        await relay.carry(history(200))
        await effects.count(200)
    assert asked == []


async def test_an_event_waits_for_its_turn_and_the_other_partitions_go_on(topics: KafkaAccess) -> None:
    effects, held = Effects(), {5}

    async def turn(event: Recorded) -> bool:
        return event.position not in held

    events = history(120)
    waiting = place_of(events[4].stream)
    others = [one for one in events if place_of(one.stream) != waiting]
    async with carrier(topics) as relay, member(topics, effects, turn=turn):
        await relay.carry(events)
        await until(lambda: {one.position for one in others} <= set(effects.done))
        assert 5 not in effects.done
        held.clear()
        await effects.count(120)
    once_each_in_order(effects, 120)


async def test_a_partition_whose_store_is_away_comes_back_to_where_it_was(topics: KafkaAccess) -> None:
    effects = Effects(away={17, 60})
    async with carrier(topics) as relay, member(topics, effects) as one:
        await relay.carry(history(120))
        await effects.count(120)
        assert one.alarms == {}
    once_each_in_order(effects, 120)
    assert effects.away == set()


async def test_what_was_committed_too_far_is_read_again(topics: KafkaAccess) -> None:
    effects = Effects()
    async with carrier(topics) as relay:
        async with member(topics, effects):
            await relay.carry(history(200))
            await effects.count(200)
        # The database lost its latest seconds, Kafka did not.
        forgetful = Effects()
        async with member(topics, forgetful):
            await relay.carry(history(80, after=200))
            await forgetful.count(280)
        once_each_in_order(forgetful, 280)


async def test_a_gap_in_a_partition_is_an_alarm_and_stops_that_partition_alone(topics: KafkaAccess) -> None:
    effects, events = Effects(), history(120)
    gone = events[50]
    struck = [one.position for one in events if place_of(one.stream) == place_of(gone.stream)]
    async with carrier(topics) as relay, member(topics, effects) as one:
        for event in events:
            made = relay.record(event)
            if event is not gone:
                await (await relay.send(made))
        await until(lambda: bool(one.alarms))
        ((name, why),) = one.alarms.items()
        assert name == "react:test/{}-{}".format(*place_of(gone.stream))
        assert f"{gone.position} comes before" in why
        expected = {one.position for one in events} - {one for one in struck if one >= gone.position}
        await until(lambda: set(effects.done) == expected)


@pytest.mark.parametrize("after", [0, 40])
async def test_duplicates_are_dropped(topics: KafkaAccess, after: int) -> None:
    effects, events = Effects(), history(80)
    async with carrier(topics) as relay, member(topics, effects) as one:
        records = [relay.record(event) for event in events]
        for made in [*records[:60], *records[after:50], *records[after:]]:
            await (await relay.send(made))
        await effects.count(80)
        assert one.alarms == {}
    once_each_in_order(effects, 80)
