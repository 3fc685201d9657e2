"""A client that brings nothing is believed while there is nothing, and while its broker does not answer; no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from events.adapters.kafka import silence
from events.adapters.kafka.silence import Silence, Wedged

HERE, THERE = TopicPartition("wijkspoor.log.jury", 0), TopicPartition("wijkspoor.log.jury", 1)


class Quiet:
    """A client that brings nothing."""

    def __init__(self, ends: Mapping[TopicPartition, int], stands: Mapping[TopicPartition, int]) -> None:
        self.ends = dict(ends)
        self.stands = dict(stands)
        self.asked = 0
        self.away = False

    async def end_offsets(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        self.asked += 1
        if self.away:
            raise KafkaConnectionError
        return {one: self.ends[one] for one in partitions}

    async def position(self, partition: TopicPartition) -> int:
        if partition not in self.stands:
            await asyncio.Event().wait()
        return self.stands[partition]


def doubting(client: Quiet, seconds: float = 0.0) -> Silence:
    return Silence(client, "react:jury", seconds)


async def test_a_client_at_the_end_is_believed_for_ever() -> None:
    client = Quiet({HERE: 7, THERE: 0}, {HERE: 7, THERE: 0})
    one = doubting(client)
    for _ in range(3):
        await one.doubt([HERE, THERE])
    assert client.asked == 3


async def test_one_that_twice_brought_nothing_of_a_record_that_waits_is_wedged() -> None:
    one = doubting(Quiet({HERE: 7, THERE: 3}, {HERE: 7, THERE: 2}))
    await one.doubt([HERE, THERE])
    with pytest.raises(Wedged, match="jury-1 after 2"):
        await one.doubt([HERE, THERE])


async def test_one_that_does_not_know_where_it_stands_is_wedged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "POSITION_SECONDS", 0.001)
    one = doubting(Quiet({HERE: 1}, {}))
    await one.doubt([HERE])
    with pytest.raises(Wedged, match="jury-0 after -1"):
        await one.doubt([HERE])


async def test_one_that_brings_something_between_is_not() -> None:
    one = doubting(Quiet({HERE: 7}, {HERE: 2}))
    await one.doubt([HERE])
    one.broken()
    await one.doubt([HERE])


async def test_one_that_goes_on_is_not() -> None:
    client = Quiet({HERE: 7}, {HERE: 2})
    one = doubting(client)
    await one.doubt([HERE])
    client.stands[HERE] = 3
    await one.doubt([HERE])


async def test_what_is_not_asked_for_may_wait() -> None:
    one = doubting(Quiet({HERE: 7, THERE: 3}, {HERE: 7, THERE: 2}))
    for _ in range(3):
        await one.doubt([HERE])


async def test_a_broker_that_does_not_answer_proves_nothing() -> None:
    client = Quiet({HERE: 7}, {HERE: 2})
    one = doubting(client)
    await one.doubt([HERE])
    client.away = True
    await one.doubt([HERE])
    client.away = False
    await one.doubt([HERE])


async def test_nobody_is_asked_before_its_time() -> None:
    client = Quiet({HERE: 7}, {HERE: 2})
    one = doubting(client, seconds=60.0)
    for _ in range(5):
        await one.doubt([HERE])
    assert client.asked == 0
