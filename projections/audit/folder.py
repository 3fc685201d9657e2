"""An export's small files, read together: what each says, which of them can be believed, and who is to blame."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from events.proof import checkpoint, note
from events.proof.checkpoint import Checkpoint, NotACheckpoint
from events.proof.keys import Keyring, PublicKey
from projections.audit import format as form
from projections.audit.findings import Faults, Kind, Sign
from projections.audit.format import CHECKPOINT, KEYS, MANIFEST, MANIFEST_NOTE, Malformed, Manifest, SmallFile


@dataclass(slots=True)
class Folder:
    """What the small files say; None for what is missing or cannot be read. `signers` made both signatures."""

    path: Path
    manifest: Manifest | None = None
    checkpoint: Checkpoint | None = None
    keys: list[PublicKey] = field(default_factory=list)
    signers: set[str] = field(default_factory=set)
    blamed: str | None = None

    def keyring(self) -> Keyring:
        """The keys of the folder with the owners of the manifest."""
        return Keyring(self.keys, self.manifest.kinds if self.manifest else {})


def read(path: Path, faults: Faults) -> Folder:
    """Read and judge ``manifest.json``, ``manifest.sig``, ``keys.json`` and ``checkpoint.txt``."""
    return _Reader(path, faults).run()


class _Reader:
    def __init__(self, path: Path, faults: Faults) -> None:
        self.faults = faults
        self.folder = Folder(path)
        self.bodies = {name: self._body(name) for name in (MANIFEST, MANIFEST_NOTE, KEYS, CHECKPOINT)}

    def run(self) -> Folder:
        self._manifest()
        self._keys()
        signed = self._note()
        fixed = self._fixed(signed)
        self._check_keys(KEYS if fixed else MANIFEST)
        self._judge_note(signed, fixed)
        self._checkpoint(fixed)
        found = self.faults.found_in
        self.folder.blamed = next((name for name in (KEYS, MANIFEST) if found(name)), None)
        return self.folder

    def _body(self, name: str) -> bytes | None:
        try:
            return (self.folder.path / name).read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            self._sign(name, "missing-file", f"{name} is missing")
            return None

    def _manifest(self) -> None:
        body = self.bodies[MANIFEST]
        if body is None:
            return
        try:
            manifest = form.read_document(body, Manifest)
        except Malformed as error:
            self._sign(MANIFEST, "not-canonical", f"{MANIFEST}: {error}")
            return
        self.folder.manifest = manifest
        if manifest.format != form.FORMAT:
            self._sign(MANIFEST, "altered", f"the format is {manifest.format}, not {form.FORMAT}")
        ends = [0, *(file.last for file in manifest.files)]
        ranges = [(file.first, file.last) for file in manifest.files]
        follow = all(low == before + 1 <= high for (low, high), before in zip(ranges, ends[:-1], strict=True))
        if manifest.first != 1 or ends[-1] != manifest.last or not follow:
            self._sign(MANIFEST, "altered", f"{MANIFEST}: the files do not cover 1 to {manifest.last}")

    def _keys(self) -> None:
        body = self.bodies[KEYS]
        if body is None:
            return
        try:
            self.folder.keys = form.read_keys(body)
        except Malformed as error:
            self._sign(KEYS, "not-canonical", f"{KEYS}: {error}")

    def _note(self) -> note.Note | None:
        body = self.bodies[MANIFEST_NOTE]
        if body is None:
            return None
        try:
            return note.parse(body)
        except note.NotANote as error:
            self._sign(MANIFEST_NOTE, "not-canonical", f"{MANIFEST_NOTE}: {error}")
            return None

    def _fixed(self, signed: note.Note | None) -> bool:
        """Whether the manifest is the one that was signed, as far as the note's text says."""
        body, manifest = self.bodies[MANIFEST], self.folder.manifest
        if signed is None or body is None or manifest is None:
            return manifest is not None
        return signed.text == form.manifest_text(manifest.origin, body)

    def _check_keys(self, culprit: str) -> None:
        """Keys against the manifest's hash; a difference is blamed on the one that is not held by another."""
        manifest, body = self.folder.manifest, self.bodies[KEYS]
        if manifest is not None and body is not None:
            self._compare(manifest.keys, body, culprit)

    def _compare(self, fixed: SmallFile, body: bytes, culprit: str) -> None:
        if len(body) < fixed.bytes:
            self._sign(culprit, "truncated", f"{fixed.name} is shorter than the manifest says")
        # Only a checkpoint may go on: witnesses sign it later.
        held = body[: fixed.bytes] if fixed.name == CHECKPOINT else body
        if sha256(held).hexdigest() != fixed.sha256:
            self._sign(culprit, "altered", f"{fixed.name} is not the file that the manifest names")

    def _judge_note(self, signed: note.Note | None, fixed: bool) -> None:
        manifest = self.folder.manifest
        if signed is None:
            return
        origin = manifest.origin if manifest and fixed else signed.text.partition("\n")[0]
        signers = self._log_signers(signed, origin)
        self.folder.signers |= signers
        if not signers:
            # With a broken set of keys nothing can be verified: then the keys are the fault.
            place = KEYS if self.faults.found_in(KEYS) else MANIFEST_NOTE
            self._sign(place, "bad-signature", f"{MANIFEST_NOTE} is not signed by a key of the log")
        if manifest is not None and not fixed:
            place = MANIFEST if signers else MANIFEST_NOTE
            self._sign(place, "altered", f"{MANIFEST} is not the file that {MANIFEST_NOTE} names")

    def _log_signers(self, signed: note.Note, name: str) -> set[str]:
        keys = (key for key in self.folder.keys if key.service == "log")
        return {key.key_id for key in keys if signed.signed_by(name, key.raw())}

    def _checkpoint(self, fixed: bool) -> None:
        body, manifest = self.bodies[CHECKPOINT], self.folder.manifest
        if body is None:
            return
        if manifest is not None:
            self._compare(manifest.checkpoint, body, CHECKPOINT if fixed else MANIFEST)
        try:
            point, signed = checkpoint.parse(body)
        except NotACheckpoint as error:
            self._sign(CHECKPOINT, "not-canonical", f"{CHECKPOINT}: {error}")
            return
        self.folder.checkpoint = point
        signers = self._log_signers(signed, point.origin)
        if self.folder.signers:
            self.folder.signers &= signers or self.folder.signers
        if not signers:
            place = KEYS if self.faults.found_in(KEYS) else CHECKPOINT
            self._sign(place, "bad-signature", f"{CHECKPOINT} is not signed by a key of the log")
        if manifest is not None and manifest.origin != point.origin:
            place = CHECKPOINT if fixed else MANIFEST
            self._sign(place, "altered", f"{CHECKPOINT} is of {point.origin}, {MANIFEST} of {manifest.origin}")

    def _sign(self, name: str, kind: Kind, detail: str) -> None:
        self.faults.file(name, Sign(kind, detail))
