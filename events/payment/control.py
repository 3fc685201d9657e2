"""Facts of control and of the end of an account: findings, disallowed costs, the final account."""

from __future__ import annotations

from typing import TypeAlias

from events.vocabulary import CaseFact, Cents, Check, Written


class AuditFindingRecorded(CaseFact, frozen=True, kw_only=True):
    """A finding of an inspection or audit; `finding` is its number in this case (1, 2 …)."""

    finding: int
    reference: str
    description: Written


class CostDisallowed(CaseFact, frozen=True, kw_only=True):
    """A cost that the subsidy cannot bear (P7): which rule, which finding, how much cost and how much subsidy of it."""

    finding: int
    category: str
    amount_cents: Cents
    subsidy_cents: Cents
    ground: str
    evidence: str
    checks: list[Check]


class FinalAccountSettled(CaseFact, frozen=True, kw_only=True):
    """Final account (eindafrekening): what the subsidy comes to on accepted costs (P6), and what is left to pay.

    `balance_cents` is the gross last tranche; an open recovery is set off against it when it is paid.
    """

    award_cents: Cents
    reported_cents: Cents
    disallowed_cents: Cents
    accepted_cents: Cents
    own_contribution_due_cents: Cents
    final_subsidy_cents: Cents
    paid_cents: Cents
    recovery_ordered_cents: Cents
    balance_cents: Cents
    checks: list[Check]


class OverpaymentEstablished(CaseFact, frozen=True, kw_only=True):
    """More was paid than the final subsidy: the difference is to be recovered, as recovery number `recovery`."""

    amount_cents: Cents
    recovery: str


class AccountClosed(CaseFact, frozen=True, kw_only=True):
    """Everything due was paid and everything owed came back: paid − recovered = final subsidy."""

    final_subsidy_cents: Cents
    paid_cents: Cents
    recovered_cents: Cents
    checks: list[Check]


ControlFacts: TypeAlias = (
    AuditFindingRecorded | CostDisallowed | FinalAccountSettled | OverpaymentEstablished | AccountClosed
)
