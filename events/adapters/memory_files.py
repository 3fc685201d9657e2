"""Files in memory: the tested twin."""

from __future__ import annotations

from events.files import digest_of, proven


class MemoryFiles:
    """Lost with the process."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    async def put(self, body: bytes) -> str:
        """Keep a file and give its digest."""
        digest = digest_of(body)
        self.bodies.setdefault(digest, body)
        return digest

    async def get(self, digest: str) -> bytes | None:
        """The file, or None."""
        body = self.bodies.get(digest)
        return None if body is None else proven(digest, body)
