"""The whole log as a folder that a stranger can check (contract §4).

Events stream through: memory holds one page, the keys and the hashes of the Merkle frontier. The folder appears
whole or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO, Protocol

import msgspec

from events.envelope import from_bytes
from events.log import KeyRegistered
from events.proof import checkpoint
from events.proof.checkpoint import Checkpoint
from events.proof.keys import PublicKey, kind_of, registered
from events.proof.leaf import hash_of, micros_of
from events.proof.merkle import Frontier
from events.proof.signing import Signer
from events.store import Recorded
from events.times import instant
from projections.audit import format as form
from projections.audit.format import (
    CHECKPOINT,
    KEYS,
    LINES_A_FILE,
    MANIFEST,
    MANIFEST_NOTE,
    EventsFile,
    Line,
    LineSignature,
    Manifest,
    SmallFile,
)

PAGE = 5_000


class Source(Protocol):
    """What an export reads: the one method of `EventStore` that gives the log in order."""

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """Up to `limit` events in position order."""


class TargetNotEmpty(Exception):
    """The folder to write already holds something."""


class LogHasHole(Exception):
    """The store gave a position that does not follow the one before: nothing is exported that cannot be verified."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many events, and the checkpoint over them as signed."""

    events: int
    checkpoint: str


async def export(
    source: Source,
    out: Path,
    *,
    origin: str,
    signer: Signer,
    kinds: Mapping[str, str],
    until: int | None = None,
    cosignatures: str = "",
    lines_a_file: int = LINES_A_FILE,
) -> Exported:
    """Write the log, up to position `until`, to the folder `out`; TargetNotEmpty if it holds anything.

    `signer` holds the log's key, `kinds` names the service that owns each kind of stream, `cosignatures` are
    witnesses' lines over the checkpoint at `until`.
    """
    refuse_if_filled(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
    try:
        writer = _Writer(work / out.name, origin, lines_a_file)
        try:
            await _stream(source, writer, until)
            done = writer.finish(signer, kinds, cosignatures)
        finally:
            writer.close()
        (work / out.name).rename(out)
    finally:
        shutil.rmtree(work)
    return done


def refuse_if_filled(out: Path) -> None:
    """TargetNotEmpty, with a sentence that says what to do, unless `out` is absent or an empty folder."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise TargetNotEmpty(f"{out} is not an empty folder: name a new one, or empty it first")


async def _stream(source: Source, writer: _Writer, until: int | None) -> None:
    while until is None or writer.tree.size < until:
        room = PAGE if until is None else min(PAGE, until - writer.tree.size)
        page = await source.read_all(writer.tree.size, limit=room)
        if not page:
            return
        for recorded in page:
            writer.add(recorded)


class _Writer:
    """Writes one export file by file, hashing what it writes."""

    def __init__(self, folder: Path, origin: str, lines_a_file: int) -> None:
        folder.mkdir()
        self.folder, self.origin, self.lines_a_file = folder, origin, lines_a_file
        self.tree = Frontier()
        self.files: list[EventsFile] = []
        self.keys: dict[str, PublicKey] = {}
        self._file: BinaryIO | None = None
        self._digest = sha256()
        self._first = 1

    def add(self, recorded: Recorded) -> None:
        """Write one event; LogHasHole unless it follows the one before."""
        position = self.tree.size + 1
        if recorded.position != position:
            raise LogHasHole(f"position {position} is missing in the store, {recorded.position} comes instead")
        if self._file is None:
            self._file = (self.folder / form.file_name(len(self.files) + 1)).open("xb")
        signature = LineSignature(key_id=recorded.key_id, sig=recorded.signature)
        line = Line(
            position=position,
            recorded_at=instant(recorded.recorded_at),
            envelope=recorded.body,
            signatures=[signature],
        )
        raw = form.write_line(line) + b"\n"
        self._file.write(raw)
        self._digest.update(raw)
        self.tree.append_hash(hash_of(position, micros_of(recorded.recorded_at), recorded.body))
        if recorded.type == "KeyRegistered" and kind_of(recorded.stream) == "log":
            key = registered(msgspec.json.decode(from_bytes(recorded.body).data, type=KeyRegistered))
            self.keys[key.key_id] = key
        if position - self._first + 1 == self.lines_a_file:
            self._close_file()

    def finish(self, signer: Signer, kinds: Mapping[str, str], cosignatures: str) -> Exported:
        """Write keys, checkpoint, manifest and its signature."""
        self._close_file()
        size, root = self.tree.size, self.tree.root()
        keys = form.document(sorted(self.keys.values(), key=lambda key: key.key_id))
        note = checkpoint.sign(signer, Checkpoint(self.origin, size, root)) + cosignatures
        manifest = form.document(
            Manifest(
                format=form.FORMAT,
                origin=self.origin,
                first=1,
                last=size,
                root=root.hex(),
                files=self.files,
                keys=_fixed(KEYS, keys),
                checkpoint=_fixed(CHECKPOINT, note.encode()),
                kinds=dict(kinds),
            )
        )
        self._write(KEYS, keys)
        self._write(CHECKPOINT, note.encode())
        self._write(MANIFEST, manifest)
        self._write(MANIFEST_NOTE, form.sign_manifest(signer, self.origin, manifest).encode())
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return Exported(size, note)

    def close(self) -> None:
        """Let go of the file in hand."""
        if self._file is not None:
            self._file.close()

    def _close_file(self) -> None:
        if self._file is None:
            return
        _durable(self._file)
        self._file.close()
        self._file = None
        name, last = form.file_name(len(self.files) + 1), self.tree.size
        self.files.append(EventsFile(name=name, first=self._first, last=last, sha256=self._digest.hexdigest()))
        self._digest, self._first = sha256(), last + 1

    def _write(self, name: str, body: bytes) -> None:
        with (self.folder / name).open("xb") as file:
            file.write(body)
            _durable(file)


def _fixed(name: str, body: bytes) -> SmallFile:
    return SmallFile(name=name, bytes=len(body), sha256=sha256(body).hexdigest())


def _durable(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
