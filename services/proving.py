"""Who made an event: its signature against the keys that the log registered."""

from __future__ import annotations

from typing import Protocol

from events import codec
from events.catalog import KINDS
from events.log import KeyRegistered
from events.proof.keys import Keyring, registered
from events.store import EventStore, Recorded
from events.times import instant


class Proof(Protocol):
    """Tells whether an event is what it says."""

    async def flaw(self, event: Recorded) -> str | None:
        """Why the signature does not prove that the owner of the stream made these bytes; None when it does."""


class LogProof:
    """A Proof by the keys in the log; a name that is not known yet is looked up once more."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._ring = Keyring((), KINDS)

    async def flaw(self, event: Recorded) -> str | None:
        """As its port says; StoreUnavailable when keys cannot be looked up."""
        if event.key_id not in self._ring.keys:
            await self._look_up()
        found = self._ring.flaw(event.stream, instant(event.recorded_at), event.body, event.key_id, event.signature)
        return None if found is None else found[1]

    async def _look_up(self) -> None:
        facts = [codec.read(one).fact for one in await self._store.read_all(0, types=["KeyRegistered"])]
        self._ring = Keyring((registered(fact) for fact in facts if isinstance(fact, KeyRegistered)), KINDS)
