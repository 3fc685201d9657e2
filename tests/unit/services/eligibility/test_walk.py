"""Whatever is sent to eligibility, in whatever order: a conclusion always rests on its checks, and comes once."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.eligibility import (
    AssessedDossier,
    AssessmentLapsed,
    AssessmentRevised,
    AssessmentSucceeded,
    CheckRecorded,
    ClarificationReceived,
    DeclaredAdmissible,
    DeclaredEligible,
    DeclaredInadmissible,
    DeclaredIneligible,
    DerogationGranted,
    DossierSupplemented,
    HumanCheckRecorded,
)
from events.envelope import Actor
from events.times import instant, moment
from events.vocabulary import Check, Party
from services.eligibility.commands import (
    AdoptCriteria,
    CheckRegister,
    ConcludeAdmissibility,
    ConcludeEligibility,
    GrantDerogation,
    LapseAssessment,
    LapseClarification,
    RecordCheck,
    RecordClarification,
    RegisterCosts,
    RequestClarification,
    ReviseAssessment,
    StartAssessment,
    SucceedAssessment,
    SupplementDossier,
)
from services.eligibility.rules import FORMAL, MANDATORY, checks_of
from services.eligibility.state import Assessment
from services.eligibility.worker import ELIGIBILITY
from services.fields import Command
from tests.given import Given, actor
from tests.unit.services.eligibility.examples import (
    APPLICANT,
    CASE,
    CASE_STREAM,
    DENDERLEEUW,
    LATER,
    LEEUWBRUG,
    OFFICIAL,
    STRANGER,
    adopted,
    criteria_with,
    dossier,
    human,
    in_dutch,
    line,
    money,
    papers,
    start,
)

WORDS = in_dutch("Zo is het.")
BASIS = "Decreet, art. 1"
CRITERIA = criteria_with(human("signed", "admissibility", mandatory=False), human("rooted"), derogations={"E3": BASIS})
OTHER = actor("case_handler", person="another")
FINAL = (DeclaredInadmissible, DeclaredEligible, DeclaredIneligible)
DOSSIERS: list[AssessedDossier] = [dossier(), LEEUWBRUG, dossier(attachments=papers("financial_plan"))]


MERGED = Party(ovo="OVO900199", kbo="0999000129", name="Denderleeuw-Ninove", nis="41999")
SUCCEED = SucceedAssessment(previous=DENDERLEEUW, successor=MERGED, source=LATER)


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
    st.builds(
        lambda check, outcome: RecordCheck(check=check, outcome=outcome, reasons=WORDS),
        st.sampled_from(["signed", "rooted", "rooted"]),
        st.sampled_from(["pass", "pass", "fail"]),
    ),
    st.just(GrantDerogation(check="E3", legal_basis=BASIS, reasons=WORDS)),
    st.sampled_from([SUCCEED, SucceedAssessment(previous=MERGED, successor=DENDERLEEUW, source=LATER)]),
    st.sampled_from([LapseClarification(), ReviseAssessment(reference="Brief 1", reasons=WORDS)]),
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
STEPS = st.lists(st.tuples(MOMENTS, COMMANDS, st.sampled_from([APPLICANT, STRANGER, OFFICIAL, OTHER])), max_size=25)
Steps = list[tuple[str, Command, Actor]]


def walk(steps: Steps, one: AssessedDossier) -> Given:
    """Begin with a dossier, send everything in the order of time, and each command twice."""
    on_record = adopted(CRITERIA).when("assessment", CASE, start(one)).recorded()
    for at, command, by in sorted(steps, key=lambda step: step[0]):
        who = by if by.role == "case_handler" or isinstance(command, RecordClarification) else OFFICIAL
        on_record = on_record.when("assessment", CASE, command, at=at, by=who).recorded()
        again = on_record.when("assessment", CASE, command, at=at, by=who)
        assert again.decision.facts == (), f"{type(command).__name__} took effect twice"
    return on_record


def facts_of(on_record: Given) -> list[Any]:
    return [event.fact for event in on_record.streams[CASE_STREAM]]


class Told:
    """What a reader of the log alone knows of a case: written without the decider and its state."""

    def __init__(self, facts: list[Any]) -> None:
        self.rules: dict[str, Check] = {}
        self.judged: dict[str, Check] = {}
        self.aside: dict[str, DerogationGranted] = {}
        for fact in facts:
            match fact:
                case CheckRecorded():
                    self.rules[fact.check.rule] = fact.check
                case HumanCheckRecorded():
                    self.judged[fact.code] = fact.check
                case DerogationGranted():
                    self.aside[fact.of_check] = fact
                case DossierSupplemented() | ClarificationReceived() | AssessmentRevised():
                    self.judged = {}
                case _:
                    pass

    def excuses(self, name: str, check: Check) -> bool:
        """Whether this very failure was set aside."""
        granted = self.aside.get(name)
        return granted is not None and granted.set_aside.inputs == check.inputs


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=200, deadline=None)
def test_e7_a_conclusion_rests_on_the_latest_check_of_every_mandatory_rule_and_person(
    steps: Steps, one: AssessedDossier
) -> None:
    facts = facts_of(walk(steps, one))
    for index, fact in enumerate(facts):
        if isinstance(fact, DeclaredAdmissible | DeclaredInadmissible | DeclaredEligible | DeclaredIneligible):
            formal = isinstance(fact, DeclaredAdmissible | DeclaredInadmissible)
            known = Told(facts[:index])
            rules = {rule: known.rules[rule] for rule in (FORMAL if formal else MANDATORY)}
            people = {code: one for code, one in known.judged.items() if not formal or code == "signed"}
            assert formal or "rooted" in people
            assert {(one.rule, one.code) for one in fact.checks if one.rule != "E6"} == {
                (one.rule, one.code) for one in (*rules.values(), *people.values())
            }
            named = {**rules, **people}
            hindering = [name for name, one in named.items() if one.outcome == "fail" and not known.excuses(name, one)]
            assert isinstance(fact, DeclaredAdmissible | DeclaredEligible) == (not hindering)


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=200, deadline=None)
def test_after_a_conclusion_nothing_follows_but_a_supplement_on_file_a_revision_or_the_end(
    steps: Steps, one: AssessedDossier
) -> None:
    # Who stands for the file can change at any time.
    facts = [fact for fact in facts_of(walk(steps, one)) if not isinstance(fact, AssessmentSucceeded)]
    concluded = False
    for before, after in pairwise(facts):
        concluded = isinstance(before, FINAL) or (concluded and isinstance(before, DossierSupplemented))
        if concluded:
            assert isinstance(after, DossierSupplemented | AssessmentRevised | AssessmentLapsed)
        assert not isinstance(before, AssessmentLapsed), "after the end nothing follows"


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=100, deadline=None)
def test_a_revision_puts_every_rule_again_and_asks_people_again(steps: Steps, one: AssessedDossier) -> None:
    facts = facts_of(walk(steps, one))
    for index, fact in enumerate(facts):
        if isinstance(fact, AssessmentRevised):
            again = [one.check.rule for one in facts[index + 1 : index + 1 + len(MANDATORY)]]
            assert again == list(MANDATORY)
            later = facts[index + 1 :]
            concluded = next((n for n, one in enumerate(later) if isinstance(one, DeclaredEligible)), None)
            judged = [one for one in later[:concluded] if isinstance(one, HumanCheckRecorded)]
            assert concluded is None or judged


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=100, deadline=None)
def test_e6_the_same_dossier_and_terms_give_the_same_result(steps: Steps, one: AssessedDossier) -> None:
    on_record = walk(steps, one)
    state = on_record.state(CASE_STREAM)
    assert isinstance(state, Assessment)
    assert state.dossier is not None
    rules = [rule for rule in MANDATORY if rule != "A1" or not _supplement_unread(facts_of(on_record))]
    for check in checks_of(rules, CRITERIA, state.dossier):
        recorded = state.checks[check.rule]
        assert (check.outcome, check.code, check.inputs) == (recorded.outcome, recorded.code, recorded.inputs)


def _supplement_unread(facts: list[Any]) -> bool:
    """Whether papers came after the conclusion: only a revision puts them to the rule on attachments."""
    unread, concluded = False, False
    for fact in facts:
        concluded = (concluded or isinstance(fact, FINAL)) and not isinstance(fact, AssessmentRevised)
        unread = concluded and (unread or isinstance(fact, DossierSupplemented))
    return unread


@for_all(steps=STEPS, one=st.sampled_from(DOSSIERS))
@settings(max_examples=50, deadline=None)
def test_eligible_is_only_who_was_admissible(steps: Steps, one: AssessedDossier) -> None:
    facts = facts_of(walk(steps, one))
    for index, fact in enumerate(facts):
        if isinstance(fact, DeclaredEligible | DeclaredIneligible):
            assert any(isinstance(earlier, DeclaredAdmissible) for earlier in facts[:index])


def test_every_command_is_walked() -> None:
    drawn = {ConcludeAdmissibility, ConcludeEligibility, LapseAssessment, RecordClarification, RequestClarification}
    drawn |= {RecordCheck, GrantDerogation}
    drawn |= {RegisterCosts, CheckRegister, LapseClarification, ReviseAssessment, SucceedAssessment}
    assert drawn | {StartAssessment, SupplementDossier, AdoptCriteria} == set(ELIGIBILITY.commands)
