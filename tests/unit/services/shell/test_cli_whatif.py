"""`wijkspoor whatif`: a table for people, one document for programs, one sentence for what makes no sense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from events import codec, envelope
from events.codec import Event
from events.store import Recorded
from services.cli.whatif import WORDS
from services.whatif.replay import Status
from tests.unit.services.intake.examples import CALL
from tests.unit.services.shell.test_cli import TERMS, House, PaperBooks, PaperProgram, Ran, ran
from tests.unit.services.whatif.calls import Log

SMALL = {"envelopeCents": 60_000_000, "capCents": 60_000_000}


def stored(event: Event) -> Recorded:
    """The event as a store gives it back."""
    frame = msgspec.structs.replace(event.envelope, data=codec.data_of(event.fact))
    return Recorded(
        position=event.position,
        recorded_at=event.recorded_at,
        stream=frame.stream,
        version=frame.version,
        type=frame.type,
        schema_version=frame.schema_version,
        correlation_id=frame.correlation_id,
        body=envelope.to_bytes(frame),
        key_id="k",
        signature=b"s" * 64,
    )


@pytest.fixture
def house() -> House:
    """A call with two files of half a million."""
    log = Log().file("a", 50_000_000, 90).file("b", 50_000_000, 80)
    return House(PaperProgram(store=PaperBooks(recorded=[stored(one) for one in log.events])))


def asked(
    capsys: pytest.CaptureFixture[str], folder: Path, house: House, *more: str, call: str = CALL, **other: Any
) -> Ran:
    """Ask under the terms of 2021 with these fields replaced."""
    file = folder / "terms.json"
    file.write_text(json.dumps(json.loads(TERMS.read_text()) | other))
    return ran(capsys, "whatif", call, "--terms", str(file), *more, house=house)


def test_people_see_which_terms_differ_and_who_moves(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, house: House
) -> None:
    told = asked(capsys, tmp_path, house, **SMALL)
    assert (told.code, told.err) == (0, "")
    plain = " ".join(told.out.split())
    for words in ("/envelopeCents", "/capCents", "Who moves, and why", "2: past", "2: past niet", "€ 500.000,00"):
        assert words in plain, words
    assert "PLACE: Op" in plain


def test_programs_get_the_whole_report(capsys: pytest.CaptureFixture[str], tmp_path: Path, house: House) -> None:
    document = asked(capsys, tmp_path, house, "--json", **SMALL).document
    assert document["call"] == CALL
    assert document["proposedCents"] == {"was": 100_000_000, "would": 50_000_000}
    (moved,) = document["moved"]
    assert (moved["caseNumber"], moved["would"]["status"]) == ("WVC-b", "not_funded")
    assert moved["why"][0]["en"] == "At rank 2 100,000.00 euro is left; 500,000.00 euro does not fit any more."
    assert document["onlyRank"] == []


def test_equal_terms_say_that_nobody_moves(capsys: pytest.CaptureFixture[str], tmp_path: Path, house: House) -> None:
    told = asked(capsys, tmp_path, house)
    assert told.code == 0
    assert "The terms are equal." in told.out
    assert "Nobody moves." in told.out


def test_files_that_only_change_place_are_counted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, house: House
) -> None:
    house.program.store.recorded += [
        stored(one) for one in Log().file("c", 70_000_000, 95).events if "call-" not in one.envelope.stream
    ]
    told = asked(capsys, tmp_path, house, capCents=60_000_000)
    assert "2 more files change place in the ranking alone" in told.out


@pytest.mark.parametrize(
    ("other", "sentence"),
    [({"capCents": 0}, "/capCents: The cap per contract is zero."), ({"criteria": []}, "/criteria: ")],
)
def test_terms_that_do_not_hold_together_are_wrong_use(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, house: House, other: dict[str, Any], sentence: str
) -> None:
    told = asked(capsys, tmp_path, house, **other)
    assert told.code == 2
    assert sentence in told.err


def test_an_unknown_call_is_wrong_use(capsys: pytest.CaptureFixture[str], tmp_path: Path, house: House) -> None:
    told = asked(capsys, tmp_path, house, call="018f3f7e-7c3a-7000-8000-0123456789ab")
    assert told.code == 2
    assert "knows no published call" in told.err


def test_a_file_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str], house: House) -> None:
    told = ran(capsys, "whatif", CALL, "--terms", "/does/not/exist", house=house)
    assert told.code == 3
    assert "does not exist" in told.err


def test_every_outcome_has_its_word() -> None:
    assert set(WORDS) == set(get_args(Status))
