"""The assessment: rules are put to the file by themselves, questions are asked, people conclude."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from events.eligibility import (
    AssessedDossier,
    AssessmentLapsed,
    AssessmentStarted,
    CheckRecorded,
    ClarificationReceived,
    ClarificationRequested,
    DeclaredAdmissible,
    DeclaredEligible,
    DeclaredInadmissible,
    DeclaredIneligible,
    DossierSupplemented,
)
from events.envelope import Actor
from events.times import deadline
from events.unique import KeyChange, keys_of
from services.eligibility.commands import (
    AdoptCriteria,
    ConcludeAdmissibility,
    ConcludeEligibility,
    LapseAssessment,
    RecordClarification,
    RequestClarification,
    ReviseAssessment,
    SupplementDossier,
)
from services.eligibility.rules import FORMAL, MANDATORY, MONEY
from services.eligibility.worker import ELIGIBILITY
from services.fields import Command
from tests.given import NOON, Given, Then, given
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
    STRANGER,
    adopted,
    dossier,
    in_dutch,
    inputs_of,
    line,
    money,
    papers,
    simple,
    start,
    started,
    unchecked,
)

DUE = deadline("2021-05-17T23:59:59")
AFTER_DUE = "2021-05-17T22:00:00.000000Z"
ASKED = ClarificationRequested(
    call=CALL, case=CASE, rules=["E3"], question=in_dutch("Hoe berekent u de eigen inbreng?"), due=DUE
)
ASK = RequestClarification(rules=["E3"], question=in_dutch("Hoe berekent u de eigen inbreng?"))
MENDED = RecordClarification(
    answer=in_dutch("De gemeente verhoogt haar inbreng."),
    requested_cents=57_530_600,
    budget=[line("personnel", 71_913_250, 57_530_600)],
    financing=[money("subsidy", 57_530_600), money("own", 14_382_650)],
    synthetic=True,
)
SUPPLEMENT = SupplementDossier(attachments=papers("council_decision"), application_version=2, source=LATER)
BARE = dossier(attachments=papers("financial_plan"))


def ask(before: Given, command: Command, *, by: Actor = OFFICIAL, at: str = NOON) -> Then:
    return before.when("assessment", CASE, command, at=at, by=by)


def admissible(one: AssessedDossier | None = None) -> Given:
    return ask(started(one), ConcludeAdmissibility()).recorded()


def inadmissible() -> Given:
    return ask(started(BARE), ConcludeAdmissibility()).recorded()


def eligible() -> Given:
    return ask(admissible(), ConcludeEligibility()).recorded()


def ineligible() -> Given:
    return ask(admissible(LEEUWBRUG), ConcludeEligibility()).recorded()


def lapsed() -> Given:
    return started().has(CASE_STREAM, AssessmentLapsed(call=CALL, case=CASE, source=LATER))


def checked(answer: Then) -> list[str]:
    return [fact.check.rule for fact in answer.decision.facts if isinstance(fact, CheckRecorded)]


# Criteria


def test_criteria_are_adopted_from_the_call() -> None:
    fields = {name: getattr(CRITERIA, name) for name in CRITERIA.__struct_fields__ if name != "call"}
    answer = given(ELIGIBILITY).when("criteria", CALL, AdoptCriteria(**fields))
    after = answer.then(CRITERIA)
    assert answer.decision.rules == CRITERIA.source.position
    after.when("criteria", CALL, AdoptCriteria(**fields)).nothing()


# Start


def test_an_assessment_starts_with_every_mandatory_check() -> None:
    answer = adopted().when("assessment", CASE, start())
    answer.then_types(AssessmentStarted, *[CheckRecorded] * len(MANDATORY))
    assert checked(answer) == list(MANDATORY)
    assert answer.fact(AssessmentStarted).dossier == dossier()
    assert answer.decision.rules == 3


def test_an_assessment_starts_once() -> None:
    started().when("assessment", CASE, start()).nothing()


def test_an_assessment_needs_the_criteria_of_its_call() -> None:
    given(ELIGIBILITY).when("assessment", CASE, start()).refused("STATE", "criteria_not_adopted")


def test_nothing_can_be_asked_about_an_assessment_that_has_not_started() -> None:
    ask(adopted(), ConcludeAdmissibility()).refused("STATE")


# Supplement


def test_a_supplement_has_its_attachments_checked_again() -> None:
    answer = ask(started(BARE), SUPPLEMENT)
    answer.then_types(DossierSupplemented, CheckRecorded)
    assert checked(answer) == ["A1"]
    assert answer.fact(CheckRecorded).check.outcome == "pass"
    assert answer.fact(CheckRecorded).check.source_events[1] == LATER.event_id


def test_a_supplement_replaces_what_was_of_the_same_kind() -> None:
    new = msgspec.structs.replace(papers("council_decision")[0], sha256="cd" * 32)
    again = SupplementDossier(attachments=[new], application_version=2, source=LATER)
    state = ask(started(), again).recorded().state(CASE_STREAM)
    assert state.dossier.attachments == [*papers("financial_plan"), new]
    assert (state.dossier.application_version, state.dossier.source) == (2, LATER)


def test_the_same_supplement_again_records_nothing() -> None:
    ask(ask(started(BARE), SUPPLEMENT).recorded(), SUPPLEMENT).nothing()


def test_a_supplement_after_withdrawal_records_nothing() -> None:
    ask(lapsed(), SUPPLEMENT).nothing()


@pytest.mark.parametrize("concluded", [inadmissible, eligible, ineligible])
def test_a_supplement_after_the_conclusion_is_on_file_and_the_conclusion_stands(
    concluded: Callable[[], Given],
) -> None:
    before = concluded().state(CASE_STREAM)
    answer = ask(concluded(), SUPPLEMENT)
    answer.then_types(DossierSupplemented)
    after = answer.recorded().state(CASE_STREAM)
    assert (after.status, after.checks, after.dossier.application_version) == (before.status, before.checks, 2)


# Clarification


def test_a_clarification_is_asked_with_a_term() -> None:
    ask(started(LEEUWBRUG), ASK).then(ASKED)


def test_the_same_question_again_records_nothing() -> None:
    ask(started(LEEUWBRUG).has(CASE_STREAM, ASKED), ASK).nothing()


def test_one_question_is_open_at_a_time() -> None:
    other = RequestClarification(rules=["E5"], question=in_dutch("Klopt de som?"))
    ask(started(LEEUWBRUG).has(CASE_STREAM, ASKED), other).refused("STATE", "clarification_open")


def test_e7_a_question_is_about_rules_that_were_checked() -> None:
    other = RequestClarification(rules=["E3", "E9"], question=in_dutch("Wat?"))
    answer = ask(started(), other)
    answer.refused("E7", "rule_not_checked")
    assert inputs_of(answer) == {"unchecked": ["E9"]}


@pytest.mark.parametrize("concluded", [inadmissible, eligible, ineligible, lapsed])
def test_nothing_is_asked_after_the_conclusion(concluded: Callable[[], Given]) -> None:
    ask(concluded(), ASK).refused("STATE")


def test_an_answer_has_every_rule_about_money_checked_again() -> None:
    answer = ask(started(LEEUWBRUG).has(CASE_STREAM, ASKED), MENDED, by=APPLICANT)
    answer.then_types(ClarificationReceived, *[CheckRecorded] * len(MONEY))
    assert checked(answer) == list(MONEY)
    assert {fact.check.outcome for fact in answer.decision.facts[1:] if isinstance(fact, CheckRecorded)} == {"pass"}


def test_e3_denderleeuw_becomes_eligible_by_its_clarification() -> None:
    told = admissible(LEEUWBRUG).has(CASE_STREAM, ASKED)
    after = ask(told, MENDED, by=APPLICANT).recorded()
    declared = ask(after, ConcludeEligibility()).fact(DeclaredEligible)
    assert sum(one.amount_cents for one in declared.dossier.budget) == 71_913_250
    assert not declared.dossier.synthetic
    assert [one.outcome for one in declared.checks] == ["pass"] * len(MANDATORY)


def test_an_answer_that_mends_nothing_leaves_the_check_failed() -> None:
    same = RecordClarification(
        answer=in_dutch("Wij blijven bij onze berekening."),
        requested_cents=LEEUWBRUG.requested_cents,
        budget=LEEUWBRUG.budget,
        financing=LEEUWBRUG.financing,
    )
    after = ask(admissible(LEEUWBRUG).has(CASE_STREAM, ASKED), same, by=APPLICANT).recorded()
    ask(after, ConcludeEligibility()).then_types(DeclaredIneligible)


def test_an_official_may_record_the_answer() -> None:
    answer = ask(started(LEEUWBRUG).has(CASE_STREAM, ASKED), MENDED, by=OFFICIAL)
    answer.then_types(ClarificationReceived, *[CheckRecorded] * len(MONEY))


def test_own_another_authority_does_not_answer() -> None:
    ask(started(LEEUWBRUG).has(CASE_STREAM, ASKED), MENDED, by=STRANGER).refused("OWN", "other_organisation")


def test_an_answer_needs_a_question() -> None:
    ask(started(LEEUWBRUG), MENDED, by=APPLICANT).refused("STATE", "nothing_asked")


def test_an_answer_closes_the_question() -> None:
    after = ask(started(LEEUWBRUG).has(CASE_STREAM, ASKED), MENDED, by=APPLICANT).recorded()
    ask(after, MENDED, by=APPLICANT).refused("STATE", "nothing_asked")


# Conclusions


def test_a_complete_file_is_admissible_on_its_formal_checks() -> None:
    declared = ask(started(), ConcludeAdmissibility()).fact(DeclaredAdmissible)
    assert [(one.rule, one.outcome) for one in declared.checks] == [(rule, "pass") for rule in FORMAL]


def test_money_does_not_decide_on_admissibility() -> None:
    ask(started(LEEUWBRUG), ConcludeAdmissibility()).then_types(DeclaredAdmissible)


def test_an_incomplete_file_is_inadmissible_with_its_reasons() -> None:
    answer = ask(started(BARE), ConcludeAdmissibility())
    answer.then_types(DeclaredInadmissible)
    declared = answer.fact(DeclaredInadmissible)
    assert [(one.rule, one.outcome) for one in declared.checks] == [("A1", "fail"), ("A2", "pass")]
    assert (declared.applicant, declared.neighbourhood) == (DENDERLEEUW, "Leeuwbrug")


def test_i2_an_inadmissible_application_lets_go_of_its_key() -> None:
    declared = ask(started(BARE), ConcludeAdmissibility()).fact(DeclaredInadmissible)
    assert keys_of(declared) == (KeyChange("release", f"application:{CALL}:OVO900110:leeuwbrug", CASE),)


def test_a_supplemented_file_becomes_admissible() -> None:
    after = ask(started(BARE), SUPPLEMENT).recorded()
    ask(after, ConcludeAdmissibility()).then_types(DeclaredAdmissible)


@pytest.mark.parametrize("concluded", [admissible, inadmissible, eligible, ineligible])
def test_admissibility_is_concluded_once(concluded: Callable[[], Given]) -> None:
    ask(concluded(), ConcludeAdmissibility()).nothing()


def test_a_lapsed_assessment_has_no_conclusion() -> None:
    ask(lapsed(), ConcludeAdmissibility()).refused("STATE")
    ask(lapsed(), ConcludeEligibility()).refused("STATE")


@pytest.mark.parametrize("command", [ConcludeAdmissibility(), ConcludeEligibility()])
def test_e7_a_conclusion_waits_for_an_open_question(command: Command) -> None:
    before = started() if isinstance(command, ConcludeAdmissibility) else admissible()
    ask(before.has(CASE_STREAM, ASKED), command, at=DUE.utc).refused("E7", "clarification_open")


def test_e7_a_question_left_unanswered_does_not_hold_up_the_conclusion() -> None:
    told = started(LEEUWBRUG).has(CASE_STREAM, ASKED)
    after = ask(told, ConcludeAdmissibility(), at=AFTER_DUE).recorded()
    ask(after, ConcludeEligibility(), at=AFTER_DUE).then_types(DeclaredIneligible)


def test_e7_a_conclusion_needs_every_mandatory_check() -> None:
    answer = ask(unchecked(), ConcludeAdmissibility())
    answer.refused("E7", "check_missing")
    assert inputs_of(answer) == {"mandatory": ["A1", "A2"], "recorded": []}


def test_e7_eligibility_needs_more_checks_than_admissibility() -> None:
    formal = [one for one in ask(adopted(), start()).decision.facts if isinstance(one, CheckRecorded)][:2]
    before = unchecked().has(CASE_STREAM, *formal, DeclaredAdmissible(call=CALL, case=CASE, checks=[]))
    ask(before, ConcludeEligibility()).refused("E7", "check_missing")


def test_eligibility_comes_after_admissibility() -> None:
    ask(started(), ConcludeEligibility()).refused("STATE")
    ask(inadmissible(), ConcludeEligibility()).refused("STATE")


def test_an_eligible_file_carries_what_others_need_to_know() -> None:
    answer = ask(admissible(), ConcludeEligibility())
    declared = answer.fact(DeclaredEligible)
    assert declared.dossier == dossier()
    assert [one.rule for one in declared.checks] == list(MANDATORY)
    assert answer.decision.rules == 3


def test_e3_a_file_that_fails_a_condition_is_ineligible_with_its_reasons() -> None:
    declared = ask(admissible(LEEUWBRUG), ConcludeEligibility()).fact(DeclaredIneligible)
    assert [one.rule for one in declared.checks if one.outcome == "fail"] == ["E3"]
    assert declared.applicant == DENDERLEEUW


def test_the_latest_record_of_a_rule_counts() -> None:
    over = admissible(simple(100_000_001, 80_000_001, 20_000_000)).has(CASE_STREAM, ASKED)
    after = ask(over, MENDED, by=APPLICANT).recorded()
    ask(after, ConcludeEligibility()).then_types(DeclaredEligible)


@pytest.mark.parametrize("concluded", [eligible, ineligible])
def test_eligibility_is_concluded_once(concluded: Callable[[], Given]) -> None:
    ask(concluded(), ConcludeEligibility()).nothing()


# Withdrawal


@pytest.mark.parametrize("before", [started, admissible, inadmissible, eligible, ineligible])
def test_a_withdrawn_application_is_neither_assessed_nor_revised_further(before: Callable[[], Given]) -> None:
    after = ask(before(), LapseAssessment(source=LATER)).then(AssessmentLapsed(call=CALL, case=CASE, source=LATER))
    revise = ReviseAssessment(reference="Brief 1", reasons=in_dutch("Een nieuw feit."))
    ask(after, revise).refused("STATE", "not_in_this_state")


def test_a_withdrawal_is_recorded_once() -> None:
    ask(lapsed(), LapseAssessment(source=LATER)).nothing()


def test_no_guard_is_expected() -> None:
    answer = ask(started(), ConcludeAdmissibility())
    assert ELIGIBILITY.refused_by_guard(None, answer.command, answer.context, "ledger", "short") == ()
