"""G4: any change to an exported log is found, named, and reported as one fault."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path
from random import Random

from tests.unit.events.proof.forge import Forge
from tests.unit.projections.audit.exports import check, kinds, write
from tests.unit.projections.audit.faults import FAULTS

ROUNDS = 240


def hunt(folder: Path, work: Path, rounds: int) -> tuple[Counter[str], list[str]]:
    """Plant so many faults, one at a time; how many of each sort, and what was missed or misnamed."""
    planted: Counter[str] = Counter()
    wrong = []
    for seed in range(rounds):
        fault = FAULTS[seed % len(FAULTS)]
        copy = work / str(seed)
        shutil.copytree(folder, copy)
        before = {file.name: file.read_bytes() for file in copy.iterdir()}
        done = fault(copy, Random(seed))
        if before == {file.name: file.read_bytes() for file in copy.iterdir()}:
            continue
        planted[fault.__name__] += 1
        found = kinds(check(copy))
        if len(found) != 1 or found[0] not in done.names:
            wrong.append(f"{seed} {fault.__name__}: {done.what}: found {found}, not one of {sorted(done.names)}")
        shutil.rmtree(copy)
    return planted, wrong


def test_g4_every_planted_fault_is_found_and_named(tmp_path: Path) -> None:
    folder = write(Forge(4).log(60), tmp_path / "out", lines_a_file=25)
    planted, wrong = hunt(folder, tmp_path, ROUNDS)
    total = planted.total()
    sys.stdout.write(f"found {total - len(wrong)} of {total}: {dict(planted)}\n")
    assert total >= 200
    assert wrong == []
