"""What an operator who holds the log's key could try in the files around the events, and what still shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from events.proof import checkpoint
from events.proof.checkpoint import Checkpoint
from tests.unit.events.proof.forge import ORIGIN, Forge, signers
from tests.unit.projections.audit.exports import check, kinds, reseal, shown, write

EVENTS = Forge(6).log(30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(EVENTS, tmp_path / "out", lines_a_file=12)


def replace(file: Path, old: bytes, new: bytes) -> None:
    body = file.read_bytes()
    assert old in body
    file.write_bytes(body.replace(old, new, 1))


def test_a_manifest_signed_again_over_the_same_files_is_accepted(folder: Path) -> None:
    reseal(folder)
    assert check(folder).ok


def test_a_key_that_counts_longer_than_it_was_registered_for(folder: Path) -> None:
    replace(folder / "keys.json", b'"notAfter":"20', b'"notAfter":"21')
    assert kinds(check(folder)) == ["altered"]
    assert kinds(check(folder, level="chain")) == ["altered"]
    reseal(folder)
    assert kinds(check(folder)) == ["wrong-key"]


def test_a_line_in_another_form(folder: Path) -> None:
    replace(folder / "events-000002.jsonl", b'","position":14,', b'", "position":14,')
    reseal(folder)
    assert [(finding.kind, finding.position) for finding in check(folder).findings] == [("not-canonical", 14)]


def test_base64_in_another_spelling(folder: Path) -> None:
    file = folder / "events-000001.jsonl"
    body = file.read_bytes()
    place = body.index(b'=="}]')
    # The sign before the padding carries four bits that decoding throws away.
    signs = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = signs[signs.index(body[place - 1]) + 1]
    file.write_bytes(body[: place - 1] + bytes([other]) + body[place:])
    reseal(folder)
    assert kinds(check(folder)) == ["not-canonical"]


def test_a_root_of_another_log_in_the_manifest(folder: Path) -> None:
    reseal(folder, root="00" * 32)
    assert kinds(check(folder)) == ["root-mismatch"]
    assert kinds(check(folder, level="chain")) == ["root-mismatch"]


def test_a_checkpoint_of_another_log(folder: Path) -> None:
    wrong = checkpoint.sign(signers()["log"], Checkpoint(ORIGIN, 30, bytes(32)))
    (folder / "checkpoint.txt").write_text(wrong)
    assert shown(check(folder)) == {"altered", "root-mismatch"}
    reseal(folder)
    assert kinds(check(folder)) == ["root-mismatch"]


def test_a_checkpoint_under_another_name(folder: Path) -> None:
    point, _ = checkpoint.parse((folder / "checkpoint.txt").read_bytes())
    other = Checkpoint("another.example/log", point.size, point.root)
    (folder / "checkpoint.txt").write_text(checkpoint.sign(signers()["log"], other))
    reseal(folder)
    assert kinds(check(folder)) == ["altered"]


def test_a_log_that_was_cut_and_signed_again_shows_against_its_checkpoint(folder: Path, tmp_path: Path) -> None:
    short = write(EVENTS[:20], tmp_path / "short")
    (short / "checkpoint.txt").write_bytes((folder / "checkpoint.txt").read_bytes())
    reseal(short)
    assert kinds(check(short)) == ["root-mismatch"]


@pytest.mark.parametrize("change", [{"format": "wijkspoor-log/2"}, {"last": 29}, {"first": 2}])
def test_a_manifest_that_contradicts_itself(folder: Path, change: dict[str, Any]) -> None:
    reseal(folder, **change)
    assert "altered" in shown(check(folder))


def test_kinds_given_to_another_service(folder: Path) -> None:
    reseal(folder, kinds={"application": "decision", "grant": "decision", "payment-order": "payment", "log": "log"})
    assert set(kinds(check(folder))) == {"wrong-key"}


def test_keys_registered_for_another_log(folder: Path) -> None:
    reseal(folder, origin="another.example/log")
    assert "wrong-key" in shown(check(folder))


def test_only_the_logs_key_signs_a_manifest(folder: Path) -> None:
    reseal(folder, signers()["decision"])
    assert kinds(check(folder)) == ["bad-signature"]
