"""A check says everything about itself, and its sentence writes money and rates for people, exactly."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.canonical import SAFE_INTEGER, Json
from events.vocabulary import Source, Text
from services.rulebook import Rule, Values, Verdict, check, reason

FIRST, SECOND = Source(event_id="event-1", position=7), Source(event_id="event-2", position=9)


def at_most(params: Values, inputs: Values) -> Verdict:
    """Asked is at most the cap."""
    asked, cap = inputs["asked_cents"], params["cap_cents"]
    assert isinstance(asked, int)
    assert isinstance(cap, int)
    return Verdict("pass", "within") if asked <= cap else Verdict("fail", "over")


CAP = Rule(
    "X1",
    3,
    at_most,
    {
        "within": ("{asked_cents} mag.", "{asked_cents} will do."),
        "over": ("{asked_cents} is meer dan {cap_cents}.", "{asked_cents} is above {cap_cents}."),
    },
)


def written(name: str, value: Json) -> tuple[str, str]:
    """How a value of this name stands in a Dutch and in an English sentence."""
    rule = Rule("X", 1, at_most, {"told": (f"{{{name}}}", f"{{{name}}}")})
    told = reason(rule, "told", {name: value})
    return told.nl, told.en


def test_a_check_writes_down_rule_version_values_sources_outcome_and_reason() -> None:
    made = check(CAP, {"cap_cents": 100}, {"asked_cents": 250_000}, [FIRST, SECOND])
    assert (made.rule, made.version, made.outcome, made.code) == ("X1", 3, "fail", "over")
    assert (made.params, made.inputs) == ({"cap_cents": 100}, {"asked_cents": 250_000})
    assert made.source_events == ["event-1", "event-2"]
    assert made.reason == Text(
        nl="2.500,00 euro is meer dan 1,00 euro.",
        en="2,500.00 euro is above 1.00 euro.",
    )


def test_a_check_can_be_run_again_from_what_it_wrote() -> None:
    made = check(CAP, {"cap_cents": 100}, {"asked_cents": 100})
    again = CAP.test(made.params, made.inputs)
    assert (again.outcome, again.code) == (made.outcome, made.code) == ("pass", "within")


def test_a_source_that_is_not_there_is_left_out() -> None:
    assert check(CAP, {"cap_cents": 1}, {"asked_cents": 1}, [None, SECOND, None]).source_events == ["event-2"]
    assert check(CAP, {"cap_cents": 1}, {"asked_cents": 1}).source_events == []


def test_a_check_keeps_its_own_copy_of_the_values() -> None:
    params: dict[str, int] = {"cap_cents": 100}
    inputs: dict[str, int] = {"asked_cents": 1}
    made = check(CAP, dict(params), inputs)
    inputs["asked_cents"] = 2
    assert made.inputs == {"asked_cents": 1}


def test_a_sentence_may_name_parameters_and_inputs_and_an_input_goes_before() -> None:
    rule = Rule("X", 1, lambda _params, _inputs: Verdict("pass", "told"), {"told": ("{a} {b}", "{b} {a}")})
    made = check(rule, {"a": 1, "b": 1}, {"b": 2})
    assert made.reason == Text(nl="1 2", en="2 1")


@pytest.mark.parametrize(
    ("cents", "nl", "en"),
    [
        (0, "0,00 euro", "0.00 euro"),
        (5, "0,05 euro", "0.05 euro"),
        (100, "1,00 euro", "1.00 euro"),
        (99_999, "999,99 euro", "999.99 euro"),
        (100_000, "1.000,00 euro", "1,000.00 euro"),
        (400_000_000, "4.000.000,00 euro", "4,000,000.00 euro"),
        (-5, "-0,05 euro", "-0.05 euro"),
        (-150, "-1,50 euro", "-1.50 euro"),
    ],
)
def test_an_amount_is_written_in_euro_with_two_decimals_and_groups(cents: int, nl: str, en: str) -> None:
    assert written("asked_cents", cents) == (nl, en)


@pytest.mark.parametrize(
    ("bp", "nl", "en"),
    [
        (0, "0 %", "0 %"),
        (1, "0,01 %", "0.01 %"),
        (2_000, "20 %", "20 %"),
        (1_667, "16,67 %", "16.67 %"),
        (1_605, "16,05 %", "16.05 %"),
        (10_000, "100 %", "100 %"),
        (-25, "-0,25 %", "-0.25 %"),
    ],
)
def test_a_rate_is_written_in_percent_without_needless_decimals(bp: int, nl: str, en: str) -> None:
    assert written("share_bp", bp) == (nl, en)


def hundredths(text: str, point: str, group: str) -> int:
    """Reads an amount or a rate back as a person would."""
    number = re.sub(r" (euro|%)$", "", text)
    sign = -1 if number.startswith("-") else 1
    whole, _, rest = number.lstrip("-").replace(group, "").partition(point)
    assert len(rest) in (0, 2)
    return sign * (int(whole) * 100 + int(rest or 0))


@given(st.integers(-SAFE_INTEGER, SAFE_INTEGER))
def test_an_amount_read_back_is_the_amount(cents: int) -> None:
    nl, en = written("asked_cents", cents)
    assert hundredths(nl, ",", ".") == hundredths(en, ".", ",") == cents


@given(st.integers(-100_000, 100_000))
def test_a_rate_read_back_is_the_rate(bp: int) -> None:
    nl, en = written("share_bp", bp)
    assert hundredths(nl, ",", ".") == hundredths(en, ".", ",") == bp


def test_groups_are_of_three_digits() -> None:
    nl, en = written("asked_cents", SAFE_INTEGER)
    assert (nl, en) == ("90.071.992.547.409,91 euro", "90,071,992,547,409.91 euro")


def test_what_is_neither_money_nor_rate_stands_as_it_is() -> None:
    assert written("months", 48) == ("48", "48")
    assert written("cents_of", 150) == ("150", "150")
    assert written("note_cents", "n/a") == ("n/a", "n/a")
    assert written("applicant", "Stad {gent_cents}") == ("Stad {gent_cents}", "Stad {gent_cents}")


def test_a_list_is_told_with_commas() -> None:
    assert written("missing", ["pledge_letters", "financial_plan"]) == ("pledge_letters, financial_plan",) * 2
    assert written("missing", []) == ("", "")


def test_a_sentence_that_names_what_nobody_knows_is_a_fault_of_the_rule() -> None:
    with pytest.raises(KeyError):
        reason(CAP, "over", {"asked_cents": 1})
    with pytest.raises(KeyError):
        reason(CAP, "no such code", {})
