"""Files in a folder, each under its digest. A file is whole before it has its name, so half a file is never read."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

from events.files import FilesUnavailable, digest_of, proven

_DIGEST = re.compile(r"[0-9a-f]{64}")


class FolderFiles:
    """`<folder>/ab/cd/abcd…`: 0700 and 0600, for what applicants hand in is nobody else's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, body: bytes) -> str:
        """Keep a file and give its digest; FilesUnavailable when the disk does not take it."""
        digest = digest_of(body)
        try:
            await asyncio.to_thread(self._write, self._path(digest), body)
        except OSError as error:
            raise FilesUnavailable(f"the folder of files takes nothing: {error.strerror}") from error
        return digest

    async def get(self, digest: str) -> bytes | None:
        """The file, or None; Altered, or FilesUnavailable when the disk does not give it."""
        if not _DIGEST.fullmatch(digest):
            return None
        try:
            return proven(digest, await asyncio.to_thread(self._path(digest).read_bytes))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FilesUnavailable(f"the folder of files gives nothing: {error.strerror}") from error

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:4] / digest

    def _write(self, path: Path, body: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # The name must survive a power cut as well as the content does.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
