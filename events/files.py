"""The port of files: content under its own digest. What is stored once is never changed, and reads back as it was."""

from __future__ import annotations

from hashlib import sha256
from typing import Protocol

from events.store import StoreUnavailable


class FilesUnavailable(StoreUnavailable):
    """The store of files cannot be reached, or refuses to serve: wait, and ask again."""


class Altered(ValueError):
    """What lies under a digest is not what was stored: somebody changed it, or the disk did."""


class Files(Protocol):
    """Content-addressed: the key of a file is the SHA-256 (lower-case hex) of its content."""

    async def put(self, body: bytes) -> str:
        """Keep a file and give its digest; the same content again changes nothing. FilesUnavailable."""

    async def get(self, digest: str) -> bytes | None:
        """The file, or None if it was never stored; Altered if it is not what was stored. FilesUnavailable."""


def digest_of(body: bytes) -> str:
    """The key of a file."""
    return sha256(body).hexdigest()


def proven(digest: str, body: bytes) -> bytes:
    """The body, if it is what its digest says; Altered otherwise."""
    if digest_of(body) != digest:
        raise Altered(f"the file {digest} is not what was stored under this digest")
    return body
