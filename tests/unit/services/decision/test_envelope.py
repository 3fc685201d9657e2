"""The envelope: set once, increased by a decision each time."""

from __future__ import annotations

from events.canonical import SAFE_INTEGER
from events.decision import EnvelopeIncreased, EnvelopeSet
from services.decision.commands import IncreaseEnvelope
from services.decision.worker import DECISION
from tests.unit.services.decision.examples import CALL, ENVELOPE, REASON, envelope_set, increased, reactions
from tests.unit.services.jury.terms import call_published
from tests.unit.services.jury.told import given


def increase(by: int, reference: str = "VR raise") -> IncreaseEnvelope:
    return IncreaseEnvelope(increase_cents=by, reference=reference, reason=REASON)


def test_d1_the_published_call_sets_the_envelope_once() -> None:
    (issue,) = reactions(call_published(CALL))
    assert issue.stream == ENVELOPE
    then = given(DECISION).when("envelope", CALL, issue.command)
    assert then.fact(EnvelopeSet).amount_cents == 400_000_000
    assert then.decision.rules == 7
    then.recorded().when("envelope", CALL, issue.command).nothing()


def test_d1_an_increase_says_what_was_what_came_and_what_is() -> None:
    before = given(DECISION).has(ENVELOPE, envelope_set())
    after = before.when("envelope", CALL, increase(500_000)).then(increased(500_000))
    after.when("envelope", CALL, increase(500_000)).nothing()
    assert after.state(ENVELOPE).amount_cents == 2_500_000


def test_d1_one_decision_increases_the_envelope_by_one_amount() -> None:
    before = given(DECISION).has(ENVELOPE, envelope_set(), increased(500_000))
    before.when("envelope", CALL, increase(500_001)).refused("D1", "reference_used")
    before.when("envelope", CALL, increase(500_001, "another")).then_types(EnvelopeIncreased)


def test_d1_an_envelope_stays_within_what_the_log_can_hold() -> None:
    before = given(DECISION).has(ENVELOPE, envelope_set(SAFE_INTEGER))
    before.when("envelope", CALL, increase(1)).refused("D1", "too_large")
