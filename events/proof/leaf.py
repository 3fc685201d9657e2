"""The leaf data of one event (contract §4): what the Merkle log fixes about it.

The envelope's signature covers what the service said; the leaf adds what the store said: place and time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from struct import Struct

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_form = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_head = Struct(">QQ")
_hashed = Struct(">BQQ")


def micros_of(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment, exact."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def micros(text: str) -> int:
    """The same of an instant's text; ValueError unless it has exactly the form the log writes and is 1970 or later.

    `events.times.micros` does the same; this one is made for a million lines.
    """
    if not _form.fullmatch(text):
        raise ValueError(f"{text!r} is not an instant with six decimals and Z")
    value = micros_of(datetime.fromisoformat(text))
    if value < 0:
        raise ValueError(f"{text} lies before 1970")
    return value


def leaf_data(position: int, recorded_micros: int, body: bytes) -> bytes:
    """8 bytes big-endian position ‖ 8 bytes big-endian microseconds since 1970 ‖ envelope bytes."""
    return _head.pack(position, recorded_micros) + body


def hash_of(position: int, recorded_micros: int, body: bytes) -> bytes:
    """The leaf's hash in the Merkle log: that of `merkle.leaf_hash(leaf_data(…))`, in one step."""
    return sha256(_hashed.pack(0, position, recorded_micros) + body).digest()
