"""Facts of eligibility: the adopted criteria (`criteria-…`, per call) and the assessment (`assessment-…`, per case)."""

from __future__ import annotations

from typing import TypeAlias

from events.intake import Coded, Cofinancing, ShareLimit, TermLimit
from events.times import Deadline
from events.vocabulary import (
    Attachment,
    BudgetLine,
    CaseFact,
    Cents,
    Check,
    Fact,
    FinancingLine,
    Part,
    Partner,
    Party,
    Period,
    Source,
    Written,
)


class CriteriaAdopted(Fact, frozen=True, kw_only=True):
    """The part of the call's terms that eligibility judges by, copied from `source` (CallPublished)."""

    cap_cents: Cents
    cofinancing: Cofinancing
    share_limits: list[ShareLimit]
    cost_categories: list[str]
    required_attachments: list[Coded]
    term: TermLimit
    completion_days: int
    source: Source


class AssessedDossier(Part, frozen=True, kw_only=True):
    """The part of an application that the rules look at; `source` is the event it was copied from."""

    applicant: Party
    neighbourhood: str
    project: str
    requested_cents: Cents
    budget: list[BudgetLine]
    financing: list[FinancingLine]
    partners: list[Partner]
    term: Period
    attachments: list[Attachment]
    application_version: int
    synthetic: bool
    source: Source


class AssessmentStarted(CaseFact, frozen=True, kw_only=True):
    """A submitted application is under examination (ontvankelijkheidsonderzoek)."""

    dossier: AssessedDossier


class DossierSupplemented(CaseFact, frozen=True, kw_only=True):
    """The application got a new version in intake; earlier checks on what changed no longer count."""

    attachments: list[Attachment]
    application_version: int
    source: Source


class CheckRecorded(CaseFact, frozen=True, kw_only=True):
    """One rule applied to this file. The latest record of a rule is the one that counts; earlier ones stay visible."""

    check: Check


class ClarificationRequested(CaseFact, frozen=True, kw_only=True):
    """The agency asks the applicant to explain or mend what failed; `rules` are the rule ids in doubt."""

    rules: list[str]
    question: Written
    due: Deadline


class ClarificationReceived(CaseFact, frozen=True, kw_only=True):
    """The answer; where it restates the budget, the new lines stand here and count from now on."""

    answer: Written
    requested_cents: Cents
    budget: list[BudgetLine]
    financing: list[FinancingLine]
    synthetic: bool


class DeclaredAdmissible(CaseFact, frozen=True, kw_only=True):
    """Ontvankelijk: the formal conditions are met. `checks` are the records it rests on."""

    checks: list[Check]


class DeclaredInadmissible(CaseFact, frozen=True, kw_only=True):
    """Onontvankelijk, with the failed checks as its reasons."""

    checks: list[Check]
    applicant: Party
    neighbourhood: str


class DeclaredEligible(CaseFact, frozen=True, kw_only=True):
    """The conditions of the call are met; carries what jury and decision need to know."""

    checks: list[Check]
    dossier: AssessedDossier


class DeclaredIneligible(CaseFact, frozen=True, kw_only=True):
    """A condition of the call is not met, with the failed checks as its reasons."""

    checks: list[Check]
    applicant: Party


class AssessmentLapsed(CaseFact, frozen=True, kw_only=True):
    """There is nothing left to assess: the application was withdrawn (`source`)."""

    source: Source


CriteriaFacts: TypeAlias = CriteriaAdopted
AssessmentFacts: TypeAlias = (
    AssessmentStarted
    | DossierSupplemented
    | CheckRecorded
    | ClarificationRequested
    | ClarificationReceived
    | DeclaredAdmissible
    | DeclaredInadmissible
    | DeclaredEligible
    | DeclaredIneligible
    | AssessmentLapsed
)
EligibilityFact: TypeAlias = CriteriaFacts | AssessmentFacts
