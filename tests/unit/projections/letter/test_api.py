"""The letter over HTTP: as data and as a file, to whom it concerns, in the language asked for, as it stood."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from pypdf import PdfReader

from projections.letter import pdf
from services.web.access import VIEWS
from tests.unit.projections.letter import case
from tests.unit.projections.samples import CASE
from tests.unit.projections.test_api import World

DATA, FILE = f"/v1/cases/{CASE}/letter", f"/v1/cases/{CASE}/letter.pdf"
OWN, FOREIGN = case.APPLICANT.ovo, "OVO000998"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    await made.play(case.award())
    yield made


async def test_the_letter_as_data(world: World) -> None:
    told = await world.json(DATA)
    assert (told["letter"]["outcome"], told["letter"]["grant"]["amountCents"]) == ("awarded", 59_876_543)
    assert told["position"] == len(case.award())
    assert [one["check"]["rule"] for one in told["letter"]["checks"]][-2:] == ["D2", "D5"]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", "", "nl"), ("", "en-GB,en;q=0.9", "en"), ("?language=nl", "en", "nl"), ("?language=en", "nl", "en")],
)
async def test_the_letter_as_a_file_in_the_language_asked_for(
    world: World, query: str, header: str, language: str
) -> None:
    answer = await world.get(FILE + query, headers={"Accept-Language": header})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-language"] == language
    assert answer.headers["content-disposition"] == f'inline; filename="WVC-2021-ABC123-{language}.pdf"'
    assert PdfReader(io.BytesIO(answer.content)).root_object["/Lang"] == language


async def test_an_applicant_reads_its_own_letter_and_no_other(world: World) -> None:
    assert (await world.get(FILE, role="applicant", organisation=OWN)).status_code == 200
    assert (await world.get(FILE, role="applicant", organisation=FOREIGN)).status_code == 404
    assert (await world.get(DATA, role="applicant", organisation=FOREIGN)).status_code == 404


async def test_a_draft_is_for_officials_alone() -> None:
    world = World()
    await world.play(case.award()[:-1])
    assert (await world.get(DATA, role="applicant", organisation=OWN)).status_code == 404
    assert (await world.get(FILE, role="case_handler")).status_code == 200


async def test_the_letter_as_it_stood(world: World) -> None:
    draft = await world.json(f"{DATA}?asOf=2021-12-17")
    assert draft["letter"]["notice"] is None
    assert (await world.get(f"{DATA}?asOf=2021-12-16")).status_code == 404
    assert (await world.get(f"{FILE}?knownAt=2021-12-17")).status_code == 404


async def test_what_is_not_there_is_not_found_and_what_makes_no_sense_is_wrong(world: World) -> None:
    assert (await world.get(FILE.replace(CASE, CASE[:-1] + "9"))).status_code == 404
    assert (await world.get(FILE + "?language=fr")).status_code == 422


async def test_without_typst_the_data_are_still_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda _name: None)
    assert (await world.get(FILE)).status_code == 501
    assert (await world.get(DATA)).status_code == 200


def test_who_may_ask_for_a_letter() -> None:
    assert {"applicant", "case_handler", "auditor"} <= VIEWS["letter"]
    assert not {"partner", "subscriber", "service"} & VIEWS["letter"]
