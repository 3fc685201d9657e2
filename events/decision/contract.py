"""Facts of the contract: drafted, pledged, in force, changed, ended."""

from __future__ import annotations

from typing import TypeAlias

from events.times import Instant
from events.vocabulary import (
    BudgetLine,
    CaseFact,
    Cents,
    Check,
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


class PledgeSigned(CaseFact, frozen=True, kw_only=True):
    """A partner signed its pledge; the signatory's name is sealed."""

    partner: str
    signatory: Personal


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


class ContractClosed(CaseFact, frozen=True, kw_only=True):
    """Nothing is open any more, copied from payment's `source` (AccountClosed)."""

    final_subsidy_cents: Cents
    paid_cents: Cents
    recovered_cents: Cents
    source: Source


ContractFacts: TypeAlias = (
    ContractDrafted
    | PledgeSigned
    | ContractActivated
    | BudgetShifted
    | BudgetShiftRefused
    | BeneficiarySucceeded
    | ContractCompleted
    | ContractClosed
)
