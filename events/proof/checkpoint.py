"""Checkpoints: origin, size and root of the log as a signed note, and witnesses' cosignatures below it.

A witness signs that it saw this tree and no other of this size, at a time; only it catches an operator who signs
two histories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from events.proof import merkle, note, strict64
from events.proof.signing import SIGNATURE, Signer, verify_raw

COSIGNATURE = 4
STAMP = 8

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class NotACheckpoint(ValueError):
    """The text is not a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log named `origin` has `size` events and this root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text: three lines."""
        return f"{self.origin}\n{self.size}\n{strict64.encode(self.root)}\n"


def sign(signer: Signer, checkpoint: Checkpoint) -> str:
    """The checkpoint signed by the log's key, under the origin's name."""
    if signer.service != "log":
        raise ValueError(f"a checkpoint is signed by the log's key, not by {signer.key_id}")
    return note.sign(signer, checkpoint.origin, checkpoint.text())


def parse(body: bytes) -> tuple[Checkpoint, note.Note]:
    """Read a checkpoint strictly; NotACheckpoint for anything but three lines with signatures below."""
    try:
        signed = note.parse(body)
    except note.NotANote as error:
        raise NotACheckpoint(str(error)) from error
    lines = signed.text[:-1].split("\n")
    if len(lines) != 3 or not lines[0]:
        raise NotACheckpoint("a checkpoint has three lines: origin, size, root")
    origin, size, root = lines
    if not _SIZE.fullmatch(size):
        raise NotACheckpoint(f"{size!r} is not a size")
    try:
        digest = strict64.decode(root)
    except strict64.NotBase64 as error:
        raise NotACheckpoint(f"the root is {error}") from error
    if len(digest) != merkle.SIZE:
        raise NotACheckpoint(f"the root has {len(digest)} bytes, not {merkle.SIZE}")
    return Checkpoint(origin, int(size), digest), signed


def cosign(signer: Signer, name: str, checkpoint: Checkpoint, seconds: int) -> str:
    """A witness's line: it saw this checkpoint at this time (seconds since 1970)."""
    signature = signer.sign_raw(_cosigned(checkpoint.text(), seconds))
    hint = note.key_hash(name, signer.public_key, COSIGNATURE)
    return note.line(name, hint, seconds.to_bytes(STAMP, "big") + signature)


def cosigned_at(signed: note.Note, name: str, public_key: bytes) -> int | None:
    """When this witness saw the checkpoint (seconds since 1970); None without its valid cosignature."""
    hint = note.key_hash(name, public_key, COSIGNATURE)
    for item in signed.signatures:
        if item.name != name or item.hint != hint or len(item.signature) != STAMP + SIGNATURE:
            continue
        seconds = int.from_bytes(item.signature[:STAMP], "big")
        if verify_raw(public_key, _cosigned(signed.text, seconds), item.signature[STAMP:]):
            return seconds
    return None


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
