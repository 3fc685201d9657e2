"""What follows from intake's facts, and the registry behind it."""

from __future__ import annotations

import json
from typing import Any, get_args

import msgspec
import pytest
from pydantic import ValidationError

from events.application import ApplicationContent, Contact
from events.canonical import SAFE_INTEGER
from events.catalog import FACT_TYPES
from events.eligibility import (
    AssessedDossier,
    AssessmentFacts,
    AssessmentLapsed,
    ClarificationReceived,
    ClarificationRequested,
    CostsRegistered,
    CriteriaAdopted,
)
from events.intake import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallPublished,
    Coded,
    CompletionSupplied,
    Terms,
)
from events.times import deadline
from events.vocabulary import Sealed, Text
from services.deciding import CancelTimer, Issue, SetTimer
from services.eligibility.api import SERVICE
from services.eligibility.commands import (
    COMMANDS,
    AdoptCriteria,
    EligibilityCommand,
    LapseAssessment,
    LapseClarification,
    RecordClarification,
    RegisterCosts,
    StartAssessment,
    SupplementDossier,
)
from services.eligibility.reactions import REACTIONS, timers
from services.eligibility.rules import RULES
from services.eligibility.state import Assessment, Criteria
from services.eligibility.worker import ELIGIBILITY
from tests.given import given
from tests.unit.services.eligibility.examples import (
    CALL,
    CASE,
    CRITERIA,
    DENDERLEEUW,
    LATER,
    PUBLISHED,
    SUBMITTED,
    dossier,
    in_dutch,
    line,
    money,
    papers,
    start,
)
from tests.unit.services.intake.examples import TERMS

WITHOUT_A_RULE = {"STATE", "OWN"}
HIDDEN = Sealed(subject=CASE, nonce="AAAA", ct="AAAA")


def terms() -> Terms:
    """The terms of a whole call, of which eligibility adopts its part."""
    shared = {name: getattr(CRITERIA, name) for name in _COPIED}
    categories = [Coded(code=code, label=Text(nl=code, en=code)) for code in CRITERIA.cost_categories]
    return msgspec.structs.replace(TERMS, cost_categories=categories, **shared)


_COPIED = (
    "cap_cents",
    "cofinancing",
    "share_limits",
    "required_attachments",
    "term",
    "completion_days",
    "eligibility",
    "one_live_application",
)


def submitted() -> ApplicationSubmitted:
    """A submission as the log holds it: the contact sealed."""
    one = dossier()
    content = ApplicationContent(
        applicant=one.applicant,
        neighbourhood=one.neighbourhood,
        project=one.project,
        summary=in_dutch("Wij renoveren."),
        contact=Contact(person=CASE, name=HIDDEN, email=HIDDEN, phone=HIDDEN),
        themes=[],
        instruments=[],
        requested_cents=one.requested_cents,
        budget=one.budget,
        financing=one.financing,
        partners=one.partners,
        term=one.term,
        attachments=one.attachments,
        synthetic=one.synthetic,
    )
    return ApplicationSubmitted(
        call=CALL,
        case=CASE,
        application_version=1,
        content=content,
        content_sha256="ab" * 32,
        deadline=deadline("2021-07-10T23:59:59"),
        claims_live_key=True,
        checks=[],
    )


def react(fact: Any, source: Any) -> list[Issue]:
    return [issue for one in REACTIONS if one.on is type(fact) for issue in one.react(fact, source, None)]


def test_a_published_call_has_its_criteria_adopted() -> None:
    (issue,) = react(CallPublished(call=CALL, terms=terms()), PUBLISHED)
    assert issue.stream == f"criteria-{CALL}"
    given(ELIGIBILITY).when("criteria", CALL, issue.command).then(CRITERIA)


def test_a_submitted_application_is_assessed() -> None:
    assert react(submitted(), SUBMITTED) == [Issue("assessment", CASE, start())]


def test_no_contact_is_copied() -> None:
    assert not {"contact", "summary"} & set(AssessedDossier.__struct_fields__)
    (issue,) = react(submitted(), SUBMITTED)
    assert "sealed" not in issue.command.model_dump_json()


def test_a_supplied_completion_supplements_the_dossier() -> None:
    fact = CompletionSupplied(
        call=CALL, case=CASE, application_version=2, items=["financial_plan"], attachments=papers("financial_plan")
    )
    supplement = SupplementDossier(attachments=papers("financial_plan"), application_version=2, source=LATER)
    assert react(fact, LATER) == [Issue("assessment", CASE, supplement)]


