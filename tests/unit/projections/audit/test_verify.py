"""A log that is whole passes; each sort of fault is named, also when the forger holds a key and mends the manifest."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from events.envelope import from_bytes, to_bytes
from events.proof import strict64
from events.proof.signing import Signer, pae
from events.store import Recorded
from projections.audit import verify
from projections.audit.findings import Kind
from tests.changing import replace
from tests.unit.events.proof.forge import Draft, Forge, moved, signers
from tests.unit.events.proof.forge import check as recorded_check
from tests.unit.projections.audit.exports import check, kinds, shown, write

LOG_KEY = strict64.encode(signers()["log"].public_key)
CASE = "0190a5a0-0000-7000-8000-000000000001"


def made(events: int = 40, seed: int = 1) -> list[Recorded]:
    return Forge(seed).log(events)


def grant(command: str = CASE, **data: object) -> Draft:
    return Draft("grant", CASE, "GrantDecided", {"case": "c", **data}, command)


def resealed(event: Recorded, signer: Signer | None = None, **changes: object) -> Recorded:
    """The event with another envelope, signed anew by the owner of its stream or by another."""
    frame = msgspec.structs.replace(from_bytes(event.body), **changes)
    body = to_bytes(frame)
    signer = signer or signers()[event.key_id.rpartition("-")[0]]
    return replace(event, body=body, signature=signer.sign(body), key_id=signer.key_id)


def test_a_whole_log_has_no_findings(tmp_path: Path) -> None:
    report = check(write(made(100), tmp_path / "out", lines_a_file=40), log_key=LOG_KEY)
    assert report.ok, report.findings
    assert (report.events, report.head.position, report.level) == (100, 100, "full")
    assert report.document()["findings"] == []
    assert check(tmp_path / "out", level="chain", log_key=LOG_KEY).head == report.head


def test_an_empty_log_has_no_findings(tmp_path: Path) -> None:
    """Nothing is recorded yet, not even keys, so nobody has signed: the note alone cannot be judged."""
    assert kinds(check(write([], tmp_path / "out"))) == ["bad-signature", "bad-signature"]
    first = Forge()
    first.register(signers()["log"])
    assert check(write(first.made, tmp_path / "first")).ok


def test_without_the_logs_key_the_report_says_where_the_keys_came_from(tmp_path: Path) -> None:
    write(made(), tmp_path / "out")
    assert any("taken from the folder" in note for note in check(tmp_path / "out").notes)
    assert not any("taken from the folder" in note for note in check(tmp_path / "out", log_key=LOG_KEY).notes)


def test_a_demonstration_log_is_called_one(tmp_path: Path) -> None:
    assert any("demonstration" in note for note in check(write(made(), tmp_path / "out")).notes)


@pytest.mark.parametrize("key", ["AAAA", "not base64"])
def test_a_trust_anchor_that_is_no_key_is_wrong_use(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match=r"base64|32 bytes"):
        check(write(made(), tmp_path / "out"), log_key=key)


def forged(tmp_path: Path, events: list[Recorded], **options: object) -> set[Kind]:
    """What is found in a log whose operator made these events and signed manifest and checkpoint over them."""
    return shown(check(write(events, tmp_path / "out"), **options))


def test_g5_a_changed_body_under_an_old_signature(tmp_path: Path) -> None:
    events = made()
    events[20] = replace(events[20], body=events[20].body.replace(b"case_handler", b"jury_member1"))
    assert "bad-signature" in forged(tmp_path, events)


def test_g5_a_stripped_signature(tmp_path: Path) -> None:
    events = made()
    events[20] = replace(events[20], signature=b"")
    assert forged(tmp_path, events) == {"bad-signature"}


def test_g5_a_key_of_another_service(tmp_path: Path) -> None:
    events = made()
    place = next(index for index, event in enumerate(events) if event.stream.startswith("grant"))
    events[place] = resealed(events[place], signers()["payment"])
    assert forged(tmp_path, events) == {"wrong-key"}


def test_g5_a_key_that_the_log_never_registered(tmp_path: Path) -> None:
    events = made()
    events[20] = resealed(events[20], Signer("decision", b"\x09" * 32))
    assert forged(tmp_path, events) == {"wrong-key"}


def test_g5_a_signature_over_another_type_of_document(tmp_path: Path) -> None:
    events = made()
    signer = signers()[events[20].key_id.rpartition("-")[0]]
    other = signer.sign_raw(pae("application/vnd.wijkspoor.manifest+json", events[20].body))
    events[20] = replace(events[20], signature=other)
    assert forged(tmp_path, events) == {"bad-signature"}


def test_g5_a_key_past_its_time(tmp_path: Path) -> None:
    events = made()
    late = [replace(event, recorded_at=event.recorded_at + timedelta(days=20_000)) for event in events[30:]]
    assert forged(tmp_path, events[:30] + late) == {"wrong-key"}


def test_g5_a_type_of_another_service(tmp_path: Path) -> None:
    events = made()
    last = max(index for index, event in enumerate(events) if event.stream.startswith("grant"))
    events[last] = resealed(events[last], type="PaymentOrdered")
    assert "unknown-type" in forged(tmp_path, events)


@pytest.mark.parametrize("changes", [{"type": "Invented"}, {"schema_version": 2}, {"schema_version": 0}])
def test_a_type_or_version_that_nobody_knows(tmp_path: Path, changes: dict[str, object]) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    forge.add(grant(), **changes)
    assert forged(tmp_path, forge.made) == {"unknown-type"}
    assert check(tmp_path / "out", types=None).ok


@pytest.mark.parametrize(
    "change", [{"outcome": "fail"}, {"code": "other"}, {"version": 2}, {"rule": "X9"}, {"inputs": {}}, {"params": None}]
)
def test_a_recorded_answer_that_the_rule_does_not_give(tmp_path: Path, change: dict[str, object]) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    forge.add(grant(check=recorded_check(1)))
    forge.add(grant("0190a5a0-0000-7000-8000-000000000002", parts=[{"checks": [recorded_check(1, **change)]}]))
    report = check(write(forge.made, tmp_path / "out"))
    assert [(finding.kind, finding.position) for finding in report.findings] == [("replay-differs", 6)]
    assert check(tmp_path / "out", rules=None).ok


def test_an_event_id_used_twice(tmp_path: Path) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    first = forge.add(grant())
    forge.add(grant("0190a5a0-0000-7000-8000-000000000002"), event_id=from_bytes(first.body).event_id)
    assert forged(tmp_path, forge.made) == {"duplicate"}


def test_a_command_id_used_twice(tmp_path: Path) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    forge.add(grant())
    forge.add(Draft("application", CASE, "ApplicationSubmitted", {}, "0190a5a0-0000-7000-8000-000000000002"))
    forge.add(grant())
    assert forged(tmp_path, forge.made) == {"duplicate"}


def test_a_command_with_events_in_two_streams(tmp_path: Path) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    forge.add(grant())
    forge.add(Draft("application", CASE, "ApplicationSubmitted", {}, CASE))
    assert forged(tmp_path, forge.made) == {"duplicate"}


@pytest.mark.parametrize("changes", [{"version": 7}, {"prev_hash": "1" * 64}])
def test_a_chain_that_was_broken_when_it_was_made(tmp_path: Path, changes: dict[str, object]) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    forge.add(grant())
    forge.add(grant("0190a5a0-0000-7000-8000-000000000002"), **changes)
    assert forged(tmp_path, forge.made) == {"broken-chain"}
    assert shown(check(tmp_path / "out", level="chain")) == {"broken-chain"}


@pytest.mark.parametrize("block", [verify.BLOCK, 1])
def test_time_that_runs_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """Within what is read in one go, and from one such block to the next."""
    monkeypatch.setattr(verify, "BLOCK", block)
    events = made()
    events[20] = replace(events[20], recorded_at=events[0].recorded_at - timedelta(seconds=1))
    assert forged(tmp_path, events) == {"time-reversed"}


@pytest.mark.parametrize("changes", [{"rules": 2**53}, {"schema_version": -(2**53)}])
def test_a_number_of_the_envelope_that_other_programs_cannot_hold(tmp_path: Path, changes: dict[str, int]) -> None:
    events = made()
    last = max(index for index, event in enumerate(events) if event.stream.startswith("grant"))
    events[last] = resealed(events[last], None, **changes)
    assert forged(tmp_path, events, types=None) == {"not-canonical"}


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1.5}',
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":9007199254740993}',
        b"9007199254740993",
        b'{"A":1}',
        b'{"":1}',
        b'{"a":"e\xcc\x81"}',
    ],
)
def test_bytes_that_are_not_canonical(tmp_path: Path, data: bytes) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    event = forge.add(grant())
    body = event.body.replace(b'{"case":"c"}', data)
    key = signers()["decision"]
    assert forged(tmp_path, [*forge.made[:-1], replace(event, body=body, signature=key.sign(body))]) == {
        "not-canonical"
    }


def test_bytes_that_are_no_envelope(tmp_path: Path) -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    event = forge.add(grant())
    assert forged(tmp_path, [*forge.made[:-1], replace(event, body=b'{"a":1}')]) == {"not-canonical"}
    assert shown(check(tmp_path / "out", level="chain")) == {"not-canonical"}


def test_another_history_under_another_key_does_not_lead_to_the_auditors_key(tmp_path: Path) -> None:
    mine = signers(tag=1)
    write(Forge(1, mine).log(40), tmp_path / "out", signer=mine["log"])
    assert check(tmp_path / "out").ok
    assert kinds(check(tmp_path / "out", log_key=LOG_KEY)) == ["wrong-key"]
    assert kinds(check(tmp_path / "out", log_key=LOG_KEY, level="chain")) == ["wrong-key"]


def test_a_renewed_key_of_the_log_leads_back_to_the_auditors_key(tmp_path: Path) -> None:
    forge, renewed = Forge(), Signer("log", b"\x0b" * 32)
    forge.register(*forge.keys.values())
    forge.register(renewed)
    assert check(write(forge.made, tmp_path / "out", signer=renewed), log_key=LOG_KEY).ok


def test_a_signer_of_the_manifest_that_the_log_never_registered(tmp_path: Path) -> None:
    write(made(), tmp_path / "out", signer=Signer("log", b"\x0b" * 32))
    assert shown(check(tmp_path / "out")) == {"bad-signature"}


def forked(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A log of 40, the same at 30, and one that differs from position 25 on."""
    events, other = made(), made()
    frame = from_bytes(other[24].body)
    other[24] = resealed(other[24], event_id=frame.event_id[:-1] + ("1" if frame.event_id[-1] == "0" else "0"))
    return (
        write(events, tmp_path / "long"),
        write(events[:30], tmp_path / "short"),
        write(other, tmp_path / "other"),
    )


