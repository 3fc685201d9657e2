"""Poison of each kind on real Kafka: its stream alone stands still, others hear of it, and once mended it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.parked import ParkedTopic
from events.adapters.kafka.partitions import Partitions
from events.adapters.kafka.records import Outgoing
from events.adapters.kafka.topics import PARKED_TOPIC
from events.parking import Stuck
from events.store import Appended, AppendRequest, Prepared, Recorded
from services.parking import Attendant, among
from services.registry import SERVICES
from tests.changing import replace
from tests.contract.making import fresh
from tests.integration.kafka.carrying import Carrier, carrier
from tests.integration.kafka.working import Office, apply, begun, case, member, office, publish, topics_of, withdraw
from tests.simulation.signing import signers

ELIGIBILITY = SERVICES["eligibility"]
CONSUMER = "react:eligibility"
PATIENCE = 30.0
COUNT, STRUCK = 5, 2
STREAM = f"application-{case(STRUCK)}"


@pytest.fixture
async def at(dsn: str) -> Any:
    async with office(dsn) as one:
        await begun(one.store)
        await publish(one.handler)
        for number in range(COUNT):
            await apply(one.handler, number)
        await withdraw(one.handler, STRUCK)
        yield one


def with_header(name: str, value: bytes) -> Callable[[Outgoing], Outgoing]:
    return lambda made: made._replace(headers=[(key, value if key == name else old) for key, old in made.headers])


POISON: Mapping[str, tuple[Callable[[Outgoing], Outgoing], str]] = {
    "broken bytes": (lambda made: made._replace(value=b"\x00\xff"), "undecodable"),
    "truncated bytes": (lambda made: made._replace(value=made.value[:-7]), "undecodable"),
    "no bytes at all": (lambda made: made._replace(value=b""), "undecodable"),
    "another type": (with_header("type", b"Unheard"), "undecodable"),
    "a signature of nobody": (
        with_header("signature", b"A" * 86 + b"=="),
        "wrong-signature",
    ),
    "a key of another service": (with_header("key_id", signers()["jury"].key_id.encode()), "wrong-signature"),
}


@dataclass
class Struck:
    """Carries the log, with one event of one stream spoilt on its way."""

    relay: Carrier
    spoil: Callable[[Outgoing], Outgoing]
    done: set[int] = field(default_factory=set)

    async def carry(self, one: Office) -> None:
        for event in await one.store.read_all(max(self.done, default=0), limit=10_000):
            made = self.relay.record(event)
            if event.type == "ApplicationSubmitted" and event.stream == STREAM:
                made = self.spoil(made)
            await (await self.relay.send(made))
            self.done.add(event.position)


async def until(says: Callable[[], Any]) -> None:
    """Wait for what nobody announces."""
    async with asyncio.timeout(PATIENCE):
        while not await says():  # noqa: ASYNC110 -- rows tell nobody
            await asyncio.sleep(0.02)


async def assessed(one: Office) -> set[str]:
    """The cases whose assessment has begun."""
    events = await one.store.read_all(0, types=["AssessmentStarted"], limit=10_000)
    return {event.stream for event in events}


def streams(*numbers: int) -> set[str]:
    return {f"assessment-{case(number)}" for number in numbers}


async def settled_here(one: Partitions) -> bool:
    """Whether all of its topics are this member's, and handled."""
    return len(one.positions()) == 6 * len(topics_of(ELIGIBILITY)) and one.behind() == 0


OTHERS = [number for number in range(COUNT) if number != STRUCK]


@pytest.mark.parametrize(("spoil", "reason"), POISON.values(), ids=POISON)
async def test_poison_stops_its_stream_alone_and_once_mended_it_goes_on_in_order(
    topics: KafkaAccess, at: Office, spoil: Callable[[Outgoing], Outgoing], reason: str
) -> None:
    async with carrier(topics) as relay, member(topics, at, ELIGIBILITY):
        await Struck(relay, spoil).carry(at)

        async def others_are_done() -> bool:
            stuck = await at.parking.stuck()
            return await assessed(at) == streams(*OTHERS) and bool(stuck) and stuck[0].events == 2

        await until(others_are_done)
        first, behind = await at.parking.of_stream(CONSUMER, STREAM)
        assert (first.reason, behind.reason, behind.event.type) == (reason, "behind", "ApplicationWithdrawn")

        # What came broken is right in the store, which is where it is taken from the second time.
        await at.parking.ask_again(CONSUMER, STREAM)

        async def nothing_stands_still() -> bool:
            return not await at.parking.stuck()

        await until(nothing_stands_still)
    types = [event.type for event in await at.store.read_stream(f"assessment-{case(STRUCK)}")]
    assert types[0] == "AssessmentStarted"
    assert types[-1] == "AssessmentLapsed"
    assert await assessed(at) == streams(*range(COUNT))


