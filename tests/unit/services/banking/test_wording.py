"""Text and amounts as SEPA takes them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.banking.wording import NotPayable, amount, cents_of, euros, latin, masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stad Liège", "Stad Liege"),
        ("Gemeente 's-Gravenvoeren & Zonen", "Gemeente 's-Gravenvoeren + Zonen"),
        ("year_2022", "year-2022"),
        ("Straße // Œuvre", "Strasse / OEuvre"),
        ("/a/", "a"),
        ("A\u0000B\nC", "A.B C"),
        ("Δ 7", ". 7"),
        ("ﬁets", "fiets"),
    ],
)
def test_text_is_put_into_the_latin_set(text: str, expected: str) -> None:
    assert latin(text, 70) == expected


def test_text_is_cut_at_its_length_and_never_ends_in_a_slash() -> None:
    assert latin("a" * 71, 70) == "a" * 70
    assert latin("ab/cd", 3) == "ab"


@pytest.mark.parametrize("text", ["", "///", "  ", "Δδ", "..."])
def test_a_text_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(NotPayable):
        latin(text, 70)


@given(st.text(max_size=200), st.integers(1, 140))
def test_what_comes_out_is_in_the_set(text: str, most: int) -> None:
    try:
        found = latin(text, most)
    except NotPayable:
        return
    assert re.fullmatch(r"[A-Za-z0-9/\-?:().,'+ ]+", found)
    assert len(found) <= most
    assert "//" not in found
    assert found.strip("/ ") == found


@given(st.integers(0, 10**13))
def test_an_amount_read_back_is_the_amount_written(cents: int) -> None:
    assert cents_of(euros(cents)) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1", 100),
        ("1.5", 150),
        ("1.50000", 150),
        ("0.01", 1),
        ("1.005", None),
        ("-1", None),
        ("1,00", None),
        ("1e3", None),
        (" 1", None),
        ("", None),
        ("NaN", None),
        ("1.", None),
        ("٣", None),
        ("9" * 14, None),
    ],
)  # fmt: skip -- a table
def test_a_decimal_is_read_exactly_or_not_at_all(text: str, cents: int | None) -> None:
    assert cents_of(text) == cents


def test_an_amount_has_two_decimals() -> None:
    assert (amount(1), amount(100), amount(80_000_000)) == ("0.01", "1.00", "800000.00")


@pytest.mark.parametrize("before", ["", "camt_", "x", "AB12", "7"])
@pytest.mark.parametrize("after", ["", "_1.xml", "9", "a.BE68539007547034"])
def test_no_account_number_is_left_in_a_name_whatever_stands_around_it(before: str, after: str) -> None:
    found = masked(f"{before}BE71096123456769{after}")

    assert "BE71096123456769" not in found
    assert "BE68539007547034" not in found
    assert "be71096123456769" not in masked("be71096123456769")


def test_a_name_without_an_account_number_stays_as_it_is() -> None:
    name = "46980a5e1fa55412a2a8baf7e772ced1.pain.002.001.10-BE71096123456760.xml"

    assert masked(name) == name
