"""What eligibility decides: rules are put to the dossier by themselves, people conclude."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from events import times
from events.catalog import AnyFact, stream_name
from events.eligibility import (
    AssessedDossier,
    AssessmentLapsed,
    AssessmentStarted,
    CheckRecorded,
    ClarificationReceived,
    ClarificationRequested,
    CriteriaAdopted,
    DeclaredAdmissible,
    DeclaredEligible,
    DeclaredInadmissible,
    DeclaredIneligible,
    DossierSupplemented,
)
from events.vocabulary import Check
from services.deciding import Accepted, Context, Decision, Refused, accept, refuse
from services.eligibility.commands import (
    AdoptCriteria,
    ConcludeAdmissibility,
    ConcludeEligibility,
    EligibilityCommand,
    LapseAssessment,
    RecordClarification,
    RequestClarification,
    StartAssessment,
    SupplementDossier,
)
from services.eligibility.rules import CAN_CONCLUDE, FORMAL, MANDATORY, MONEY, checks_of
from services.eligibility.state import Assessment, Criteria, State, clarified, supplemented


def decide(state: State, command: EligibilityCommand, context: Context) -> Decision:
    """What a command leads to."""
    match state, command:
        case Criteria(), AdoptCriteria():
            return _adopt(state, command, context)
        case Assessment(), StartAssessment():
            return _start(state, command, context)
        case (
            Assessment(),
            SupplementDossier()
            | RequestClarification()
            | RecordClarification()
            | ConcludeAdmissibility()
            | ConcludeEligibility()
            | LapseAssessment(),
        ):
            return _on_assessment(state, command, context)
        case _:
            raise TypeError(f"{type(command).__name__} does not go to {type(state).__name__}")


def refused_by_guard(
    _state: State, _command: EligibilityCommand, _context: Context, _guard: str, _code: str
) -> tuple[AnyFact, ...]:
    """Eligibility moves no money and claims no key."""
    return ()


def _adopt(state: Criteria, command: AdoptCriteria, context: Context) -> Decision:
    if state.adopted is not None:
        return accept()
    adopted = CriteriaAdopted(
        call=context.id,
        cap_cents=command.cap_cents,
        cofinancing=command.cofinancing,
        share_limits=command.share_limits,
        cost_categories=command.cost_categories,
        required_attachments=command.required_attachments,
        term=command.term,
        completion_days=command.completion_days,
        source=command.source,
    )
    return accept(adopted, rules=command.source.position)


def _start(state: Assessment, command: StartAssessment, context: Context) -> Decision:
    if state.dossier is not None:
        return accept()
    match context.states.get(stream_name("criteria", command.call)):
        case Criteria(adopted=CriteriaAdopted() as criteria):
            started = AssessmentStarted(call=command.call, case=context.id, dossier=command.dossier)
            checks = checks_of(MANDATORY, criteria, command.dossier)
            return accept(started, *_recorded(command.call, context.id, checks), rules=criteria.source.position)
        case _:
            return _wrong(state, "criteria_not_adopted")


class _Case(NamedTuple):
    state: Assessment
    dossier: AssessedDossier
    criteria: CriteriaAdopted
    context: Context

    @property
    def call(self) -> str:
        return self.state.call

    @property
    def id(self) -> str:
        return self.context.id

    @property
    def concluded(self) -> bool:
        return self.state.status in {"inadmissible", "eligible", "ineligible"}

    def accept(self, *facts: AnyFact) -> Accepted:
        return accept(*facts, rules=self.criteria.source.position)


_LaterCommand: TypeAlias = (
    SupplementDossier
    | RequestClarification
    | RecordClarification
    | ConcludeAdmissibility
    | ConcludeEligibility
    | LapseAssessment
)


def _on_assessment(state: Assessment, command: _LaterCommand, context: Context) -> Decision:
    match state.dossier, context.states.get(stream_name("criteria", state.call)):
        case AssessedDossier() as dossier, Criteria(adopted=CriteriaAdopted() as criteria):
            return _on_case(_Case(state, dossier, criteria, context), command)
        case _:
            return _wrong(state)


def _on_case(case: _Case, command: _LaterCommand) -> Decision:
    match command:
        case SupplementDossier():
            return _supplement(case, command)
        case RequestClarification():
            return _ask(case, command)
        case RecordClarification():
            return _not_own(case) or _answered(case, command)
        case ConcludeAdmissibility():
            return _conclude_admissibility(case)
        case ConcludeEligibility():
            return _conclude_eligibility(case)
        case LapseAssessment() if case.concluded or case.state.status == "lapsed":
            # A conclusion stands; what follows from the withdrawal is for the services after this one.
            return accept()
        case LapseAssessment():
            return case.accept(AssessmentLapsed(call=case.call, case=case.id, source=command.source))


def _supplement(case: _Case, command: SupplementDossier) -> Decision:
    # Feeds repeat what they brought before; a version that is known says nothing new.
    if command.application_version <= case.dossier.application_version or case.state.status == "lapsed":
        return accept()
    if case.concluded:
        return _wrong(case.state)
    fact = DossierSupplemented(
        call=case.call,
        case=case.id,
        attachments=command.attachments,
        application_version=command.application_version,
        source=command.source,
    )
    checks = checks_of(("A1",), case.criteria, supplemented(case.dossier, fact))
    return case.accept(fact, *_recorded(case.call, case.id, checks))


def _ask(case: _Case, command: RequestClarification) -> Decision:
    state, rules = case.state, list(dict.fromkeys(command.rules))
    if state.status not in {"open", "admissible"}:
        return _wrong(state)
    if unknown := sorted(set(rules) - set(state.checks)):
        return refuse("E7", "rule_not_checked", unchecked=unknown)
    if state.question is not None:
        same = (state.question.rules, state.question.question) == (rules, command.question)
        return accept() if same else _wrong(state, "clarification_open")
    due = times.days_after(case.context.at, case.criteria.completion_days)
    asked = ClarificationRequested(call=case.call, case=case.id, rules=rules, question=command.question, due=due)
    return case.accept(asked)


def _answered(case: _Case, command: RecordClarification) -> Decision:
    state = case.state
    # An answer after its term still counts as long as nobody has concluded: it can only help the applicant.
    if state.status not in {"open", "admissible"} or state.question is None:
        return _wrong(state, "nothing_asked")
    fact = ClarificationReceived(
        call=case.call,
        case=case.id,
        answer=command.answer,
        requested_cents=command.requested_cents,
        budget=command.budget,
        financing=command.financing,
        synthetic=command.synthetic,
    )
    checks = checks_of(MONEY, case.criteria, clarified(case.dossier, fact))
    return case.accept(fact, *_recorded(case.call, case.id, checks))


def _conclude_admissibility(case: _Case) -> Decision:
    match case.state.status:
        case "open":
            # Money can still be clarified; only the form of the file decides whether it is looked at further.
            checks = _grounds(case, FORMAL)
        case "lapsed":
            return _wrong(case.state)
        case _:
            return accept()
    if isinstance(checks, Refused):
        return checks
    if _all_passed(checks):
        return case.accept(DeclaredAdmissible(call=case.call, case=case.id, checks=checks))
    dossier = case.dossier
    return case.accept(
        DeclaredInadmissible(
            call=case.call,
            case=case.id,
            checks=checks,
            applicant=dossier.applicant,
            neighbourhood=dossier.neighbourhood,
        )
    )


def _conclude_eligibility(case: _Case) -> Decision:
    match case.state.status:
        case "admissible":
            checks = _grounds(case, MANDATORY)
        case "eligible" | "ineligible":
            return accept()
        case _:
            return _wrong(case.state)
    if isinstance(checks, Refused):
        return checks
    if _all_passed(checks):
        return case.accept(DeclaredEligible(call=case.call, case=case.id, checks=checks, dossier=case.dossier))
    refused = DeclaredIneligible(call=case.call, case=case.id, checks=checks, applicant=case.dossier.applicant)
    return case.accept(refused)


def _grounds(case: _Case, mandatory: Sequence[str]) -> list[Check] | Refused:
    """The latest record of every mandatory rule, or why one cannot conclude yet (E7)."""
    question, recorded = case.state.question, case.state.checks
    # Who lets the term for an answer pass is judged by the file as it stands.
    waiting = question is not None and case.context.at <= question.due.utc
    inputs = {"recorded": sorted(recorded), "clarification_open": waiting}
    verdict = CAN_CONCLUDE.test({"mandatory": list(mandatory)}, inputs)
    if verdict.outcome == "fail":
        return refuse("E7", verdict.code, mandatory=list(mandatory), recorded=sorted(recorded))
    return [recorded[rule] for rule in mandatory]


def _all_passed(checks: Iterable[Check]) -> bool:
    return all(one.outcome == "pass" for one in checks)


def _recorded(call: str, case: str, checks: Iterable[Check]) -> list[CheckRecorded]:
    return [CheckRecorded(call=call, case=case, check=one) for one in checks]


def _not_own(case: _Case) -> Refused | None:
    actor, applicant = case.context.actor, case.dossier.applicant
    if actor.role != "applicant" or actor.organisation == applicant.ovo:
        return None
    return refuse("OWN", "other_organisation", organisation=actor.organisation, applicant=applicant.ovo)


def _wrong(state: Assessment, code: str = "not_in_this_state") -> Refused:
    return refuse("STATE", code, status=state.status)
