"""One partition of a member: what it keeps, gives, gives again, and when it stops; without a broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError

from events.adapters.kafka import partition as module
from events.adapters.kafka.partition import Partition, at_once, nowhere
from events.adapters.kafka.records import Outgoing, to_record
from events.consumer import Fenced
from events.store import Recorded, StoreUnavailable
from tests.contract.making import ident
from tests.integration.kafka.carrying import event

WHERE = TopicPartition("wijkspoor.intake.v1", 0)
QUIET = "CallClosed"
LOUD = "CallOpened"
PATIENCE = 10.0


def _stream_here() -> str:
    from events.adapters.kafka.records import place_of

    return next(name for number in range(100) if place_of(name := f"call-{ident(number)}") == tuple(WHERE))


STREAM = _stream_here()


@dataclass
class Arrived:
    """A record as a client gives it."""

    made: Outgoing
    offset: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.made, name)


def records(*positions: int, loud: Sequence[int] = (), start: int = 0, before: int = 0) -> list[Arrived]:
    """Records of one partition; each position follows on the one before it in ascending order, whatever comes twice."""
    ordered = sorted(set(positions))
    previous = dict(zip(ordered, [before, *ordered], strict=False))
    return [
        Arrived(to_record(event(one, STREAM, one, LOUD if one in loud else QUIET), previous[one]), start + index)
        for index, one in enumerate(positions)
    ]


@dataclass
class Client:
    """Remembers where it was sent."""

    sought: list[int] = field(default_factory=list)
    gone: bool = False

    def seek(self, _where: TopicPartition, offset: int) -> None:
        self.sought.append(offset)
        if self.gone:
            raise IllegalStateError("not ours")

    def highwater(self, _where: TopicPartition) -> int:
        return 10


@dataclass
class Sink:
    """Applies, or does what it is told to do instead."""

    name: str = "react:x/wijkspoor.intake.v1-0"
    batches: list[list[int]] = field(default_factory=list)
    raises: list[Exception] = field(default_factory=list)
    at: int = 0
    may_go: asyncio.Event | None = None

    async def place(self) -> int:
        return self.at

    async def apply(self, batch: Sequence[Recorded]) -> None:
        if self.raises:
            raise self.raises.pop(0)
        if self.may_go is not None:
            await self.may_go.wait()
        self.batches.append([one.position for one in batch])
        self.at = batch[-1].position

    @property
    def seen(self) -> list[int]:
        return [position for batch in self.batches for position in batch]


@dataclass
class Stage:
    """A partition at work."""

    part: Partition
    sink: Sink
    client: Client
    alarms: dict[str, str]

    async def until(self, says: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not says():  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(0.001)


@asynccontextmanager
async def staged(sink: Sink | None = None, turn: Any = at_once, stray: Any = nowhere) -> AsyncIterator[Stage]:
    client, alarms, sink = Client(), dict[str, str](), sink or Sink()
    part = Partition(client, WHERE, sink.name, sink, alarms, frozenset({QUIET}), turn, stray)  # type: ignore[arg-type]  # a client of paper
    part.start()
    try:
        yield Stage(part, sink, client, alarms)
    finally:
        await part.finish()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.01)


async def test_quiet_events_come_together_and_each_other_one_alone() -> None:
    async with staged() as stage:
        stage.part.put(records(1, 2, 3, 4, 5, 6, loud=(3, 4)))
        await stage.until(lambda: stage.sink.at == 6)
    assert stage.sink.batches == [[1, 2], [3], [4], [5, 6]]
    assert stage.part.unprocessed == 6
    assert stage.part.position == 6


@pytest.mark.parametrize("loud", [(), (3,), (2, 3, 4), tuple(range(1, 8))])
async def test_what_comes_twice_is_seen_once_wherever_it_comes(loud: Sequence[int]) -> None:
    async with staged() as stage:
        stage.part.put(records(1, 2, 3, 2, 3, 4, 1, 2, 3, 4, 5, 3, 6, 7, loud=loud))
        await stage.until(lambda: stage.sink.at == 7)
        assert stage.alarms == {}
        assert stage.client.sought == []
    assert stage.sink.seen == [1, 2, 3, 4, 5, 6, 7]


async def test_what_is_before_the_place_is_forgotten_so_that_there_is_room_for_more() -> None:
    async with staged(Sink(at=5)) as stage:
        stage.part.put(records(1, 2, 3, 4, 5))
        await stage.until(lambda: stage.part.unprocessed == 5)
        stage.part.put(records(7, start=5, before=5))
        await stage.until(lambda: stage.sink.at == 7)
    assert stage.sink.seen == [7]


async def test_room_is_bounded_until_effects_happen() -> None:
    sink = Sink(may_go=asyncio.Event())
    async with staged(sink) as stage:
        stage.part.put(records(*range(1, module.ROOM + 1)))
        assert not stage.part.hungry
        assert sink.may_go is not None
        sink.may_go.set()
        await stage.until(lambda: stage.part.hungry)


async def test_what_had_no_effect_is_given_again() -> None:
    sink = Sink(raises=[StoreUnavailable("away"), StoreUnavailable("still away")])
    async with staged(sink) as stage:
        stage.part.put(records(1, 2, 3, loud=(1,)))
        await stage.until(lambda: sink.at == 3)
        assert stage.alarms == {}, "it goes on"
    assert sink.seen == [1, 2, 3]


async def test_who_was_overtaken_goes_on_from_where_the_other_stands() -> None:
    class Overtaken(Sink):
        async def apply(self, batch: Sequence[Recorded]) -> None:
            if self.raises:
                self.at = 2
            await super().apply(batch)

    sink = Overtaken(raises=[Fenced("another")])
    async with staged(sink) as stage:
        stage.part.put(records(1, 2, 3, loud=(1, 2, 3)))
        await stage.until(lambda: sink.at == 3)
    assert sink.seen == [3]


async def test_a_failing_machinery_is_an_alarm_and_tried_again() -> None:
    sink = Sink(raises=[ZeroDivisionError("no such table")] * 3)
    async with staged(sink) as stage:
        stage.part.put(records(1))
        await stage.until(lambda: len(sink.raises) == 1)
        assert stage.alarms == {sink.name: "ZeroDivisionError: no such table"}
        await stage.until(lambda: sink.at == 1)
        assert stage.alarms == {}


async def test_a_gap_is_looked_at_again_from_the_beginning_before_it_is_an_alarm() -> None:
    async with staged() as stage:
        stage.part.put(records(3, start=2, before=2))
        await stage.until(lambda: stage.client.sought == [0])
        assert stage.alarms == {}
        stage.part.put(records(1, 2, 3))
        await stage.until(lambda: stage.sink.at == 3)
        assert stage.alarms == {}
    assert stage.sink.seen == [1, 2, 3]


async def test_a_gap_that_is_still_there_is_an_alarm_until_it_is_filled() -> None:
    async with staged() as stage:
        for count in (1, 2):
            stage.part.put(records(3, start=2, before=2))
            await stage.until(lambda count=count: len(stage.client.sought) == count)  # type: ignore[misc]  # bound now
        await stage.until(lambda: bool(stage.alarms))
        assert "2 comes before 3" in stage.alarms[stage.sink.name]
        stage.part.put(records(1, 2, 3))
        await stage.until(lambda: stage.sink.at == 3)
        assert stage.alarms == {}


async def test_a_partition_that_was_just_taken_away_cannot_be_sought() -> None:
    async with staged() as stage:
        stage.client.gone = True
        stage.part.put(records(3, before=2))
        await stage.until(lambda: stage.client.sought == [0])


async def test_who_waits_for_a_turn_leaves_at_once() -> None:
    asked = asyncio.Event()

    async def never(_event: Recorded) -> bool:
        asked.set()
        return False

    async with staged(turn=never) as stage:
        stage.part.put(records(1, 2, loud=(2,)))
        await asked.wait()
        async with asyncio.timeout(module.FINISH_SECONDS / 2):
            await stage.part.finish()
    assert stage.sink.seen == [1]


async def test_the_event_in_hand_is_finished_and_no_other_is_begun() -> None:
    sink = Sink(may_go=asyncio.Event())
    async with staged(sink) as stage:
        stage.part.put(records(1, 2, 3, loud=(1, 2, 3)))
        await asyncio.sleep(0)
        finishing = asyncio.create_task(stage.part.finish())
        for _ in range(5):
            await asyncio.sleep(0)
        assert sink.may_go is not None
        sink.may_go.set()
        await finishing
    assert sink.seen in ([], [1])


async def test_what_takes_too_long_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FINISH_SECONDS", 0.01)
    sink = Sink(may_go=asyncio.Event())
    async with staged(sink) as stage:
        stage.part.put(records(1))
        await stage.until(lambda: stage.part.position == 0)
        await stage.part.finish()
    assert sink.seen == []


async def test_strays_are_kept_before_whatever_follows_and_hold_nothing_up() -> None:
    told: list[str] = []

    async def keep(stray: Recorded) -> None:
        told.append(stray.stream)

    rubbish = Arrived(Outgoing(*WHERE, b"x", b"rubbish", [], 0), 1)
    async with staged(stray=keep) as stage:
        first, last = records(1, 2)
        stage.part.put([first, rubbish, Arrived(last.made, 2)])
        await stage.until(lambda: stage.sink.at == 2)
        assert told == ["wijkspoor.intake.v1-0@1"]
        stage.part.put([Arrived(rubbish.made, 3)])
        await stage.until(lambda: stage.part.unprocessed == 4)
    assert told == ["wijkspoor.intake.v1-0@1", "wijkspoor.intake.v1-0@3"]


async def test_how_far_it_is_behind_is_told_by_the_broker() -> None:
    async with staged() as stage:
        stage.part.put(records(1, 2))
        await stage.until(lambda: stage.part.unprocessed == 2)
        assert stage.part.behind() == 8
