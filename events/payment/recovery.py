"""Facts of a recovery (terugvordering): money that has to come back."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.times import Day, Deadline
from events.vocabulary import CaseFact, Cents, Check, Part, Party, Source, Written


class RecoveryOrdered(CaseFact, frozen=True, kw_only=True):
    """Terugvordering: ground (act of 16 May 2003, art. 13), amount, debtor (P7).

    `recovery` is its number in this case, as text ("1", "2" …).
    """

    recovery: str
    amount_cents: Cents
    ground: Literal["conditions_not_met", "not_used_for_purpose", "control_obstructed", "not_accounted_for"]
    debtor: Party
    finding: int | None
    checks: list[Check]


class RecoveryOffset(CaseFact, frozen=True, kw_only=True):
    """Verrekening: the debt is set off against a payment that was released."""

    recovery: str
    amount_cents: Cents
    end_to_end_id: str
    source: Source


class RepaymentReceived(CaseFact, frozen=True, kw_only=True):
    """The debtor paid back."""

    recovery: str
    amount_cents: Cents
    reference: str
    value_date: Day


class RecoveryContested(CaseFact, frozen=True, kw_only=True):
    """The debtor contests the debt (bezwaar); nothing is set off against it until an official has answered."""

    recovery: str
    reason: Written


class ContestDecided(CaseFact, frozen=True, kw_only=True):
    """The answer: the debt stands, is `reduced_cents` lower, or is withdrawn as far as it was open."""

    recovery: str
    outcome: Literal["upheld", "reduced", "withdrawn"]
    reduced_cents: Cents
    reason: Written
    decided_by: str


class Instalment(Part, frozen=True, kw_only=True):
    """A part of a debt and the last moment to pay it; instalments are numbered from 1."""

    number: int
    due: Deadline
    amount_cents: Cents


class InstalmentPlanAgreed(CaseFact, frozen=True, kw_only=True):
    """What is open is paid back in these parts (afbetalingsplan), and not set off. A new plan replaces the old."""

    recovery: str
    plan: int
    instalments: list[Instalment]


class InstalmentMissed(CaseFact, frozen=True, kw_only=True):
    """By the end of its day `missing_cents` of this and earlier instalments had not come."""

    recovery: str
    plan: int
    number: int
    missing_cents: Cents


class RecoveryWaived(CaseFact, frozen=True, kw_only=True):
    """The debt is given up in whole or in part (kwijtschelding); `basis` is the decision that allows it."""

    recovery: str
    amount_cents: Cents
    reason: Written
    basis: str
    waived_by: str


class RecoveryTransferred(CaseFact, frozen=True, kw_only=True):
    """What is open was handed to who collects by force (gedwongen invordering); repayments are still recorded here."""

    recovery: str
    amount_cents: Cents
    collector: str
    reference: str


RecoveryFacts: TypeAlias = (
    RecoveryOrdered
    | RecoveryOffset
    | RepaymentReceived
    | RecoveryContested
    | ContestDecided
    | InstalmentPlanAgreed
    | InstalmentMissed
    | RecoveryWaived
    | RecoveryTransferred
)
