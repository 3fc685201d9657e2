"""Manifests: which public events a day had, as a signed note with a digest an event, so that a reader can prove that it
has them all.

An event's digest is taken over its canonical JSON (RFC 8785), so that it survives a store that orders keys otherwise.
The signature covers place, count and a rolling hash; the digests are held against that hash, so they need none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from events import canonical
from events.proof import note, strict64
from events.proof.signing import Signer
from events.times import Day

FORM = "wijkspoor-manifest/1"
BEGIN = bytes(32)
"""The rolling hash before the first event."""

_LINES = (
    r"([^\n]+)",
    rf"{FORM} ([^\n ]+)",
    r"day (\d{4}-\d\d-\d\d)",
    r"events ([1-9]\d{0,15}) (0|[1-9]\d{0,15}) (0|[1-9]\d{0,15})",
    r"before (\S+)",
    r"hash (\S+)",
)
_TEXT = re.compile("".join(line + "\n" for line in _LINES))


class NotAManifest(ValueError):
    """The bytes are not a manifest, or its digests are not those that were signed."""


class NoDigest(ValueError):
    """The bytes are not one JSON object of the sort that is published."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the log named `origin` published on `topic` on a calendar day in Brussels.

    Sequences `first` to `last`; on a day without events `last` is `first` − 1. `before` and `hash` are the rolling hash
    ahead of the first and after the last of them.
    """

    origin: str
    topic: str
    day: Day
    first: int
    last: int
    before: bytes
    hash: bytes

    @property
    def count(self) -> int:
        """How many events the day had."""
        return self.last - self.first + 1

    def text(self) -> str:
        """The note's text."""
        return (
            f"{self.origin}\n{FORM} {self.topic}\nday {self.day}\nevents {self.first} {self.last} {self.count}\n"
            f"before {strict64.encode(self.before)}\nhash {strict64.encode(self.hash)}\n"
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """A manifest as it is handed out: what it says, the note that says so, the digests in order of sequence."""

    manifest: Manifest
    note: note.Note
    digests: Sequence[bytes]

    def signed_by(self, public_key: bytes) -> bool:
        """Whether the log of this name, by this key, signed it."""
        return self.note.signed_by(self.manifest.origin, public_key)


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    note: str
    digests: list[str]


def digest(event: bytes) -> bytes:
    """The digest of one public event, however its JSON is written; NoDigest for what is no such event."""
    try:
        value = json.loads(event, object_pairs_hook=_pairs, parse_float=_no_float, parse_constant=_no_float)
        if isinstance(value, dict):
            return sha256(canonical.encode(value)).digest()
    except (ValueError, RecursionError, TypeError) as error:
        raise NoDigest(str(error)) from error
    raise NoDigest("an event is a JSON object")


def roll(before: bytes, digests: Iterable[bytes]) -> bytes:
    """The rolling hash after these events: SHA-256 over the hash before and the digest, one after the other."""
    rolled = before
    for one in digests:
        rolled = sha256(rolled + one).digest()
    return rolled


def sign(signer: Signer, manifest: Manifest, digests: Sequence[bytes]) -> bytes:
    """The document: signed by the log's key, under the origin's name."""
    if signer.service != "log":
        raise ValueError(f"a manifest is signed by the log's key, not by {signer.key_id}")
    if len(digests) != manifest.count or roll(manifest.before, digests) != manifest.hash:
        raise ValueError("the digests are not those of the manifest")
    signed = note.sign(signer, manifest.origin, manifest.text())
    document = _Document(FORM, signed, [strict64.encode(one) for one in digests])
    return msgspec.json.encode(document)


def read(body: bytes) -> Signed:
    """Read a document strictly; NotAManifest unless the digests are those that its note speaks of.

    Whose note it is must still be asked: `signed_by`.
    """
    try:
        document = msgspec.json.decode(body, type=_Document)
        signed = note.parse(document.note.encode())
        digests = [strict64.decode(one) for one in document.digests]
        manifest = _parse(signed.text)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        raise NotAManifest(str(error)) from error
    if document.format != FORM or manifest.text() != signed.text:
        raise NotAManifest("the text is not in the one form")
    if any(len(one) != len(BEGIN) for one in digests):
        raise NotAManifest("a digest has not 32 bytes")
    if len(digests) != manifest.count or roll(manifest.before, digests) != manifest.hash:
        raise NotAManifest("the digests are not those that were signed")
    return Signed(manifest, signed, digests)


def _parse(text: str) -> Manifest:
    found = _TEXT.fullmatch(text)
    if found is None:
        raise NotAManifest("the text is not that of a manifest")
    origin, topic, day, first, last, _count, before, after = found.groups()
    hashes = strict64.decode(before), strict64.decode(after)
    if any(len(one) != len(BEGIN) for one in hashes) or int(last) < int(first) - 1:
        raise NotAManifest("its numbers make no sense")
    return Manifest(origin, topic, day, int(first), int(last), *hashes)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return value


def _no_float(text: str) -> float:
    raise ValueError(f"{text} is not an integer")
