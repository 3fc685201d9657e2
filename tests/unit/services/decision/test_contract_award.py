"""D7: a contract follows what becomes of the award it rests on."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from events.decision import (
    AwardAdjusted,
    AwardAdopted,
    ContractActivated,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    DecisionAnnulled,
    DecisionSuspended,
    SuspensionLifted,
)
from events.vocabulary import Check, Text
from services.deciding import Accepted
from services.decision.commands import (
    ActivateContract,
    CompleteContract,
    ResumeContract,
    SuspendContract,
    TerminateContract,
)
from tests.given import Given
from tests.unit.services.decision.agreed import HANDLER, MIDDLE
from tests.unit.services.decision.examples import (
    AWARDED,
    BUDGET,
    CALL,
    CITY,
    CONTRACT,
    FIRST,
    REASON,
    SOURCE,
    active,
    by,
    contract,
    grant,
    line,
    reactions,
    shift,
    signed,
)

SERVICE = by("service", CITY)
MORE = [line("staff", 900_000, 720_000), *BUDGET[1:]]
RESUME = ResumeContract(reason=REASON)
NONE_IN_FORCE = Check(
    rule="D6",
    version=2,
    params={},
    inputs={},
    source_events=[],
    outcome="pass",
    code="none_in_force",
    reason=Text(nl="Er geldt er geen.", en="None is in force."),
)
ANEW = replace(AWARDED, checks=[NONE_IN_FORCE])


def suspension() -> DecisionSuspended:
    return DecisionSuspended(
        call=CALL, case=FIRST, decision="VR 1", by="court", ruling="RvS 1", reasons=REASON, checks=[]
    )


def lifted() -> SuspensionLifted:
    return SuspensionLifted(call=CALL, case=FIRST, decision="VR 1", ruling="RvS 2", reasons=REASON)


def annulled(outcome: Any = "awarded") -> DecisionAnnulled:
    return DecisionAnnulled(
        call=CALL,
        case=FIRST,
        decision="VR 1",
        outcome=outcome,
        amount_cents=1_000_000,
        ruling="RvS 3",
        reasons=REASON,
        checks=[],
    )


def adjusted(amount: int, code: Any = "superseded", budget: Any = None) -> AwardAdjusted:
    return AwardAdjusted(
        call=CALL,
        case=FIRST,
        beneficiary=CITY,
        previous_cents=1_000_000,
        amount_cents=amount,
        budget=budget or [],
        attempt=None,
        code=code,
        reference="VR 2",
    )


def follow(before: Given, fact: Any, *types: Any) -> Given:
    """The grant says so, and the contract hears it."""
    after = before.has(grant(), fact, at=MIDDLE)
    facts: list[Any] = []
    for issue in reactions(fact):
        if issue.kind == "contract":
            then = after.when("contract", FIRST, issue.command, at=MIDDLE, by=SERVICE)
            assert isinstance(then.decision, Accepted), "nobody reads the answer to a reaction"
            facts += then.decision.facts
            after = then.recorded()
    assert [type(one) for one in facts] == list(types)
    return after


def held(fact: Any) -> Given:
    return follow(active(), fact, ContractSuspended)


@pytest.mark.parametrize(
    ("fact", "ground"), [(suspension(), "award_suspended"), (annulled(), "award_annulled")], ids=str
)
def test_d7_a_contract_is_suspended_with_its_award(fact: Any, ground: str) -> None:
    after = held(fact)
    assert (after.state(CONTRACT).status, after.state(CONTRACT).held_for) == ("suspended", ground)
    after.when("contract", FIRST, RESUME, at=MIDDLE, by=HANDLER).refused("D7", "award_not_in_force")
    after.when("contract", FIRST, shift(1, target="staff"), at=MIDDLE, by=HANDLER).refused("STATE")


@pytest.mark.parametrize("fact", [suspension(), annulled(), lifted()], ids=lambda one: type(one).__name__)
def test_d7_a_word_on_the_award_asks_nothing_of_a_contract_that_is_not_in_force(fact: Any) -> None:
    over = active().when("contract", FIRST, CompleteContract(), at="2026-01-01T09:00:00.000000Z", by=SERVICE)
    for before in (contract(signed("house")), over.recorded()):
        after = follow(before, fact)
        assert after.state(CONTRACT).status == before.state(CONTRACT).status


def test_d7_a_draft_comes_into_force_when_its_award_is_decided_anew() -> None:
    ready = follow(contract(signed("house"), signed("agency")), annulled())
    ready.when("contract", FIRST, ActivateContract(), at=MIDDLE, by=HANDLER).refused("D7", "award_not_in_force")
    assert follow(ready, ANEW, ContractActivated).state(CONTRACT).status == "active"
    waiting = follow(contract(signed("house")), annulled())
    assert follow(waiting, ANEW).state(CONTRACT).status == "drafted"


def test_d7_what_was_refused_and_annulled_has_no_contract_to_hold() -> None:
    follow(active(), annulled("refused"))


def test_d7_a_contract_goes_on_when_the_suspension_of_its_award_is_lifted() -> None:
    assert follow(held(suspension()), lifted(), ContractResumed).state(CONTRACT).status == "active"


def test_d7_a_draft_comes_into_force_when_the_suspension_of_its_award_is_lifted() -> None:
    ready = contract(signed("house"), signed("agency")).has(grant(), suspension())
    ready.when("contract", FIRST, ActivateContract(), at=MIDDLE, by=SERVICE).nothing()
    ready.when("contract", FIRST, ActivateContract(), at=MIDDLE, by=HANDLER).refused("D7", "award_not_in_force")
    after = ready.has(grant(), lifted())
    (_, begin) = reactions(lifted())
    after.when("contract", FIRST, begin.command, at=MIDDLE, by=SERVICE).then_types(ContractActivated)


def test_what_an_official_suspended_is_not_resumed_by_a_word_on_the_award() -> None:
    own = SuspendContract(ground="inquiry", reason=REASON)
    before = active().when("contract", FIRST, own, at=MIDDLE, by=HANDLER).then_types(ContractSuspended)
    after = follow(follow(before, suspension()), lifted())
    assert after.state(CONTRACT).status == "suspended"
    after.when("contract", FIRST, RESUME, at=MIDDLE, by=HANDLER).then_types(ContractResumed)


def test_d7_an_award_decided_anew_lets_its_contract_go_on() -> None:
    after = follow(held(annulled()), AWARDED, ContractResumed)
    assert (after.state(CONTRACT).status, after.state(CONTRACT).amount_cents) == ("active", 1_000_000)


def test_d8_a_new_decision_raises_the_grant_and_brings_its_budget() -> None:
    then = follow(active(), adjusted(1_120_000, budget=MORE), AwardAdopted)
    state = then.state(CONTRACT)
    assert (state.award_cents, state.amount_cents, list(state.budget)) == (1_120_000, 1_120_000, MORE)
    fact = then.streams[CONTRACT][-1].fact
    assert fact == AwardAdopted(
        call=CALL,
        case=FIRST,
        previous_cents=1_000_000,
        amount_cents=1_120_000,
        budget=MORE,
        reference="VR 2",
        source=SOURCE,
    )
    follow(then, adjusted(1_120_000, budget=MORE))


def test_d8_a_shift_stays_where_a_new_decision_gives_the_same() -> None:
    moved = active().when("contract", FIRST, shift(1, target="staff"), at=MIDDLE, by=HANDLER).recorded()
    budget = moved.state(CONTRACT).budget
    assert follow(moved, adjusted(1_000_000, budget=BUDGET)).state(CONTRACT).budget == budget


@pytest.mark.parametrize(("code", "ground"), [("waived", "renounced"), ("retracted", "award_withdrawn")])
def test_d7_an_award_that_is_worth_nothing_ends_its_contract(code: str, ground: str) -> None:
    for before in (active(), contract(), held(annulled())):
        after = follow(before, adjusted(0, code), ContractTerminated)
        fact: Any = after.streams[CONTRACT][-1].fact
        assert (fact.ground, fact.reference, fact.reason) == (ground, "VR 2", None)
        follow(after, adjusted(0, code))


@pytest.mark.parametrize("fact", [adjusted(900_000, budget=BUDGET), AWARDED, suspension(), lifted()], ids=str)
def test_a_contract_that_has_ended_follows_no_award_any_more(fact: Any) -> None:
    ends: list[tuple[Given, Any]] = [
        (active(), TerminateContract(ground="by_agreement", reference="MB", reason=REASON)),
        (contract(), CompleteContract()),
    ]
    for before, end in ends:
        over = before.when("contract", FIRST, end, at="2026-02-01T09:00:00.000000Z", by=HANDLER).recorded()
        follow(over, fact)
