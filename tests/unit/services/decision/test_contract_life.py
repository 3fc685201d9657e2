"""How a contract goes on and ends otherwise than planned: longer, held back, ended early, run out."""

from __future__ import annotations

import pytest

from events.decision import (
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractExpired,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    EnvelopeSet,
    TermExtended,
)
from events.vocabulary import Period
from services.deciding import CancelTimer, Refused, SetTimer
from services.decision.commands import (
    ActivateContract,
    CloseContract,
    CompleteContract,
    ExtendTerm,
    ResumeContract,
    SuspendContract,
    TerminateContract,
)
from services.decision.reactions import timers
from services.decision.rules.term import D7_2
from services.decision.worker import DECISION
from services.fields import Command
from tests.given import Given
from tests.unit.services.decision.examples import (
    AGENCY,
    CALL,
    CITY,
    CONTRACT,
    ENVELOPE,
    FIRST,
    HOUSE,
    REASON,
    SOURCE,
    TERM,
    active,
    by,
    contract,
    contract_drafted,
    envelope_set,
    grant,
    shift,
    sign,
    signed,
)
from tests.unit.services.jury.told import given

START, MIDDLE = "2021-12-31T23:00:00.000000Z", "2024-03-15T09:00:00.000000Z"
END = "2025-12-31T22:59:59.000000Z"
SERVICE, HANDLER = by("service", CITY), by("case_handler", AGENCY)
CLOSE = CloseContract(final_subsidy_cents=0, paid_cents=0, recovered_cents=0, source=SOURCE)
SUSPEND = SuspendContract(ground="report_missing", reason=REASON, review_on="2024-06-30")
RESUME = ResumeContract(reason=REASON)
TERMINATE = TerminateContract(ground="by_agreement", reference="MB 2024/12", reason=REASON)


def extension(end: str = "2026-06-30", reference: str = "VR 2025/9") -> ExtendTerm:
    return ExtendTerm(end=end, reference=reference, reason=REASON)


def suspended() -> Given:
    return active().when("contract", FIRST, SUSPEND, at=MIDDLE, by=HANDLER).then_types(ContractSuspended)


def ready(**changes: object) -> Given:
    return contract(signed("house"), signed("agency"), **changes)


# D7: the award


def test_d7_no_contract_is_in_force_on_an_award_that_does_not_stand() -> None:
    signed_by_all = (contract_drafted(), signed("house"), signed("agency"))
    before = given(DECISION).has(ENVELOPE, envelope_set()).has(CONTRACT, *signed_by_all)
    before.when("contract", FIRST, ActivateContract(), at=START, by=HANDLER).refused("D7", "award_not_in_force")
    before.when("contract", FIRST, ActivateContract(), at=START, by=SERVICE).nothing()


def test_d7_the_entry_into_force_names_the_award_it_rests_on() -> None:
    then = ready().when("contract", FIRST, ActivateContract(), at=START, by=SERVICE)
    (met,) = then.fact(ContractActivated).checks
    assert (met.rule, met.version, met.code, met.inputs["award_in_force"]) == ("D7", 2, "in_force", True)
    assert then.context.sources[grant()]["GrantAwarded"].event_id in met.source_events


# D7: the term


def test_d7_a_term_of_more_months_than_the_call_allows_needs_a_decision() -> None:
    longer = Period(start="2022-01-01", end="2026-01-01")
    before = ready(term=longer)
    then = before.when("contract", FIRST, ActivateContract(), at=START, by=HANDLER).refused("D7", "term_too_long")
    extended = then.when("contract", FIRST, extension(), at=START, by=HANDLER).then_types(TermExtended)
    extended.when("contract", FIRST, ActivateContract(), at=START, by=HANDLER).then_types(ContractActivated)


def test_d7_a_decision_makes_the_term_longer_than_48_months() -> None:
    then = active().when("contract", FIRST, extension(), at=MIDDLE, by=HANDLER)
    fact = then.fact(TermExtended)
    assert (fact.previous, fact.term.start, fact.term.end) == (TERM, "2022-01-01", "2026-06-30")
    assert fact.reference == "VR 2025/9"
    (allowed,) = fact.checks
    assert (allowed.rule, allowed.code, allowed.inputs["months"], allowed.params["max_months"]) == (
        "D7",
        "extended",
        54,
        48,
    )
    assert then.context.sources[ENVELOPE][EnvelopeSet.__name__].event_id in allowed.source_events
    after = then.recorded()
    after.when("contract", FIRST, extension(), at=MIDDLE, by=HANDLER).nothing()
    after.when("contract", FIRST, CompleteContract(), at=END, by=SERVICE).nothing()
    after.when("contract", FIRST, CompleteContract(), at="2026-06-30T21:59:59.000000Z", by=SERVICE).then_types(
        ContractCompleted
    )


