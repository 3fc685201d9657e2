"""Whatever is sent to eligibility, in whatever order: a conclusion always rests on its checks, and comes once."""

from __future__ import annotations

from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.eligibility import (
    AssessedDossier,
    AssessmentLapsed,
    CheckRecorded,
    DeclaredAdmissible,
    DeclaredEligible,
    DeclaredInadmissible,
    DeclaredIneligible,
)
from events.envelope import Actor
from events.times import instant, moment
from events.vocabulary import Check
from services.eligibility.commands import (
    AdoptCriteria,
    ConcludeAdmissibility,
    ConcludeEligibility,
    LapseAssessment,
    RecordClarification,
    RequestClarification,
    StartAssessment,
    SupplementDossier,
)
from services.eligibility.rules import FORMAL, MANDATORY, checks_of
from services.eligibility.state import Assessment
from services.eligibility.worker import ELIGIBILITY
from services.fields import Command
from tests.given import Given
from tests.unit.services.eligibility.examples import (
    APPLICANT,
    CASE,
    CASE_STREAM,
    CRITERIA,
    LATER,
    LEEUWBRUG,
    OFFICIAL,
    STRANGER,
    adopted,
    dossier,
    in_dutch,
    line,
    money,
    papers,
    start,
)

WORDS = in_dutch("Zo is het.")
FINAL = (DeclaredInadmissible, DeclaredEligible, DeclaredIneligible)
DOSSIERS: list[AssessedDossier] = [dossier(), LEEUWBRUG, dossier(attachments=papers("financial_plan"))]


def answer(total: int) -> RecordClarification:
    """The budget restated on one cost line of this total, the subsidy unchanged."""
    return RecordClarification(
        answer=WORDS,
        requested_cents=50_000_000,
        budget=[line("personnel", total, 50_000_000)],
        financing=[money("subsidy", 50_000_000), money("own", total - 50_000_000)],
    )


COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from([*map(start, DOSSIERS), ConcludeAdmissibility(), ConcludeEligibility()]),
    st.sampled_from([ConcludeAdmissibility(), ConcludeEligibility(), LapseAssessment(source=LATER)]),
    st.integers(min_value=60_000_000, max_value=65_000_000).map(answer),
    st.sampled_from(MANDATORY).map(lambda rule: RequestClarification(rules=[rule], question=WORDS)),
    st.integers(min_value=1, max_value=4).map(
        lambda version: SupplementDossier(
            attachments=papers("council_decision"), application_version=version, source=LATER
        )
    ),
)
MOMENTS = st.builds(
    lambda day, hour: instant(moment(f"2021-09-{day:02}T{hour:02}:00:00.000000Z")),
    st.integers(1, 30),
    st.integers(0, 23),
)
STEPS = st.lists(st.tuples(MOMENTS, COMMANDS, st.sampled_from([APPLICANT, STRANGER, OFFICIAL])), max_size=25)
Steps = list[tuple[str, Command, Actor]]


def walk(steps: Steps, one: AssessedDossier) -> Given:
    """Begin with a dossier, send everything in the order of time, and each command twice."""
    on_record = adopted().when("assessment", CASE, start(one)).recorded()
    for at, command, by in sorted(steps, key=lambda step: step[0]):
        who = by if isinstance(command, RecordClarification) else OFFICIAL
        on_record = on_record.when("assessment", CASE, command, at=at, by=who).recorded()
        again = on_record.when("assessment", CASE, command, at=at, by=who)
        assert again.decision.facts == (), f"{type(command).__name__} took effect twice"
    return on_record


def facts_of(on_record: Given) -> list[Any]:
    return [event.fact for event in on_record.streams[CASE_STREAM]]


def latest(facts: list[Any]) -> dict[str, Check]:
    return {one.check.rule: one.check for one in facts if isinstance(one, CheckRecorded)}


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=200, deadline=None)
def test_e7_a_conclusion_rests_on_the_latest_check_of_every_mandatory_rule(steps: Steps, one: AssessedDossier) -> None:
    facts = facts_of(walk(steps, one))
    for index, fact in enumerate(facts):
        if isinstance(fact, DeclaredAdmissible | DeclaredInadmissible | DeclaredEligible | DeclaredIneligible):
            rules = FORMAL if isinstance(fact, DeclaredAdmissible | DeclaredInadmissible) else MANDATORY
            checks = latest(facts[:index])
            assert fact.checks == [checks[rule] for rule in rules]
            passed = all(check.outcome == "pass" for check in fact.checks)
            assert passed == isinstance(fact, DeclaredAdmissible | DeclaredEligible)


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=200, deadline=None)
def test_a_case_ends_once_and_nothing_follows(steps: Steps, one: AssessedDossier) -> None:
    facts = facts_of(walk(steps, one))
    ends = [index for index, fact in enumerate(facts) if isinstance(fact, (*FINAL, AssessmentLapsed))]
    assert ends in ([], [len(facts) - 1])


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=100, deadline=None)
def test_e6_the_same_dossier_and_terms_give_the_same_result(steps: Steps, one: AssessedDossier) -> None:
    on_record = walk(steps, one)
    state = on_record.state(CASE_STREAM)
    assert isinstance(state, Assessment)
    assert state.dossier is not None
    for check in checks_of(MANDATORY, CRITERIA, state.dossier):
        recorded = state.checks[check.rule]
        assert (check.outcome, check.code, check.inputs) == (recorded.outcome, recorded.code, recorded.inputs)


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=50, deadline=None)
def test_eligible_is_only_who_was_admissible(steps: Steps, one: AssessedDossier) -> None:
    facts = facts_of(walk(steps, one))
    for index, fact in enumerate(facts):
        if isinstance(fact, DeclaredEligible | DeclaredIneligible):
            assert any(isinstance(earlier, DeclaredAdmissible) for earlier in facts[:index])


def test_every_command_is_walked() -> None:
    drawn = {ConcludeAdmissibility, ConcludeEligibility, LapseAssessment, RecordClarification, RequestClarification}
    assert drawn | {StartAssessment, SupplementDossier, AdoptCriteria} == set(ELIGIBILITY.commands)
