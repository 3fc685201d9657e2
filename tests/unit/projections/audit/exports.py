"""Exports of synthetic logs, for the tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from events.proof.signing import Signer
from events.store import Recorded
from projections.audit.export import export
from projections.audit.findings import Kind
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
