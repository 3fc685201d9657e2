"""Checkpoints over the living log: the tree grows with it, and a signed head is always at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from events.proof import checkpoint
from events.proof.checkpoint import Checkpoint
from events.proof.leaf import hash_of, micros_of
from events.proof.merkle import Tree
from events.proof.signing import Signer
from projections.audit.export import PAGE, LogHasHole, Source


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that an event stands in the log of a checkpoint: index from 0, hashes from the leaf upward."""

    index: int
    size: int
    proof: Sequence[bytes]
    checkpoint: str


class Checkpoints:
    """The Merkle tree of one log, kept up with its store; 64 bytes of memory an event.

    Calls may overlap: what two of them read at once is taken in once.
    """

    def __init__(self, source: Source, origin: str, signer: Signer) -> None:
        self._source, self._origin, self._signer = source, origin, signer
        self._tree = Tree()
        self._signed: tuple[int, str] | None = None

    async def latest(self) -> str:
        """A signed checkpoint over all that is recorded now."""
        while page := await self._source.read_all(self._tree.size, limit=PAGE):
            for recorded in page:
                size = self._tree.size
                if recorded.position > size + 1:
                    raise LogHasHole(f"position {size + 1} is missing in the store, {recorded.position} comes instead")
                if recorded.position == size + 1:
                    moment = micros_of(recorded.recorded_at)
                    self._tree.append_hash(hash_of(recorded.position, moment, recorded.body))
        return self._sign()

    async def inclusion(self, position: int) -> Inclusion:
        """The proof for the event at a position under the latest checkpoint; IndexError if it is not there."""
        signed = await self.latest()
        size = self._tree.size
        return Inclusion(position - 1, size, self._tree.inclusion(position - 1, size), signed)

    async def consistency(self, old: int) -> tuple[Sequence[bytes], str]:
        """The proof that the latest checkpoint's log begins with that of `old` events; IndexError if it cannot be."""
        signed = await self.latest()
        return self._tree.consistency(old), signed

    def _sign(self) -> str:
        size = self._tree.size
        if self._signed is None or self._signed[0] != size:
            point = Checkpoint(self._origin, size, self._tree.root())
            self._signed = size, checkpoint.sign(self._signer, point)
        return self._signed[1]
