"""Facts of intake: the call and its terms (`call-…`), the application (`application-…`)."""

from __future__ import annotations

from typing import TypeAlias

from events.application import ApplicationContent, Request
from events.forms import Answer, MediaType, PersonalAnswer
from events.terms import (
    Coded,
    Cofinancing,
    Criterion,
    Days,
    DecisionTerms,
    DerogationTerm,
    EligibilityTerms,
    HumanCheck,
    InterimTerms,
    JuryTerms,
    PaymentTerms,
    ReportTerm,
    RetentionTerm,
    ShareLimit,
    TermLimit,
    Terms,
    Tranche,
    TrancheRule,
)
from events.times import Deadline, Instant
from events.vocabulary import (
    Attachment,
    CaseFact,
    Check,
    Code,
    Fact,
    Name,
    Ovo,
    Party,
    Sha256,
    Source,
    Written,
)

__all__ = [
    "Coded",
    "Cofinancing",
    "Criterion",
    "Days",
    "DecisionTerms",
    "DerogationTerm",
    "EligibilityTerms",
    "HumanCheck",
    "InterimTerms",
    "JuryTerms",
    "PaymentTerms",
    "ReportTerm",
    "RetentionTerm",
    "ShareLimit",
    "TermLimit",
    "Terms",
    "Tranche",
    "TrancheRule",
]
"""What other rooms know as words of intake; they stand in `events.terms`."""


class CallPublished(Fact, frozen=True, kw_only=True):
    """The call (oproep) and all its terms."""

    terms: Terms


class CallOpened(Fact, frozen=True, kw_only=True):
    """Applications can be submitted from now on."""

    deadline: Deadline


class CallDeadlineExtended(Fact, frozen=True, kw_only=True):
    """The closing moment moved for everybody; both stand here, so that the history needs no other source."""

    previous: Deadline
    deadline: Deadline
    reason: Written


class CallClosed(Fact, frozen=True, kw_only=True):
    """The deadline has passed; applications that come now are recorded as late."""

    deadline: Deadline


class CallDeadlineCorrected(Fact, frozen=True, kw_only=True):
    """The closing moment had been set wrongly; the mistake and its mending both stay on record."""

    previous: Deadline
    deadline: Deadline
    reason: Written


class IndividualExtensionGranted(Fact, frozen=True, kw_only=True):
    """More time for these applicants alone (individueel uitstel); the call's own deadline stays."""

    applicants: list[Ovo]
    deadline: Deadline
    reason: Written


class CallCancelled(Fact, frozen=True, kw_only=True):
    """The call will not be carried through; every case of it ends."""

    reason: Written


class CaseNoted(CaseFact, frozen=True, kw_only=True):
    """The call's register has one case more, begun by `source` (DraftStarted)."""

    source: Source


class DecisionNoted(Fact, frozen=True, kw_only=True):
    """Intake learned of the Government's decision on these cases from `source` (GovernmentDecisionRecorded)."""

    reference: Name
    cases: list[str]
    source: Source


class DraftStarted(CaseFact, frozen=True, kw_only=True):
    """A case began (aanvraag in opmaak)."""

    applicant: Party
    neighbourhood: str


class ApplicationSubmitted(CaseFact, frozen=True, kw_only=True):
    """Version 1 of the application (indiening), within the deadline that held for this applicant."""

    application_version: int
    content: ApplicationContent
    content_sha256: Sha256
    deadline: Deadline
    claims_live_key: bool
    checks: list[Check]


class ReceiptAcknowledged(CaseFact, frozen=True, kw_only=True):
    """Acknowledgement of receipt (ontvangstbevestiging) with the case number (dossiernummer)."""

    case_number: str
    submitted_at: Instant


class LateSubmissionRecorded(CaseFact, frozen=True, kw_only=True):
    """It came after the deadline: on record with its content, not taken into the procedure."""

    content: ApplicationContent
    content_sha256: Sha256
    deadline: Deadline
    submitted_at: Instant
    checks: list[Check]


class DraftStepSaved(CaseFact, frozen=True, kw_only=True):
    """A piece of the draft: the answers of one step, in place of those it had before."""

    form_version: Name
    step: Code
    answers: list[Answer]
    personal: list[PersonalAnswer]


