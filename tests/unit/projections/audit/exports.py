"""Exports of synthetic logs, for the tests of this folder."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from events.proof.signing import Signer
from events.store import Recorded
from projections.audit.export import export
from projections.audit.findings import Kind
from projections.audit.format import MANIFEST, MANIFEST_NOTE, document, sign_manifest
from projections.audit.verify import Report, verify
from tests.unit.events.proof.forge import KINDS, ORIGIN, RULES, TYPES, Shelf, signers


def write(events: Sequence[Recorded], out: Path, *, signer: Signer | None = None, **options: Any) -> Path:
    """Export these events."""
    signer = signer or signers()["log"]
    asyncio.run(export(Shelf(events), out, origin=ORIGIN, signer=signer, kinds=KINDS, **options))
    return out


def check(path: Path, **options: Any) -> Report:
    """Verify with all that this test program knows."""
    known: dict[str, Any] = {"types": TYPES, "rules": RULES, **options}
    return verify(path, **known)


def kinds(report: Report) -> list[str]:
    """The primary kinds that were found."""
    return [finding.kind for finding in report.findings]


def shown(report: Report) -> set[Kind]:
    """Every kind that was found, consequences included."""
    primary = {finding.kind for finding in report.findings}
    return primary.union(*({sign.kind for sign in finding.also} for finding in report.findings))


def reseal(folder: Path, signer: Signer | None = None, **changes: Any) -> None:
    """Bring the manifest in line with the files as they are now, change it, and sign it: a faithless operator."""
    signer = signer or signers()["log"]
    manifest = json.loads((folder / MANIFEST).read_bytes())
    for file in [*manifest["files"], manifest["keys"], manifest["checkpoint"]]:
        body = (folder / file["name"]).read_bytes()
        file["sha256"] = sha256(body).hexdigest()
        if "bytes" in file:
            file["bytes"] = len(body)
    body = document({**manifest, **changes})
    (folder / MANIFEST).write_bytes(body)
    (folder / MANIFEST_NOTE).write_text(sign_manifest(signer, ORIGIN, body))
