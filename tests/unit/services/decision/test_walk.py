"""Whatever is sent to decision, in any order: the envelope holds, one decision stands, a budget keeps its bounds."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.catalog import AnyFact
from events.decision import (
    BeneficiarySucceeded,
    BudgetShifted,
    BudgetShiftRefused,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractExpired,
    GrantAwarded,
    GrantRefused,
    PledgeSigned,
)
from events.eligibility import DeclaredEligible
from events.envelope import Actor
from events.intake import ApplicationWithdrawn
from events.jury import RankingFixed
from events.ledger import pending_id
from events.times import instant, moment
from events.vocabulary import Party
from services.deciding import Accepted, Refused
from services.decision.commands import (
    ActivateContract,
    CloseContract,
    CompleteContract,
    IncreaseEnvelope,
    PlaceOnAgenda,
    RecordBeneficiarySuccession,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    ReleaseReservation,
    ReserveAmount,
    ShiftBudget,
)
from services.decision.ranking import subsidy_by_category
from services.decision.worker import DECISION
from services.fields import Command
from tests.given import NOON, Given, actor
from tests.unit.services.decision.examples import (
    AGENCY,
    CALL,
    CITY,
    CONTRACT,
    ENTRIES,
    ENVELOPE,
    FIRST,
    HOUSE,
    MEETING,
    MERGED,
    REASON,
    REFERENCE,
    SECOND,
    SOURCE,
    TERM,
    THIRD,
    by,
    contract,
    dossier,
    envelope_set,
    grant,
    reactions,
    shift,
    sign,
)
from tests.unit.services.jury.told import given
from tests.unit.services.payment.books import Books, Uncovered

CASES = (FIRST, SECOND, THIRD)
Sent: TypeAlias = tuple[str, str, Command] | AnyFact
"""A command to a stream, or another service's fact to react to."""


@dataclass
class Town:
    """A call with its ledger: what the ledger refuses is recorded as the decider says, and reactions follow."""

    given: Given
    books: Books = field(default_factory=Books)

    def hear(self, fact: AnyFact) -> None:
        """Everything that follows from a fact."""
        for issue in reactions(fact, self.given.state(ENVELOPE)):
            self.send(issue.kind, issue.id, issue.command)

    def send(self, kind: str, ident: str, command: Command) -> None:
        """A command, what it records, and everything that follows; one to a stream that is not there is a 404."""
        if not DECISION.commands[type(command)].creates and f"{kind}-{ident}" not in self.given.streams:
            return
        then = self.given.when(kind, ident, command)
        facts = self._allowed(then.decision.facts)
        if facts is None:
            state = self.given.state(then.stream)
            self.given.has(then.stream, *DECISION.refused_by_guard(state, command, then.context, "ledger", "exceeds"))
            return
        self.given = then.recorded()
        for fact in facts:
            self._promised(fact)
            self.hear(fact)

    def _allowed(self, facts: tuple[AnyFact, ...]) -> tuple[AnyFact, ...] | None:
        books = deepcopy(self.books)
        try:
            for fact in facts:
                books.record(fact)
        except Uncovered:
            return None
        self.books = books
        return facts

    def _promised(self, fact: AnyFact) -> None:
        # Payment will commit exactly what was set aside under the attempt that the award names.
        if isinstance(fact, GrantAwarded):
            assert (
                self.books.pending[pending_id(CALL, fact.case, "award", fact.attempt)].amount_cents == fact.amount_cents
            )


def decided(result: str, meeting: str) -> RecordGovernmentDecision:
    return RecordGovernmentDecision.model_validate({"result": result, "reference": REFERENCE, "meeting": meeting})


def withdrawn(case: str) -> ApplicationWithdrawn:
    return ApplicationWithdrawn(call=CALL, case=case, applicant=CITY, neighbourhood="Rabot", reason=REASON)


