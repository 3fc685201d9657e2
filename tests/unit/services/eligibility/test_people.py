"""What people judge beside the rules, what they set aside, and that neither ever changes a check."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from events.eligibility import (
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
from events.vocabulary import Written
from services.eligibility.commands import (
    MOST_WORDS,
    ConcludeAdmissibility,
    ConcludeEligibility,
    GrantDerogation,
    RecordCheck,
    RecordClarification,
    RequestClarification,
    SupplementDossier,
)
from services.eligibility.rules import LOOKED_UP, MANDATORY, RULES
from services.fields import Command
from services.intake.rules.eligibility_terms import CHECKED_BY_RULE
from tests.given import Given, Then, actor
from tests.unit.services.eligibility.examples import (
    APPLICANT,
    CASE,
    CASE_STREAM,
    LATER,
    LEEUWBRUG,
    PUBLISHED,
    SUBMITTED,
    criteria_with,
    human,
    in_dutch,
    inputs_of,
    line,
    money,
    papers,
    started,
)

BASIS = "Besluit van de Vlaamse Regering, art. 7"
FIRST, SECOND = actor("case_handler", person="first"), actor("case_handler", person="second")
WHY = in_dutch("De wijk heeft geen andere inkomsten.")
BOTH = criteria_with(human("signed", "admissibility"), human("rooted"))
FREE = criteria_with(human("signed", "admissibility", mandatory=False), human("rooted", mandatory=False))
LENIENT = criteria_with(human("rooted"), derogations={"E3": BASIS, "rooted": BASIS})
SUPPLEMENT = SupplementDossier(attachments=papers("council_decision"), application_version=2, source=LATER)
SET_ASIDE = GrantDerogation(check="E3", legal_basis=BASIS, reasons=WHY)


def judge(check: str, outcome: Any = "pass", reasons: Written = WHY, **other: Any) -> RecordCheck:
    return RecordCheck(check=check, outcome=outcome, reasons=reasons, **other)


def send(before: Given, *commands: Command, by: Actor = FIRST) -> Given:
    for command in commands:
        before = ask(before, command, by=by).recorded()
    return before


def ask(before: Given, command: Command, by: Actor = FIRST) -> Then:
    return before.when("assessment", CASE, command, by=by)


def restated(own: int, answer: str = "Zie de tabel.") -> RecordClarification:
    return RecordClarification(
        answer=in_dutch(answer),
        requested_cents=57_530_600,
        budget=[line("personnel", 57_530_600 + own, 57_530_600)],
        financing=[money("subsidy", 57_530_600), money("own", own)],
    )


# Human checks


def test_a_person_judges_what_the_terms_leave_to_people() -> None:
    papers_seen = papers("council_decision")
    fact = ask(started(criteria=BOTH), judge("rooted", evidence=papers_seen)).fact(HumanCheckRecorded)
    assert (fact.code, fact.outcome, fact.reasons, fact.evidence, fact.judged_by) == (
        "rooted",
        "pass",
        WHY,
        papers_seen,
        "first",
    )
    assert fact.check.source_events == [PUBLISHED.event_id, SUBMITTED.event_id]
    assert fact.check.reason.nl == "Vraag rooted: voldaan. De motivering: “De wijk heeft geen andere inkomsten.”."
    assert fact.check.reason.en == "Question rooted: met. The reasons: “De wijk heeft geen andere inkomsten.”."


def test_the_same_judgement_again_records_nothing() -> None:
    ask(send(started(criteria=BOTH), judge("rooted")), judge("rooted")).nothing()


def test_another_judgement_is_another_fact_and_the_latest_counts() -> None:
    before = send(started(criteria=BOTH), judge("rooted", "fail"), judge("rooted"))
    assert before.state(CASE_STREAM).judged["rooted"].outcome == "pass"
    assert sum(isinstance(one.fact, HumanCheckRecorded) for one in before.streams[CASE_STREAM]) == 2


def test_e7_only_a_check_of_the_terms_can_be_judged() -> None:
    answer = ask(started(criteria=BOTH), judge("liked"))
    answer.refused("E7", "check_not_in_terms")
    assert inputs_of(answer) == {"check": "liked", "known": ["signed", "rooted"]}


@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_e7_a_judgement_without_reasons_is_refused(outcome: str) -> None:
    answer = ask(started(criteria=BOTH), judge("rooted", outcome, in_dutch("  \n")))
    answer.refused("E7", "reason_missing")
    assert inputs_of(answer) == {"check": "rooted"}


def test_reasons_are_short_enough_to_stand_in_every_letter() -> None:
    judge("rooted", reasons=in_dutch("x" * MOST_WORDS))
    with pytest.raises(ValidationError, match="at most"):
        judge("rooted", reasons=in_dutch("x" * (MOST_WORDS + 1)))


def test_nobody_judges_a_file_on_which_the_last_word_was_spoken() -> None:
    after = send(started(criteria=FREE), ConcludeAdmissibility(), ConcludeEligibility())
    ask(after, judge("rooted")).refused("STATE", "not_in_this_state")
    ask(after, SET_ASIDE).refused("STATE", "not_in_this_state")


def test_e7_admissibility_waits_for_the_human_checks_of_its_stage_alone() -> None:
    answer = ask(started(criteria=BOTH), ConcludeAdmissibility())
    answer.refused("E7", "check_missing")
    assert inputs_of(answer)["mandatory"] == ["A1", "A2", "signed"]
    ask(send(started(criteria=BOTH), judge("signed")), ConcludeAdmissibility()).then_types(DeclaredAdmissible)


def test_e7_eligibility_waits_for_every_mandatory_human_check() -> None:
    before = send(started(criteria=BOTH), judge("signed"), ConcludeAdmissibility())
    answer = ask(before, ConcludeEligibility())
    answer.refused("E7", "check_missing")
    assert inputs_of(answer)["mandatory"] == [*MANDATORY, "signed", "rooted"]
    declared = ask(send(before, judge("rooted")), ConcludeEligibility()).fact(DeclaredEligible)
    assert [one.rule for one in declared.checks] == [*MANDATORY, "HC", "HC"]


def test_e7_nobody_has_to_make_a_check_that_is_not_mandatory() -> None:
    after = send(started(criteria=FREE), ConcludeAdmissibility())
    ask(after, ConcludeEligibility()).then_types(DeclaredEligible)


@pytest.mark.parametrize("criteria", [BOTH, FREE])
def test_e7_a_human_check_that_failed_decides_and_its_reasons_stand_in_the_conclusion(criteria: Any) -> None:
    before = send(started(criteria=criteria), judge("signed", "fail", in_dutch("De handtekening ontbreekt.")))
    declared = ask(before, ConcludeAdmissibility()).fact(DeclaredInadmissible)
    (failed,) = [one for one in declared.checks if one.outcome == "fail"]
    assert (failed.rule, failed.code, failed.params["check"]) == ("HC", "judged_not_met", "signed")
    assert failed.reason.nl == "Vraag signed: niet voldaan. De motivering: “De handtekening ontbreekt.”."


def test_e7_a_negative_conclusion_has_a_reason_for_each_failed_check() -> None:
    before = send(started(LEEUWBRUG, BOTH), judge("signed"), ConcludeAdmissibility(), judge("rooted", "fail"))
    declared = ask(before, ConcludeEligibility()).fact(DeclaredIneligible)
    failed = [one for one in declared.checks if one.outcome == "fail"]
    assert [one.params.get("check", one.rule) for one in failed] == ["E3", "rooted"]
    assert all(one.reason.nl.strip() and one.reason.en.strip() for one in failed)


def test_a_file_that_changed_is_judged_again() -> None:
    supplemented = send(started(criteria=BOTH), judge("signed"), judge("rooted"), SUPPLEMENT)
    assert supplemented.state(CASE_STREAM).judged == {}
    ask(supplemented, ConcludeAdmissibility()).refused("E7", "check_missing")
    question = RequestClarification(rules=["rooted", "E3"], question=WHY)
    asked = send(started(criteria=BOTH), judge("signed"), judge("rooted"), question)
    answered = ask(asked, restated(20_000_000), APPLICANT).recorded()
    assert answered.state(CASE_STREAM).judged == {}
    again = ask(answered, judge("rooted")).fact(HumanCheckRecorded)
    assert again.check.inputs["application_version"] == 1


def test_a_person_can_be_asked_about_a_human_check_that_was_made() -> None:
    question = RequestClarification(rules=["rooted"], question=WHY)
    ask(started(criteria=BOTH), question).refused("E7", "rule_not_checked")
    ask(send(started(criteria=BOTH), judge("rooted", "fail")), question).recorded()


def test_e6_a_human_check_can_be_run_again_from_its_record() -> None:
    rules = {(one.id, one.version): one for one in RULES}
    for outcome in ("pass", "fail"):
        check = ask(started(criteria=BOTH), judge("rooted", outcome)).fact(HumanCheckRecorded).check
        assert tuple(rules[check.rule, check.version].test(check.params, check.inputs)) == (check.outcome, check.code)


# Derogation


def failing(*commands: Command) -> Given:
    """Admissible, its own contribution too low."""
    return send(started(LEEUWBRUG, LENIENT), ConcludeAdmissibility(), judge("rooted"), *commands)


def test_e6_a_failed_check_is_set_aside_by_a_fact_beside_it() -> None:
    before = failing()
    record = before.state(CASE_STREAM).checks["E3"]
    answer = ask(before, SET_ASIDE)
    answer.then_types(DerogationGranted)
    fact = answer.fact(DerogationGranted)
    assert (fact.of_check, fact.set_aside, fact.legal_basis, fact.reasons, fact.granted_by) == (
        "E3",
        record,
        BASIS,
        WHY,
        "first",
    )
    assert fact.check.reason.nl == (
        "Van controle E3 wordt in dit dossier afgeweken op grond van Besluit van de Vlaamse Regering, art. 7. "
        "De motivering: “De wijk heeft geen andere inkomsten.”."
    )
    after = answer.recorded().state(CASE_STREAM)
    assert after.checks["E3"] == record, "the check stays as it was recorded"


def test_e6_a_conclusion_tells_the_failed_check_and_that_it_was_set_aside() -> None:
    before = failing(SET_ASIDE)
    declared = ask(before, ConcludeEligibility(), SECOND).fact(DeclaredEligible)
    assert [(one.rule, one.outcome) for one in declared.checks if one.rule in {"E3", "E6"}] == [
        ("E3", "fail"),
        ("E6", "pass"),
    ]


def test_e6_who_set_a_check_aside_does_not_conclude_on_it() -> None:
    before = failing(SET_ASIDE)
    answer = ask(before, ConcludeEligibility(), FIRST)
    answer.refused("E6", "granted_by_the_same")
    assert inputs_of(answer) == {"checks": ["E3"], "member": "first"}


def test_e6_what_was_set_aside_holds_up_no_conclusion_that_does_not_rest_on_it() -> None:
    before = send(started(LEEUWBRUG, LENIENT), SET_ASIDE)
    ask(before, ConcludeAdmissibility(), FIRST).then_types(DeclaredAdmissible)


def test_e6_a_human_check_can_be_set_aside_too() -> None:
    failed = [ConcludeAdmissibility(), judge("rooted", "fail")]
    set_aside = GrantDerogation(check="rooted", legal_basis=BASIS, reasons=WHY)
    granted = send(started(criteria=LENIENT), *failed, set_aside)
    ask(granted, ConcludeEligibility(), SECOND).then_types(DeclaredEligible)
    ask(send(started(criteria=LENIENT), *failed), ConcludeEligibility(), SECOND).then_types(DeclaredIneligible)


def test_e6_one_check_set_aside_does_not_excuse_another() -> None:
    before = send(failing(SET_ASIDE), judge("rooted", "fail"))
    ask(before, ConcludeEligibility(), SECOND).then_types(DeclaredIneligible)


@pytest.mark.parametrize(
    ("check", "basis"), [("E5", BASIS), ("E3", "Een ander besluit")], ids=["no such check", "no such ground"]
)
def test_e6_nothing_is_set_aside_that_the_terms_do_not_name(check: str, basis: str) -> None:
    answer = ask(failing(), GrantDerogation(check=check, legal_basis=basis, reasons=WHY))
    answer.refused("E6", "not_derogable")
    assert inputs_of(answer)["derogable"] == [["E3", BASIS], ["rooted", BASIS]]


def test_e6_a_check_that_passed_needs_no_derogation() -> None:
    ask(started(criteria=LENIENT), SET_ASIDE).refused("E6", "check_not_failed")


def test_e6_a_check_that_was_not_made_cannot_be_set_aside() -> None:
    before = send(started(LEEUWBRUG, LENIENT), ConcludeAdmissibility())
    answer = ask(before, GrantDerogation(check="rooted", legal_basis=BASIS, reasons=WHY))
    answer.refused("E6", "not_checked")
    assert inputs_of(answer) == {"check": "rooted"}


def test_e6_a_derogation_needs_reasons() -> None:
    blank = GrantDerogation(check="E3", legal_basis=BASIS, reasons=in_dutch(" "))
    ask(failing(), blank).refused("E6", "reason_missing")


def test_the_same_derogation_again_records_nothing() -> None:
    ask(failing(SET_ASIDE), SET_ASIDE).nothing()


def test_e6_a_derogation_does_not_cover_what_the_applicant_restates() -> None:
    asked = failing(SET_ASIDE, RequestClarification(rules=["E3"], question=WHY))
    lower = ask(asked, restated(1_000_000), APPLICANT)
    lower.then_types(ClarificationReceived, *[CheckRecorded] * 5)
    after = send(lower.recorded(), judge("rooted"))
    assert after.state(CASE_STREAM).derogations == {}
    ask(after, ConcludeEligibility(), SECOND).then_types(DeclaredIneligible)


def test_e6_a_derogation_outlasts_a_change_that_does_not_touch_it() -> None:
    asked = failing(SET_ASIDE, RequestClarification(rules=["E3"], question=WHY))
    same = ask(asked, restated(11_506_120, "Wij blijven erbij."), APPLICANT).recorded()
    after = send(same, judge("rooted"))
    ask(after, ConcludeEligibility(), SECOND).then_types(DeclaredEligible)
    supplemented = send(failing(SET_ASIDE), SUPPLEMENT, judge("rooted"))
    assert any(isinstance(one.fact, DossierSupplemented) for one in supplemented.streams[CASE_STREAM])
    ask(supplemented, ConcludeEligibility(), SECOND).then_types(DeclaredEligible)


def test_the_terms_can_name_every_rule_for_a_derogation() -> None:
    assert CHECKED_BY_RULE == MANDATORY + LOOKED_UP
