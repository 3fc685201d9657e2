"""Who, when, why, caused by what: the frame around every fact, and its exact bytes.

The fields are fixed from the first day, because nothing is ever rewritten. The store adds the position and the
recording time; what is hashed and signed is the bytes made here.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Literal, TypeAlias

import msgspec

from events import canonical
from events.times import Instant

Classification: TypeAlias = Literal["public", "disclosable", "confidential", "personal"]

GENESIS = "0" * 64
LIMIT = 512 * 1024


class TooLarge(ValueError):
    """The envelope exceeds 512 KiB: attachments travel by digest only."""


class Actor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who acts: a role of the access table, an organisation by OVO code, an opaque person id (never a name)."""

    role: str
    organisation: str
    person: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event as it is hashed, signed and stored.

    `rules` is the position of the fact that set the terms which applied; `prev_hash` the SHA-256 (lower-case hex) of
    the bytes of version−1 in the stream, 64 zeros for the first; `data` the fact's own canonical bytes.
    """

    event_id: str
    stream: str
    version: int
    type: str
    schema_version: int
    occurred_at: Instant
    actor: Actor
    on_behalf_of: Actor | None
    correlation_id: str
    causation_id: str | None
    command_id: str
    rules: int | None
    legal_basis: str | None
    classification: Classification
    prev_hash: str
    data: msgspec.Raw


_decoder = msgspec.json.Decoder(Envelope)


def to_bytes(envelope: Envelope) -> bytes:
    """The canonical bytes; TooLarge beyond 512 KiB, NotCanonical for text the log does not allow."""
    body = canonical.encode(envelope)
    if len(body) > LIMIT:
        raise TooLarge(f"the event has {len(body)} bytes, the limit is {LIMIT}: refer to attachments by digest")
    return body


def from_bytes(body: bytes) -> Envelope:
    """Read stored bytes; msgspec.ValidationError if a field is missing, unknown or of the wrong type."""
    return _decoder.decode(body)


def digest(body: bytes) -> str:
    """What the next version of the stream carries as `prev_hash`."""
    return sha256(body).hexdigest()