STORY: tuple[Sent, ...] = (
    *(DeclaredEligible(call=CALL, case=case, checks=[], dossier=dossier()) for case in CASES),
    RankingFixed(call=CALL, entries=ENTRIES, tie_rule="lower_amount_first", checks=[]),
    ("proposal", CALL, RecordInspectorateAdvice(favourable=True, reference="IF 21/1")),
    ("proposal", CALL, RecordBudgetAgreement(agreed=True, reference="BA 21/1")),
    ("proposal", CALL, PlaceOnAgenda(meeting=MEETING, reference="VR agenda")),
    ("proposal", CALL, decided("goedgekeurd", MEETING)),
)
NOISE: tuple[Sent, ...] = (
    *STORY,
    *(withdrawn(case) for case in CASES),
    *(
        ("envelope", CALL, IncreaseEnvelope(increase_cents=cents, reference=str(cents), reason=REASON))
        for cents in (1, 10**6)
    ),
    *(("proposal", CALL, decided(result, MEETING)) for result in ("uitgesteld", "ingetrokken")),
    *(
        ("grant", case, ReserveAmount(amount_cents=cents, proposal_version=version))
        for case in CASES
        for cents in (1, 1_000_000, 1_500_000)
        for version in (1, 2)
    ),
    *(("grant", case, ReleaseReservation(proposal_version=version)) for case in CASES for version in (1, 2)),
)
PLACES = st.integers(0, len(STORY) - 1)
SPELLS = st.tuples(st.sets(PLACES, max_size=1), st.lists(st.tuples(PLACES, st.sampled_from(NOISE)), max_size=10))
"""The story, a step of it left out, and other steps in between."""
Spells: TypeAlias = tuple[set[int], list[tuple[int, Sent]]]


def live(spells: Spells) -> Town:
    left_out, noise = spells
    envelope = envelope_set()
    town = Town(given(DECISION).has(ENVELOPE, envelope))
    town.books.record(envelope)
    for place, own in enumerate(STORY):
        between = [sent for at, sent in noise if at == place]
        for sent in (*between, *([] if place in left_out else [own])):
            if isinstance(sent, tuple):
                town.send(*sent)
            else:
                town.hear(sent)
            set_aside(town)
    return town


def set_aside(town: Town) -> None:
    """D1 at every moment: what the files say is set aside is what the ledger holds, and the envelope covers it."""
    reserved = sum(town.given.state(grant(case)).held_cents for case in CASES)
    assert reserved == town.books.held(f"AVAILABLE:{CALL}") <= town.given.state(ENVELOPE).amount_cents


def facts_of(before: Given, stream: str) -> list[Any]:
    return [event.fact for event in before.streams.get(stream, [])]


@for_all(SPELLS)
@settings(max_examples=150, deadline=None)
def test_d1_d6_no_order_of_facts_breaks_the_envelope_or_decides_a_file_twice(spells: Spells) -> None:
    town = live(spells)
    decisions = {case: [one for one in facts_of(town.given, grant(case)) if _decides(one)] for case in CASES}
    assert all(len(found) <= 1 for found in decisions.values())
    awards = [one.amount_cents for found in decisions.values() for one in found if isinstance(one, GrantAwarded)]
    assert sum(awards) <= town.given.state(ENVELOPE).amount_cents


def _decides(fact: AnyFact) -> bool:
    return isinstance(fact, GrantAwarded | GrantRefused)


def test_the_story_alone_awards_two_files_and_refuses_the_third() -> None:
    town = live((set(), []))
    assert [town.given.state(grant(case)).status for case in CASES] == ["awarded", "awarded", "refused"]


# One contract

HANDLER, TIMER, APPLICANT = actor("case_handler"), actor("service"), by("applicant", CITY)
CLOSE = CloseContract(final_subsidy_cents=1_000_000, paid_cents=1_000_000, recovered_cents=0, source=SOURCE)
CATEGORIES = ("staff", "operation", "infrastructure")
Step: TypeAlias = tuple[str, Command, Actor]


def succession(day: str, party: Party) -> RecordBeneficiarySuccession:
    return RecordBeneficiarySuccession(successor=party, merged=[CITY], effective_on=day, basis="Fusiedecreet")


def on(first: int, last: int) -> st.SearchStrategy[str]:
    """An instant from the first of these years to the last."""
    return st.builds(
        lambda year, month: instant(moment(f"{year}-{month:02}-10T12:00:00.000000Z")),
        st.integers(first, last),
        st.integers(1, 12),
    )


SHIFTS = st.builds(
    lambda amount, places: shift(amount, *places),
    st.sampled_from([1, 100_000, 100_001, 250_000, 600_000]),
    st.tuples(st.sampled_from(CATEGORIES), st.sampled_from(CATEGORIES)),
)
SUCCESSIONS = st.builds(
    succession, st.sampled_from(["2022-01-01", "2023-01-01", "2025-01-01"]), st.sampled_from([MERGED, CITY])
)
SIGNED: list[Step] = [
    ("2022-01-10T11:00:00.000000Z", sign("house"), by("partner", HOUSE)),
    ("2022-01-10T11:00:00.000000Z", sign("agency"), by("partner", AGENCY)),
]
STEPS = st.builds(
    list[Step].__add__,
    st.sampled_from([SIGNED, SIGNED[:1], []]),
    st.lists(
        st.one_of(
            st.tuples(on(2021, 2022), st.just(sign("house")), st.sampled_from([by("partner", HOUSE), APPLICANT])),
            st.tuples(on(2021, 2022), st.just(sign("agency")), st.just(by("partner", AGENCY))),
            st.tuples(on(2021, 2026), st.just(ActivateContract()), st.sampled_from([HANDLER, TIMER])),
            st.tuples(on(2022, 2026), SHIFTS, st.sampled_from([HANDLER, APPLICANT])),
            st.tuples(on(2022, 2026), SUCCESSIONS, st.just(HANDLER)),
            st.tuples(on(2025, 2026), st.just(CompleteContract()), st.just(TIMER)),
            st.tuples(on(2025, 2026), st.just(CLOSE), st.just(TIMER)),
        ),
        min_size=3,
        max_size=20,
    ),
)


