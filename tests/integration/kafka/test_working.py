"""Reactions over several processes: killed, frozen, moved about, they come to what one calm process comes to."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack

import pytest

from events.adapters.kafka.connect import KafkaAccess
from tests.comparing import content, difference, type_and_data
from tests.integration.kafka.working import (
    Office,
    Order,
    apply,
    begun,
    calm,
    member,
    office,
    process,
    publish,
    relaying,
    settled,
    withdraw,
)

COUNT, WITHDRAWN = 12, range(0, 12, 3)
DEATHS = (5, 14, 31)
MANY_DEATHS = (*range(1, 40, 2), 55, 70, 90)
"""At which step of its life a worker dies: before and after commands, appends and places, wherever that falls."""


@pytest.fixture
async def at(dsn: str) -> AsyncIterator[Office]:
    async with office(dsn) as one:
        await begun(one.store)
        yield one


async def same(one: Office, expected: Mapping[str, Sequence[type_and_data]]) -> None:
    """The same streams with the same content. A panel hears of cases side by side, so in any order of cases."""
    told = await content(one.store, one.vault)
    assert difference(by_case(expected), by_case(told)) is None


def by_case(streams: Mapping[str, Sequence[type_and_data]]) -> Mapping[str, Sequence[type_and_data]]:
    """A panel's facts sorted by case; each case's own keep their order."""

    def case_of(fact: type_and_data) -> str:
        return str(fact[1]["data"].get("case", ""))

    return {name: sorted(facts, key=case_of) if name.startswith("panel-") else facts for name, facts in streams.items()}


async def everything(one: Office) -> None:
    """The whole of the work, as commands from outside."""
    await publish(one.handler)
    for number in range(COUNT):
        await apply(one.handler, number)
    for number in WITHDRAWN:
        await withdraw(one.handler, number)


async def test_several_partitions_come_to_what_the_log_in_order_comes_to(topics: KafkaAccess, at: Office) -> None:
    await everything(at)
    async with relaying(topics, at.store), member(topics, at):
        await settled(at.store)
    await same(at, await calm(COUNT, WITHDRAWN))
    assert list(await at.parking.stuck()) == []


@pytest.mark.parametrize(
    "deaths", [pytest.param(DEATHS, id="three"), pytest.param(MANY_DEATHS, id="many", marks=pytest.mark.long)]
)
async def test_a_worker_killed_at_any_step_has_every_effect_happen_once(
    topics: KafkaAccess, at: Office, dsn: str, deaths: Sequence[int]
) -> None:
    async with relaying(topics, at.store):
        await everything(at)
        for dies_at in deaths:
            async with process(Order(dsn, topics.bootstrap, dies_at)) as worker:
                assert await worker.wait() == -signal.SIGKILL, "it ended before its time"
        async with process(Order(dsn, topics.bootstrap)):
            await settled(at.store)
    await same(at, await calm(COUNT, WITHDRAWN))


async def test_a_worker_that_froze_is_replaced_and_does_nothing_twice_when_it_wakes(
    topics: KafkaAccess, at: Office, dsn: str
) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(relaying(topics, at.store))
        frozen = await stack.enter_async_context(process(Order(dsn, topics.bootstrap)))
        await publish(at.handler)
        for number in range(COUNT):
            await apply(at.handler, number)
        frozen.send_signal(signal.SIGSTOP)
        await stack.enter_async_context(process(Order(dsn, topics.bootstrap)))
        for number in WITHDRAWN:
            await withdraw(at.handler, number)
        await settled(at.store)
        frozen.send_signal(signal.SIGCONT)
        await apply(at.handler, COUNT)
        await settled(at.store)
    await same(at, await calm(COUNT + 1, WITHDRAWN))


async def test_members_that_come_and_go_in_mid_batch_lose_and_repeat_nothing(topics: KafkaAccess, at: Office) -> None:
    async with relaying(topics, at.store), member(topics, at):
        await publish(at.handler)
        for number in range(COUNT):
            await apply(at.handler, number)
            if number % 4 == 1:
                async with member(topics, at):
                    await apply(at.handler, COUNT + number)
                    await asyncio.sleep(0)
        for number in WITHDRAWN:
            await withdraw(at.handler, number)
        await settled(at.store)
    told = await content(at.store, at.vault)
    again = [number for number in range(COUNT) if number % 4 == 1]
    assert len([name for name in told if name.startswith("assessment-")]) == COUNT + len(again)
    for facts in told.values():
        names = [name for name, _ in facts]
        assert names.count("AssessmentStarted") <= 1
        assert names.count("CriteriaAdopted") <= 1
