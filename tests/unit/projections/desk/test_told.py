"""Inputs of rules as a person reads them."""

from __future__ import annotations

from typing import Any

import pytest

from projections.desk import figures, told
from projections.words import Language


@pytest.mark.parametrize(
    ("name", "value", "dutch", "english"),
    [
        ("subsidy_cents", 57_530_600, "575.306,00\u00a0euro", "575,306.00\u00a0euro"),
        ("min_rate_bp", 2_000, "20\u00a0%", "20\u00a0%"),
        ("score_bp", 7_601, "76,01\u00a0%", "76.01\u00a0%"),
        ("members", 9, "9", "9"),
        ("counts_in_kind", False, "nee", "no"),
        ("nis", None, "–", "–"),
        ("submitted_at", "2021-07-15T12:00:00.000000Z", "15 juli 2021 om 14.00 uur", "15 July 2021 at 14:00"),
        ("start", "2022-01-01", "1 januari 2022", "1 January 2022"),
        ("base", "TOTAL_ELIGIBLE_COST", "totale aanvaardbare kosten", "total eligible cost"),
        ("outcome", "favourable", "gunstig", "favourable"),
        ("missing", [], "–", "–"),
        ("missing", ["personnel", "studies"], "personeel, studies en onderzoek", "personnel, studies and research"),
        ("line", {"subsidy_cents": 100}, "subsidie: 1,00\u00a0euro", "subsidy: 1.00\u00a0euro"),
    ],
)
def test_a_value_is_written_by_the_ending_of_its_name(name: str, value: Any, dutch: str, english: str) -> None:
    assert told.value_of(name, value, "nl") == dutch
    assert told.value_of(name, value, "en") == english


@pytest.mark.parametrize(("language", "expected"), [("nl", "eigen inbreng"), ("en", "own contribution")])
def test_a_name_is_written_in_words(language: Language, expected: str) -> None:
    assert told.label("own_cents", language) == expected
    assert told.label("some_new_cents", language) == "some new"


@pytest.mark.parametrize("cents", [0, 1, 99, 100, 2**53 - 1, -2_400_000])
def test_an_amount_is_exact_to_the_cent(cents: int) -> None:
    for language, group, point in (("nl", ".", ","), ("en", ",", ".")):
        text = figures.amount(cents, language)  # type: ignore[arg-type] -- both are languages
        assert int(text.replace(group, "").replace(point, "").replace("\u2212", "-")) == cents
