"""What eligibility does by itself when intake records something."""

from __future__ import annotations

from collections.abc import Sequence

from events.catalog import AnyFact
from events.eligibility import AssessedDossier
from events.intake import (
    ApplicationLapsed,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallPublished,
    CompletionSupplied,
    LateSubmissionRegistered,
)
from events.vocabulary import Source
from services.deciding import Issue, Reaction, TimerChange
from services.eligibility.commands import AdoptCriteria, LapseAssessment, StartAssessment, SupplementDossier


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


REACTIONS: tuple[Reaction, ...] = (
    Reaction("adopt-criteria", CallPublished, _adopt),
    Reaction("start-assessment", ApplicationSubmitted, _start),
    Reaction("supplement-dossier", CompletionSupplied, _supplement),
    Reaction("start-late-assessment", LateSubmissionRegistered, _start),
    Reaction("lapse-assessment", ApplicationWithdrawn, _lapse),
    Reaction("lapse-with-call", ApplicationLapsed, _lapse),
)
"""Intake's facts, and the commands that follow from them. The contact of an application is never copied."""


def timers(_fact: AnyFact) -> Sequence[TimerChange]:
    """None: when the term for an answer has passed, a person concludes."""
    return ()