def unheard(stream: str, version: int, previous: Recorded) -> AppendRequest:
    """An event of a program that is newer than ours, rightly signed."""
    body = (
        previous.body.replace(f'"type":"{previous.type}"'.encode(), b'"type":"Unheard"')
        .replace(f'"version":{previous.version},'.encode(), f'"version":{version},'.encode())
        .replace(f'"version":{previous.version}}}'.encode(), f'"version":{version}}}'.encode())
    )
    signer = signers()["intake"]
    made = Prepared(fresh(), "Unheard", 1, previous.correlation_id, body, signer.key_id, signer.sign(body))
    return AppendRequest(stream, version - 1, [made], fresh())


async def test_an_unknown_type_stops_its_stream_until_it_is_discarded(topics: KafkaAccess, at: Office) -> None:
    last = (await at.store.read_stream(f"application-{case(0)}"))[-1]
    assert isinstance(await at.store.append(unheard(last.stream, last.version + 1, last)), Appended)
    await withdraw(at.handler, 1)
    async with carrier(topics) as relay, member(topics, at, ELIGIBILITY):
        await relay.carry(await at.store.read_all(0, limit=10_000))

        async def parked() -> bool:
            return bool(await at.parking.stuck()) and await assessed(at) == streams(*range(COUNT))

        await until(parked)
        (one,) = await at.parking.listed()
        assert (one.reason, one.event.type, one.event.stream) == ("unknown-type", "Unheard", last.stream)
        await at.parking.ask_again(CONSUMER, last.stream)

        async def tried_in_vain() -> bool:
            return [stuck.again for stuck in await at.parking.stuck()] == [False]

        await until(tried_in_vain)
        assert await at.parking.discard(one.number, "An Official", "for a newer program")
    assert len(await at.parking.discarded()) == 1


async def test_a_record_that_is_no_event_stands_on_the_list_and_stops_nothing(topics: KafkaAccess, at: Office) -> None:
    rubbish = Outgoing("wijkspoor.intake.v1", 0, STREAM.encode(), b"rubbish", [], 0)
    async with carrier(topics) as relay, member(topics, at, ELIGIBILITY) as (one,):
        for partition in range(6):
            await (await relay.send(rubbish._replace(partition=partition)))
        await relay.carry(await at.store.read_all(0, limit=10_000))

        async def done() -> bool:
            return await assessed(at) == streams(*range(COUNT))

        await until(done)
        assert one.alarms == {}
        strays = await at.parking.listed()
        assert {each.event.stream for each in strays} == {f"wijkspoor.intake.v1-{number}@0" for number in range(6)}
        assert {(each.event.body, each.reason) for each in strays} == {(b"rubbish", "undecodable")}
        for each in strays:
            await at.parking.discard(each.number, "An Official", "nobody knows who wrote it")
    async with member(topics, at, ELIGIBILITY) as (again,):
        await until(lambda: settled_here(again))
        assert list(await at.parking.stuck()) == [], "what was discarded does not come back"


async def test_what_was_parked_is_told_on_a_topic_with_its_exact_bytes(topics: KafkaAccess, at: Office) -> None:
    (event,) = [one for one in await at.store.read_stream(STREAM) if one.type == "ApplicationSubmitted"]
    await at.parking.park(CONSUMER, replace(event, body=b"\x00\xff"), "undecodable", "not JSON: é")
    told = ParkedTopic(topics)
    reader = AIOKafkaConsumer(PARKED_TOPIC, **topics.client(), auto_offset_reset="earliest")
    await reader.start()
    try:
        attendant = Attendant(at.parking, [CONSUMER], among({}), told.tell)
        await attendant.attend()
        await attendant.attend()
        async with asyncio.timeout(PATIENCE):
            record = await reader.getone()
        assert attendant.parked == [Stuck(CONSUMER, STREAM, 1, again=False, number=attendant.parked[0].number)]
        assert (record.key, record.value) == (STREAM.encode(), b"\x00\xff")
        headers = {name: value.decode() for name, value in record.headers}
        assert headers["consumer"] == CONSUMER
        assert (headers["reason"], headers["detail"]) == ("undecodable", "not JSON: é")
        assert (headers["trace_id"], headers["position"]) == (case(STRUCK), str(event.position))
        ends = await reader.end_offsets(reader.assignment())
        assert list(ends.values()) == [1], "told once"
    finally:
        await reader.stop()
        await told.close()
