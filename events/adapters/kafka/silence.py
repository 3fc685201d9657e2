"""A client that has nothing to bring, told from one that brings nothing.

A client can be wedged without an error: it then says for ever that nothing came. Whoever hears nothing from one for a
while asks the broker, by another request, where the partitions end, and looks where the client stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, Protocol

import structlog
from aiokafka import TopicPartition

from events.adapters.kafka.connect import CLIENT_ERRORS
from events.store import StoreUnavailable

log = structlog.get_logger()

DOUBT_SECONDS = 10.0
ANSWER_SECONDS = 5.0
POSITION_SECONDS = 0.5


class Wedged(StoreUnavailable):
    """The client brings nothing though there is something: begin again with another."""


class Asked(Protocol):
    """A client, as far as it is doubted."""

    async def end_offsets(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Where the partitions end, from the broker."""

    async def position(self, partition: TopicPartition) -> int:
        """The next offset it will bring; it waits until it knows."""


class Silence:
    """How long a client has brought nothing, and whether that can be. `seconds`: how long it is believed."""

    def __init__(self, client: Asked, name: str, seconds: float = DOUBT_SECONDS) -> None:
        self._client = client
        self._name = name
        self._seconds = seconds
        self._since = _now()
        self._lagged: Mapping[TopicPartition, int] = {}

    def broken(self) -> None:
        """Something came."""
        self._since = _now()
        self._lagged = {}

    async def doubt(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing came from these partitions. Wedged when that was so twice in a row with the same record waiting.

        A broker that does not answer proves nothing: the client looks for it by itself.
        """
        if _now() - self._since < self._seconds or not partitions:
            return
        self._since = _now()
        lags = await self._lags(partitions)
        stuck = [one for one, place in lags.items() if self._lagged.get(one) == place]
        self._lagged = lags
        if stuck:
            where = ", ".join(sorted(f"{one.topic}-{one.partition} after {lags[one]}" for one in stuck))
            log.error("a client of Kafka brings nothing though there is something", consumer=self._name, where=where)
            raise Wedged(f"{self._name}: a client of Kafka brings nothing of {where}")

    async def _lags(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Those of which there is more than the client has brought, and where it stands (-1: it does not know)."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                ends = await self._client.end_offsets(partitions)
        except CLIENT_ERRORS:
            return {}
        stands = {one: await self._stands(one) for one, end in ends.items() if end}
        return {one: place for one, place in stands.items() if place < ends[one]}

    async def _stands(self, partition: TopicPartition) -> int:
        try:
            async with asyncio.timeout(POSITION_SECONDS):
                place: Any = await self._client.position(partition)
                return int(place)
        except CLIENT_ERRORS:
            return -1


def _now() -> float:
    return asyncio.get_running_loop().time()
