"""A log's head is signed again and again, and a log that cannot be signed is seen at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from events.feed import Hole
from services.checkpointing import Checkpointing


class Notes:
    """Signs; `until` so many were signed, then raises `fault` if there is one."""

    def __init__(self, enough: int, fault: Exception | None = None) -> None:
        self.signed = 0
        self._enough = enough
        self._fault = fault
        self.reached = asyncio.Event()

    async def __call__(self) -> str:
        if self.signed == self._enough and self._fault is not None:
            raise self._fault
        self.signed += 1
        if self.signed >= self._enough:
            self.reached.set()
        return f"here/demo\n{self.signed}\nroot\n\n— a signature\n"


async def test_checkpoints_are_signed_though_nobody_asks() -> None:
    notes = Notes(3)
    signing = Checkpointing(notes, every=0.001)
    assert signing.figures() == {}
    task = asyncio.create_task(signing.run())
    await notes.reached.wait()
    await asyncio.sleep(0)
    assert signing.position == 3
    assert signing.figures()["wijkspoor_checkpoint_age_seconds"] < 60
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_log_that_cannot_be_signed_ends_it() -> None:
    with pytest.raises(Hole, match="position 7"):
        await Checkpointing(Notes(1, Hole("position 7 is missing")), every=0.0).run()


async def test_nobody_waits_for_checkpoints() -> None:
    signing = Checkpointing(Notes(1))
    await signing.reached(1_000)
    assert (signing.behind(1_000), dict(signing.alarms)) == (0, {})
