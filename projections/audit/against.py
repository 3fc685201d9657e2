"""Two heads of one log: does the longer one begin with the shorter one, or did its history fork?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from events.proof import checkpoint, note
from events.proof.checkpoint import Checkpoint, NotACheckpoint
from events.proof.leaf import hash_of, micros
from events.proof.merkle import Frontier
from projections.audit.findings import Faults, Sign
from projections.audit.folder import Folder
from projections.audit.format import CHECKPOINT, read_line
from projections.audit.walk import Walk


@dataclass(frozen=True, slots=True)
class Other:
    """The other log's folder, and its checkpoint when it can be read."""

    path: Path
    checkpoint: Checkpoint | None
    note: note.Note | None

    def sizes(self) -> list[int]:
        """At which sizes the root of the first log is wanted."""
        return [self.checkpoint.size] if self.checkpoint else []


def read(path: Path) -> Other:
    """Read the other folder's checkpoint."""
    try:
        point, signed = checkpoint.parse((path / CHECKPOINT).read_bytes())
    except (FileNotFoundError, NotACheckpoint):
        return Other(path, None, None)
    return Other(path, point, signed)


def compare(path: Path, folder: Folder, walk: Walk, other: Other, faults: Faults) -> list[str]:
    """Leave a sign when the histories differ; a note when they cannot be compared."""
    point, name = other.checkpoint, other.path.name
    if point is None or other.note is None:
        faults.file(name, Sign("missing-file", f"{name} has no checkpoint that can be read"))
        return []
    logs = [key.raw() for key in folder.keys if key.service == "log"]
    if not any(other.note.signed_by(point.origin, key) for key in logs):
        faults.file(name, Sign("bad-signature", f"the checkpoint of {name} is not signed by this log"))
    if folder.checkpoint and folder.checkpoint.origin != point.origin:
        faults.file(name, Sign("forked", f"{name} is of another log: {point.origin}"))
        return []
    size = walk.frontier.size
    if point.size <= size:
        agrees = walk.roots.get(point.size, Frontier().root()) == point.root
    elif any(_files(other.path)):
        agrees = _root(other.path, size) == walk.frontier.root()
    else:
        return [f"{name} has a later checkpoint ({point.size}) and no events: what came before cannot be compared."]
    if not agrees:
        place = _parting(path, other.path)
        where = f"from position {place}" if place else f"before position {min(size, point.size)}"
        faults.file(name, Sign("forked", f"the history differs from {name} {where}", place))
    return []


def _root(path: Path, size: int) -> bytes:
    frontier = Frontier()
    for digest in _leaves(path):
        if frontier.size == size:
            break
        frontier.append_hash(digest)
    return frontier.root()


def _parting(path: Path, other: Path) -> int | None:
    """The first position at which both logs have an event, and not the same one."""
    for place, (one, two) in enumerate(zip_longest(_leaves(path), _leaves(other)), 1):
        if one is None or two is None:
            return None
        if one != two:
            return place
    return None


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("events-*.jsonl"))


def _leaves(path: Path) -> Iterator[bytes]:
    """The hashes of the leaves as they stand; a line that cannot be read counts as one that differs."""
    for file in _files(path):
        with file.open("rb") as lines:
            for raw in lines:
                try:
                    line = read_line(raw.removesuffix(b"\n"))
                    yield hash_of(line.position, micros(line.recorded_at), line.envelope)
                except ValueError:
                    yield b""
