"""Whatever is asked of a contract, by anybody, in any order: its bounds hold, and somebody always has the ball."""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.catalog import AnyFact
from events.decision import (
    ActionPlanned,
    AmendmentApproved,
    AmendmentProposed,
    BeneficiarySucceeded,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractExpired,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    IndicatorRecorded,
    PartnerLeft,
    TermExtended,
)
from events.envelope import Actor
from events.times import months_between
from projections.contract_status.evolve import STATUS
from projections.past import refold
from projections.worklist.evolve import WORKLIST
from services.deciding import Accepted
from services.decision.commands import (
    ActivateContract,
    ApproveAmendment,
    CloseContract,
    CompleteContract,
    DiscontinueAction,
    ExtendTerm,
    RecordPartnerLeft,
    RefuseAmendment,
    RefusePledge,
    ResumeContract,
    SuspendContract,
    TerminateContract,
    WithdrawAmendment,
)
from services.decision.ranking import subsidy_by_category
from services.fields import Command
from tests.given import Given, actor
from tests.unit.services.decision.agreed import action, measured, partner, planning, propose
from tests.unit.services.decision.examples import (
    AGENCY,
    BUDGET,
    CITY,
    CONTRACT,
    FIRST,
    HOUSE,
    LOCAL,
    REASON,
    SOURCE,
    by,
    contract,
    line,
    shift,
    sign,
    signed,
)

HANDLER, OTHER = actor("case_handler", person="one"), actor("case_handler", person="two")
APPLICANT, TIMER = by("applicant", CITY), actor("service")
WHO = st.sampled_from([HANDLER, OTHER, APPLICANT, partner(HOUSE), partner(AGENCY)])
SMALL = [line("staff", 600_000, 480_000), line("operation", 400_000, 320_000)]
YOUTH = replace(LOCAL, partner="youth", organisation=replace(HOUSE, ovo="OVO900303"))
Step: TypeAlias = tuple[str, Command, Actor]

CHANGES: list[dict[str, Any]] = [
    {"amount_cents": 800_000, "budget": SMALL},
    {"amount_cents": 1_000_000, "budget": BUDGET},
    {"amount_cents": 1_000_001},
    {"budget": [line("infrastructure", 1_250_000, 1_000_000)]},
    {"end": "2024-12-31"},
    {"end": "2026-12-31"},
    {"leaving": ["house"]},
    {"leaving": ["agency"], "joining": [YOUTH]},
    {"joining": [LOCAL]},
    {"actions": [action(owner="agency", budget=[line("operation", 100_000, 80_000)])]},
    {"leaving": ["house"], "actions": [action(owner=None)]},
]
NUMBERS = st.integers(1, 3)
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from(["house", "agency", "youth"]).map(sign),
    st.sampled_from(["house", "agency"]).map(lambda code: RefusePledge(partner=code, reason=REASON)),
    st.sampled_from(["house", "agency"]).map(lambda code: RecordPartnerLeft(partner=code, reason=REASON)),
    st.sampled_from([planning(), planning("train", owner="agency"), planning("build", budget=[BUDGET[2]])]),
    st.sampled_from(["renovate", "train"]).map(lambda code: DiscontinueAction(action=code, reason=REASON)),
    st.integers(0, 60).map(measured),
    st.tuples(st.sampled_from([1, 100_000, 300_000]), st.permutations(["staff", "operation", "infrastructure"])).map(
        lambda told: shift(told[0], told[1][0], told[1][1])
    ),
    st.sampled_from(CHANGES).map(lambda given: propose(**given)),
    NUMBERS.map(lambda number: ApproveAmendment(amendment=number)),
    NUMBERS.map(lambda number: RefuseAmendment(amendment=number, reason=REASON)),
    NUMBERS.map(lambda number: WithdrawAmendment(amendment=number, reason=REASON)),
    st.sampled_from(
        [
            ActivateContract(),
            ActivateContract(),
            SuspendContract(ground="inquiry", reason=REASON, review_on="2024-01-01"),
            ResumeContract(reason=REASON),
            ExtendTerm(end="2026-06-30", reference="VR 2025/9", reason=REASON),
            CompleteContract(),
            CloseContract(final_subsidy_cents=0, paid_cents=0, recovered_cents=0, source=SOURCE),
        ]
    ),
    st.sampled_from([TerminateContract(ground="by_agreement", reference="MB", reason=REASON)]),
)
AT = st.builds("20{}-{:02}-10T12:00:00.000000Z".format, st.integers(22, 26), st.integers(1, 12))
STEPS = st.lists(st.tuples(AT, COMMANDS, WHO), min_size=5, max_size=30)
ENDED = ContractTerminated | ContractExpired | ContractCompleted | ContractClosed
AFTER_THE_END = IndicatorRecorded | BeneficiarySucceeded | ContractTerminated | ContractClosed


def run(steps: list[Step]) -> Given:
    """Everything in the order of time. What the service alone may send comes from it."""
    before = contract(signed("house"))
    for at, command, who in sorted(steps, key=lambda step: step[0]):
        roles = before.service.commands[type(command)].roles
        sender = who if who.role in roles else TIMER if roles == {"service"} else None
        if sender is not None:
            before = before.when("contract", FIRST, command, at=at, by=sender).recorded()
    return before


