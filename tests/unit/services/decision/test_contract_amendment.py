"""Changes of a contract: within the award and its ceilings to the cent (D8), by two people (C2)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from events.decision import (
    AmendmentApproved,
    AmendmentProposed,
    AmendmentRefused,
    AmendmentWithdrawn,
    BudgetShifted,
    ContractActivated,
    ContractCompleted,
    ContractSuspended,
    ContractTerminated,
    PartnerLeft,
    PledgeRefused,
    PledgeSigned,
    TermExtended,
)
from events.vocabulary import Party
from services.deciding import Accepted, Refused, SetTimer
from services.decision.commands import (
    ActivateContract,
    ApproveAmendment,
    CompleteContract,
    ExtendTerm,
    RecordPartnerLeft,
    RefuseAmendment,
    RefusePledge,
    SuspendContract,
    TerminateContract,
    WithdrawAmendment,
)
from services.decision.ranking import subsidy_by_category
from services.decision.reactions import timers
from services.decision.rules.amendment import D8_2
from services.fields import Command
from services.rulebook import Verdict
from tests.given import Given
from tests.unit.services.decision.agreed import (
    CITY_HALL,
    HANDLER,
    MIDDLE,
    OTHER_HANDLER,
    action,
    partner,
    planned,
    planning,
    propose,
    working,
)
from tests.unit.services.decision.examples import (
    BUDGET,
    CITY,
    CONTRACT,
    FIRST,
    HOUSE,
    LOCAL,
    MERGED,
    REASON,
    TERM,
    active,
    by,
    contract,
    line,
    shift,
    sign,
    signed,
)

START = "2021-12-31T23:00:00.000000Z"
APPROVE = ApproveAmendment(amendment=1)
REFUSE = RefuseAmendment(amendment=1, reason=REASON)
WITHDRAW = WithdrawAmendment(amendment=1, reason=REASON)
TERMINATE = TerminateContract(ground="partner_left", reference="MB 2024/1", reason=REASON)
YOUTH = replace(LOCAL, partner="youth", organisation=replace(HOUSE, ovo="OVO900303", name="Jeugdhuis"))
LESS = [line("staff", 600_000, 480_000), line("operation", 200_000, 160_000), line("infrastructure", 200_000, 160_000)]


def proposed(before: Given | None = None, **changes: Any) -> Given:
    before = before or active()
    return before.when("contract", FIRST, propose(**changes), by=CITY_HALL, at=MIDDLE).then_types(AmendmentProposed)


# Proposed by one, approved by another


def test_an_amendment_holds_what_would_change_and_who_asks() -> None:
    then = active().when("contract", FIRST, propose(end="2025-06-30"), by=CITY_HALL, at=MIDDLE)
    fact = then.fact(AmendmentProposed)
    assert (fact.amendment, fact.changes.end, fact.proposed_by) == (1, "2025-06-30", "person-1")
    assert [(one.rule, one.version) for one in fact.checks] == [("D8", 2), ("D7", 2)]
    assert then.recorded().state(CONTRACT).term == TERM


def test_c2_nobody_approves_what_they_proposed() -> None:
    waiting = active().when("contract", FIRST, propose(end="2025-06-30"), by=HANDLER, at=MIDDLE).recorded()
    waiting.when("contract", FIRST, APPROVE, by=HANDLER, at=MIDDLE).refused("C2", "same_person")
    waiting.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE).then_types(AmendmentApproved)


def test_d8_an_approved_amendment_says_what_was_and_what_is() -> None:
    changes = {"amount_cents": 800_000, "budget": LESS, "end": "2025-06-30", "joining": [YOUTH]}
    waiting = proposed(**changes)
    then = waiting.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE)
    fact = then.fact(AmendmentApproved)
    assert (fact.previous_cents, fact.amount_cents, fact.previous_budget, fact.budget) == (
        1_000_000,
        800_000,
        BUDGET,
        LESS,
    )
    assert (fact.previous, fact.term.end, fact.approved_by) == (TERM, "2025-06-30", "person-2")
    assert [one.partner for one in fact.partners] == ["house", "agency", "youth"]
    assert [one.rule for one in fact.checks] == ["C2", "D8", "D7"]
    after = then.recorded()
    after.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE).nothing()
    state = after.state(CONTRACT)
    assert (state.amount_cents, state.award_cents, list(state.budget)) == (800_000, 1_000_000, LESS)
    assert (state.term.end, state.unsigned()) == ("2025-06-30", ["youth"])
    (ends,) = timers(fact)
    assert isinstance(ends, SetTimer)
    assert ends.due == "2025-06-30T21:59:59.000000Z"
    after.when("contract", FIRST, CompleteContract(), at=ends.due).then_types(ContractCompleted)


# What a rule forbids


def refused(code: str, rule: str = "D8", before: Given | None = None, **changes: Any) -> AmendmentRefused:
    then = (before or active()).when("contract", FIRST, propose(**changes), by=CITY_HALL, at=MIDDLE)
    after = then.refused(rule, code)
    fact: AmendmentRefused = then.fact(AmendmentRefused)
    assert (fact.reason, fact.amendment) == (None, 1)
    assert [one.code for one in fact.checks if one.outcome == "fail"] == [code]
    assert after.state(CONTRACT).amendment is None
    assert list(after.state(CONTRACT).budget) == BUDGET
    # The refusal is on record under its number; the next one gets the next.
    assert proposed(after, end="2025-06-30").state(CONTRACT).amendment.amendment == 2
    return fact


def test_d8_no_amendment_raises_the_grant_above_the_award() -> None:
    more = [line("staff", 750_002, 600_001), *BUDGET[1:]]
    told = refused("above_award", amount_cents=1_000_001, budget=more).checks[0].reason
    assert told.nl == (
        "Een addendum kan de subsidie niet op 10.000,01 euro brengen: toegekend is 10.000,00 euro. Daarvoor is een "
        "nieuwe beslissing van de Vlaamse Regering nodig."
    )


def test_d8_what_a_contract_was_lowered_by_does_not_come_back_by_an_amendment() -> None:
    """Given: a contract lowered by an amendment. When: it is to grow by a cent. Then: that takes a new decision."""
    less = proposed(amount_cents=800_000, budget=LESS).when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE)
    lowered = less.recorded()
    more = [line("staff", 600_001, 480_001), *LESS[1:]]
    then = lowered.when("contract", FIRST, propose(amount_cents=800_001, budget=more), by=CITY_HALL, at=MIDDLE)
    then.refused("D8", "grows_again")
    assert then.fact(AmendmentRefused).checks[0].reason.en == (
        "An amendment cannot bring the subsidy to 8,000.01 euro: the contract gives 8,000.00 euro, and what it was "
        "lowered by went back to the envelope. More takes a new decision of the Flemish Government."
    )
    proposed(lowered, end="2025-06-30")


def test_d8_a_check_of_before_that_named_no_earlier_amount_comes_out_as_it_did() -> None:
    check = (
        active()
        .when("contract", FIRST, propose(end="2025-06-30"), by=CITY_HALL, at=MIDDLE)
        .fact(AmendmentProposed)
        .checks[0]
    )
    old = {name: value for name, value in check.inputs.items() if name != "before_cents"}
    assert D8_2.test(check.params, old) == Verdict("pass", check.code)


def test_d8_the_ceiling_is_kept_to_the_cent_on_what_the_subsidy_becomes() -> None:
    # Of 799,999 the ceiling of 20 % is 159,999.8: one cent less than 160,000 fits, 160,000 does not.
    wrong = [line("staff", 600_000, 479_999), *LESS[1:]]
    told = refused("budget_over_ceiling", amount_cents=799_999, budget=wrong).checks[0].inputs
    assert (told["held_cents"], told["ceiling_cents"], told["category_en"]) == (
        160_000,
        159_999,
        "small-scale infrastructure",
    )
    right = [line("staff", 600_000, 480_000), LESS[1], line("infrastructure", 200_000, 159_999)]
    proposed(amount_cents=799_999, budget=right)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_cents": 800_000}, "sum_differs"),
        ({"budget": LESS}, "sum_differs"),
        ({"budget": [line("staff", 599_999, 600_000), line("operation", 900_000, 400_000)]}, "subsidy_above_cost"),
        ({"budget": [line("staff", 849_999, 600_000), line("operation", 400_000, 400_000)]}, "own_share_short"),
    ],
)
def test_d8_a_whole_budget_adds_up_and_leaves_the_own_contribution(changes: dict[str, Any], code: str) -> None:
    refused(code, **changes)


def test_d8_the_own_contribution_of_exactly_the_least_is_enough() -> None:
    proposed(budget=[line("staff", 850_000, 600_000), line("operation", 400_000, 400_000)])


def test_d8_an_amendment_that_changes_nothing_is_none() -> None:
    for same in ({}, {"amount_cents": 1_000_000}, {"budget": BUDGET}, {"end": TERM.end}):
        then = active().when("contract", FIRST, propose(**same), by=CITY_HALL, at=MIDDLE)
        then.refused("D8", "nothing_changes")
        assert then.decision.facts == ()


def test_d7_an_amendment_makes_no_term_longer_than_the_call_allows() -> None:
    told = refused("term_too_long", "D7", end="2026-01-01").checks[1].reason
    assert told.en == (
        "A term of 49 months, until 1 January 2026, is not possible without a decision that extends it: the call "
        "allows 48 months, until 31 December 2025."
    )


def test_d8_and_d7_an_amendment_speaks_of_what_contract_and_call_know() -> None:
    before = active()
    stranger = propose(leaving=["stranger"])
    before.when("contract", FIRST, stranger, by=CITY_HALL, at=MIDDLE).refused("D7", "not_a_partner")
    strange = propose(budget=[line("travel", 1_250_000, 1_000_000)])
    before.when("contract", FIRST, strange, by=CITY_HALL, at=MIDDLE).refused("D8", "unknown_category")


def test_c1_an_amendment_leaves_no_action_without_owner_or_budget() -> None:
    refused("owner_not_pledged", "C1", before=working(), leaving=["house"])
    refused("over_budget", "C1", before=working(), budget=[line("operation", 1_250_000, 1_000_000)])
    refused("outside_term", "C1", before=working(), end="2024-06-30")
    given_on = {"leaving": ["house"], "actions": [action(owner="agency")]}
    then = proposed(working(), **given_on).when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE)
    assert then.recorded().state(CONTRACT).carried_by("agency") == ["renovate"]


def test_c1_what_a_partner_left_behind_does_not_block_another_change() -> None:
    left = working().when("contract", FIRST, RecordPartnerLeft(partner="house", reason=REASON), by=HANDLER, at=MIDDLE)
    proposed(left.then_types(PartnerLeft), amount_cents=800_000, budget=LESS)


LIMITED = st.integers(0, 1_250_000)


@examples(st.tuples(LIMITED, LIMITED, LIMITED), st.tuples(LIMITED, LIMITED, LIMITED), st.integers(0, 1_100_000))
def test_d8_no_accepted_amendment_breaks_a_ceiling_the_award_or_the_own_contribution(
    costs: tuple[int, int, int], parts: tuple[int, int, int], amount: int
) -> None:
    codes = ("staff", "operation", "infrastructure")
    budget = [line(code, cost, min(cost, part)) for code, cost, part in zip(codes, costs, parts, strict=True)]
    # Half of the examples add up, or hardly any would be accepted.
    amount = sum(one.subsidy_cents for one in budget) if amount % 2 else amount
    then = active().when("contract", FIRST, propose(amount_cents=amount, budget=budget), by=CITY_HALL, at=MIDDLE)
    if isinstance(then.decision, Refused):
        assert not any(isinstance(fact, AmendmentProposed) for fact in then.decision.facts)
        return
    held, total = subsidy_by_category(budget), sum(costs)
    assert amount <= 1_000_000
    assert sum(held.values()) == amount
    assert held["infrastructure"] * 5 <= amount
    assert (total - amount) * 5 >= total


SHARES = st.tuples(st.integers(1, 1_000_000), st.integers(-3, 3))


@examples(SHARES)
def test_d8_the_ceiling_on_any_amount_lets_no_cent_through_by_rounding(share: tuple[int, int]) -> None:
    amount, off = share
    part = max(0, amount // 5 + off)
    if part > amount:
        return
    budget = [line("staff", 4 * amount, amount - part), line("infrastructure", part, part)]
    then = active().when("contract", FIRST, propose(amount_cents=amount, budget=budget), by=CITY_HALL, at=MIDDLE)
    assert isinstance(then.decision, Accepted) == (part * 5 <= amount)


# While it waits


def test_one_amendment_waits_at_a_time_and_nothing_moves_under_it() -> None:
    waiting = proposed(working(), end="2025-06-30")
    for command in (propose(end="2025-05-31"), shift(1, target="staff"), planning("train")):
        waiting.when("contract", FIRST, command, by=CITY_HALL, at=MIDDLE).refused("STATE", "amendment_open")


def test_an_amendment_that_a_later_fact_made_impossible_is_not_approved() -> None:
    waiting = proposed(working(), budget=[line("staff", 750_000, 600_000), line("operation", 500_000, 400_000)])
    broken = waiting.has(CONTRACT, planned("build", budget=[line("infrastructure", 100_000, 100_000)]))
    broken.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE).refused("C1", "over_budget")


def test_a_decision_may_extend_the_term_meanwhile() -> None:
    waiting = proposed(amount_cents=800_000, budget=LESS)
    extension = ExtendTerm(end="2026-06-30", reference="VR 2025/9", reason=REASON)
    longer = waiting.when("contract", FIRST, extension, by=HANDLER, at=MIDDLE).then_types(TermExtended)
    then = longer.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE)
    assert then.fact(AmendmentApproved).term.end == "2026-06-30"


# Answered otherwise


@pytest.mark.parametrize(
    ("command", "who", "fact", "others"),
    [
        (REFUSE, HANDLER, AmendmentRefused, (APPROVE, WITHDRAW)),
        (WITHDRAW, CITY_HALL, AmendmentWithdrawn, (APPROVE, REFUSE)),
    ],
)
def test_an_amendment_is_answered_once(command: Command, who: Any, fact: type[Any], others: tuple[Command]) -> None:
    then = proposed(end="2025-06-30").when("contract", FIRST, command, by=who, at=MIDDLE)
    assert then.fact(fact).reason == REASON
    after = then.recorded()
    assert after.state(CONTRACT).term == TERM
    after.when("contract", FIRST, command, by=who, at=MIDDLE).nothing()
    for other in others:
        after.when("contract", FIRST, other, by=OTHER_HANDLER, at=MIDDLE).refused("STATE", "amendment_answered")


@pytest.mark.parametrize("command", [APPROVE, REFUSE, WITHDRAW], ids=lambda one: one.command_name)
def test_what_was_never_proposed_is_not_answered(command: Command) -> None:
    active().when("contract", FIRST, command, by=HANDLER, at=MIDDLE).refused("STATE", "no_such_amendment")


def test_own_only_the_beneficiary_asks_for_changes_and_takes_them_back() -> None:
    stranger = by("applicant", MERGED)
    active().when("contract", FIRST, propose(end="2025-06-30"), by=stranger, at=MIDDLE).refused("OWN")
    proposed(end="2025-06-30").when("contract", FIRST, WITHDRAW, by=stranger, at=MIDDLE).refused("OWN")


def test_a_contract_that_ended_takes_its_open_amendment_along() -> None:
    over = proposed(end="2025-06-30").when("contract", FIRST, TERMINATE, by=HANDLER, at=MIDDLE)
    after = over.then_types(ContractTerminated)
    after.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE).refused("STATE", "amendment_answered")
    after.when("contract", FIRST, propose(end="2025-06-30"), by=CITY_HALL, at=MIDDLE).refused(
        "STATE", "not_in_this_stage"
    )


def test_a_suspended_contract_can_be_amended_so_that_it_can_go_on() -> None:
    suspend = SuspendContract(ground="partner_left", reason=REASON)
    held = active().when("contract", FIRST, suspend, by=HANDLER, at=MIDDLE).then_types(ContractSuspended)
    proposed(held, leaving=["house"]).when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE).then_types(
        AmendmentApproved
    )


# Partners that are replaced


def test_d7_a_draft_comes_into_force_when_the_partner_that_refused_is_let_go() -> None:
    refusal = RefusePledge(partner="house", reason=REASON)
    before = contract(signed("agency")).when("contract", FIRST, refusal, by=partner(HOUSE), at=START)
    waiting = proposed(before.then_types(PledgeRefused), leaving=["house"])
    then = waiting.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE)
    then.then_types(AmendmentApproved, ContractActivated)
    assert then.fact(ContractActivated).effective_at == MIDDLE


def test_d7_a_draft_waits_for_the_pledge_of_who_takes_the_place() -> None:
    before = contract(signed("agency"))
    waiting = proposed(before, leaving=["house"], joining=[replace(YOUTH, mandatory=False)])
    then = waiting.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=START).then_types(AmendmentApproved)
    # The call makes pledges of local partners mandatory, whatever was proposed.
    then.when("contract", FIRST, ActivateContract(), by=HANDLER, at=MIDDLE).refused("D7", "pledges_missing")
    youth = by("partner", Party(ovo="OVO900303", kbo=CITY.kbo, name="Jeugdhuis"))
    then.when("contract", FIRST, sign("youth"), by=youth, at=MIDDLE).then_types(PledgeSigned, ContractActivated)


def test_a_new_pledge_of_the_same_partner_needs_a_new_signature() -> None:
    waiting = proposed(joining=[replace(LOCAL, pledge=replace(REASON, text="Meer dan gevraagd."))])
    after = waiting.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE).recorded()
    state = after.state(CONTRACT)
    assert (state.unsigned(), [one.partner for one in state.partners]) == (["house"], ["agency", "house"])
    after.when("contract", FIRST, sign("house"), by=partner(HOUSE), at=MIDDLE).then_types(PledgeSigned)


def test_an_amendment_can_take_up_an_action_that_was_stopped() -> None:
    stopped = active().has(CONTRACT, planned())
    waiting = proposed(stopped, actions=[action(indicators=[])])
    after = waiting.when("contract", FIRST, APPROVE, by=OTHER_HANDLER, at=MIDDLE).recorded()
    assert after.state(CONTRACT).going_on() == [action(indicators=[])]


def test_a_shift_goes_on_after_the_answer() -> None:
    after = proposed(end="2025-06-30").when("contract", FIRST, REFUSE, by=HANDLER, at=MIDDLE).recorded()
    after.when("contract", FIRST, shift(1, target="staff"), by=CITY_HALL, at=MIDDLE).then_types(BudgetShifted)
