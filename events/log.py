"""House facts: what the log records about itself. They concern no call; their stream kind is `log`."""

from __future__ import annotations

from typing import TypeAlias

from events.times import Instant
from events.vocabulary import Part


class KeyRegistered(Part, frozen=True, kw_only=True):
    """A service's public key (base64 of 32 bytes, Ed25519) and when it counts; `origin` names the log."""

    origin: str
    key_id: str
    service: str
    algorithm: str
    public_key: str
    not_before: Instant
    not_after: Instant | None


HouseFact: TypeAlias = KeyRegistered