@for_all(STEPS)
@settings(max_examples=150, deadline=None)
def test_d8_no_order_of_commands_breaks_award_ceilings_or_plan(steps: list[Step]) -> None:
    state = run(steps).state(CONTRACT)
    held = subsidy_by_category(state.budget)
    assert sum(held.values()) == state.amount_cents <= state.award_cents == 1_000_000
    assert held.get("infrastructure", 0) * 5 <= state.amount_cents
    planned = subsidy_by_category([one for act in state.going_on() for one in act.budget])
    assert all(cents <= held.get(category, 0) for category, cents in planned.items())


@for_all(STEPS)
@settings(max_examples=150, deadline=None)
def test_d7_no_order_of_commands_makes_a_term_longer_without_a_decision(steps: list[Step]) -> None:
    given = run(steps)
    facts = [event.fact for event in given.streams[CONTRACT]]
    state = given.state(CONTRACT)
    if months_between(state.term.start, state.term.end) > 48:
        assert any(isinstance(fact, TermExtended) for fact in facts)
    for place, fact in enumerate(facts):
        if isinstance(fact, ContractActivated):
            assert _unsigned(facts[: place + 1]) == set()


def _unsigned(facts: list[AnyFact]) -> set[str]:
    """The mandatory pledges that are missing, told from the facts alone."""
    missing: set[str] = set()
    for fact in facts:
        match fact:
            case AmendmentApproved(changes=changes):
                missing = (missing - set(changes.leaving)) | {one.partner for one in changes.joining if one.mandatory}
            case _ if type(fact).__name__ == "ContractDrafted":
                missing = {one.partner for one in fact.partners if one.mandatory}  # type: ignore[union-attr]
            case _ if type(fact).__name__ == "PledgeSigned":
                missing = missing - {fact.partner}  # type: ignore[union-attr]
            case PartnerLeft(mandatory=True, partner=code):
                missing = missing | {code}
            case _:
                pass
    return missing


@for_all(STEPS)
@settings(max_examples=150, deadline=None)
def test_c2_no_order_of_commands_lets_anybody_approve_their_own_amendment(steps: list[Step]) -> None:
    proposed = {}
    for event in run(steps).streams[CONTRACT]:
        match event.fact:
            case AmendmentProposed(amendment=number, proposed_by=person):
                assert number not in proposed
                proposed[number] = person
            case AmendmentApproved(amendment=number, approved_by=person):
                assert proposed[number] != person
            case _:
                pass


@for_all(STEPS)
@settings(max_examples=150, deadline=None)
def test_a_contract_moves_as_its_picture_says(steps: list[Step]) -> None:
    standing, over = "drafted", False
    for event in run(steps).streams[CONTRACT][1:]:
        fact = event.fact
        assert not over or isinstance(fact, AFTER_THE_END), f"{type(fact).__name__} after the end"
        match fact:
            case ContractActivated():
                assert standing == "drafted"
                standing = "active"
            case ContractSuspended():
                assert standing == "active"
                standing = "suspended"
            case ContractResumed():
                assert standing == "suspended"
                standing = "active"
            case ContractCompleted():
                assert standing == "active"
            case ActionPlanned():
                assert standing in ("drafted", "active", "suspended")
            case _:
                pass
        over = over or isinstance(fact, ENDED)


@for_all(STEPS)
@settings(max_examples=150, deadline=None)
def test_every_open_contract_has_somebody_to_move_and_stands_as_its_decider_says(steps: list[Step]) -> None:
    given = run(steps)
    state, events = given.state(CONTRACT), given.streams[CONTRACT]
    waits, shows = refold(WORKLIST, events)[(FIRST,)], refold(STATUS, events)[(FIRST,)]
    assert (waits.party is None) == (state.status == "closed")
    stands = shows.status if shows.status not in ("contract_drafted", "signed") else "drafted"
    assert stands == state.status
    assert (shows.open_amendment is None) == (state.amendment is None)
    assert set(shows.unsigned) == set(state.unsigned())
    assert {one.action for one in shows.actions if not one.discontinued} == {one.action for one in state.going_on()}
    assert waits.is_open("approve_amendment") == (state.amendment is not None)
    assert (waits.code == "run_contract") <= (len(waits.tasks) == 1)


def test_a_walk_reaches_every_kind_of_end() -> None:
    at = "2022-02-10T12:00:00.000000Z"
    start: list[Step] = [(at, sign("agency"), partner(AGENCY))]
    ends: list[tuple[list[Step], str]] = [
        ([*start, ("2026-01-01T12:00:00.000000Z", CompleteContract(), TIMER)], "completed"),
        ([("2026-01-01T12:00:00.000000Z", CompleteContract(), TIMER)], "expired"),
        ([*start, (at, TerminateContract(ground="renounced", reference="MB", reason=REASON), HANDLER)], "terminated"),
    ]
    for steps, status in ends:
        assert run(steps).state(CONTRACT).status == status
    assert isinstance(run(start).when("contract", FIRST, planning(), at=at, by=APPLICANT).decision, Accepted)
