"""Signed notes in the C2SP form: a text, an empty line, and one line per signature.

``— <name> <base64(key hash ‖ signature)>`` with an em dash. The key hash (4 bytes) only helps to find the key; the
signature is what counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from events.proof import strict64
from events.proof.signing import Signer, verify_raw

DASH = "— "
ED25519 = 1
HASH = 4


class NotANote(ValueError):
    """The text has not the form of a signed note."""


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the signer's name, the hint at its key, the signature's bytes."""

    name: str
    hint: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text (ending in a line break) and the signatures below it."""

    text: str
    signatures: Sequence[NoteSignature]

    def signed_by(self, name: str, public_key: bytes) -> bool:
        """Whether a line under this name is this key's signature over the text."""
        hint = key_hash(name, public_key)
        return any(
            line.name == name and line.hint == hint and verify_raw(public_key, self.text.encode(), line.signature)
            for line in self.signatures
        )


def key_hash(name: str, public_key: bytes, algorithm: int = ED25519) -> bytes:
    """The 4 bytes that hint at a key: SHA-256 over name, line break, algorithm and key."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public_key).digest()[:HASH]


def line(name: str, hint: bytes, signature: bytes) -> str:
    """One signature line; NotANote for a name with white space or a plus sign."""
    if not name or "+" in name or any(sign.isspace() for sign in name):
        raise NotANote(f"{name!r} cannot name a signer")
    return f"{DASH}{name} {strict64.encode(hint + signature)}\n"


def sign(signer: Signer, name: str, text: str) -> str:
    """The text with one signature below it."""
    if not text.endswith("\n") or "\n\n" in text:
        raise NotANote("a note's text ends in a line break and has no empty line")
    return f"{text}\n{line(name, key_hash(name, signer.public_key), signer.sign_raw(text.encode()))}"


def parse(body: bytes) -> Note:
    """Read a signed note; NotANote for anything but the one form."""
    try:
        whole = body.decode()
    except UnicodeDecodeError as error:
        raise NotANote("a note is UTF-8 text") from error
    if any(sign < " " and sign != "\n" for sign in whole):
        raise NotANote("a note has no control signs")
    text, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise NotANote("a note is a text, an empty line and signature lines")
    return Note(text + "\n", tuple(_parse_line(item) for item in tail[:-1].split("\n")))


def _parse_line(item: str) -> NoteSignature:
    parts = item.removeprefix(DASH).split(" ")
    if not item.startswith(DASH) or len(parts) != 2 or not parts[0] or "+" in parts[0]:
        raise NotANote(f"{item!r} is not a signature line")
    try:
        blob = strict64.decode(parts[1])
    except strict64.NotBase64 as error:
        raise NotANote(f"the signature of {parts[0]} is {error}") from error
    if len(blob) <= HASH:
        raise NotANote(f"the signature of {parts[0]} is empty")
    return NoteSignature(parts[0], blob[:HASH], blob[HASH:])