def test_d7_an_extension_reads_as_a_decision_with_its_reference() -> None:
    told = active().when("contract", FIRST, extension(), at=MIDDLE, by=HANDLER).fact(TermExtended).checks[0].reason
    assert told.nl == (
        "De beslissing met kenmerk VR 2025/9 verlengt de looptijd van 31 december 2025 tot en met 30 juni 2026, dat is "
        "54 maanden in het geheel."
    )
    assert told.en == (
        "The decision with reference VR 2025/9 extends the term from 31 December 2025 to 30 June 2026, which is 54 "
        "months in all."
    )


@pytest.mark.parametrize("end", ["2025-12-31", "2025-06-30"])
def test_d7_an_extension_ends_later_than_the_term_did(end: str) -> None:
    active().when("contract", FIRST, extension(end), at=MIDDLE, by=HANDLER).refused("D7", "not_longer")


def test_d7_the_same_decision_may_be_corrected_to_another_day() -> None:
    after = active().when("contract", FIRST, extension(), at=MIDDLE, by=HANDLER).recorded()
    after.when("contract", FIRST, extension("2026-07-31"), at=MIDDLE, by=HANDLER).then_types(TermExtended)


@pytest.mark.parametrize(
    ("end", "months", "code"),
    [
        ("2025-12-31", 48, "within_term"),
        ("2025-12-31", 49, "term_too_long"),
        ("2026-01-01", 48, "term_too_long"),
    ],
)
def test_d7_a_term_at_its_bounds(end: str, months: int, code: str) -> None:
    params = {"max_months": 48, "latest_end": "2025-12-31"}
    inputs = {"asked": "term", "reference": "", "months": months, "end": end, "previous_end": "2024-12-31"}
    assert D7_2.test(params, inputs).code == code


def test_d7_a_contract_of_exactly_the_longest_term_needs_no_decision() -> None:
    inputs = {"asked": "entry", "award_in_force": True, "months": 48, "reference": "", "waiting_for": [], "begun": True}
    assert D7_2.test({"max_months": 48}, inputs) == ("pass", "in_force")
    assert D7_2.test({"max_months": 47}, inputs) == ("fail", "term_too_long")


# Suspended, and going on


def test_a_suspended_contract_stands_still_until_it_is_resumed() -> None:
    then = active().when("contract", FIRST, SUSPEND, at=MIDDLE, by=HANDLER)
    fact = then.fact(ContractSuspended)
    assert (fact.ground, fact.review_on, fact.effective_at) == ("report_missing", "2024-06-30", MIDDLE)
    held = then.recorded()
    held.when("contract", FIRST, SUSPEND, at=MIDDLE, by=HANDLER).nothing()
    held.when("contract", FIRST, shift(1), at=MIDDLE, by=HANDLER).refused("STATE", "not_in_this_stage")
    after = held.when("contract", FIRST, RESUME, at=END, by=HANDLER).then_types(ContractResumed)
    after.when("contract", FIRST, RESUME, at=END, by=HANDLER).nothing()
    after.when("contract", FIRST, shift(1, target="staff"), at=MIDDLE, by=HANDLER)
    after.when("contract", FIRST, CompleteContract(), at=END, by=SERVICE).then_types(ContractCompleted)


# Ended early


def test_a_contract_that_is_terminated_keeps_its_term_until_that_day() -> None:
    then = active().when("contract", FIRST, TERMINATE, at=MIDDLE, by=HANDLER)
    fact = then.fact(ContractTerminated)
    assert (fact.term, fact.in_force) == (Period(start="2022-01-01", end="2024-03-15"), True)
    assert (fact.beneficiary, fact.amount_cents, fact.ground) == (CITY, 1_000_000, "by_agreement")
    assert (fact.reference, fact.effective_at) == ("MB 2024/12", MIDDLE)
    after = then.recorded()
    after.when("contract", FIRST, TERMINATE, at=MIDDLE, by=HANDLER).nothing()
    after.when("contract", FIRST, CompleteContract(), at=END, by=SERVICE).nothing()
    after.when("contract", FIRST, sign("house"), at=MIDDLE, by=by("partner", HOUSE)).nothing()


