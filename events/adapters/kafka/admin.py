"""What an administrator asks of the cluster: brokers, topics and their settings. Rights are in `rights.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiokafka import errors
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.admin import CreateTopicsRequest, DescribeConfigsRequest
from aiokafka.protocol.metadata import MetadataRequest

from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.adapters.kafka.topics import Topic

ANSWER_MS = 10_000
SEEN_SECONDS = 15.0
LOOK_SECONDS = 0.02
TOPIC = 2


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic as the cluster has it. `copies` is the least of its partitions; `led`: each has a leader."""

    name: str
    partitions: int
    copies: int
    led: bool
    replicas: frozenset[int] = frozenset()


class KafkaAdmin:
    """An administrator's connection; made by `open_admin`."""

    def __init__(self, client: AIOKafkaClient, access: KafkaAccess) -> None:
        self._client = client
        self.access = access

    async def ask(self, request: Any, node: int | None = None) -> Any:
        """One request and its answer, from any broker or from this one."""
        *others, last = self.brokers() if node is None else (node,)
        for one in others:
            # One that has just died is still named for some seconds.
            with suppress(errors.NodeNotReadyError, errors.KafkaConnectionError):
                return await self._client.send(one, request)
        return await self._client.send(last, request)

    def brokers(self) -> tuple[int, ...]:
        """The brokers that serve, as last heard."""
        return tuple(sorted(one.nodeId for one in self._client.cluster.brokers()))

    async def size(self) -> int:
        """How many brokers the cluster has: those that serve, and those that keep a copy and are away."""
        return len(set(self.brokers()).union(*(one.replicas for one in (await self.topics()).values())))

    async def topics(self, node: int | None = None) -> Mapping[str, FoundTopic]:
        """Every topic, as any broker or this one knows it."""
        answer = await self.ask(MetadataRequest(None), node)
        return {one["topic"]: _found(one) for one in answer.to_object()["topics"]}

    async def settings(self, names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """The settings of topics that are there."""
        if not names:
            return {}
        answer = await self.ask(DescribeConfigsRequest([(TOPIC, name, None) for name in names]))
        found = {}
        for code, told, _, name, entries in answer.resources:
            raise_for(code, name, told)
            found[name] = {entry[0]: entry[1] for entry in entries}
        return found

    async def create(self, topics: Sequence[Topic], copies: int, settings_for: int) -> None:
        """Create topics, and return when every broker knows them and each partition is led."""
        if not topics:
            return
        wanted: list[Any] = [
            (one.name, one.partitions, copies, [], list(one.on(settings_for).items())) for one in topics
        ]
        answer = await self.ask(CreateTopicsRequest(wanted, ANSWER_MS, validate_only=False))
        for name, code, told in answer.topic_errors:
            raise_for(code, name, told)

        async def led(node: int) -> bool:
            found = await self.topics(node)
            return all(one.name in found and found[one.name].led for one in topics)

        await self.seen(led)

    async def seen(self, so: Callable[[int], Awaitable[bool]]) -> None:
        """Wait until it is so at every broker: each learns of a change some moments after it was accepted."""
        with in_our_words(self.access):
            async with asyncio.timeout(SEEN_SECONDS):
                for node in self.brokers():
                    while not await so(node):  # noqa: ASYNC110 -- brokers do not call us
                        await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def open_admin(access: KafkaAccess) -> AsyncIterator[KafkaAdmin]:
    """Connect as an administrator; StoreUnavailable or CannotRun when that cannot be."""
    with in_our_words(access):
        client = AIOKafkaClient(**access.client(), client_id="wijkspoor-admin")
        try:
            await client.bootstrap()
            yield KafkaAdmin(client, access)
        finally:
            await client.close()


def raise_for(code: int, about: str, told: str | None = None) -> None:
    """Raise the error of this code, saying what it is about; nothing when it is none."""
    kind = errors.for_code(code)
    if kind is not errors.NoError:
        raise kind(about if not told else f"{about}: {told}")


def _found(topic: Mapping[str, Any]) -> FoundTopic:
    partitions = topic["partitions"]
    return FoundTopic(
        topic["topic"],
        len(partitions),
        min((len(one["replicas"]) for one in partitions), default=0),
        bool(partitions) and all(one["leader"] >= 0 and one["error_code"] == 0 for one in partitions),
        frozenset(node for one in partitions for node in one["replicas"]),
    )
