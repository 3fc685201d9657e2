"""What a consumer could not digest, told to others on a topic of its own: the exact bytes, and why they stand still."""

from __future__ import annotations

from aiokafka import AIOKafkaProducer

from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.adapters.kafka.topics import PARKED_TOPIC
from events.parking import Parked
from events.times import instant


class ParkedTopic:
    """Publishes events of the stuck list; the client is there from the first one on."""

    def __init__(self, access: KafkaAccess) -> None:
        self._access = access
        self._producer: AIOKafkaProducer | None = None

    async def tell(self, parked: Parked) -> None:
        """Publish one, and wait until Kafka has it; StoreUnavailable or CannotRun. The key is the stream."""
        with in_our_words(self._access):
            if self._producer is None:
                await self._open()
            assert self._producer is not None  # noqa: S101 -- for the type alone
            await self._producer.send_and_wait(
                PARKED_TOPIC,
                value=parked.event.body,
                key=parked.event.stream.encode(),
                headers=[(name, value.encode()) for name, value in headers(parked)],
            )

    async def close(self) -> None:
        """Send what is on its way, and stop."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def _open(self) -> None:
        producer = AIOKafkaProducer(**self._access.client(), acks="all", max_request_size=2_097_152)
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        self._producer = producer


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
