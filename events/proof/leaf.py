"""The leaf data of one event (contract §4): what the Merkle log fixes about it.

The envelope's signature covers what the service said; the leaf adds what the store said: place and time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from struct import Struct

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_form = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_shape, _zeros = b"0000-00-00T00:00:00.000000Z\n", bytes.maketrans(b"123456789", b"000000000")
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


def all_micros(texts: Sequence[str]) -> list[int]:
    """The same of many instants at once, at half the cost; ValueError if any has not the form."""
    # The joined text has as many breaks as the form has only if no text holds one: so each has the form for itself.
    if "".join([text + "\n" for text in texts]).encode().translate(_zeros) != _shape * len(texts):
        raise ValueError("one of the texts is not an instant with six decimals and Z")
    spans = [datetime.fromisoformat(text) - EPOCH for text in texts]
    values = [(span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds for span in spans]
    if min(values, default=0) < 0:
        raise ValueError("one of the instants lies before 1970")
    return values


def leaf_data(position: int, recorded_micros: int, body: bytes) -> bytes:
    """8 bytes big-endian position ‖ 8 bytes big-endian microseconds since 1970 ‖ envelope bytes."""
    return _head.pack(position, recorded_micros) + body


def hash_of(position: int, recorded_micros: int, body: bytes) -> bytes:
    """The leaf's hash in the Merkle log: that of `merkle.leaf_hash(leaf_data(…))`, in one step."""
    return sha256(_hashed.pack(0, position, recorded_micros) + body).digest()


def hashes_of(first: int, recorded_micros: Sequence[int], bodies: Sequence[bytes]) -> list[bytes]:
    """The same of many leaves that follow each other from position `first` on."""
    hashed, pack = sha256, _hashed.pack
    return [
        hashed(pack(0, position, recorded) + body).digest()
        for position, (recorded, body) in enumerate(zip(recorded_micros, bodies, strict=True), first)
    ]
