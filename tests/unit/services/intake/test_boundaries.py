"""Where a rule of intake turns: the smallest terms that hold together, the exact moment, the last of a list."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from events.intake import ApplicationSubmitted, LateSubmissionRecorded, Terms
from events.times import deadline
from services.intake.commands import ExtendCallDeadline, OpenCall
from services.intake.rules import RULES, mistakes_in, read_terms
from services.intake.state import Application
from tests.unit.services.intake.examples import (
    APPLICANT,
    CALL,
    CALL_STREAM,
    CALLS,
    CASE,
    CASE_STREAM,
    IN_TIME,
    OFFICIAL,
    TERMS,
    TOO_LATE,
    a_draft,
    an_open_call,
    in_dutch,
    published,
    submit,
)


def changed(**parts: dict[str, Any]) -> Terms:
    """The 2021 terms with some fields of some parts changed."""
    whole: dict[str, Any] = {
        name: msgspec.structs.replace(getattr(TERMS, name), **part) for name, part in parts.items()
    }
    return msgspec.structs.replace(TERMS, **whole)


def pointers(one: Terms) -> list[str]:
    return [mistake.pointer for mistake in mistakes_in(one)]


ONE_DAY_TERM = {"earliest_start": "2022-01-01", "latest_end": "2022-01-01", "max_months": 1}


@pytest.mark.parametrize(
    "one",
    [
        msgspec.structs.replace(TERMS, completion_days=1),
        changed(term=ONE_DAY_TERM),
        changed(jury={"quorum": 1, "min_external": 0}),
        changed(jury={"quorum": 1, "min_external": 1}),
        msgspec.structs.replace(TERMS, envelope_cents=1, cap_cents=1),
        changed(term={"earliest_start": "1971-01-01"}),
        msgspec.structs.replace(TERMS, criteria=[msgspec.structs.replace(one, max_points=1) for one in TERMS.criteria]),
        changed(cofinancing={"min_rate_bp": 9_999}),
        changed(cofinancing={"min_rate_bp": 0}),
    ],
)
def test_terms_the_smallest_that_holds_together_is_no_mistake(one: Terms) -> None:
    assert pointers(one) == []


def test_terms_a_report_may_cover_one_day_and_be_due_on_it() -> None:
    first = TERMS.reports[0]
    day = msgspec.structs.replace(first.period, end=first.period.start)
    one_day = msgspec.structs.replace(first, period=day, due=day.end)
    assert pointers(msgspec.structs.replace(TERMS, reports=[one_day, *TERMS.reports[1:]])) == []


@pytest.mark.parametrize(
    ("pointer", "good"),
    [
        ("/tranches/0", True),
        (f"/tranches/{len(TERMS.tranches) - 1}", True),
        (f"/tranches/{len(TERMS.tranches)}", False),
        ("/tranches/x", False),
        ("#/tranches/0", False),
        ("-tranches", False),
        ("xtranches/0", False),
        ("/title/nl", True),
        ("/title/nl/0", False),
    ],
)
def test_terms_what_is_marked_synthetic_is_a_field_that_exists(pointer: str, good: bool) -> None:
    told = [] if good else ["/synthetic/0"]
    assert pointers(msgspec.structs.replace(TERMS, synthetic=[pointer])) == told


def test_terms_a_mistake_of_shape_is_told_without_an_address_of_the_library() -> None:
    _, mistakes = read_terms(json.dumps(json.loads((CALLS / "2021.json").read_bytes()) | {"capCents": "x"}).encode())
    assert [(one.pointer, one.message.nl) for one in mistakes] == [("/capCents", "Dit moet een geheel getal zijn.")]
    assert "http" not in mistakes[0].message.en


def test_i1_a_deadline_moved_by_one_second_is_later() -> None:
    extend = ExtendCallDeadline(deadline=deadline("2021-07-11T00:00:00"), reason=in_dutch("Zo."))
    after = an_open_call().when("call", CALL, extend, at=IN_TIME, by=OFFICIAL).recorded()
    assert after.state(CALL_STREAM).deadline.local == "2021-07-11T00:00:00"


def test_a_call_opens_at_the_very_moment_and_not_before() -> None:
    waiting = an_open_call()
    waiting.streams.clear()
    waiting.has(CALL_STREAM, published())
    opens = TERMS.opens.utc
    waiting.when("call", CALL, OpenCall(), at="2021-03-11T07:59:59.999999Z", by=OFFICIAL).refused("STATE", "too_early")
    assert waiting.when("call", CALL, OpenCall(), at=opens, by=OFFICIAL).recorded().state(CALL_STREAM).status == "open"


def test_i1_i6_a_submission_names_the_facts_its_checks_rest_on() -> None:
    before = a_draft()
    fact = before.when("application", CASE, submit(), at=IN_TIME, by=APPLICANT).fact(ApplicationSubmitted)
    call = [event.envelope.event_id for event in before.streams[CALL_STREAM]]
    draft = [event.envelope.event_id for event in before.streams[CASE_STREAM]]
    assert {check.rule: check.source_events for check in fact.checks} == {"I1": call[:1], "I6": draft}


def test_i1_a_late_submission_names_the_extension_that_it_missed() -> None:
    extend = ExtendCallDeadline(deadline=deadline("2021-07-19T23:59:59"), reason=in_dutch("Zo."))
    before = a_draft().when("call", CALL, extend, at=IN_TIME, by=OFFICIAL).recorded()
    late = before.when("application", CASE, submit(), at="2021-07-20T00:00:00.000000Z", by=APPLICANT)
    check = late.fact(LateSubmissionRecorded).checks[0]
    assert check.source_events == [before.streams[CALL_STREAM][-1].envelope.event_id]
    assert TOO_LATE < "2021-07-20"


def test_a_case_that_never_began_has_no_version() -> None:
    assert Application().version == 0


def test_a_rule_on_record_keeps_its_version() -> None:
    assert {rule.id: rule.version for rule in RULES} == {"I1": 1, "I3": 1, "I6": 1, "I4": 1, "I5": 1, "FILE": 1}
