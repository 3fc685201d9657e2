"""The rules of intake by themselves: the last value that passes, the first that fails, and what is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.times import instant, moment
from services.intake.decider.submission import case_number
from services.intake.rules import IN_TIME, MUNICIPALITY, ONLY_WHAT_WAS_ASKED, RULES
from services.rulebook import check
from tests.unit.services.intake.examples import BERINGEN, LAST_MOMENT, PORT, TERMS, TOO_LATE

DEADLINE = {"deadline": TERMS.deadline.local, "zone": TERMS.deadline.zone, "deadline_utc": TERMS.deadline.utc}
CODES = st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True)


def in_time(submitted_at: str) -> tuple[str, str]:
    verdict = IN_TIME.test(DEADLINE, {"submitted_at": submitted_at})
    return verdict.outcome, verdict.code


def supplied(requested: list[str], given: list[str], attached: list[str]) -> str:
    return ONLY_WHAT_WAS_ASKED.test({"requested": requested}, {"supplied": given, "attached": attached}).code


def test_i1_holds_to_the_microsecond() -> None:
    assert in_time(LAST_MOMENT) == ("pass", "in_time")
    assert in_time(TOO_LATE) == ("fail", "late")


@for_all(micros=st.integers(-(10**12), 10**12))
def test_i1_compares_moments_not_texts(micros: int) -> None:
    at = moment(LAST_MOMENT) + timedelta(microseconds=micros)
    assert (in_time(instant(at))[0] == "pass") == (micros <= 0)


@pytest.mark.parametrize(
    ("at", "nl", "en"),
    [
        (
            LAST_MOMENT,
            "Ingediend op 2021-07-10T21:59:59.000000Z (UTC), binnen de termijn tot 2021-07-10T23:59:59 "
            "(Europe/Brussels).",
            "Submitted at 2021-07-10T21:59:59.000000Z (UTC), within the term that ran until 2021-07-10T23:59:59 "
            "(Europe/Brussels).",
        ),
        (
            TOO_LATE,
            "Ingediend op 2021-07-10T21:59:59.000001Z (UTC), na het einde van de termijn op 2021-07-10T23:59:59 "
            "(Europe/Brussels).",
            "Submitted at 2021-07-10T21:59:59.000001Z (UTC), after the term had ended at 2021-07-10T23:59:59 "
            "(Europe/Brussels).",
        ),
    ],
)
def test_i1_says_why_in_both_languages(at: str, nl: str, en: str) -> None:
    told = check(IN_TIME, DEADLINE, {"submitted_at": at}).reason
    assert (told.nl, told.en) == (nl, en)


def test_i3_says_why_in_both_languages() -> None:
    told = check(ONLY_WHAT_WAS_ASKED, {"requested": ["a"]}, {"supplied": ["a", "b"], "attached": ["a", "b"]}).reason
    assert told.nl == "Gevraagd was: a. Ingediend werd: a, b. Alleen wat gevraagd was, kan nog."
    assert told.en == "Asked for: a. Handed in: a, b. Only what was asked for can still be added."


@for_all(requested=CODES, given=CODES, attached=CODES)
def test_i3_takes_exactly_what_was_asked_and_attached(
    requested: list[str], given: list[str], attached: list[str]
) -> None:
    code = supplied(requested, given, attached)
    assert (code == "as_requested") == (set(given) <= set(requested) and set(given) == set(attached))


@pytest.mark.parametrize(
    ("who", "nl"),
    [
        (BERINGEN, "De aanvrager OVO900109 is een gemeente (NIS 71004)."),
        (PORT, "De aanvrager OVO900300 is geen gemeente: er is geen NIS-code."),
    ],
)
def test_i6_says_why(who: Any, nl: str) -> None:
    assert check(MUNICIPALITY, {}, {"ovo": who.ovo, "kbo": who.kbo, "nis": who.nis}).reason.nl == nl


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_outcome_has_a_sentence_in_both_languages(rule: Any) -> None:
    assert all(nl.endswith(".") and en.endswith(".") for nl, en in rule.sentences.values())


def test_rules_have_one_entry_each() -> None:
    assert [(one.id, one.version) for one in RULES] == [
        ("I1", 1),
        ("I3", 1),
        ("I6", 1),
        ("I4", 1),
        ("I5", 1),
        ("FILE", 1),
    ]


def test_a_case_number_is_the_prefix_of_the_call_and_the_end_of_the_case() -> None:
    assert case_number("GROEN-2023", "01900000-0000-7000-8000-0000000abcde") == "GROEN-2023-0ABCDE"
