"""A round of verification that could not be had is tried again soon; one that was had, in its time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from events.adapters.kafka import verify
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.verify import TopicFinding, TopicVerification
from events.adapters.memory import MemoryStore
from events.adapters.memory_publication import MemoryPublication
from events.store import StoreUnavailable

DAY = 86_400.0
NOON = datetime(2021, 3, 11, 12, tzinfo=UTC)


class Tried(TopicVerification):
    """Whose rounds end as they are told, and which tells of each."""

    def __init__(self, *ends: StoreUnavailable | Sequence[TopicFinding]) -> None:
        super().__init__(MemoryStore(lambda: NOON), MemoryPublication(lambda: 1), KafkaAccess("127.0.0.1:1"))
        self._ends = list(ends)
        self.all_over = asyncio.Event()

    async def round(self) -> Sequence[TopicFinding]:
        end = self._ends.pop(0)
        if not self._ends:
            self.all_over.set()
        if isinstance(end, StoreUnavailable):
            raise end
        return end


async def ran(tried: Tried) -> Tried:
    """Its rounds, to the last that was told."""
    task = asyncio.create_task(tried.run(DAY))
    async with asyncio.timeout(10):
        await tried.all_over.wait()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return tried


async def test_after_kafka_was_away_for_a_moment_it_is_well_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "AGAIN_SECONDS", 0.01)
    tried = await ran(Tried(StoreUnavailable("away"), StoreUnavailable("still away"), []))
    assert tried.alarm is None


async def test_while_it_cannot_be_had_there_is_an_alarm() -> None:
    tried = await ran(Tried(StoreUnavailable("away")))
    assert tried.alarm == "What is published cannot be verified: away"
