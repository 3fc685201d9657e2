"""What a consumer could not digest, told to others on a topic of its own: the exact bytes, and why they stand still."""

from __future__ import annotations

from contextlib import AsyncExitStack

from aiokafka import AIOKafkaProducer

from events.adapters.kafka.connect import KafkaAccess, in_our_words, opened
from events.adapters.kafka.topics import MAX_MESSAGE_BYTES, PARKED_TOPIC
from events.parking import Parked
from events.times import instant


class ParkedTopic:
    """Publishes events of the stuck list; the client is there from the first one on."""

    def __init__(self, access: KafkaAccess) -> None:
        self._access = access
        self._open = AsyncExitStack()
        self._producer: AIOKafkaProducer | None = None

    async def tell(self, parked: Parked) -> None:
        """Publish one, and wait until Kafka has it; StoreUnavailable or CannotRun. The key is the stream."""
        producer = self._producer or await self._begin()
        with in_our_words(self._access):
            await producer.send_and_wait(
                PARKED_TOPIC,
                value=parked.event.body,
                key=parked.event.stream.encode(),
                headers=[(name, value.encode()) for name, value in headers(parked)],
            )

    async def close(self) -> None:
        """Send what is on its way, and stop."""
        self._producer = None
        await self._open.aclose()

    async def _begin(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(**self._access.client(), acks="all", max_request_size=MAX_MESSAGE_BYTES)
        self._producer = await self._open.enter_async_context(opened(producer, self._access))
        return producer


def headers(parked: Parked) -> list[tuple[str, str]]:
    """What is told beside the bytes, as text."""
    return [
        ("consumer", parked.consumer),
        ("reason", parked.reason),
        ("detail", parked.detail),
        ("trace_id", parked.trace),
        ("position", str(parked.event.position)),
        ("type", parked.event.type),
        ("parked_at", instant(parked.parked_at)),
    ]
