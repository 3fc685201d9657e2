"""A log that is whole passes; each fault is found and named."""

from __future__ import annotations

from pathlib import Path

from tests.unit.events.proof.forge import Forge
from tests.unit.projections.audit.exports import check, write


def test_a_whole_log_has_no_findings(tmp_path: Path) -> None:
    report = check(write(Forge().log(100), tmp_path / "out", lines_a_file=40))
    assert report.ok, report.findings
    assert (report.events, report.head.position) == (100, 100)
    assert check(tmp_path / "out", level="chain").ok
