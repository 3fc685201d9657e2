"""Offline verification of an exported log, with nothing but the files in the folder.

`level="chain"` checks places, times, chains, root, checkpoint and manifest; `level="full"` also the form of every byte,
every signature, every identifier, every type, and runs every recorded rule again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from events.proof import strict64
from events.proof.checkpoint import Checkpoint
from events.proof.keys import PublicKey
from events.proof.signing import PUBLIC_KEY, key_id
from projections.audit import against as other_log
from projections.audit import folder as small_files
from projections.audit import places
from projections.audit.findings import LIMIT, Faults, Finding, Sign
from projections.audit.folder import Folder
from projections.audit.format import CHECKPOINT, MANIFEST, EventsFile
from projections.audit.replay import Rules
from projections.audit.walk import Knowledge, KnownType, Registered, Walk

Level: TypeAlias = Literal["chain", "full"]

BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class LogHead:
    """Where the log ends: position, Merkle root (hex), time of recording."""

    position: int
    root: str
    recorded_at: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. `notes` are what a reader must know that is no fault."""

    ok: bool
    level: Level
    origin: str | None
    events: int
    head: LogHead
    findings: Sequence[Finding]
    notes: Sequence[str]

    def document(self) -> dict[str, object]:
        """The report as plain values, for ``--json``."""
        plain: dict[str, object] = msgspec.to_builtins(self)
        return plain


def verify(
    path: Path,
    *,
    level: Level = "full",
    types: Mapping[str, KnownType] | None = None,
    rules: Rules | None = None,
    against: Path | None = None,
    log_key: str | None = None,
    workers: int | None = None,
) -> Report:
    """Check an export. `types` and `rules` say what this program knows (None: not checked), `against` is another
    export (or a folder with a checkpoint alone) of the same log, `log_key` the log's public key in base64 as the
    auditor got it by another way, `workers` the threads that check signatures and files (None: one a core).
    ValueError if `log_key` is no key."""
    workers = workers or len(os.sched_getaffinity(0))
    anchor = public_key_of(log_key) if log_key else None
    faults = Faults()
    folder = small_files.read(path, faults)
    knowledge = Knowledge(folder.keyring(), types, rules) if level == "full" else None
    other = other_log.read(against) if against else None
    with ThreadPoolExecutor(workers) as pool:
        walk = Walk(faults, knowledge, other.sizes() if other else (), pool, workers)
        _files(folder, faults, walk, pool if workers > 1 else None)
    last = _size(folder, len(walk.positions))
    places.judge(faults, walk.positions, last)
    _roots(folder, faults, walk)
    if level == "full":
        _keys(folder, faults, walk)
    if anchor:
        _anchor(folder, faults, walk, anchor)
    notes = _notes(folder, faults, anchor)
    if other:
        notes.extend(other_log.compare(path, folder, walk, other, faults))
    findings = faults.findings(folder.blamed)
    head = LogHead(walk.frontier.size, walk.frontier.root().hex(), walk.recorded_at or None)
    origin = folder.manifest.origin if folder.manifest else folder.checkpoint.origin if folder.checkpoint else None
    return Report(not findings, level, origin, len(walk.positions), head, findings, notes)


def public_key_of(text: str) -> bytes:
    """The log's public key as an auditor gives it, base64; ValueError if it is none."""
    data = strict64.decode(text.strip())
    if len(data) != PUBLIC_KEY:
        raise ValueError(f"the log's public key has 32 bytes, not {len(data)}")
    return data


def _files(folder: Folder, faults: Faults, walk: Walk, pool: Executor | None) -> None:
    """Read every file of events that the manifest names; without a manifest to believe, every one that is there."""
    listed = {file.name: file for file in folder.manifest.files} if folder.manifest else {}
    there = sorted(item.name for item in folder.path.glob("events-*.jsonl"))
    doubtful = folder.manifest is None or folder.blamed == MANIFEST
    for name, file in listed.items():
        if name in there:
            continue
        sign = Sign("missing-file", f"{name} is missing", file.first)
        if doubtful:
            faults.file(MANIFEST, sign)
        else:
            faults.at(sign, (file.first, max(file.first, file.last)))
    for name in there:
        if name not in listed and not doubtful:
            faults.file(name, Sign("altered", f"{name} is not a file of this export"))
        else:
            faults.reading = name
            _events(folder.path / name, listed.get(name), faults, walk, pool)
    faults.reading = None


