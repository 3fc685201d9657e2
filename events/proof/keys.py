"""Public keys as the log registers them, and the question who may sign what, when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec

from events.log import KeyRegistered
from events.proof import signing, strict64
from events.proof.leaf import micros

Flaw: TypeAlias = Literal["wrong-key", "bad-signature"]


class PublicKey(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One key of one service, as in ``keys.json``: base64 of 32 bytes, valid from and to these instants inclusive."""

    key_id: str
    service: str
    algorithm: str
    public_key: str
    not_before: str
    not_after: str | None

    def raw(self) -> bytes:
        """The 32 bytes; ValueError unless key, name and algorithm agree with each other."""
        data = strict64.decode(self.public_key)
        if self.algorithm != "Ed25519" or len(data) != signing.PUBLIC_KEY:
            raise ValueError(f"{self.key_id} is not an Ed25519 key of 32 bytes")
        if signing.key_id(self.service, data) != self.key_id:
            raise ValueError(f"{self.key_id} is not the name of this key of {self.service}")
        micros(self.not_before)
        if self.not_after is not None:
            micros(self.not_after)
        return data

    def valid_at(self, instant: str) -> bool:
        """Whether the key counts at an instant; instants sort as text."""
        return self.not_before <= instant and (self.not_after is None or instant <= self.not_after)


def registered(fact: KeyRegistered) -> PublicKey:
    """The key that a fact registers."""
    return PublicKey(
        key_id=fact.key_id,
        service=fact.service,
        algorithm=fact.algorithm,
        public_key=fact.public_key,
        not_before=fact.not_before,
        not_after=fact.not_after,
    )


def registration(origin: str, signer: signing.Signer, not_before: str, not_after: str | None = None) -> KeyRegistered:
    """The fact that registers a signer's public key in the log named `origin`."""
    return KeyRegistered(
        origin=origin,
        key_id=signer.key_id,
        service=signer.service,
        algorithm="Ed25519",
        public_key=strict64.encode(signer.public_key),
        not_before=not_before,
        not_after=not_after,
    )


class Keyring:
    """The public keys by name, and the owner of each kind of stream; ValueError for a key that is no key."""

    def __init__(self, keys: Iterable[PublicKey], kinds: Mapping[str, str]) -> None:
        self.keys = {key.key_id: key for key in keys}
        self.kinds = kinds
        self._raw = {name: key.raw() for name, key in self.keys.items()}

    def of(self, service: str) -> list[PublicKey]:
        """Every key of one service."""
        return [key for key in self.keys.values() if key.service == service]

    def raw(self, name: str) -> bytes:
        """The 32 bytes of a key that is in the ring."""
        return self._raw[name]

    def unfit(self, stream: str, recorded_at: str, name: str) -> str | None:
        """Why this key may not sign in this stream at this time; None when it may.

        The key must be known, belong to the service that owns the stream's kind, and be valid at the time of recording.
        """
        key = self.keys.get(name)
        owner = self.kinds.get(kind_of(stream))
        if key is None:
            return f"the key {name} is unknown"
        if key.service != owner:
            return f"{name} is a key of {key.service}; the stream belongs to {owner or 'no service'}"
        if not key.valid_at(recorded_at):
            return f"{name} is not valid at {recorded_at}"
        return None

    def flaw(self, stream: str, recorded_at: str, body: bytes, name: str, signature: bytes) -> tuple[Flaw, str] | None:
        """Why this signature does not prove that the owner of the stream made these bytes; None when it does."""
        unfit = self.unfit(stream, recorded_at, name)
        if unfit is not None:
            return "wrong-key", unfit
        if not signing.verify(self._raw[name], body, signature):
            return "bad-signature", f"{name} did not sign these bytes"
        return None


def kind_of(stream: str) -> str:
    """The kind of a stream ``<kind>-<uuid>``; empty when the name has no such form."""
    return stream[:-37] if stream[-37:-36] == "-" else ""
