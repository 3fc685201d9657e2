"""Facts of one file on its way to a decision, and of what became of that decision."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.eligibility import AssessedDossier
from events.times import Day, Deadline
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
    Written,
)

DecidedOutcome: TypeAlias = Literal["awarded", "refused", "reserve"]
"""What a decision in force on a file can be."""


class CandidateRegistered(CaseFact, frozen=True, kw_only=True):
    """An eligible file that a decision will be taken on, copied from `source` (DeclaredEligible).

    `set_aside` are the checks from which eligibility derogated in this case (afwijking, E6).
    """

    dossier: AssessedDossier
    set_aside: list[str]
    source: Source


class CandidateWithdrawn(CaseFact, frozen=True, kw_only=True):
    """The applicant withdrew before the decision (`source`), perhaps before this file became a candidate."""

    source: Source


class CandidateSetAside(CaseFact, frozen=True, kw_only=True):
    """The assessment of the file is revised (`source`): nothing is awarded on it until it is found eligible again.

    Then it is registered anew (`CandidateRegistered`), where it stood.
    """

    source: Source


class CandidateSucceeded(CaseFact, frozen=True, kw_only=True):
    """The file is of a legal successor from now on (`source`): what is decided on it is decided for that one."""

    previous: Party
    successor: Party
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
    reason: Literal["refused", "withdrawn", "redrafted", "lapsed", "waived", "retracted", "set_aside"]


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
    """The applicant was told (kennisgeving); the term for appeal starts here.

    Since version 2 the decision is named by its `reference`, and `appeal_until` is the last day of the term, where the
    call has one.
    """

    outcome: Literal["awarded", "refused"]
    appeal: Text
    reference: str | None
    appeal_until: Deadline | None


class NoticeGiven(CaseFact, frozen=True, kw_only=True):
    """The applicant was told of another outcome than an award or a refusal; the term for appeal starts here too."""

    outcome: Literal["reserve", "retracted", "lapsed"]
    appeal: Text
    reference: str
    appeal_until: Deadline | None


class GrantDenied(CaseFact, frozen=True, kw_only=True):
    """Non-award with reasons of its own: against the advice or the ranking (D4), or by a decision taken anew (D6)."""

    applicant: Party
    requested_cents: Cents
    rank: int
    code: Literal["departed", "decided_anew"]
    reasons: list[Text]
    motivation: Written
    reference: str
    meeting: Day
    checks: list[Check]


class PlacedOnReserve(CaseFact, frozen=True, kw_only=True):
    """Favourably advised, but the envelope does not suffice: on the reserve list (reservelijst) until a day, if any."""

    applicant: Party
    requested_cents: Cents
    advised_cents: Cents
    rank: int
    reasons: list[Text]
    reference: str
    meeting: Day
    until: Deadline | None
    checks: list[Check]


class MovedUpFromReserve(CaseFact, frozen=True, kw_only=True):
    """Money came free and this file is the next for it: proposed to the Government in this version of the proposal."""

    rank: int
    amount_cents: Cents
    free_cents: Cents
    proposal_version: int
    checks: list[Check]


class ReserveLapsed(CaseFact, frozen=True, kw_only=True):
    """The reserve list is no longer valid: this file gets nothing."""

    applicant: Party
    requested_cents: Cents
    reference: str
    until: Deadline
    reasons: list[Text]
    checks: list[Check]


class MoneyReturned(CaseFact, frozen=True, kw_only=True):
    """Committed money of this file is back in the envelope, copied from payment's `source` (FundsDecommitted)."""

    amount_cents: Cents
    source: Source


class AwardWaived(CaseFact, frozen=True, kw_only=True):
    """The applicant renounces (verzaakt aan) the award, or its place on the reserve list (then 0), of this decision."""

    applicant: Party
    amount_cents: Cents
    reference: str
    reason: Written


class AwardAdjusted(CaseFact, frozen=True, kw_only=True):
    """What the award is worth from now on (0: nothing). What was paid is not undone: payment recovers, or tops up.

    `previous_cents` is what it was worth before. A higher amount comes with the reservation of the difference, which
    `attempt` names; a lower one is decommitted as far as it is not paid, and recovered as far as it is.
    """

    beneficiary: Party
    previous_cents: Cents
    amount_cents: Cents
    budget: list[BudgetLine]
    attempt: int | None
    code: Literal["superseded", "decided_anew", "retracted", "waived"]
    reference: str


class DecisionSuperseded(CaseFact, frozen=True, kw_only=True):
    """The new decision replaces and annuls the one named (vervangt en vernietigt); the new outcome follows at once."""

    replaced: str
    outcome: DecidedOutcome
    replaced_cents: Cents
    reference: str
    meeting: Day
    reasons: Written
    checks: list[Check]


class DecisionRetracted(CaseFact, frozen=True, kw_only=True):
    """The decision named was taken back (ingetrokken) by who took it; none is in force until a new one is taken."""

    retracted: str
    outcome: DecidedOutcome
    amount_cents: Cents
    reference: str
    reasons: Written
    checks: list[Check]


class AppealLodged(CaseFact, frozen=True, kw_only=True):
    """An appeal against a decision; whether it is late is told, but for the judge to say."""

    decision: str
    instance: Literal["council_of_state", "administrative"]
    reference: str
    lodged_on: Day
    in_time: bool
    checks: list[Check]


class AppealDismissed(CaseFact, frozen=True, kw_only=True):
    """The appeal came to nothing: the decision stands."""

    reference: str
    ruling: str
    reasons: Written


class DecisionSuspended(CaseFact, frozen=True, kw_only=True):
    """The decision has no effect for now (schorsing), by a ruling or by the Government itself."""

    decision: str
    by: Literal["court", "government"]
    ruling: str
    reasons: Written
    checks: list[Check]


class SuspensionLifted(CaseFact, frozen=True, kw_only=True):
    """The suspended decision has effect again."""

    decision: str
    ruling: str
    reasons: Written


class DecisionAnnulled(CaseFact, frozen=True, kw_only=True):
    """The decision was annulled by a ruling (vernietiging). Its money stays until a new decision is taken."""

    decision: str
    outcome: DecidedOutcome
    amount_cents: Cents
    ruling: str
    reasons: Written
    checks: list[Check]


GrantFacts: TypeAlias = (
    PlacedOnReserve
    | GrantDenied
    | NoticeGiven
    | MovedUpFromReserve
    | ReserveLapsed
    | MoneyReturned
    | AwardWaived
    | AwardAdjusted
    | DecisionSuperseded
    | DecisionRetracted
    | AppealLodged
    | AppealDismissed
    | DecisionSuspended
    | SuspensionLifted
    | DecisionAnnulled
    | CandidateRegistered
    | CandidateWithdrawn
    | CandidateSetAside
    | CandidateSucceeded
    | AmountReserved
    | ReservationRefused
    | ReservationReleased
    | GrantAwarded
    | GrantRefused
    | ApplicantNotified
)
