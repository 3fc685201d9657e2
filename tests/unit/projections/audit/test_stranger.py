"""G13: two implementations that share no code agree on what is whole and what is not."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from tests.unit.events.proof.forge import Forge
from tests.unit.projections.audit.exports import check, write
from tests.unit.projections.audit.faults import FAULTS
from tests.unit.projections.audit.stranger import whole


def test_g13_a_stranger_accepts_what_we_accept(tmp_path: Path) -> None:
    for events, lines in ((4, 100), (5, 2), (77, 30)):
        folder = write(Forge(events).log(events), tmp_path / str(events), lines_a_file=lines)
        assert check(folder).ok
        assert whole(folder)


def test_g13_a_stranger_refuses_what_we_refuse(tmp_path: Path) -> None:
    folder = write(Forge(9).log(40), tmp_path / "out", lines_a_file=15)
    apart = []
    for seed in range(120):
        copy = tmp_path / str(seed)
        shutil.copytree(folder, copy)
        done = FAULTS[seed % len(FAULTS)](copy, Random(1_000 + seed))
        if whole(copy) != check(copy).ok:
            apart.append(done.what)
        shutil.rmtree(copy)
    assert apart == []
