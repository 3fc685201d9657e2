"""Before Faust starts: the first record of each partition is read here, and the group's place put behind it.

Faust returns after a rebalance to the committed place; where that is 0 or unknown it does not, and what it had fetched
is lost without a word. With a place of at least 1 on each partition that cannot happen. Putting the places back is also
what makes every start a rebuild from nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError
from aiokafka.structs import OffsetAndMetadata

from events.failures import CannotRun
from projections.monitor.setup import Setup

LOOK_SECONDS = 0.2
_TAKEN = (CommitFailedError, IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError)


async def prime(setup: Setup) -> Sequence[ConsumerRecord]:
    """The first record of every partition that has one; CannotRun if a topic is missing or the group is in use."""
    async with client(setup, group_id=setup.group) as reader:
        every = await partitions(reader, setup.topics)
        begins, ends = await reader.beginning_offsets(every), await reader.end_offsets(every)
        filled = {one for one in every if ends[one] > begins[one]}
        reader.assign(every)
        first = await _first(reader, filled)
        await _put_back(reader, {one: begins[one] + 1 for one in filled}, setup)
        return first


@asynccontextmanager
async def client(setup: Setup, **more: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """A client that looks by itself: it joins no group, and commits nothing on its own account."""
    reader = AIOKafkaConsumer(**setup.access.client(), enable_auto_commit=False, auto_offset_reset="earliest", **more)
    try:
        await reader.start()
        yield reader
    finally:
        await reader.stop()


async def partitions(reader: AIOKafkaConsumer, topics: Mapping[str, int]) -> Sequence[TopicPartition]:
    """Every partition of the topics, which are there."""
    missing = sorted(set(topics) - await reader.topics())
    if missing:
        raise CannotRun(f"Topics are missing on Kafka ({', '.join(missing)}): run wijkspoor topics apply.")
    return [TopicPartition(topic, number) for topic, count in topics.items() for number in range(count)]


async def _first(reader: AIOKafkaConsumer, wanted: Collection[TopicPartition]) -> Sequence[ConsumerRecord]:
    """One record of each of these partitions."""
    left, found = set(wanted), []
    if left:
        await reader.seek_to_beginning(*left)
    while left:
        for where, records in (await reader.getmany(*left, timeout_ms=1_000, max_records=len(left))).items():
            found.append(records[0])
            left.discard(where)
            reader.pause(where)
    return found


async def _put_back(reader: AIOKafkaConsumer, places: Mapping[TopicPartition, int], setup: Setup) -> None:
    """Commit for the group. Kafka allows it to somebody outside while the group has no member.

    A member that was killed is one until its session ends, so it is asked again for as long as that takes.
    """
    offsets = {where: OffsetAndMetadata(place, "") for where, place in places.items()}
    try:
        async with asyncio.timeout(setup.timing.gone):
            while offsets and not await _committed(reader, offsets):  # noqa: ASYNC110 -- Kafka does not call us
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError as error:
        raise CannotRun(f"Another monitor reads as {setup.group}: stop that one first.") from error


async def _committed(reader: AIOKafkaConsumer, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> bool:
    try:
        await reader.commit(offsets)
    except _TAKEN:
        return False
    return True
