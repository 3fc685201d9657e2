"""What eligibility decides: rules are put to the dossier by themselves, people judge the rest and conclude."""

from __future__ import annotations

from events.catalog import AnyFact, stream_name
from events.eligibility import AssessedDossier, CriteriaAdopted
from services.deciding import Context, Decision, accept
from services.eligibility.commands import (
    AdoptCriteria,
    CheckRegister,
    ConcludeAdmissibility,
    ConcludeEligibility,
    EligibilityCommand,
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
from services.eligibility.decider.assessment import answered, asked, lapsed, started, succeeded, supplement, term_lapsed
from services.eligibility.decider.case import Case, LaterCommand, wrong
from services.eligibility.decider.conclusion import conclude_admissibility, conclude_eligibility, revised
from services.eligibility.decider.people import derogated, judged
from services.eligibility.decider.register import check_register, register_costs
from services.eligibility.state import Assessment, Criteria, Register, State


def decide(state: State, command: EligibilityCommand, context: Context) -> Decision:
    """What a command leads to."""
    match state, command:
        case Criteria(), AdoptCriteria():
            return _adopt(state, command, context)
        case Register(), RegisterCosts():
            return register_costs(state, command, context)
        case Assessment(), StartAssessment():
            return started(state, command, context)
        case Assessment(), _ if isinstance(command, LaterCommand):
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
        eligibility=command.eligibility,
        one_live_application=command.one_live_application,
        source=command.source,
    )
    return accept(adopted, rules=command.source.position)


def _on_assessment(state: Assessment, command: LaterCommand, context: Context) -> Decision:
    match state.dossier, context.states.get(stream_name("criteria", state.call)):
        case AssessedDossier() as dossier, Criteria(adopted=CriteriaAdopted() as criteria):
            return _on_case(Case(state, dossier, criteria, context), command)
        case _:
            return wrong(state)


def _on_case(case: Case, command: LaterCommand) -> Decision:
    match command:
        case SupplementDossier():
            return supplement(case, command)
        case RequestClarification():
            return asked(case, command)
        case RecordClarification():
            return answered(case, command)
        case LapseClarification():
            return term_lapsed(case)
        case RecordCheck():
            return judged(case, command)
        case GrantDerogation():
            return derogated(case, command)
        case CheckRegister():
            return check_register(case, command)
        case ConcludeAdmissibility():
            return conclude_admissibility(case)
        case ConcludeEligibility():
            return conclude_eligibility(case)
        case ReviseAssessment():
            return revised(case, command)
        case SucceedAssessment():
            return succeeded(case, command)
        case LapseAssessment():
            return lapsed(case, command)
