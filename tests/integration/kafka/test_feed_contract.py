"""The promises of a feed of the whole log, on Kafka."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.log_feed import KafkaLogFeed
from events.store import AppendRequest
from tests.contract.making import ident
from tests.contract.test_feed import (
    test_an_idle_feed_gives_a_sign_of_life,
    test_consumers_at_every_pace_get_everything_once_and_in_order,
    test_what_comes_later_is_delivered_when_it_comes,
    test_what_was_acknowledged_need_not_come_again_but_what_was_not_does,
    test_what_was_there_before_is_delivered_from_the_place_on,
)
from tests.integration.kafka.carrying import Carrier, carrier, event

__all__ = [
    "test_an_idle_feed_gives_a_sign_of_life",
    "test_consumers_at_every_pace_get_everything_once_and_in_order",
    "test_what_comes_later_is_delivered_when_it_comes",
    "test_what_was_acknowledged_need_not_come_again_but_what_was_not_does",
    "test_what_was_there_before_is_delivered_from_the_place_on",
]

KINDS = ("call", "assessment", "panel", "grant", "report")


class CarriedLog:
    """What is appended here is in Kafka at once, spread over the topics of several services."""

    def __init__(self, relay: Carrier) -> None:
        self._relay = relay
        self._position = 0

    async def append(self, request: AppendRequest) -> None:
        for _ in request.events:
            self._position += 1
            kind = KINDS[self._position % len(KINDS)]
            one = event(self._position, f"{kind}-{ident(request.stream)}", self._position)
            await self._relay.carry([one])


@pytest.fixture
async def log(topics: KafkaAccess) -> AsyncIterator[CarriedLog]:
    async with carrier(topics) as relay:
        yield CarriedLog(relay)


@pytest.fixture
def feed(topics: KafkaAccess) -> KafkaLogFeed:
    return KafkaLogFeed(topics, idle=0.05, hole=1.0)
