"""Keys that are the same in every simulated world."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from events.catalog import SERVICES
from events.proof.signing import Signer


@cache
def _all() -> tuple[tuple[str, Signer], ...]:
    return tuple((name, Signer(name, sha256(name.encode()).digest())) for name in SERVICES)


def signers() -> Mapping[str, Signer]:
    """A signer a service."""
    return dict(_all())
