"""Facts of one file on its way to a decision, and of what became of that decision."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.eligibility import AssessedDossier
from events.times import Day
from events.vocabulary import (
    BudgetLine,
    CaseFact,
    Cents,
    Check,
    FinancingLine,
    Partner,
    Party,
    Period,
    Source,
    Text,
)


class CandidateRegistered(CaseFact, frozen=True, kw_only=True):
    """An eligible file that a decision will be taken on, copied from `source` (DeclaredEligible)."""

    dossier: AssessedDossier
    source: Source


class CandidateWithdrawn(CaseFact, frozen=True, kw_only=True):
    """The applicant withdrew before the decision (`source`), perhaps before this file became a candidate."""

    source: Source


class AmountReserved(CaseFact, frozen=True, kw_only=True):
    """Money set aside for a proposed award; `attempt` counts the reservations of this case."""

    amount_cents: Cents
    attempt: int
    proposal_version: int


class ReservationRefused(CaseFact, frozen=True, kw_only=True):
    """The ledger refused the reservation: the envelope does not hold this much."""

    amount_cents: Cents
    attempt: int
    code: str


class ReservationReleased(CaseFact, frozen=True, kw_only=True):
    """The money set aside is free again."""

    amount_cents: Cents
    attempt: int
    reason: Literal["refused", "withdrawn", "redrafted"]


class GrantAwarded(CaseFact, frozen=True, kw_only=True):
    """The award (toekenning): amount, budget as awarded, and what it rests on. `attempt` names the reservation."""

    beneficiary: Party
    project: str
    neighbourhood: str
    amount_cents: Cents
    budget: list[BudgetLine]
    financing: list[FinancingLine]
    partners: list[Partner]
    term: Period
    attempt: int
    rank: int
    reference: str
    meeting: Day
    synthetic: bool
    checks: list[Check]


class GrantRefused(CaseFact, frozen=True, kw_only=True):
    """Non-award (niet-toekenning) with its reasons (motivering)."""

    applicant: Party
    requested_cents: Cents
    rank: int
    code: Literal["envelope_exhausted", "unfavourable_advice"]
    reasons: list[Text]
    reference: str
    meeting: Day
    checks: list[Check]


class ApplicantNotified(CaseFact, frozen=True, kw_only=True):
    """The applicant was told (kennisgeving); the term for appeal starts here."""

    outcome: Literal["awarded", "refused"]
    appeal: Text


GrantFacts: TypeAlias = (
    CandidateRegistered
    | CandidateWithdrawn
    | AmountReserved
    | ReservationRefused
    | ReservationReleased
    | GrantAwarded
    | GrantRefused
    | ApplicantNotified
)