def test_a_contract_that_never_came_into_force_leaves_nothing_owed() -> None:
    then = contract(signed("house")).when("contract", FIRST, TERMINATE, at=MIDDLE, by=HANDLER)
    assert (then.fact(ContractTerminated).in_force, then.fact(ContractTerminated).term) == (False, TERM)
    then.recorded().when("contract", FIRST, sign("agency"), at=MIDDLE, by=by("partner", AGENCY)).refused("STATE")


def test_a_contract_that_was_over_is_terminated_within_its_term() -> None:
    over = active().when("contract", FIRST, CompleteContract(), at=END, by=SERVICE).recorded()
    then = over.when("contract", FIRST, TERMINATE, at="2026-03-01T09:00:00.000000Z", by=HANDLER)
    assert then.fact(ContractTerminated).term == TERM


# Run out


def test_a_contract_that_not_everybody_signed_expires_with_its_term() -> None:
    before = contract(signed("house"))
    before.when("contract", FIRST, CompleteContract(), at="2025-12-31T22:59:58.999999Z", by=SERVICE).nothing()
    then = before.when("contract", FIRST, CompleteContract(), at=END, by=SERVICE)
    expired = ContractExpired(
        call=CALL,
        case=FIRST,
        beneficiary=CITY,
        amount_cents=1_000_000,
        in_force=False,
        term=TERM,
        effective_at=END,
    )
    after = then.then(expired)
    after.when("contract", FIRST, CompleteContract(), at=END, by=SERVICE).nothing()
    after.when("contract", FIRST, ActivateContract(), at=END, by=HANDLER).nothing()


def test_a_contract_that_is_suspended_at_its_end_expires_and_was_in_force() -> None:
    then = suspended().when("contract", FIRST, CompleteContract(), at=END, by=SERVICE)
    assert then.fact(ContractExpired).in_force


@pytest.mark.parametrize("command", [SUSPEND, RESUME, TERMINATE, extension()], ids=lambda one: one.command_name)
def test_a_contract_that_has_ended_does_not_move(command: Command) -> None:
    for end in (
        contract().when("contract", FIRST, CompleteContract(), at=END, by=SERVICE).recorded(),
        active().when("contract", FIRST, CLOSE, at=END, by=SERVICE).recorded(),
    ):
        end.when("contract", FIRST, command, at=END, by=HANDLER).refused("STATE", "not_in_this_stage")


def test_d7_a_contract_that_is_not_in_force_yet_is_not_suspended_but_terminated() -> None:
    contract().when("contract", FIRST, SUSPEND, at=MIDDLE, by=HANDLER).refused("D7", "nothing_to_suspend")
    contract().when("contract", FIRST, RESUME, at=MIDDLE, by=HANDLER).refused("STATE", "not_in_this_stage")
    contract().when("contract", FIRST, TERMINATE, at=MIDDLE, by=HANDLER).then_types(ContractTerminated)


@pytest.mark.parametrize("end", [TERMINATE, CompleteContract()], ids=lambda one: one.command_name)
@pytest.mark.parametrize("before", [contract, suspended], ids=["drafted", "suspended"])
def test_a_contract_that_ended_early_is_closed_when_nothing_is_open(before: object, end: Command) -> None:
    assert callable(before)
    over = before().when("contract", FIRST, end, at=END, by=SERVICE).recorded()
    over.when("contract", FIRST, CLOSE, at=END, by=SERVICE).then_types(ContractClosed)


# Timers


def test_a_longer_term_moves_the_last_day_of_the_contract() -> None:
    (moved,) = timers(active().when("contract", FIRST, extension(), at=MIDDLE, by=HANDLER).fact(TermExtended))
    _, ends = timers(contract_drafted())
    assert isinstance(moved, SetTimer)
    assert isinstance(ends, SetTimer)
    assert (moved.id, moved.due) == (ends.id, "2026-06-30T21:59:59.000000Z")


def test_a_contract_that_ended_waits_for_no_day() -> None:
    begins, ends = timers(contract_drafted())
    terminated = active().when("contract", FIRST, TERMINATE, at=MIDDLE, by=HANDLER).fact(ContractTerminated)
    expired = contract().when("contract", FIRST, CompleteContract(), at=END, by=SERVICE).fact(ContractExpired)
    for fact in (terminated, expired):
        assert timers(fact) == (CancelTimer(begins.id), CancelTimer(ends.id))
    assert timers(suspended().streams[CONTRACT][-1].fact) == ()


def test_only_refusals_by_a_rule_name_what_they_looked_at() -> None:
    then = active().when("contract", FIRST, extension("2025-12-31"), at=MIDDLE, by=HANDLER)
    assert isinstance(then.decision, Refused)
    assert then.decision.inputs["previous_end_en"] == "31 December 2025"
