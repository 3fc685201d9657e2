"""The letter as a file, read back by another library: what it is, and that nothing is missing in it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from events.catalog import AnyFact
from projections.letter import pdf
from projections.letter.evolve import letter
from projections.letter.model import Letter
from projections.letter.pdf import NotInstalled, render, shown
from projections.letter.tell import document
from projections.letter.words import WORDS
from projections.words import Language, euro
from tests.unit.projections.letter import case
from tests.unit.projections.samples import CASE, sample

LANGUAGES: tuple[Language, ...] = ("nl", "en")
each_language = pytest.mark.parametrize("language", LANGUAGES)


def of(story: list[Any]) -> Letter:
    made = letter(CASE, case.events(story))
    assert made is not None
    return made


def turned_away() -> Letter:
    fact = sample("DeclaredIneligible", applicant=case.APPLICANT, checks=[case.check("E2", "fail")])
    return of([*case.before_the_government()[:4], ("2021-08-02", fact)])


def lapsed() -> AnyFact:
    reasons = [case.text("De lijst is voorbij")]
    return sample("ReserveLapsed", applicant=case.APPLICANT, reference=case.REFERENCE, reasons=reasons)


def retracted() -> AnyFact:
    why = case.wrote("De beslissing berustte op een fout.")
    return sample("DecisionRetracted", retracted=case.REFERENCE, reference="MB 2022/9", reasons=why)


STORIES: dict[str, Callable[[], Letter]] = {
    "award": lambda: of(case.award()),
    "refusal": lambda: of(case.refusal()),
    "heard in time": lambda: of(case.heard_in_time()),
    "heard too late": lambda: of(case.heard_too_late()),
    "draft": lambda: of(case.award()[:-1]),
    "turned away": turned_away,
    "reserve": lambda: of(case.reserve()),
    "lapsed": lambda: of([*case.reserve(), ("2022-12-18", lapsed())]),
    "retracted": lambda: of([*case.award(), ("2022-01-21", retracted())]),
}
each_story = pytest.mark.parametrize("made", STORIES.values(), ids=STORIES.keys())


def read(file: bytes) -> str:
    """All text of the file, white space as single blanks."""
    pages = PdfReader(io.BytesIO(file)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def amounts(value: Any) -> list[int]:
    """Every amount in cents, wherever it stands."""
    if isinstance(value, dict):
        own = [one for name, one in value.items() if name.endswith("_cents") and isinstance(one, int)]
        return [*own, *(one for inner in value.values() for one in amounts(inner))]
    return [one for inner in value for one in amounts(inner)] if isinstance(value, list) else []


@each_language
@each_story
def test_the_file_says_that_it_is_pdf_a_3a_and_pdf_ua_1(made: Callable[[], Letter], language: Language) -> None:
    reader = PdfReader(io.BytesIO(render(made(), language)))
    xmp = reader.xmp_metadata
    assert xmp is not None
    assert (xmp.pdfaid_part, xmp.pdfaid_conformance) == ("3", "A")
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", xmp.stream.get_data().decode())
    root: DictionaryObject = reader.root_object
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert {"/StructTreeRoot", "/OutputIntents", "/Metadata"} <= set(root)


def test_every_font_is_in_the_file() -> None:
    fonts = 0
    for page in PdfReader(io.BytesIO(render(of(case.award()), "nl"))).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            (inner,) = font.get_object()["/DescendantFonts"]
            described = inner.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)
            fonts += 1
    assert fonts


@each_language
def test_every_amount_and_reason_of_an_award_is_in_its_letter(language: Language) -> None:
    made = of(case.award())
    words = read(render(made, language))
    facts = json.loads(PdfReader(io.BytesIO(render(made, language))).attachments["letter.json"][0])
    for cents in {one for one in amounts({**facts, "checks": []}) if one}:
        assert euro(cents, language) in words, cents
    texts = [*made.reasons, *(one.check.reason for one in made.checks)]
    assert made.advice
    texts += [one.reason for one in made.advice.reasons]
    for one in texts:
        assert (one.nl if language == "nl" else one.en) in words
        assert (one.en if language == "nl" else one.nl) not in words
    for one in (case.REFERENCE, "IF 2021/7", "BA 2021/8", "WVC-2021-ABC123", made.event_id, made.scheme.legal_basis):
        assert one in words


@each_language
def test_a_refusal_names_its_reasons_the_cut_and_the_routes_of_appeal(language: Language) -> None:
    made = of(case.refusal())
    words = read(render(made, language))
    assert ("Het krediet is op (in het Nederlands)" if language == "nl" else "Het krediet is op (in English)") in words
    for cents in (61_234_567, 760_000_003, 30_000_002, 100_000_001, 59_876_543):
        assert euro(cents, language) in words
    assert "80 %" in words, "the score of the last file that was funded"
    assert "Beroep bij de Raad van State" in words
    assert ("18 december 2021" if language == "nl" else "18 December 2021") in words


def test_what_was_written_down_as_reasons_is_quoted_and_the_other_decision_named() -> None:
    words = read(render(of([*case.award(), ("2022-01-21", retracted())]), "nl"))
    assert "De beslissing berustte op een fout." in words
    assert f"Ingetrokken wordt de beslissing met kenmerk {case.REFERENCE}." in words


def test_the_last_day_of_appeal_and_of_the_reserve_list_are_told() -> None:
    assert "tot en met 16 februari 2022 om 23.59 uur" in read(render(of(case.award()), "nl"))
    assert "The reserve list is valid until 17 December 2022" in read(render(of(case.reserve()), "en"))


def test_a_draft_says_so_and_a_term_that_has_not_begun_is_not_told() -> None:
    words = read(render(of(case.award()[:-1]), "nl"))
    assert "Ontwerp: de aanvrager is nog niet in kennis gesteld." in words
    assert "begint pas te lopen bij de kennisgeving" in words
    assert "Ontwerp" not in read(render(of(case.award()), "nl"))


def test_who_is_turned_away_reads_from_when_the_term_runs() -> None:
    words = read(render(turned_away(), "en"))
    assert "The term begins to run when you receive this letter." in words
    assert "does not meet the conditions" in words


@each_story
def test_the_same_facts_give_the_same_bytes_wherever_and_whenever(
    made: Callable[[], Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = render(made(), "nl")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setenv("LANG", "en_GB")
    assert render(made(), "nl") == before


def test_the_letter_itself_is_enclosed_as_data() -> None:
    made = of(case.award())
    (enclosed,) = PdfReader(io.BytesIO(render(made, "nl"))).attachments["letter.json"]
    facts = json.loads(enclosed)
    assert (facts["case"], facts["outcome"], facts["grant"]["amount_cents"]) == (CASE, "awarded", 59_876_543)


def test_words_of_people_are_never_read_as_markup() -> None:
    made = of(case.award())
    wild = "#panic() *vet* $x$ <label> @ref [haak] \\ // `code` = kop"
    name = replace(made, addressee=replace(made.addressee, name=wild))
    assert wild in read(render(name, "nl"))


def test_what_no_font_can_show_is_a_hollow_sign_and_what_turns_the_line_is_gone() -> None:
    assert shown("中😀\ue000\x07") == "□□□□"
    assert shown("a\u202eb\u200d\ufeff\u00adc\td\r\n") == "abc d\n"
    assert shown("Łódź ő ğ Ελλάδα Київ – € ½") == "Łódź ő ğ Ελλάδα Київ – € ½"
    assert shown({"rows": [["中"]], "widths": (1, 2), "total": True}) == {
        "rows": [["□"]],
        "widths": [1, 2],
        "total": True,
    }


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_any_name_makes_a_letter(name: str) -> None:
    made = of(case.award())
    assert render(replace(made, addressee=replace(made.addressee, name=name)), "nl").startswith(b"%PDF")


def test_every_sign_that_is_let_through_can_be_shown() -> None:
    allowed = [chr(code) for code in range(0x20, 0x2600) if not 0xD800 <= code < 0xE000]
    words = " ".join("o" + one for one in allowed if shown(one) == one)
    made = of(case.refusal())
    assert render(replace(made, addressee=replace(made.addressee, name=words)), "nl").startswith(b"%PDF")


def test_without_typst_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda _name: None)
    with pytest.raises(NotInstalled, match=r"install wijkspoor\[letters\]"):
        render(of(case.award()), "nl")


@each_language
@each_story
def test_nothing_is_left_unsaid(made: Callable[[], Letter], language: Language) -> None:
    told = document(made(), language)
    kinds = {one["kind"] for one in [*told["blocks"], *told["annexes"]]}
    assert kinds <= {"head", "para", "list", "table", "quote"}
    for one in [*told["blocks"], *told["annexes"]]:
        if one["kind"] == "table":
            assert all(len(row) == len(one["heads"]) == len(one["widths"]) for row in one["rows"])
            assert one["rows"], one["heads"]


def test_every_word_is_there_in_both_languages_and_names_the_same_values() -> None:
    for key, (nl, en) in WORDS.items():
        assert nl, key
        assert en, key
        assert set(re.findall(r"{[^}]*}", nl)) == set(re.findall(r"{[^}]*}", en)), key