def run(steps: list[Step]) -> Given:
    """Everything in the order of time, and what can be repeated twice."""
    before = contract()
    for at, command, who in sorted(steps, key=lambda step: step[0]):
        budget = before.state(CONTRACT).budget
        then = before.when("contract", FIRST, command, at=at, by=who)
        before = then.recorded()
        if isinstance(then.decision, Refused):
            assert before.state(CONTRACT).budget == budget
        if not isinstance(command, ShiftBudget):
            assert before.when("contract", FIRST, command, at=at, by=who).decision.facts == ()
    return before


@for_all(STEPS)
@settings(max_examples=200, deadline=None)
def test_d7_no_order_of_commands_brings_a_contract_into_force_without_every_pledge_or_before_its_term(
    steps: list[Step],
) -> None:
    events = run(steps).streams[CONTRACT]
    facts = [event.fact for event in events]
    signed = [fact.partner for fact in facts if isinstance(fact, PledgeSigned)]
    assert len(signed) == len(set(signed))
    active = [place for place, fact in enumerate(facts) if isinstance(fact, ContractActivated)]
    assert len(active) <= 1
    for place in active:
        before = {fact.partner for fact in facts[:place] if isinstance(fact, PledgeSigned)}
        assert before == {"house", "agency"}
        assert events[place].envelope.occurred_at >= "2021-12-31T23:00:00.000000Z"
    ended = [place for place, fact in enumerate(facts) if isinstance(fact, ContractClosed)]
    assert ended in ([], [len(facts) - 1])
    expired = [place for place, fact in enumerate(facts) if isinstance(fact, ContractExpired)]
    if any(isinstance(fact, ContractCompleted) for fact in facts):
        assert active
        assert not expired
    if ended:
        assert active or expired


@for_all(STEPS)
@settings(max_examples=200, deadline=None)
def test_d8_no_order_of_shifts_breaks_a_ceiling_or_moves_a_cent_out_of_the_award(steps: list[Step]) -> None:
    facts = facts_of(run(steps), CONTRACT)
    in_force = False
    for fact in facts:
        match fact:
            case ContractActivated():
                in_force = True
            case ContractCompleted() | ContractClosed():
                in_force = False
            case BudgetShifted():
                held = subsidy_by_category(fact.budget)
                assert in_force
                assert sum(held.values()) == 1_000_000
                assert sum(one.amount_cents for one in fact.budget) == 1_250_000
                assert held["infrastructure"] <= 200_000
                assert min(held.values()) >= 0
            case BudgetShiftRefused():
                assert in_force
                assert fact.checks[0].outcome == "fail"
            case _:
                pass


@for_all(STEPS)
@settings(max_examples=100, deadline=None)
def test_d9_successions_follow_each_other_in_time_in_any_order_of_commands(steps: list[Step]) -> None:
    found = [one for one in facts_of(run(steps), CONTRACT) if isinstance(one, BeneficiarySucceeded)]
    assert [one.effective_at for one in found] == sorted({one.effective_at for one in found})
    for earlier, later in pairwise(found):
        assert later.previous == earlier.successor != later.successor


def test_a_walk_through_the_whole_contract_is_possible() -> None:
    at = "2022-02-10T12:00:00.000000Z"
    whole: list[Step] = [
        (at, sign("house"), by("partner", HOUSE)),
        (at, sign("agency"), by("partner", AGENCY)),
        (at, shift(1, "staff", "operation"), HANDLER),
        ("2026-01-10T12:00:00.000000Z", CompleteContract(), TIMER),
        ("2026-02-10T12:00:00.000000Z", CLOSE, TIMER),
    ]
    kinds = [PledgeSigned, PledgeSigned, ContractActivated, BudgetShifted, ContractCompleted, ContractClosed]
    assert [type(fact) for fact in facts_of(run(whole), CONTRACT)][1:] == kinds
    assert isinstance(run(whole).when("contract", FIRST, CLOSE, at=NOON).decision, Accepted)
    assert TERM.end < "2026"