def test_a_withdrawn_application_lapses() -> None:
    fact = ApplicationWithdrawn(
        call=CALL, case=CASE, applicant=DENDERLEEUW, neighbourhood="Leeuwbrug", reason=in_dutch("Geen middelen.")
    )
    assert react(fact, LATER) == [Issue("assessment", CASE, LapseAssessment(source=LATER))]


def test_a_reaction_reads_back_from_its_own_json() -> None:
    for fact in (CallPublished(call=CALL, terms=terms()), submitted()):
        (issue,) = react(fact, PUBLISHED)
        again = type(issue.command).model_validate_json(issue.command.model_dump_json(by_alias=True))
        assert again == issue.command


def test_eligibility_sets_no_timer_for_what_is_not_asked() -> None:
    assert timers(submitted()) == ()


def test_the_term_of_a_question_is_a_timer_until_the_answer_comes() -> None:
    due = deadline("2021-05-17T23:59:59")
    asked = ClarificationRequested(call=CALL, case=CASE, rules=["E3"], question=in_dutch("Hoe?"), due=due)
    (timer,) = timers(asked)
    assert timer == SetTimer(
        f"assessment-{CASE}/clarification", due.utc, Issue("assessment", CASE, LapseClarification())
    )
    answered = ClarificationReceived(
        call=CALL, case=CASE, answer=in_dutch("Zo."), requested_cents=1, budget=[], financing=[], synthetic=False
    )
    for fact in (answered, AssessmentLapsed(call=CALL, case=CASE, source=LATER)):
        assert timers(fact) == (CancelTimer(timer.id),)


# The registry


def test_every_command_has_its_row() -> None:
    assert set(COMMANDS) == set(get_args(EligibilityCommand))
    assert SERVICE is ELIGIBILITY


def test_every_rule_of_the_registry_is_real() -> None:
    named = {rule for spec in COMMANDS.values() for rule in spec.rules}
    assert named - WITHOUT_A_RULE <= {one.id for one in RULES}


def test_only_the_service_itself_begins_a_stream() -> None:
    creating = {model: spec.roles for model, spec in COMMANDS.items() if spec.creates}
    assert creating == dict.fromkeys((AdoptCriteria, StartAssessment, RegisterCosts), frozenset({"service"}))


def test_only_an_answer_may_be_recorded_afterwards() -> None:
    assert [model for model, spec in COMMANDS.items() if spec.records_past_act] == [RecordClarification]


def test_every_fact_of_eligibility_folds() -> None:
    own = {name for name, row in FACT_TYPES.items() if row.service == "eligibility"}
    assert own == {one.__name__ for one in (CriteriaAdopted, CostsRegistered, *get_args(AssessmentFacts))}


def test_a_command_goes_to_its_own_kind_of_stream() -> None:
    context = given(ELIGIBILITY).when("assessment", CASE, start()).context
    for state in (Criteria(), Assessment()):
        wrong = start() if isinstance(state, Criteria) else _adopt()
        with pytest.raises(TypeError, match="does not go to"):
            ELIGIBILITY.decide(state, wrong, context)


def _adopt() -> AdoptCriteria:
    fields = {name: getattr(CRITERIA, name) for name in CriteriaAdopted.__struct_fields__ if name != "call"}
    return AdoptCriteria(**fields)


def test_restated_lines_add_up_within_the_integers_of_the_log() -> None:
    answer = in_dutch("Zie tabel.")
    fine: dict[str, Any] = {"budget": [line("personnel", 1, 1)], "financing": [money("subsidy", 1)]}
    huge: dict[str, Any] = {
        "budget": [line("personnel", 1, SAFE_INTEGER), line("operating", 1, 1)],
        "financing": [money("subsidy", SAFE_INTEGER), money("own", 1)],
    }
    RecordClarification(answer=answer, requested_cents=1, **fine)
    for field in ("budget", "financing"):
        lines: dict[str, Any] = {**fine, field: huge[field]}
        with pytest.raises(ValidationError, match="sum_too_large"):
            RecordClarification(answer=answer, requested_cents=1, **lines)


def test_a_clarification_reads_from_json() -> None:
    body = {
        "answer": {"language": "nl", "text": "Zie tabel."},
        "requestedCents": 1,
        "budget": [{"category": "personnel", "amountCents": 1, "subsidyCents": 1}],
        "financing": [{"source": "subsidy", "party": "x", "amountCents": 1}],
    }
    assert not RecordClarification.model_validate_json(json.dumps(body)).synthetic
