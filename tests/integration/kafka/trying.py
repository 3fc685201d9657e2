"""Each thing that a principal could try on Kafka, tried for real. True: it was let; False: it was refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, errors
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.admin import (
    AlterConfigsRequest,
    CreatePartitionsRequest,
    CreateTopicsRequest,
    DeleteTopicsRequest,
    DescribeAclsRequest,
    DescribeConfigsRequest,
)
from aiokafka.protocol.coordination import FindCoordinatorRequest
from aiokafka.protocol.group import HeartbeatRequest
from aiokafka.protocol.metadata import MetadataRequest

from events.adapters.kafka.access import Kind, Operation, Resource, Rule
from events.adapters.kafka.admin import raise_for
from events.adapters.kafka.connect import DENIED, KafkaAccess
from events.adapters.kafka.rights import _AlterUsers, _CreateAcls, _salted

WAIT_MS = 10_000
TOPIC, MANY = 2, 7

LET = (
    errors.TopicAlreadyExistsError,
    errors.UnknownMemberIdError,
    errors.NotCoordinatorForGroupError,
    errors.GroupCoordinatorNotAvailableError,
)
"""What the cluster says to one who may: the topic is there, the group has no such member or is not awake yet."""


@dataclass(frozen=True)
class Caller:
    """One principal with its connections."""

    access: KafkaAccess
    client: AIOKafkaClient
    producer: AIOKafkaProducer

    async def ask(self, request: Any) -> Any:
        return await self.client.send(self.client.get_random_node(), request)


@asynccontextmanager
async def calling(access: KafkaAccess) -> AsyncIterator[Caller]:
    """Connect as a principal."""
    client = AIOKafkaClient(**access.client())
    try:
        await client.bootstrap()
        async with AIOKafkaProducer(**access.client()) as producer:
            yield Caller(access, client, producer)
    finally:
        await client.close()


async def let(attempt: Awaitable[None]) -> bool:
    """Whether an attempt was let; any other error than a refusal is one."""
    try:
        await attempt
    except DENIED:
        return False
    except LET:
        return True
    return True


async def read(caller: Caller, topic: str) -> None:
    reader = AIOKafkaConsumer(topic, **caller.access.client(), auto_offset_reset="earliest")
    try:
        await reader.start()
        found = await reader.getmany(timeout_ms=WAIT_MS, max_records=1)
    finally:
        await reader.stop()
    assert found, f"{topic} was readable and had nothing to read"


async def write(caller: Caller, topic: str) -> None:
    await caller.producer.send_and_wait(topic, b"tried")


async def describe(caller: Caller, topic: str) -> None:
    answer = await caller.ask(MetadataRequest([topic]))
    (found,) = answer.to_object()["topics"]
    raise_for(found["error_code"], topic)


async def create(caller: Caller, topic: str) -> None:
    answer = await caller.ask(CreateTopicsRequest([(topic, 1, 1, [], [])], WAIT_MS, validate_only=True))
    raise_for(answer.topic_errors[0][1], topic)


async def delete(caller: Caller, topic: str) -> None:
    answer = await caller.ask(DeleteTopicsRequest([topic], WAIT_MS))
    raise_for(answer.topic_error_codes[0][1], topic)


async def alter(caller: Caller, topic: str) -> None:
    answer = await caller.ask(CreatePartitionsRequest([(topic, (MANY, None))], WAIT_MS, validate_only=True))
    raise_for(answer.topic_errors[0][1], topic)


async def alter_configs(caller: Caller, topic: str) -> None:
    answer = await caller.ask(AlterConfigsRequest([(TOPIC, topic, [("retention.ms", "1")])], validate_only=True))
    raise_for(answer.resources[0][0], topic)


async def describe_configs(caller: Caller, topic: str) -> None:
    answer = await caller.ask(DescribeConfigsRequest([(TOPIC, topic, None)]))
    raise_for(answer.resources[0][0], topic)


async def join(caller: Caller, group: str) -> None:
    answer = await caller.ask(HeartbeatRequest(group, 1, "nobody"))
    raise_for(answer.error_code, group)


async def find(caller: Caller, group: str) -> None:
    answer = await caller.ask(FindCoordinatorRequest(group, 0))
    raise_for(answer.error_code, group)


async def read_rules(caller: Caller, _: str) -> None:
    answer = await caller.ask(DescribeAclsRequest(1, None, 1, None, None, 1, 1))
    raise_for(answer.error_code, "rules")


async def add_rule(caller: Caller, _: str) -> None:
    everything = Rule(caller.access.user or "", Kind.TOPIC, Resource("*"), Operation.ALL)
    answer = await caller.ask(_CreateAcls([everything]))
    raise_for(answer.creation_responses[0][0], str(everything))


async def set_password(caller: Caller, _: str) -> None:
    answer = await caller.ask(_AlterUsers([_salted("admin", "mine now", 4096)]))
    raise_for(answer.results[0][1], "admin")


Attempt = Callable[[Caller, str], Awaitable[None]]

ON_TOPIC: Mapping[Operation, Attempt] = {
    Operation.READ: read,
    Operation.WRITE: write,
    Operation.DESCRIBE: describe,
    Operation.CREATE: create,
    Operation.ALTER: alter,
    Operation.ALTER_CONFIGS: alter_configs,
    Operation.DESCRIBE_CONFIGS: describe_configs,
    Operation.DELETE: delete,
}
ON_GROUP: Mapping[Operation, Attempt] = {Operation.READ: join, Operation.DESCRIBE: find}
ON_CLUSTER: Mapping[str, Attempt] = {"read the rules": read_rules, "add a rule": add_rule, "log in": set_password}
