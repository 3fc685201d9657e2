"""The bank's line as a folder, such as a bank's client program or a file transfer serves.

    outgoing/   payment files for the bank          incoming/   what the bank left
    done/       what was read, a note beside it     rejected/   what could not be read, and why

Files hold account numbers in clear: folders are 0700, files 0600.
"""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from events.banking import Outcome
from events.failures import CannotRun

T = TypeVar("T")

FOLDERS = ("outgoing", "incoming", "done", "rejected")
HALF_DONE = (".tmp", ".part", ".filepart", ".partial", ".writing", ".swp")
REST_SECONDS = 2.0
"""How long a file must have been left alone before it counts as whole; a sender that renames need not wait."""


class FolderLine:
    """A BankLine below `root`; the folders are made when they are first needed."""

    def __init__(self, root: Path, rest_seconds: float = REST_SECONDS) -> None:
        self._root = root
        self._rest = rest_seconds

    async def hand_over(self, name: str, content: bytes) -> None:
        """As the port says: written beside, synced, and renamed into place."""
        await self._do(lambda: self._hand_over(name, content))

    async def arrived(self) -> Sequence[str]:
        """As the port says; names that say that they are half done are left alone."""
        return await self._do(self._arrived)

    async def take(self, name: str, most: int) -> bytes | None:
        """As the port says; a link is never followed."""
        return await self._do(lambda: _read(self._root / "incoming" / name, most))

    async def settle(self, name: str, outcome: Outcome, note: str) -> None:
        """As the port says."""
        await self._do(lambda: self._settle(name, outcome, note))

    async def _do(self, work: Callable[[], T]) -> T:
        def prepared() -> T:
            for folder in FOLDERS:
                (self._root / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
            return work()

        try:
            return await asyncio.to_thread(prepared)
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise CannotRun(f"The bank's folder {self._root} cannot be used ({why}): mend it or its rights.") from error

    def _hand_over(self, name: str, content: bytes) -> None:
        target = self._root / "outgoing" / name
        if target.exists():
            if target.read_bytes() != content:
                raise CannotRun(f"Another file waits for the bank under the name {target}: move it away.")
            return
        _write(target, content)

    def _arrived(self) -> Sequence[str]:
        folder = self._root / "incoming"
        now = _folders_clock(folder)
        found = []
        for entry in os.scandir(folder):
            known = entry.stat(follow_symlinks=False)
            if _half_done(entry.name) or stat.S_ISDIR(known.st_mode) or now - known.st_mtime < self._rest:
                continue
            found.append(entry.name)
        return sorted(found)

    def _settle(self, name: str, outcome: Outcome, note: str) -> None:
        source = self._root / "incoming" / name
        if not os.path.lexists(source):
            return
        target = _free(self._root / outcome, name)
        _write(target.with_name(f"{target.name}.note.txt"), f"{note}\n".encode())
        if not source.is_symlink():
            source.chmod(0o600)
        source.rename(target)
        _sync(target.parent)


def _write(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name}.part")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(target)
    _sync(target.parent)


def _read(source: Path, most: int) -> bytes | None:
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            return None
        raise
    with os.fdopen(handle, "rb") as file:
        return file.read(most + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None


def _folders_clock(folder: Path) -> float:
    """What time it is where the files are: a share's clock need not be this machine's."""
    probe = folder / f".now-{os.getpid()}.tmp"
    probe.touch(mode=0o600)
    try:
        os.utime(probe)
        return probe.stat().st_mtime
    finally:
        probe.unlink(missing_ok=True)


def _half_done(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(HALF_DONE)


def _free(folder: Path, name: str) -> Path:
    """The name, or the first with a number behind it that nothing was put away under."""
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{name}.{number}"
    return target


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
