"""What eligibility does by itself when something is recorded, by others or by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from events.catalog import AnyFact, stream_name
from events.decision import (
    AwardWaived,
    DecisionAnnulled,
    DecisionRetracted,
    GrantAwarded,
    GrantDenied,
    GrantRefused,
    ReserveLapsed,
)
from events.eligibility import (
    AssessedDossier,
    AssessmentLapsed,
    ClarificationReceived,
    ClarificationRequested,
    CostsDeclared,
    CostsRegistered,
    DeclaredCosts,
)
from events.intake import (
    ApplicantSucceeded,
    ApplicationLapsed,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallPublished,
    CompletionSupplied,
    LateSubmissionRegistered,
)
from events.vocabulary import Source
from services.deciding import CancelTimer, Issue, Reaction, SetTimer, TimerChange
from services.eligibility.commands import (
    AdoptCriteria,
    CheckRegister,
    LapseAssessment,
    LapseClarification,
    RegisterCosts,
    StartAssessment,
    SucceedAssessment,
    SupplementDossier,
    register_id,
)
from services.eligibility.state import Assessment


def _adopt(fact: CallPublished, source: Source, _state: object) -> Sequence[Issue]:
    terms = fact.terms
    adopt = AdoptCriteria(
        cap_cents=terms.cap_cents,
        cofinancing=terms.cofinancing,
        share_limits=terms.share_limits,
        cost_categories=[one.code for one in terms.cost_categories],
        required_attachments=terms.required_attachments,
        term=terms.term,
        completion_days=terms.completion_days,
        eligibility=terms.eligibility,
        one_live_application=terms.one_live_application,
        source=source,
    )
    return (Issue("criteria", fact.call, adopt),)


def _start(fact: ApplicationSubmitted | LateSubmissionRegistered, source: Source, _state: object) -> Sequence[Issue]:
    # Only what the rules look at crosses over: no contact, no free text.
    content = fact.content
    dossier = AssessedDossier(
        applicant=content.applicant,
        neighbourhood=content.neighbourhood,
        project=content.project,
        requested_cents=content.requested_cents,
        budget=content.budget,
        financing=content.financing,
        partners=content.partners,
        term=content.term,
        attachments=content.attachments,
        application_version=fact.application_version,
        synthetic=content.synthetic,
        source=source,
    )
    return (Issue("assessment", fact.case, StartAssessment(call=fact.call, dossier=dossier)),)


def _supplement(fact: CompletionSupplied, source: Source, _state: object) -> Sequence[Issue]:
    supplement = SupplementDossier(
        attachments=fact.attachments, application_version=fact.application_version, source=source
    )
    return (Issue("assessment", fact.case, supplement),)


def _lapse(fact: ApplicationWithdrawn | ApplicationLapsed, source: Source, _state: object) -> Sequence[Issue]:
    return (Issue("assessment", fact.case, LapseAssessment(source=source)),)


def _succeed(fact: ApplicantSucceeded, source: Source, _state: object) -> Sequence[Issue]:
    command = SucceedAssessment(previous=fact.previous, successor=fact.successor, source=source)
    return (Issue("assessment", fact.case, command),)


def _register(fact: CostsDeclared, source: Source, _state: object) -> Sequence[Issue]:
    return (_registered(fact.call, fact.case, fact.applicant, fact.costs, source),)


_ForNothing: TypeAlias = GrantRefused | GrantDenied | AwardWaived | ReserveLapsed | DecisionRetracted | DecisionAnnulled


def _give_up(_fact: _ForNothing, source: Source, state: Assessment) -> Sequence[Issue]:
    # Where the call does not look for double funding nothing was declared, and no register is kept.
    last = state.declared
    return (_registered(last.call, last.case, last.applicant, None, source),) if last else ()


def _take_back(_fact: GrantAwarded, source: Source, state: Assessment) -> Sequence[Issue]:
    # A decision taken anew after one that made room. At a first award the register knows this already.
    last = state.declared
    return (_registered(last.call, last.case, last.applicant, last.costs, source),) if last else ()


def _assessment(fact: _ForNothing | GrantAwarded) -> str:
    return stream_name("assessment", fact.case)


def _registered(call: str, case: str, applicant: str, costs: DeclaredCosts | None, source: Source) -> Issue:
    command = RegisterCosts(call=call, case=case, applicant=applicant, costs=costs, source=source)
    return Issue("register", register_id(applicant), command)


def _check(fact: CostsRegistered, source: Source, _state: object) -> Sequence[Issue]:
    return [Issue("assessment", one.case, CheckRegister(overlaps=one.overlaps, source=source)) for one in fact.found]


REACTIONS: tuple[Reaction, ...] = (
    Reaction("adopt-criteria", CallPublished, _adopt),
    Reaction("start-assessment", ApplicationSubmitted, _start),
    Reaction("supplement-dossier", CompletionSupplied, _supplement),
    Reaction("start-late-assessment", LateSubmissionRegistered, _start),
    Reaction("lapse-assessment", ApplicationWithdrawn, _lapse),
    Reaction("lapse-with-call", ApplicationLapsed, _lapse),
    Reaction("succeed-applicant", ApplicantSucceeded, _succeed),
    Reaction("register-costs", CostsDeclared, _register),
    Reaction("give-up-costs", GrantRefused, _give_up, _assessment),
    Reaction("give-up-denied", GrantDenied, _give_up, _assessment),
    Reaction("give-up-waived", AwardWaived, _give_up, _assessment),
    Reaction("give-up-reserve", ReserveLapsed, _give_up, _assessment),
    Reaction("give-up-retracted", DecisionRetracted, _give_up, _assessment),
    Reaction("give-up-annulled", DecisionAnnulled, _give_up, _assessment),
    Reaction("take-costs-back", GrantAwarded, _take_back, _assessment),
    Reaction("check-register", CostsRegistered, _check),
)
"""Facts that become commands of eligibility. The contact of an application is never copied."""


def timers(fact: AnyFact) -> Sequence[TimerChange]:
    """The term for an answer ends when its moment comes, unless the answer came first."""
    match fact:
        case ClarificationRequested():
            return (SetTimer(_term(fact.case), fact.due.utc, Issue("assessment", fact.case, LapseClarification())),)
        case ClarificationReceived() | AssessmentLapsed():
            return (CancelTimer(_term(fact.case)),)
        case _:
            return ()


def _term(case: str) -> str:
    return f"{stream_name('assessment', case)}/clarification"
