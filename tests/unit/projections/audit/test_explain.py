"""Explaining a decision: every rule, what went in and where it came from, and the rule run once more."""

from __future__ import annotations

from events.envelope import from_bytes
from projections.audit.explain import SourceEvent, explain
from projections.audit.replay import checks_in, difference
from tests.unit.events.proof.forge import RULES, Draft, Forge, check

CASE = "0190a5a0-0000-7000-8000-000000000001"


def story(**change: object) -> Forge:
    """An application, and a grant that rests on it and on an event that is not in the case."""
    forge = Forge()
    first = forge.add(Draft("application", CASE, "ApplicationSubmitted", {"asked_cents": 7}, "c1"))
    found = check(7, source_events=[from_bytes(first.body).event_id, "elsewhere"], **change)
    forge.add(Draft("grant", CASE, "GrantDecided", {"case": "c", "checks": [found]}, "c2"))
    return forge


def test_a_decision_is_explained_by_its_checks() -> None:
    forge = story()
    (fact,) = explain(forge.made, RULES)
    assert (fact.type, fact.position, fact.stream) == ("GrantDecided", 2, f"grant-{CASE}")
    assert fact.actor.role == "case_handler"
    (found,) = fact.checks
    assert (found.rule, found.version, found.outcome, found.code) == ("X1", 1, "pass", "within_cap")
    assert (found.params, found.inputs) == ({"cap_cents": 500_000}, {"asked_cents": 7})
    assert (found.reason_nl, found.reason_en) == ("bedrag", "amount")
    assert found.same


def test_an_input_is_led_back_to_the_event_it_came_from() -> None:
    forge = story()
    sources = explain(forge.made, RULES)[0].checks[0].sources
    first = forge.made[0]
    assert sources == [
        SourceEvent(from_bytes(first.body).event_id, 1, first.stream, "ApplicationSubmitted"),
        SourceEvent("elsewhere", None, None, None),
    ]


def test_a_rule_that_answers_otherwise_today_is_told() -> None:
    (fact,) = explain(story(code="invented").made, RULES)
    assert not fact.checks[0].same
    assert fact.checks[0].differs == "rule X1 version 1 gives pass/within_cap, recorded is pass/invented"


def test_one_decision_is_named_by_type_or_event() -> None:
    forge = story()
    (fact,) = explain(forge.made, RULES)
    assert explain(forge.made, RULES, "GrantDecided") == explain(forge.made, RULES, fact.event_id) == [fact]
    assert explain(forge.made, RULES, "ApplicationSubmitted") == []


def test_checks_are_found_wherever_a_fact_keeps_them() -> None:
    data = {
        "check": {"rule": "A"},
        "rows": [{"checks": [{"rule": "B"}, 1]}, {"checks": {"x": 1}}],
        "checks": [{"rule": "C"}],
    }
    assert [found["rule"] for found in checks_in(data)] == ["A", "B", "C"]


def test_a_check_that_cannot_be_run_differs() -> None:
    assert difference({"rule": "X9", "version": 1}, RULES) == "rule X9 version 1 is not known here"
    assert difference({"rule": "X1", "version": "1"}, RULES) == "rule X1 version 1 is not known here"
    assert "KeyError" in str(difference(check(1, inputs={}), RULES))
    assert difference(check(1), RULES) is None
