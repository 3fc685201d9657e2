"""Pledges: turned into actions that can be measured (C1), refused, or left behind."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace
from pydantic import ValidationError

from events.decision import (
    ActionDiscontinued,
    ActionPlanned,
    BudgetShifted,
    BudgetShiftRefused,
    ContractActivated,
    ContractTerminated,
    IndicatorRecorded,
    PartnerLeft,
    PledgeRefused,
    PledgeSigned,
)
from events.vocabulary import Period
from services.deciding import Refused
from services.decision.commands import (
    ActivateContract,
    CloseContract,
    DiscontinueAction,
    RecordIndicator,
    RecordPartnerLeft,
    RefusePledge,
    TerminateContract,
)
from tests.unit.services.decision.agreed import (
    CITY_HALL,
    HANDLER,
    HOMES,
    LATE,
    MIDDLE,
    PHOTO,
    action,
    measured,
    partner,
    planned,
    planning,
    working,
)
from tests.unit.services.decision.examples import (
    AGENCY,
    CALL,
    CITY,
    CONTRACT,
    FIRST,
    HOUSE,
    LOCAL,
    MERGED,
    REASON,
    SOURCE,
    active,
    by,
    contract,
    line,
    shift,
    sign,
    signed,
)

BEFORE, START = "2021-12-20T10:00:00.000000Z", "2021-12-31T23:00:00.000000Z"
STOP = DiscontinueAction(action="renovate", reason=REASON)
REFUSE = RefusePledge(partner="house", reason=REASON)
LEAVE = RecordPartnerLeft(partner="house", reason=REASON)
TERMINATE = TerminateContract(ground="renounced", reference="MB 2024/1", reason=REASON)
CLOSE = CloseContract(final_subsidy_cents=0, paid_cents=0, recovered_cents=0, source=SOURCE)


# Planned


def test_c1_a_pledge_becomes_an_action_with_owner_dates_budget_and_indicators() -> None:
    then = contract().when("contract", FIRST, planning(), by=CITY_HALL, at=BEFORE)
    fact = then.fact(ActionPlanned)
    assert fact.action == action()
    assert [(one.rule, one.code) for one in fact.checks] == [("C1", "planned")]
    after = then.recorded()
    assert after.state(CONTRACT).going_on() == [action()]
    after.when("contract", FIRST, planning(), by=CITY_HALL, at=BEFORE).nothing()


def test_c1_the_beneficiary_can_carry_an_action_itself() -> None:
    contract().when("contract", FIRST, planning(owner=None), by=HANDLER).then_types(ActionPlanned)


def test_own_only_the_beneficiary_plans() -> None:
    contract().when("contract", FIRST, planning(), by=by("applicant", MERGED)).refused("OWN", "other_organisation")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"owner": "stranger"}, "owner_not_pledged"),
        ({"period": Period(start="2021-12-31", end="2022-12-31")}, "outside_term"),
        ({"period": Period(start="2022-01-01", end="2026-01-01")}, "outside_term"),
        ({"period": Period(start="2022-06-02", end="2022-06-01")}, "outside_term"),
        ({"indicators": [replace(HOMES, target=10)]}, "not_measurable"),
        ({"indicators": [HOMES, replace(HOMES, target=60)]}, "not_measurable"),
        ({"budget": [line("staff", 750_001, 0)]}, "over_budget"),
        ({"budget": [line("staff", 700_000, 600_001)]}, "over_budget"),
        ({"budget": [line("studies", 1, 0)]}, "over_budget"),
    ],
)
def test_c1_an_action_rests_on_a_pledge_the_term_the_budget_and_a_measure(wrong: dict[str, Any], code: str) -> None:
    contract().when("contract", FIRST, planning(**wrong), by=CITY_HALL).refused("C1", code)


@pytest.mark.parametrize(
    "right",
    [
        {"period": Period(start="2022-01-01", end="2025-12-31")},
        {"period": Period(start="2022-06-01", end="2022-06-01")},
        {"budget": [line("staff", 750_000, 600_000)]},
        {"budget": []},
        {"indicators": []},
        {"indicators": [replace(HOMES, target=0)]},
    ],
)
def test_c1_an_action_at_its_bounds_is_planned(right: dict[str, Any]) -> None:
    contract().when("contract", FIRST, planning(**right), by=CITY_HALL).then_types(ActionPlanned)


def test_c1_all_actions_together_stay_within_the_budget() -> None:
    before = contract(planned(budget=[line("staff", 600_000, 500_000)]))
    then = before.when("contract", FIRST, planning("train", budget=[line("staff", 150_001, 1)]), by=CITY_HALL)
    then.refused("C1", "over_budget")
    assert isinstance(then.decision, Refused)
    assert (then.decision.inputs["planned_cents"], then.decision.inputs["held_cents"]) == (750_001, 750_000)
    before.when(
        "contract", FIRST, planning("train", budget=[line("staff", 150_000, 100_000)]), by=CITY_HALL
    ).then_types(ActionPlanned)


def test_a_plan_of_a_draft_is_replaced_and_one_in_force_is_amended() -> None:
    better = planning(indicators=[])
    contract(planned()).when("contract", FIRST, better, by=CITY_HALL).then_types(ActionPlanned)
    working().when("contract", FIRST, better, by=CITY_HALL, at=MIDDLE).refused("C1", "needs_amendment")
    working().when("contract", FIRST, planning("train"), by=CITY_HALL, at=MIDDLE).then_types(ActionPlanned)


def test_nothing_is_planned_after_the_end() -> None:
    over = active().when("contract", FIRST, TERMINATE, by=HANDLER, at=MIDDLE).recorded()
    over.when("contract", FIRST, planning(), by=CITY_HALL, at=MIDDLE).refused("STATE", "not_in_this_stage")


# Stopped


def test_an_action_is_discontinued_once_and_its_budget_is_free_again() -> None:
    then = working().when("contract", FIRST, STOP, by=CITY_HALL, at=MIDDLE)
    then.then(ActionDiscontinued(call=CALL, case=FIRST, action="renovate", reason=REASON, effective_at=MIDDLE))
    after = then.recorded()
    after.when("contract", FIRST, STOP, by=CITY_HALL, at=MIDDLE).nothing()
    whole = planning("train", budget=[line("staff", 750_000, 600_000)])
    after.when("contract", FIRST, whole, by=CITY_HALL, at=MIDDLE).then_types(ActionPlanned)
    working().when("contract", FIRST, whole, by=CITY_HALL, at=MIDDLE).refused("C1", "over_budget")


def test_only_an_action_of_the_contract_is_discontinued_by_those_it_concerns() -> None:
    stop = DiscontinueAction(action="dance", reason=REASON)
    working().when("contract", FIRST, stop, by=CITY_HALL, at=MIDDLE).refused("C1", "no_such_action")
    working().when("contract", FIRST, STOP, by=by("applicant", MERGED), at=MIDDLE).refused("OWN")
    over = working().when("contract", FIRST, TERMINATE, by=HANDLER, at=MIDDLE).recorded()
    over.when("contract", FIRST, STOP, by=CITY_HALL, at=MIDDLE).refused("STATE")


# Measured


def test_an_indicator_tells_definition_baseline_target_realised_and_evidence() -> None:
    then = working().when("contract", FIRST, measured(), by=CITY_HALL, at=MIDDLE)
    fact = IndicatorRecorded(
        call=CALL,
        case=FIRST,
        action="renovate",
        indicator="homes",
        measured_on="2024-03-01",
        baseline=10,
        target=50,
        value=30,
        reached_bp=5_000,
        evidence=[PHOTO],
        note=None,
    )
    after = then.then(fact)
    after.when("contract", FIRST, measured(), by=CITY_HALL, at=MIDDLE).nothing()
    corrected = after.when("contract", FIRST, measured(31), by=CITY_HALL, at=MIDDLE).then_types(IndicatorRecorded)
    corrected.when("contract", FIRST, measured(), by=CITY_HALL, at=MIDDLE).then_types(IndicatorRecorded)


def test_an_indicator_needs_evidence_by_digest() -> None:
    with pytest.raises(ValidationError):
        measured(evidence=[])
    body = {"action": "renovate", "indicator": "homes", "measuredOn": "2024-03-01", "value": 1}
    for digest, right in (("a" * 64, True), ("A" * 64, False), ("verslag.pdf", False)):
        evidence = [{"kind": "photo", "name": "foto.jpg", "sha256": digest}]
        with nullcontext() if right else pytest.raises(ValidationError):
            RecordIndicator.model_validate_json(json.dumps({**body, "evidence": evidence}))


@examples(st.integers(-100, 100), st.integers(-100, 100), st.integers(-200, 200))
def test_how_far_an_indicator_has_come_lies_between_baseline_and_target(baseline: int, target: int, value: int) -> None:
    if baseline == target:
        return
    kpi = replace(HOMES, baseline=baseline, target=target)
    before = active().has(CONTRACT, planned(indicators=[kpi]))
    reached = before.when("contract", FIRST, measured(value), by=HANDLER, at=MIDDLE).fact(IndicatorRecorded).reached_bp
    assert (reached >= 10_000) == (value >= target if target > baseline else value <= target)
    assert (reached < 0) == (value < baseline if target > baseline else value > baseline)


def test_own_the_partner_that_carries_the_action_measures_it_and_no_other() -> None:
    working().when("contract", FIRST, measured(), by=partner(HOUSE), at=MIDDLE).then_types(IndicatorRecorded)
    working().when("contract", FIRST, measured(), by=partner(AGENCY), at=MIDDLE).refused("OWN", "other_organisation")
    working().when("contract", FIRST, measured(), by=by("applicant", MERGED), at=MIDDLE).refused("OWN")
    mine = active().has(CONTRACT, planned(owner=None))
    mine.when("contract", FIRST, measured(), by=partner(HOUSE), at=MIDDLE).refused("OWN")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"action": "dance"}, "no_such_action"),
        ({"indicator": "smiles"}, "no_such_indicator"),
        ({"measured_on": "2024-03-16"}, "not_measured_yet"),
    ],
)
def test_c1_only_what_was_promised_is_measured_and_not_ahead(wrong: dict[str, Any], code: str) -> None:
    working().when("contract", FIRST, measured(**wrong), by=CITY_HALL, at=MIDDLE).refused("C1", code)


def test_an_indicator_is_measured_from_entry_into_force_until_closure() -> None:
    contract(planned()).when("contract", FIRST, measured(), by=CITY_HALL, at=MIDDLE).refused("STATE")
    over = working().when("contract", FIRST, TERMINATE, by=HANDLER, at=MIDDLE).then_types(ContractTerminated)
    over.when("contract", FIRST, measured(), by=CITY_HALL, at=LATE).then_types(IndicatorRecorded)
    closed = over.when("contract", FIRST, CLOSE, by=by("service", CITY), at=LATE).recorded()
    closed.when("contract", FIRST, measured(), by=CITY_HALL, at=LATE).refused("STATE")


# A budget shift and the plan


def test_c1_a_shift_leaves_the_actions_what_they_plan() -> None:
    before = active().has(CONTRACT, planned(budget=[line("operation", 250_000, 200_000)]))
    then = before.when("contract", FIRST, shift(1, target="staff"), by=CITY_HALL, at=MIDDLE)
    then.refused("C1", "over_budget")
    assert [one.rule for one in then.fact(BudgetShiftRefused).checks] == ["D8", "C1"]
    less = active().has(CONTRACT, planned(budget=[line("operation", 249_999, 199_999)]))
    less.when("contract", FIRST, shift(1, target="staff"), by=CITY_HALL, at=MIDDLE).then_types(BudgetShifted)


# Partners that do not come along


def test_d7_without_a_mandatory_pledge_there_is_no_contract_in_force() -> None:
    before = contract(signed("agency"))
    then = before.when("contract", FIRST, REFUSE, by=partner(HOUSE), at=BEFORE)
    refused = PledgeRefused(call=CALL, case=FIRST, partner="house", mandatory=True, actions=[], reason=REASON)
    after = then.then(refused)
    after.when("contract", FIRST, REFUSE, by=partner(HOUSE), at=BEFORE).nothing()
    after.when("contract", FIRST, ActivateContract(), by=HANDLER, at=START).refused("D7", "pledges_missing")


def test_a_partner_may_change_its_mind_and_sign_after_all() -> None:
    refused = contract(signed("agency")).when("contract", FIRST, REFUSE, by=partner(HOUSE), at=BEFORE).recorded()
    then = refused.when("contract", FIRST, sign("house"), by=partner(HOUSE), at=MIDDLE)
    then.then_types(PledgeSigned, ContractActivated)
    assert then.recorded().state(CONTRACT).gone == frozenset()


def test_a_pledge_that_was_signed_is_not_refused_any_more() -> None:
    before = contract(signed("house"))
    before.when("contract", FIRST, REFUSE, by=partner(HOUSE), at=BEFORE).refused("STATE", "already_signed")


def test_d7_a_partner_that_leaves_before_the_start_takes_its_pledge_along() -> None:
    before = contract(signed("house"), signed("agency"))
    left = before.when("contract", FIRST, LEAVE, by=partner(HOUSE), at=BEFORE).then_types(PartnerLeft)
    left.when("contract", FIRST, ActivateContract(), by=HANDLER, at=START).refused("D7", "pledges_missing")


def test_a_contract_in_force_stays_so_when_a_partner_leaves_with_its_actions_named() -> None:
    then = working().when("contract", FIRST, LEAVE, by=CITY_HALL, at=MIDDLE)
    left = PartnerLeft(
        call=CALL, case=FIRST, partner="house", mandatory=True, actions=["renovate"], reason=REASON, effective_at=MIDDLE
    )
    after = then.then(left)
    state = after.state(CONTRACT)
    assert (state.status, state.unsigned(), state.pledging()) == ("active", ["house"], ["agency"])
    after.when("contract", FIRST, LEAVE, by=HANDLER, at=MIDDLE).nothing()
    after.when("contract", FIRST, planning("train"), by=CITY_HALL, at=MIDDLE).refused("C1", "owner_not_pledged")
    after.when("contract", FIRST, planning("train", owner="agency"), by=CITY_HALL, at=MIDDLE).then_types(ActionPlanned)


def test_an_action_that_was_stopped_has_no_owner_to_miss() -> None:
    stopped = working().when("contract", FIRST, STOP, by=CITY_HALL, at=MIDDLE).recorded()
    assert stopped.when("contract", FIRST, LEAVE, by=HANDLER, at=MIDDLE).fact(PartnerLeft).actions == []


def test_a_partner_that_need_not_sign_may_refuse_too() -> None:
    voluntary = contract(partners=[replace(LOCAL, mandatory=False)])
    fact = voluntary.when("contract", FIRST, REFUSE, by=partner(HOUSE), at=BEFORE).fact(PledgeRefused)
    assert not fact.mandatory


@pytest.mark.parametrize("command", [REFUSE, LEAVE], ids=lambda one: one.command_name)
def test_own_a_partner_speaks_for_itself_and_the_beneficiary_for_its_contract(command: Any) -> None:
    contract().when("contract", FIRST, command, by=partner(AGENCY)).refused("OWN", "other_organisation")
    contract().when("contract", FIRST, command, by=by("applicant", MERGED)).refused("OWN", "other_organisation")
    stranger = type(command)(partner="stranger", reason=REASON)
    contract().when("contract", FIRST, stranger, by=CITY_HALL).refused("D7", "not_a_partner")


@pytest.mark.parametrize("command", [REFUSE, LEAVE], ids=lambda one: one.command_name)
def test_nobody_leaves_a_contract_that_is_over(command: Any) -> None:
    over = contract().when("contract", FIRST, TERMINATE, by=HANDLER, at=MIDDLE).recorded()
    over.when("contract", FIRST, command, by=CITY_HALL, at=MIDDLE).refused("STATE", "not_in_this_stage")