def _events(path: Path, file: EventsFile | None, faults: Faults, walk: Walk, pool: Executor | None) -> None:
    # A second core takes the file's own hash; it is one of the four that every byte goes through.
    hashing = pool.submit(_digest, path) if pool else None
    whole = True
    with path.open("rb") as data:
        while block := data.read(BLOCK):
            block += data.readline()
            whole = block.endswith(b"\n")
            if whole:
                walk.block(block)
            else:
                walk.block(block[: block.rfind(b"\n") + 1])
    if not whole:
        walk.cut()
    walk.settle()
    if file is not None and (hashing.result() if hashing else _digest(path)) != file.sha256:
        detail = f"{file.name} is not the file that the manifest names"
        faults.file(file.name, Sign("altered", detail, None), (file.first, file.last))


def _digest(path: Path) -> str:
    if not path.stat().st_size:
        return sha256().hexdigest()
    # Hashed in one call: a loop would wait for the interpreter's lock at each turn.
    with path.open("rb") as data, mmap(data.fileno(), 0, access=ACCESS_READ) as whole:
        return sha256(whole).hexdigest()


def _size(folder: Folder, read: int) -> int:
    """How many events the log should have: what its manifest says, else its checkpoint, else what is there."""
    if folder.manifest is not None and folder.blamed != MANIFEST:
        return folder.manifest.last
    return folder.checkpoint.size if folder.checkpoint else read


def _roots(folder: Folder, faults: Faults, walk: Walk) -> None:
    """The tree of what was read against the manifest's and the checkpoint's word."""
    root, size = walk.frontier.root(), walk.frontier.size
    claims = {}
    if folder.manifest is not None:
        claims[MANIFEST] = folder.manifest.root == root.hex() and folder.manifest.last == size
    if folder.checkpoint is not None:
        point = folder.checkpoint
        claims[CHECKPOINT] = Checkpoint(point.origin, size, root) == point
    for name, agrees in claims.items():
        if agrees:
            continue
        sign = Sign("root-mismatch", f"the root of {size} events is not the one in {name}")
        if any(claims.values()):
            faults.file(name, sign)
        else:
            faults.anywhere(sign)


def _keys(folder: Folder, faults: Faults, walk: Walk) -> None:
    """Keys come from the log alone: those of the folder are those it registered."""
    log = walk.registered
    for key in folder.keys:
        if log.keys.get(key.key_id) != key:
            faults.anywhere(Sign("wrong-key", f"the log did not register the key {key.key_id} as keys.json has it"))
    if folder.manifest and log.origins - {folder.manifest.origin}:
        faults.anywhere(Sign("wrong-key", f"keys are registered for another log than {folder.manifest.origin}"))


def _anchor(folder: Folder, faults: Faults, walk: Walk, anchor: bytes) -> None:
    """The key that signed the manifest must be the auditor's, or registered in a row of keys that begins there."""
    if not folder.signers & trusted_keys(anchor, folder.keys, walk.registered):
        first = key_id("log", anchor)
        faults.anywhere(Sign("wrong-key", f"manifest and checkpoint do not lead back to {first}"))


def trusted_keys(anchor: bytes, keys: Iterable[PublicKey], registered: Registered) -> set[str]:
    """The auditor's key, and every key of the log that one before it registered."""
    first = key_id("log", anchor)
    # The name of a key holds only part of its hash, so the auditor's key is compared whole.
    trusted = {key.key_id for key in keys if key.key_id == first and key.raw() == anchor}
    for name, signers in registered.signers.items():
        if name.startswith("log-") and signers & trusted:
            trusted.add(name)
    return trusted


def _notes(folder: Folder, faults: Faults, anchor: bytes | None) -> list[str]:
    notes = []
    if anchor is None:
        notes.append("The keys were taken from the folder; give the log's key to prove whose log this is.")
    if folder.manifest and folder.manifest.origin.endswith("/demo"):
        notes.append("This is a demonstration log: its clock is the story's.")
    if faults.count > LIMIT:
        notes.append(f"{faults.count} signs of faults were seen; the first {LIMIT} are sorted here.")
    return notes