def test_an_earlier_export_is_the_beginning_of_a_later_one(tmp_path: Path) -> None:
    long, short, _ = forked(tmp_path)
    assert check(long, against=short).ok
    assert check(short, against=long).ok
    assert check(long, against=long, level="chain").ok


def test_two_histories_are_forked_and_the_place_is_named(tmp_path: Path) -> None:
    long, short, other = forked(tmp_path)
    for one, two in ((long, other), (short, other), (other, short)):
        found = [finding for finding in check(one, against=two).findings if finding.kind == "forked"]
        assert [finding.position for finding in found] == [25]


def test_a_checkpoint_alone_is_enough_to_find_a_fork(tmp_path: Path) -> None:
    long, short, other = forked(tmp_path)
    for folder in (short, other):
        for file in folder.glob("events-*"):
            file.unlink()
    assert check(long, against=short).ok
    assert kinds(check(long, against=other)) == ["forked"]
    assert any(
        "cannot be compared" in note for note in check(write(made()[:10], tmp_path / "ten"), against=short).notes
    )


def test_a_comparison_needs_a_checkpoint_that_this_log_signed(tmp_path: Path) -> None:
    long, short, _ = forked(tmp_path)
    strangers = signers(tag=1)
    theirs = write(Forge(1, strangers).log(40), tmp_path / "theirs", signer=strangers["log"])
    assert shown(check(long, against=theirs)) == {"bad-signature", "forked"}
    (short / "checkpoint.txt").unlink()
    assert kinds(check(long, against=short)) == ["missing-file"]


