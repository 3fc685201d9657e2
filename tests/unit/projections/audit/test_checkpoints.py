"""The living log's checkpoints agree with an export's, and prove what they hold."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from events.proof import checkpoint
from events.proof.leaf import hash_of, micros_of
from events.proof.merkle import verify_consistency, verify_inclusion
from events.store import Recorded
from projections.audit.checkpoints import Checkpoints
from projections.audit.export import LogHasHole
from tests.unit.events.proof.forge import ORIGIN, Forge, Shelf, signers

EVENTS = Forge(3).log(30)
LOG = signers()["log"]


def root(text: str) -> tuple[int, bytes]:
    point, note = checkpoint.parse(text.encode())
    assert note.signed_by(ORIGIN, LOG.public_key)
    return point.size, point.root


async def test_a_checkpoint_follows_the_log() -> None:
    shelf = Shelf(EVENTS[:10])
    kept = Checkpoints(shelf, ORIGIN, LOG)
    size, old = root(await kept.latest())
    assert size == 10
    assert await kept.latest() is await kept.latest()
    shelf.events = EVENTS
    proof, text = await kept.consistency(10)
    assert root(text)[0] == 30
    assert verify_consistency(10, 30, proof, old, root(text)[1])


async def test_every_event_is_proven_to_stand_in_the_log() -> None:
    kept = Checkpoints(Shelf(EVENTS), ORIGIN, LOG)
    for event in EVENTS:
        found = await kept.inclusion(event.position)
        leaf = hash_of(event.position, micros_of(event.recorded_at), event.body)
        assert verify_inclusion(found.index, found.size, leaf, found.proof, root(found.checkpoint)[1])
    with pytest.raises(IndexError):
        await kept.inclusion(31)


async def test_overlapping_calls_take_each_event_in_once() -> None:
    kept = Checkpoints(Yielding(EVENTS), ORIGIN, LOG)
    texts = await asyncio.gather(*(kept.latest() for _ in range(5)))
    assert set(texts) == {await Checkpoints(Shelf(EVENTS), ORIGIN, LOG).latest()}


async def test_a_hole_in_the_store_is_never_signed_over() -> None:
    with pytest.raises(LogHasHole, match="position 6 is missing"):
        await Checkpoints(Shelf(EVENTS[:5] + EVENTS[6:]), ORIGIN, LOG).latest()


class Yielding(Shelf):
    """A shelf that lets others go first."""

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """The same, a little later, in small pages."""
        await asyncio.sleep(0)
        return await super().read_all(after_position, types=types, limit=min(limit, 7))
