"""Facts of the contract: drafted, pledged, in force, changed, ended."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.decision.amendment import AmendmentFacts
from events.decision.plan import PlanFacts
from events.times import Day, Instant
from events.vocabulary import (
    BudgetLine,
    CaseFact,
    Cents,
    Check,
    Name,
    Partner,
    Party,
    Period,
    Personal,
    Source,
    Written,
)


class ContractDrafted(CaseFact, frozen=True, kw_only=True):
    """The contract (wijkverbeteringscontract) awaits its pledges (engagementsverklaring)."""

    beneficiary: Party
    project: str
    neighbourhood: str
    amount_cents: Cents
    budget: list[BudgetLine]
    partners: list[Partner]
    term: Period
    synthetic: bool


class ContractRedrafted(CaseFact, frozen=True, kw_only=True):
    """Drawn up again, for an award of a decision taken anew (`reference`), after the contract before it had ended.

    No signature of before counts: every partner is asked again. `beneficiary` is who held the contract last.
    """

    beneficiary: Party
    project: str
    neighbourhood: str
    amount_cents: Cents
    budget: list[BudgetLine]
    partners: list[Partner]
    term: Period
    synthetic: bool
    reference: Name
    source: Source


class PledgeSigned(CaseFact, frozen=True, kw_only=True):
    """A partner signed its pledge; the signatory's name is sealed."""

    partner: str
    signatory: Personal


class PledgeRefused(CaseFact, frozen=True, kw_only=True):
    """A partner does not sign after all. Without a mandatory pledge there is no entry into force until it is mended.

    `actions` are those that it was to carry and that go on.
    """

    partner: str
    mandatory: bool
    actions: list[str]
    reason: Written


class PartnerLeft(CaseFact, frozen=True, kw_only=True):
    """A partner left. A contract in force stays so; `actions` need another owner, or stop."""

    partner: str
    mandatory: bool
    actions: list[str]
    reason: Written
    effective_at: Instant


class ContractActivated(CaseFact, frozen=True, kw_only=True):
    """In force: the award stands and every mandatory pledge is signed (D7)."""

    beneficiary: Party
    amount_cents: Cents
    term: Period
    effective_at: Instant
    checks: list[Check]


class BudgetShifted(CaseFact, frozen=True, kw_only=True):
    """Subsidy moved between cost categories inside the award (D8)."""

    from_category: str
    to_category: str
    amount_cents: Cents
    budget: list[BudgetLine]
    reason: Written
    checks: list[Check]


class BudgetShiftRefused(CaseFact, frozen=True, kw_only=True):
    """The shift asked for would break a ceiling; nothing moved."""

    from_category: str
    to_category: str
    amount_cents: Cents
    reason: Written
    checks: list[Check]


class BeneficiarySucceeded(CaseFact, frozen=True, kw_only=True):
    """A legal successor (rechtsopvolger) takes the contract over with its rights and debts (D9)."""

    previous: Party
    successor: Party
    merged: list[Party]
    effective_at: Instant
    basis: str


class ContractCompleted(CaseFact, frozen=True, kw_only=True):
    """The term has ended; accounts can be settled."""

    term: Period


SuspensionGround: TypeAlias = Literal[
    "award_suspended", "award_annulled", "not_performed", "report_missing", "partner_left", "inquiry"
]
"""Why nothing may be paid for a while: the award is suspended, or the agency waits for something."""

TerminationGround: TypeAlias = Literal[
    "award_annulled", "award_withdrawn", "not_performed", "partner_left", "by_agreement", "renounced"
]
"""Why a contract ends before its term (vroegtijdige stopzetting)."""


class AwardAdopted(CaseFact, frozen=True, kw_only=True):
    """A new decision made the award worth this (`source`): amount and budget of the contract are the award's again."""

    previous_cents: Cents
    amount_cents: Cents
    budget: list[BudgetLine]
    reference: Name
    source: Source


class TermExtended(CaseFact, frozen=True, kw_only=True):
    """The term was made longer (verlenging) by the decision that `reference` names; costs count until the new end."""

    previous: Period
    term: Period
    reference: Name
    reason: Written
    checks: list[Check]


class ContractSuspended(CaseFact, frozen=True, kw_only=True):
    """Suspended (opschorting): no new payment is ordered until it is resumed; looked at again by `review_on`."""

    ground: SuspensionGround
    reason: Written
    review_on: Day | None
    effective_at: Instant


class ContractResumed(CaseFact, frozen=True, kw_only=True):
    """In force again; what was held back can be paid. No reason is given where a new award is one."""

    reason: Written | None
    effective_at: Instant


class ContractTerminated(CaseFact, frozen=True, kw_only=True):
    """Ended before its term (stopzetting). What is not owed returns to the envelope.

    `in_force` is whether it ever came into force: if not, nothing is owed. `term` is what remains of the approved
    period: no cost after its last day counts. No reason is given where the decision on the award is one.
    """

    beneficiary: Party
    ground: TerminationGround
    reference: Name
    reason: Written | None
    amount_cents: Cents
    in_force: bool
    term: Period
    effective_at: Instant


class ContractExpired(CaseFact, frozen=True, kw_only=True):
    """The term ran out on a contract that was not in force then: never signed by everybody, or suspended.

    `in_force` is whether it ever was: if not, nothing is owed.
    """

    beneficiary: Party
    amount_cents: Cents
    in_force: bool
    term: Period
    effective_at: Instant


class ContractClosed(CaseFact, frozen=True, kw_only=True):
    """Nothing is open any more, copied from payment's `source` (AccountClosed)."""

    final_subsidy_cents: Cents
    paid_cents: Cents
    recovered_cents: Cents
    source: Source


ContractFacts: TypeAlias = (
    ContractDrafted
    | ContractRedrafted
    | PledgeSigned
    | PledgeRefused
    | PartnerLeft
    | ContractActivated
    | BudgetShifted
    | BudgetShiftRefused
    | BeneficiarySucceeded
    | AwardAdopted
    | TermExtended
    | ContractSuspended
    | ContractResumed
    | ContractTerminated
    | ContractExpired
    | ContractCompleted
    | ContractClosed
    | PlanFacts
    | AmendmentFacts
)