def test_the_quick_check_finds_what_it_is_for(tmp_path: Path) -> None:
    folder = write(made(), tmp_path / "out")
    file = folder / "events-000001.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    changed = {
        "hole": lines[:9] + lines[10:],
        "altered": [*lines[:9], lines[10], lines[9], *lines[11:]],
        "duplicate": [*lines[:10], lines[9], *lines[10:]],
        "truncated": lines[:-1],
        "not-canonical": [*lines[:9], b"{}\n", *lines[9:]],
    }
    for kind, body in changed.items():
        copy = tmp_path / kind
        shutil.copytree(folder, copy)
        (copy / file.name).write_bytes(b"".join(body))
        assert kinds(check(copy, level="chain")) == [kind]


def test_witnesses_may_sign_below_a_checkpoint_later(tmp_path: Path) -> None:
    folder = write(made(), tmp_path / "out")
    with (folder / "checkpoint.txt").open("ab") as file:
        file.write("— witness.example AAAAAAA=\n".encode())
    assert check(folder).ok
    with (folder / "checkpoint.txt").open("ab") as file:
        file.write(b"anything else\n")
    assert kinds(check(folder)) == ["not-canonical"]


def test_many_faults_are_counted_and_the_first_are_sorted(tmp_path: Path) -> None:
    events = [moved(replace(event, signature=b""), event.position) for event in made(2_100)]
    report = check(write(events, tmp_path / "out"))
    assert len(report.findings) == 2_000
    assert any("2100 signs" in note for note in report.notes)
