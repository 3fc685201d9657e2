"""An export appears whole or not at all, in files of a bounded length, and never over something else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from events.proof import checkpoint
from events.proof.checkpoint import cosign
from events.proof.signing import Signer
from events.store import Recorded
from projections.audit.export import Exported, LogHasHole, TargetNotEmpty, export
from tests.changing import replace
from tests.unit.events.proof.forge import KINDS, ORIGIN, Forge, Shelf, moved, signers
from tests.unit.projections.audit.exports import check, write

EVENTS = Forge(2).log(25)


async def done(out: Path, events: Shelf, **options: Any) -> Exported:
    return await export(events, out, origin=ORIGIN, signer=signers()["log"], kinds=KINDS, **options)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_an_export_has_the_files_of_the_contract(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    exported = await done(out, Shelf(EVENTS), lines_a_file=10)
    small = {"manifest.json", "manifest.sig", "keys.json", "checkpoint.txt"}
    events = [f"events-00000{number}.jsonl" for number in (1, 2, 3)]
    assert names(out) == small.union(events)
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["format"], manifest["origin"], manifest["first"], manifest["last"]) == (
        "wijkspoor-log/1",
        ORIGIN,
        1,
        25,
    )
    assert [(file["name"], file["first"], file["last"]) for file in manifest["files"]] == [
        (events[0], 1, 10),
        (events[1], 11, 20),
        (events[2], 21, 25),
    ]
    assert all(
        file["sha256"] == hashlib.sha256((out / file["name"]).read_bytes()).hexdigest() for file in manifest["files"]
    )
    assert manifest["kinds"] == KINDS
    assert exported.events == 25
    assert (out / "checkpoint.txt").read_text() == exported.checkpoint
    line = json.loads((out / events[0]).read_text().splitlines()[0])
    assert list(line) == ["envelope", "position", "recordedAt", "signatures"]
    keys = json.loads((out / "keys.json").read_text())
    assert {key["keyId"] for key in keys} == {signer.key_id for signer in signers().values()}
    assert set(keys[0]) == {"keyId", "service", "algorithm", "publicKey", "notBefore", "notAfter"}


async def test_equal_logs_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        await done(tmp_path / name, Shelf(EVENTS))
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


async def test_a_filled_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(TargetNotEmpty, match="not an empty folder"):
        await done(tmp_path, Shelf(EVENTS))
    with pytest.raises(TargetNotEmpty):
        await done(tmp_path / "mine.txt", Shelf(EVENTS))
    assert names(tmp_path) == {"mine.txt"}


async def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    await done(tmp_path / "out", Shelf(EVENTS))
    assert check(tmp_path / "out").ok


@pytest.mark.parametrize("events", [EVENTS[:9] + EVENTS[10:], [moved(EVENTS[0], 2)]])
async def test_a_store_with_a_hole_leaves_no_export(tmp_path: Path, events: list[Recorded]) -> None:
    with pytest.raises(LogHasHole, match="is missing in the store"):
        await done(tmp_path / "out", Shelf(events))
    assert names(tmp_path) == set()


async def test_an_export_may_end_before_the_log_does(tmp_path: Path) -> None:
    assert (await done(tmp_path / "out", Shelf(EVENTS), until=12)).events == 12
    assert check(tmp_path / "out").head.position == 12


def test_a_witness_that_saw_the_checkpoint_signs_below_it(tmp_path: Path) -> None:
    point, _ = checkpoint.parse((write(EVENTS, tmp_path / "first") / "checkpoint.txt").read_bytes())
    witness = Signer("witness", b"\x05" * 32)
    folder = write(EVENTS, tmp_path / "out", cosignatures=cosign(witness, "witness.example", point, 1_616_000_000))
    assert check(folder).ok
    _, note = checkpoint.parse((folder / "checkpoint.txt").read_bytes())
    assert checkpoint.cosigned_at(note, "witness.example", witness.public_key) == 1_616_000_000


async def test_a_key_registered_again_counts_as_last_registered(tmp_path: Path) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    forge.register(forge.keys["payment"])
    await done(tmp_path / "out", Shelf(forge.made))
    assert len(json.loads((tmp_path / "out" / "keys.json").read_text())) == 4
    assert check(tmp_path / "out").ok


async def test_a_key_event_in_another_stream_registers_nothing(tmp_path: Path) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    stray = replace(forge.made[1], stream="grant-" + forge.made[1].stream[-36:])
    await done(tmp_path / "out", Shelf([forge.made[0], stray]))
    assert len(json.loads((tmp_path / "out" / "keys.json").read_text())) == 1
