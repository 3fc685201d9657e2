"""After the conclusion: a new fact opens the assessment again, and a question left unanswered comes back by itself."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from events.eligibility import (
    AssessmentRevised,
    CheckRecorded,
    ClarificationReceived,
    ClarificationTermLapsed,
    CostsDeclared,
    DeclaredAdmissible,
    DeclaredEligible,
    DeclaredIneligible,
)
from events.times import deadline
from events.unique import KeyChange, keys_of
from services.eligibility.commands import (
    ConcludeAdmissibility,
    ConcludeEligibility,
    LapseClarification,
    RecordCheck,
    RecordClarification,
    RequestClarification,
    ReviseAssessment,
    SupplementDossier,
)
from services.eligibility.rules import MANDATORY
from services.fields import Command
from tests.given import NOON, Given, Then
from tests.unit.services.eligibility.examples import (
    APPLICANT,
    CALL,
    CASE,
    CASE_STREAM,
    CRITERIA,
    DENDERLEEUW,
    LATER,
    LEEUWBRUG,
    OFFICIAL,
    criteria_with,
    dossier,
    human,
    in_dutch,
    line,
    money,
    papers,
    started,
)

WHY = in_dutch("De inspectie stelde iets anders vast.")
REVISE = ReviseAssessment(reference="Inspectieverslag 2021/7", reasons=WHY)
DUE = deadline("2021-05-17T23:59:59")
ASK = RequestClarification(rules=["E3"], question=in_dutch("Hoe berekent u de eigen inbreng?"))
BARE = dossier(attachments=papers("financial_plan"))


def send(before: Given, *commands: Command) -> Given:
    for command in commands:
        before = ask(before, command).recorded()
    return before


def ask(before: Given, command: Command, *, at: str = NOON) -> Then:
    return before.when("assessment", CASE, command, by=OFFICIAL, at=at)


def eligible(criteria: Any = CRITERIA) -> Given:
    return send(started(criteria=criteria), ConcludeAdmissibility(), ConcludeEligibility())


def inadmissible(criteria: Any = CRITERIA) -> Given:
    return send(started(BARE, criteria), ConcludeAdmissibility())


def ineligible(criteria: Any = CRITERIA) -> Given:
    return send(started(LEEUWBRUG, criteria), ConcludeAdmissibility(), ConcludeEligibility())


# Revision


@pytest.mark.parametrize(
    ("before", "previous"), [(eligible, "eligible"), (ineligible, "ineligible"), (inadmissible, "inadmissible")]
)
def test_a_new_fact_opens_a_conclusion_again_with_every_rule(before: Any, previous: str) -> None:
    answer = ask(before(), REVISE)
    answer.then_types(AssessmentRevised, *[CheckRecorded] * len(MANDATORY))
    fact = answer.fact(AssessmentRevised)
    assert (fact.previous, fact.reference, fact.reasons, fact.revised_by) == (
        previous,
        "Inspectieverslag 2021/7",
        WHY,
        OFFICIAL.person,
    )
    assert [one.check.rule for one in answer.decision.facts[1:] if isinstance(one, CheckRecorded)] == list(MANDATORY)
    assert answer.decision.rules == 3


def test_what_was_concluded_stays_on_record_and_is_concluded_anew() -> None:
    after = send(eligible(), REVISE, ConcludeAdmissibility(), ConcludeEligibility())
    concluded = [type(one.fact) for one in after.streams[CASE_STREAM] if not isinstance(one.fact, CheckRecorded)]
    again = [DeclaredAdmissible, DeclaredEligible]
    assert concluded[1:] == [*again, AssessmentRevised, *again]


def test_a_revision_judges_the_file_with_what_came_after_the_conclusion() -> None:
    supplement = SupplementDossier(attachments=papers("council_decision"), application_version=2, source=LATER)
    bare = send(inadmissible(), supplement)
    assert bare.state(CASE_STREAM).checks["A1"].outcome == "fail"
    revised = send(bare, REVISE)
    assert revised.state(CASE_STREAM).checks["A1"].outcome == "pass"
    ask(revised, ConcludeAdmissibility()).then_types(DeclaredAdmissible)


def test_the_same_file_under_the_same_rules_comes_out_as_it_did() -> None:
    after = send(ineligible(), REVISE, ConcludeAdmissibility())
    ask(after, ConcludeEligibility()).then_types(DeclaredIneligible)


def test_eligibility_waits_for_admissibility_after_a_revision_too() -> None:
    ask(send(eligible(), REVISE), ConcludeEligibility()).refused("STATE", "not_in_this_state")


def test_people_judge_again_after_a_revision() -> None:
    criteria = criteria_with(human("rooted"))
    judge = RecordCheck(check="rooted", outcome="pass", reasons=WHY)
    before = send(started(criteria=criteria), ConcludeAdmissibility(), judge, ConcludeEligibility(), REVISE)
    after = send(before, ConcludeAdmissibility())
    ask(after, ConcludeEligibility()).refused("E7", "check_missing")
    doubted = send(after, RecordCheck(check="rooted", outcome="fail", reasons=WHY))
    ask(doubted, ConcludeEligibility()).then_types(DeclaredIneligible)


def test_a_question_of_before_does_not_hold_up_the_new_conclusion() -> None:
    late = "2021-05-17T22:00:00.000000Z"
    asked = send(started(LEEUWBRUG), ConcludeAdmissibility(), ASK)
    refused = ask(asked, ConcludeEligibility(), at=late).recorded()
    ask(send(refused, REVISE), ConcludeAdmissibility()).then_types(DeclaredAdmissible)


def test_a_revision_needs_reasons() -> None:
    blank = ReviseAssessment(reference="Brief 1", reasons=in_dutch(" "))
    ask(eligible(), blank).refused("STATE", "reason_missing")


def test_an_assessment_under_way_is_not_revised() -> None:
    ask(send(eligible(), REVISE), REVISE).refused("STATE", "not_in_this_state")


def test_i2_an_inadmissible_application_takes_its_place_again_when_it_is_revised() -> None:
    fact = ask(inadmissible(), REVISE).fact(AssessmentRevised)
    assert keys_of(fact) == (KeyChange("claim", f"application:{CALL}:OVO900110:leeuwbrug", CASE),)
    assert fact.applicant == DENDERLEEUW


def test_i2_no_place_is_taken_that_was_not_let_go_or_that_the_call_does_not_keep() -> None:
    free = msgspec.structs.replace(CRITERIA, one_live_application=False)
    for before in (eligible(), ineligible(), inadmissible(free)):
        assert keys_of(ask(before, REVISE).fact(AssessmentRevised)) == ()


def test_e5_a_revised_file_that_had_given_its_costs_up_declares_them_again() -> None:
    looking = criteria_with(double_funding="same_neighbourhood_and_category")
    for before, again in ((inadmissible(looking), 1), (_funded(looking), 0)):
        facts = ask(before, REVISE).decision.facts
        assert sum(isinstance(one, CostsDeclared) for one in facts) == again
        checks = [one.check.rule for one in facts if isinstance(one, CheckRecorded)]
        assert checks == [*MANDATORY, "E5D"]


def _funded(looking: Any) -> Given:
    """Eligible, the register asked."""
    before = started(criteria=looking)
    made = ask(send(inadmissible(looking)), REVISE).fact(CheckRecorded, len(MANDATORY))
    return send(before.has(CASE_STREAM, made), ConcludeAdmissibility(), ConcludeEligibility())


# The term of a question


def test_a_question_left_unanswered_comes_back_when_its_term_ends() -> None:
    answer = ask(send(started(LEEUWBRUG), ASK), LapseClarification(), at=DUE.utc)
    answer.then(ClarificationTermLapsed(call=CALL, case=CASE, rules=["E3"], due=DUE))


@pytest.mark.parametrize("at", [NOON, "2021-05-17T21:59:58.999999Z"])
def test_nothing_lapses_before_its_moment(at: str) -> None:
    ask(send(started(LEEUWBRUG), ASK), LapseClarification(), at=at).nothing()


def test_a_term_lapses_once_and_only_while_something_is_asked() -> None:
    lapsed = ask(send(started(LEEUWBRUG), ASK), LapseClarification(), at=DUE.utc).recorded()
    ask(lapsed, LapseClarification(), at=DUE.utc).nothing()
    ask(started(LEEUWBRUG), LapseClarification(), at=DUE.utc).nothing()
    ask(_answered(send(started(LEEUWBRUG), ASK)), LapseClarification(), at=DUE.utc).nothing()


def test_after_the_conclusion_no_term_lapses() -> None:
    asked = send(started(LEEUWBRUG), ConcludeAdmissibility(), ASK)
    refused = ask(asked, ConcludeEligibility(), at="2021-05-17T22:00:00.000000Z").recorded()
    ask(refused, LapseClarification(), at="2021-05-18T22:00:00.000000Z").nothing()


def test_another_question_may_follow_one_that_lapsed() -> None:
    lapsed = ask(send(started(LEEUWBRUG), ASK), LapseClarification(), at=DUE.utc).recorded()
    again = ask(lapsed, ASK, at=DUE.utc)
    assert again.recorded().state(CASE_STREAM).overdue is False


def test_an_answer_after_its_term_still_counts_until_somebody_concludes() -> None:
    lapsed = ask(send(started(LEEUWBRUG), ASK), LapseClarification(), at=DUE.utc).recorded()
    answered = _answered(lapsed)
    assert (answered.state(CASE_STREAM).question, answered.state(CASE_STREAM).overdue) == (None, False)
    assert any(isinstance(one.fact, ClarificationReceived) for one in answered.streams[CASE_STREAM])


def _answered(before: Given) -> Given:
    answer = RecordClarification(
        answer=in_dutch("De gemeente verhoogt haar inbreng."),
        requested_cents=57_530_600,
        budget=[line("personnel", 71_913_250, 57_530_600)],
        financing=[money("subsidy", 57_530_600), money("own", 14_382_650)],
    )
    return before.when("assessment", CASE, answer, by=APPLICANT).recorded()
