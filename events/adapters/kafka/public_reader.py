"""Reading the public topic from its beginning to its present end, as any subscriber may."""

from __future__ import annotations

from collections.abc import AsyncIterator

from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.adapters.kafka.publisher import PLACES
from events.adapters.kafka.reader import open_reader
from events.adapters.kafka.topics import PUBLIC_TOPIC
from events.failures import CannotRun


async def read_public(access: KafkaAccess) -> AsyncIterator[bytes]:
    """Every CloudEvent on the topic, partition by partition, repeats and all; CannotRun when it cannot be read."""
    with in_our_words(access):
        async with open_reader(access) as reader:
            if await reader.missing((PUBLIC_TOPIC,)):
                raise CannotRun(f"The topic {PUBLIC_TOPIC} is not to be seen: check the address and who may read.")
            spans = await reader.spans(PLACES)
            starts = {place: span.begin for place, span in spans.items()}
            async for _place, records in reader.read(starts, {place: span.end for place, span in spans.items()}):
                for record in records:
                    yield record.value or b""
