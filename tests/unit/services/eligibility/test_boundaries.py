"""Where a rule of eligibility turns: one day, one cent, and the version under which it stands on record."""

from __future__ import annotations

import msgspec
import pytest

from events.eligibility import CheckRecorded, ClarificationReceived
from events.intake import ShareLimit
from events.vocabulary import Period
from services.eligibility.commands import ConcludeAdmissibility, RecordClarification, RequestClarification
from services.eligibility.rules import MANDATORY, RULES, checks_of
from services.eligibility.rules.formal import months_of
from services.eligibility.state import clarified
from tests.unit.services.eligibility.examples import (
    APPLICANT,
    CALL,
    CASE,
    CASE_STREAM,
    CRITERIA,
    OFFICIAL,
    dossier,
    in_dutch,
    line,
    money,
    simple,
    started,
    with_cofinancing,
)


def test_a_rule_on_record_keeps_its_version() -> None:
    first = {(name, 1) for name in ("A1", "A2", "E1", "E2", "E3", "E4", "E5", "E5D", "HC", "E6", "E7")}
    assert {(rule.id, rule.version) for rule in RULES} == first | {("E3", 2)}
    recorded = {check.rule: check.version for check in checks_of(MANDATORY, CRITERIA, dossier())}
    assert recorded == dict.fromkeys(MANDATORY, 1) | {"E3": 2}


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2022-01-01", "2022-01-01", 1),
        ("2022-01-01", "2022-01-31", 1),
        ("2022-01-01", "2022-02-01", 2),
        ("2022-01-02", "2022-01-01", 0),
    ],
)
def test_e4_a_term_of_one_day_counts_a_month_and_one_that_ends_before_it_starts_none(
    start: str, end: str, months: int
) -> None:
    assert months_of(start, end) == months


def test_e4_a_term_may_last_one_day() -> None:
    (check,) = checks_of(["E4"], CRITERIA, dossier(term=Period(start="2022-01-01", end="2022-01-01")))
    assert (check.outcome, check.inputs["months"]) == ("pass", 1)


def test_e3_too_low_of_the_subsidy_is_told_as_of_the_subsidy() -> None:
    of_subsidy = with_cofinancing(base="SUBSIDY")
    (enough,) = checks_of(["E3"], of_subsidy, simple(60_000_000, 50_000_000, 10_000_000))
    (short,) = checks_of(["E3"], of_subsidy, simple(59_999_999, 50_000_000, 9_999_999))
    assert (enough.outcome, enough.code) == ("pass", "enough_of_subsidy_with_partners")
    assert (short.outcome, short.code) == ("fail", "too_low_of_subsidy_with_partners")
    assert short.reason.en == (
        "The own contribution counts for 99,999.99 euro, the 0.00 euro of partners included; needed is 20 % of the "
        "subsidy of 500,000.00 euro, or 100,000.00 euro. That does not suffice."
    )


def test_e2_the_limit_with_the_least_room_is_told() -> None:
    limits = [
        ShareLimit(category="personnel", max_share_bp=9_000),
        ShareLimit(category="infrastructure", max_share_bp=2_001),
    ]
    one = dossier()
    (check,) = checks_of(["E2"], msgspec.structs.replace(CRITERIA, share_limits=limits), one)
    # Personnel may take 45 of 50 million and takes 40; infrastructure 10.005 and takes 10: that is the tighter one.
    told = (check.inputs["category"], check.inputs["category_cents"], check.inputs["allowed_cents"])
    assert told == ("infrastructure", 10_000_000, 10_005_000)


def test_e2_without_limits_nothing_is_told_of_a_category() -> None:
    (check,) = checks_of(["E2"], msgspec.structs.replace(CRITERIA, share_limits=[]), dossier())
    assert (check.inputs["category"], check.inputs["category_cents"], check.inputs["allowed_cents"]) == ("", 0, 0)


def answer(cents: int, *, synthetic: bool) -> ClarificationReceived:
    return ClarificationReceived(
        call=CALL,
        case=CASE,
        answer=in_dutch("Zo."),
        requested_cents=cents,
        budget=[line("personnel", 62_500_000, cents)],
        financing=[money("subsidy", cents), money("own", 62_500_000 - cents)],
        synthetic=synthetic,
    )


@pytest.mark.parametrize(
    ("before", "cents", "synthetic", "after"),
    [
        (False, 50_000_000, False, False),
        (False, 50_000_000, True, False),
        (False, 49_000_000, False, False),
        (False, 49_000_000, True, True),
        (True, 50_000_000, False, True),
        (True, 49_000_000, False, True),
        (True, 49_000_000, True, True),
    ],
)
def test_an_invented_amount_is_marked_and_the_mark_stays(
    before: bool, cents: int, synthetic: bool, after: bool
) -> None:
    assert clarified(dossier(synthetic=before), answer(cents, synthetic=synthetic)).synthetic is after


def test_a_question_is_answered_after_admissibility_too() -> None:
    question = RequestClarification(rules=["E3"], question=in_dutch("Hoe?"))
    before = started().when("assessment", CASE, ConcludeAdmissibility(), by=OFFICIAL).recorded()
    asked = before.when("assessment", CASE, question, by=OFFICIAL).recorded()
    again = RecordClarification(
        answer=in_dutch("Zo."),
        requested_cents=50_000_000,
        budget=[line("personnel", 62_500_000, 50_000_000)],
        financing=[money("subsidy", 50_000_000), money("own", 12_500_000)],
    )
    then = asked.when("assessment", CASE, again, by=APPLICANT)
    assert [type(fact) for fact in then.decision.facts] == [ClarificationReceived, *[CheckRecorded] * 5]
    assert then.recorded().state(CASE_STREAM).question is None
