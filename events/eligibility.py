"""Facts of eligibility: the adopted criteria (`criteria-…`, per call), the assessment (`assessment-…`, per case), and
what one applicant brings in over all calls (`register-…`, per applicant)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.intake import Coded, Cofinancing, EligibilityTerms, ShareLimit, TermLimit
from events.times import Deadline
from events.vocabulary import (
    Attachment,
    BudgetLine,
    CaseFact,
    Cents,
    Check,
    Fact,
    FinancingLine,
    Ovo,
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
    eligibility: EligibilityTerms
    one_live_application: bool
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
    """The application got a new version in intake; earlier checks on what changed no longer count.

    A conclusion that was drawn stands; who revises it judges the file as it is now.
    """

    attachments: list[Attachment]
    application_version: int
    source: Source


class CheckRecorded(CaseFact, frozen=True, kw_only=True):
    """One rule applied to this file. The latest record of a rule is the one that counts; earlier ones stay visible."""

    check: Check


class HumanCheckRecorded(CaseFact, frozen=True, kw_only=True):
    """A person judged what no rule can: the answer, the reasons (motivering), what it rests on, and who gave it.

    `code` is that of the call's terms. The latest counts until the file changes; then it is to be judged again.
    """

    code: str
    outcome: Literal["pass", "fail"]
    reasons: Written
    evidence: list[Attachment]
    judged_by: str
    check: Check


class DerogationGranted(CaseFact, frozen=True, kw_only=True):
    """A failed check is set aside in this case (afwijking), on its legal basis and with reasons (E6).

    The check stays as it was recorded (`set_aside`); another record of it, on other inputs, is not set aside.
    """

    of_check: str
    set_aside: Check
    legal_basis: str
    reasons: Written
    granted_by: str
    check: Check


class DeclaredCosts(Part, frozen=True, kw_only=True):
    """What a case asks subsidy for: where, for which cost categories, over which period."""

    neighbourhood: str
    categories: list[str]
    term: Period


class CostsDeclared(CaseFact, frozen=True, kw_only=True):
    """What the file now asks subsidy for, where the call looks for double funding; None: for nothing any more."""

    applicant: Ovo
    costs: DeclaredCosts | None


class Overlap(Part, frozen=True, kw_only=True):
    """Cost categories that another case, which came earlier, brings in for the same neighbourhood and time."""

    case: str
    call: str
    categories: list[str]


class CaseOverlaps(Part, frozen=True, kw_only=True):
    """Everything in which a case overlaps with earlier ones of its applicant."""

    case: str
    overlaps: list[Overlap]


class CostsRegistered(CaseFact, frozen=True, kw_only=True):
    """The register of the applicant took over what a case asks for (None: nothing any more), from `source`.

    `found` holds the cases whose overlaps are told by this: the case itself, and those that came later and now overlap
    otherwise than before.
    """

    applicant: Ovo
    costs: DeclaredCosts | None
    found: list[CaseOverlaps]
    source: Source


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


class ClarificationTermLapsed(CaseFact, frozen=True, kw_only=True):
    """The term passed without an answer; the file is judged as it stands, unless the answer still comes first."""

    rules: list[str]
    due: Deadline


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


class AssessmentRevised(CaseFact, frozen=True, kw_only=True):
    """A fact came to light after the conclusion (`previous`): every rule is put to the file again, people judge and
    conclude again. What was concluded stays on record.

    `claims_live_key`: an inadmissible application had let go of its place, and takes it again.
    """

    previous: Literal["inadmissible", "eligible", "ineligible"]
    reference: str
    reasons: Written
    revised_by: str
    applicant: Party
    neighbourhood: str
    claims_live_key: bool


class AssessmentSucceeded(CaseFact, frozen=True, kw_only=True):
    """The file is of a legal successor from now on (`source`, ApplicantSucceeded); jury and decision follow."""

    previous: Party
    successor: Party
    source: Source


class AssessmentLapsed(CaseFact, frozen=True, kw_only=True):
    """There is nothing left to assess or to revise: the application was withdrawn (`source`)."""

    source: Source


CriteriaFacts: TypeAlias = CriteriaAdopted
AssessmentFacts: TypeAlias = (
    AssessmentStarted
    | DossierSupplemented
    | CheckRecorded
    | HumanCheckRecorded
    | DerogationGranted
    | CostsDeclared
    | ClarificationRequested
    | ClarificationReceived
    | ClarificationTermLapsed
    | DeclaredAdmissible
    | DeclaredInadmissible
    | DeclaredEligible
    | DeclaredIneligible
    | AssessmentRevised
    | AssessmentSucceeded
    | AssessmentLapsed
)
RegisterFacts: TypeAlias = CostsRegistered
EligibilityFact: TypeAlias = CriteriaFacts | AssessmentFacts | RegisterFacts