class AttachmentStored(CaseFact, frozen=True, kw_only=True):
    """A file of the applicant lies in the house's store, under its digest; its kind was told from its content."""

    kind: Code
    name: Name
    sha256: Sha256
    media_type: MediaType
    size_bytes: int
    checks: list[Check]


class AttachmentRefused(CaseFact, frozen=True, kw_only=True):
    """A file that was not kept, and why: not of the kind it says, too large, or dangerous to open."""

    kind: Code
    name: Name
    sha256: Sha256
    size_bytes: int
    checks: list[Check]


class FormFilled(CaseFact, frozen=True, kw_only=True):
    """The answers that an application version brings. `drafted` names what is left where it was saved: sealed, in the
    draft."""

    application_version: int
    form_version: Name
    answers: list[Answer]
    answers_sha256: Sha256
    personal: list[PersonalAnswer]
    drafted: list[Code]


class LateSubmissionRegistered(CaseFact, frozen=True, kw_only=True):
    """A late application is in time after all, under a deadline that moved: version 1, as it was handed in then.

    Whom to speak to stands in the late submission: a sealed value cannot be moved to another event.
    """

    application_version: int
    content: Request
    content_sha256: Sha256
    deadline: Deadline
    submitted_at: Instant
    claims_live_key: bool
    checks: list[Check]


class CompletionRequested(CaseFact, frozen=True, kw_only=True):
    """The agency asks for missing items (aanvulling); the next move is the applicant's, until `due`."""

    items: list[str]
    reason: Written
    due: Deadline


class CompletionSupplied(CaseFact, frozen=True, kw_only=True):
    """The missing items, and nothing else: the application's next version."""

    application_version: int
    items: list[str]
    attachments: list[Attachment]


class CompletionTermLapsed(CaseFact, frozen=True, kw_only=True):
    """The term passed without a supplement; the file is judged as it stands."""

    items: list[str]
    due: Deadline


class ApplicationWithdrawn(CaseFact, frozen=True, kw_only=True):
    """The applicant took the application back, before the Government decided."""

    applicant: Party
    neighbourhood: str
    reason: Written


class WithdrawalRefused(CaseFact, frozen=True, kw_only=True):
    """The Government had decided: what is left is to waive the award (afstand doen), not to withdraw (I5)."""

    reason: Written
    checks: list[Check]


class ApplicationReopened(CaseFact, frozen=True, kw_only=True):
    """The agency opens a file again on its own initiative (heropening), for these items and until `due`."""

    items: list[str]
    reason: Written
    due: Deadline
    checks: list[Check]


class ApplicantSucceeded(CaseFact, frozen=True, kw_only=True):
    """A legal successor (rechtsopvolger) takes the application over; `merged` lists who merged into it."""

    previous: Party
    successor: Party
    merged: list[Party]
    neighbourhood: str
    effective_at: Instant
    reason: Written
    moves_live_key: bool
    checks: list[Check]


class ApplicationLapsed(CaseFact, frozen=True, kw_only=True):
    """The case ended without anybody's doing: its call was cancelled (`source`)."""

    applicant: Party
    neighbourhood: str
    releases_live_key: bool
    source: Source


CallFacts: TypeAlias = (
    CallPublished
    | CallOpened
    | CallDeadlineExtended
    | CallDeadlineCorrected
    | IndividualExtensionGranted
    | CallClosed
    | CallCancelled
    | CaseNoted
    | DecisionNoted
)
ApplicationFacts: TypeAlias = (
    DraftStarted
    | DraftStepSaved
    | AttachmentStored
    | AttachmentRefused
    | FormFilled
    | ApplicationSubmitted
    | ReceiptAcknowledged
    | LateSubmissionRecorded
    | LateSubmissionRegistered
    | CompletionRequested
    | CompletionSupplied
    | CompletionTermLapsed
    | ApplicationWithdrawn
    | WithdrawalRefused
    | ApplicationReopened
    | ApplicantSucceeded
    | ApplicationLapsed
)
IntakeFact: TypeAlias = CallFacts | ApplicationFacts
