"""The examination itself: begun, supplemented, clarified, given up."""

from __future__ import annotations

from events import times
from events.catalog import stream_name
from events.eligibility import (
    AssessmentLapsed,
    AssessmentStarted,
    AssessmentSucceeded,
    ClarificationReceived,
    ClarificationRequested,
    ClarificationTermLapsed,
    CriteriaAdopted,
    DossierSupplemented,
)
from services.deciding import Context, Decision, Refused, accept, refuse
from services.eligibility.commands import (
    LapseAssessment,
    RecordClarification,
    RequestClarification,
    StartAssessment,
    SucceedAssessment,
    SupplementDossier,
)
from services.eligibility.decider.case import Case, checks_recorded, wrong
from services.eligibility.decider.register import declared, funding_checks, given_up, restated
from services.eligibility.rules import MANDATORY, MONEY, checks_of
from services.eligibility.state import Assessment, Criteria, clarified, passed_on, supplemented


def started(state: Assessment, command: StartAssessment, context: Context) -> Decision:
    """A submitted application is put to every rule at once."""
    if state.dossier is not None:
        return accept()
    match context.states.get(stream_name("criteria", command.call)):
        case Criteria(adopted=CriteriaAdopted() as criteria):
            fact = AssessmentStarted(call=command.call, case=context.id, dossier=command.dossier)
            checks = checks_of(MANDATORY, criteria, command.dossier)
            facts = checks_recorded(command.call, context.id, checks)
            costs = declared(command.call, context.id, criteria, command.dossier)
            return accept(fact, *facts, *costs, rules=criteria.source.position)
        case _:
            return wrong(state, "criteria_not_adopted")


def supplement(case: Case, command: SupplementDossier) -> Decision:
    """The application has a new version: what it may have mended is checked again, after a conclusion by a revision."""
    # Feeds repeat what they brought before; a version that is known says nothing new.
    if command.application_version <= case.dossier.application_version or case.state.status == "lapsed":
        return accept()
    fact = DossierSupplemented(
        call=case.call,
        case=case.id,
        attachments=command.attachments,
        application_version=command.application_version,
        source=command.source,
    )
    if case.concluded:
        return case.accept(fact)  # the conclusion stands
    checks = checks_of(("A1",), case.criteria, supplemented(case.dossier, fact))
    return case.accept(fact, *case.recorded(checks))


def asked(case: Case, command: RequestClarification) -> Decision:
    """One question at a time, about checks that were made."""
    state, rules = case.state, list(dict.fromkeys(command.rules))
    if not case.under_way:
        return wrong(state)
    if unknown := sorted(one for one in rules if state.record_of(one) is None):
        return refuse("E7", "rule_not_checked", unchecked=unknown)
    if state.question is not None and not state.overdue:
        same = (state.question.rules, state.question.question) == (rules, command.question)
        return accept() if same else wrong(state, "clarification_open")
    due = times.days_after(case.context.at, case.criteria.completion_days)
    fact = ClarificationRequested(call=case.call, case=case.id, rules=rules, question=command.question, due=due)
    return case.accept(fact)


def answered(case: Case, command: RecordClarification) -> Decision:
    """The applicant's answer, and every rule about money put to what it says."""
    if not_own := _not_own(case):
        return not_own
    state = case.state
    # An answer after its term still counts as long as nobody has concluded: it can only help the applicant.
    if not case.under_way or state.question is None:
        return wrong(state, "nothing_asked")
    fact = ClarificationReceived(
        call=case.call,
        case=case.id,
        answer=command.answer,
        requested_cents=command.requested_cents,
        budget=command.budget,
        financing=command.financing,
        synthetic=command.synthetic,
    )
    dossier = clarified(case.dossier, fact)
    checks = [*checks_of(MONEY, case.criteria, dossier), *funding_checks(case, dossier)]
    return case.accept(fact, *case.recorded(checks), *restated(case, dossier))


def term_lapsed(case: Case) -> Decision:
    """The applicant let the term for an answer pass: the next move is the agency's again."""
    question = case.state.question
    if question is None or case.state.overdue or not case.under_way or case.context.at < question.due.utc:
        return accept()
    return case.accept(ClarificationTermLapsed(call=case.call, case=case.id, rules=question.rules, due=question.due))


def succeeded(case: Case, command: SucceedAssessment) -> Decision:
    """Another applicant stands for the file; what it asks for passes to that one's register."""
    if case.state.status == "lapsed" or case.dossier.applicant.ovo != command.previous.ovo:
        return accept()
    fact = AssessmentSucceeded(
        call=case.call,
        case=case.id,
        previous=case.dossier.applicant,
        successor=command.successor,
        source=command.source,
    )
    if not case.under_way and case.state.status != "eligible":
        return case.accept(fact)
    dossier = passed_on(case.dossier, fact)
    return case.accept(fact, *given_up(case), *declared(case.call, case.id, case.criteria, dossier))


def lapsed(case: Case, command: LapseAssessment) -> Decision:
    """The application was withdrawn. A conclusion stands; it can no longer be revised."""
    if case.state.status == "lapsed":
        return accept()
    fact = AssessmentLapsed(call=case.call, case=case.id, source=command.source)
    return case.accept(fact, *given_up(case))


def _not_own(case: Case) -> Refused | None:
    actor, applicant = case.context.actor, case.dossier.applicant
    if actor.role != "applicant" or actor.organisation == applicant.ovo:
        return None
    return refuse("OWN", "other_organisation", organisation=actor.organisation, applicant=applicant.ovo)
