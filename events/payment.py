"""Facts of payment: schedule (per call), account, claims, payment orders, reports and recoveries (per case)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.intake import Cofinancing, ReportTerm, ShareLimit, Tranche
from events.times import Day, Deadline, Instant
from events.vocabulary import (
    BudgetLine,
    CaseFact,
    Cents,
    Check,
    Fact,
    FinancingLine,
    Part,
    Party,
    Period,
    Personal,
    Source,
    Written,
)


class ScheduleAdopted(Fact, frozen=True, kw_only=True):
    """The part of the call's terms that governs payment, copied from `source` (CallPublished)."""

    budget_article: str
    cofinancing: Cofinancing
    share_limits: list[ShareLimit]
    cost_categories: list[str]
    tranches: list[Tranche]
    reports: list[ReportTerm]
    source: Source


class PlannedTranche(Part, frozen=True, kw_only=True):
    """An instalment in cents; the amounts of a case add up to the award exactly (P5)."""

    code: str
    amount_cents: Cents
    condition: Literal["contract_active", "report_accepted", "final_account_settled"]
    report: str | None


class FundsCommitted(CaseFact, frozen=True, kw_only=True):
    """Vastlegging: the award is charged to the commitment appropriation; `attempt` names the reservation it posts."""

    beneficiary: Party
    amount_cents: Cents
    attempt: int
    budget_article: str
    tranches: list[PlannedTranche]
    budget: list[BudgetLine]
    synthetic: bool
    source: Source


class CommitmentRefused(CaseFact, frozen=True, kw_only=True):
    """The ledger refused the commitment; the award waits for a budget officer."""

    amount_cents: Cents
    attempt: int
    code: str
    source: Source


class AccountActivated(CaseFact, frozen=True, kw_only=True):
    """The contract is in force, so money can be claimed (P2); copied from `source` (ContractActivated)."""

    term: Period
    source: Source


class BankAccountConfirmed(CaseFact, frozen=True, kw_only=True):
    """The account to pay to; the IBAN is sealed under the organisation. `ordinal` counts the accounts of the case."""

    ordinal: int
    iban: Personal
    basis: str


class AccountSucceeded(CaseFact, frozen=True, kw_only=True):
    """Open rights and debts pass to the successor, copied from `source` (BeneficiarySucceeded)."""

    previous: Party
    successor: Party
    effective_at: Instant
    source: Source


class FundsDecommitted(CaseFact, frozen=True, kw_only=True):
    """What the case will not need any more returns to the envelope (vrijgave van vastlegging)."""

    amount_cents: Cents
    reason: Literal["final_subsidy_below_award", "terminated"]


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


class ReportExpected(CaseFact, frozen=True, kw_only=True):
    """A report falls due; the next move is the beneficiary's."""

    report: str
    period: Period
    due: Deadline


class ReportOverdue(CaseFact, frozen=True, kw_only=True):
    """The term passed without the report; payments that depend on it wait."""

    report: str
    due: Deadline


class ReportedCost(Part, frozen=True, kw_only=True):
    """Cost made in the period, by category, and the part charged to the subsidy."""

    category: str
    amount_cents: Cents
    subsidy_cents: Cents


class ReportSubmitted(CaseFact, frozen=True, kw_only=True):
    """Narrative and financial report (inhoudelijk en financieel verslag); documents by digest."""

    report: str
    costs: list[ReportedCost]
    financing: list[FinancingLine]
    narrative: Written
    document_sha256: str
    synthetic: bool


class ReportAccepted(CaseFact, frozen=True, kw_only=True):
    """The report was checked and its costs are accepted as they stand."""

    report: str
    accepted_cents: Cents
    checks: list[Check]


class ClaimSubmitted(CaseFact, frozen=True, kw_only=True):
    """A claim (schuldvordering) for one tranche, whose conditions are met."""

    tranche: str
    amount_cents: Cents
    checks: list[Check]


class ClaimApproved(CaseFact, frozen=True, kw_only=True):
    """An official found the claim due; another one must release the money (P3)."""

    tranche: str
    amount_cents: Cents
    approver: str


class PaymentOrdered(CaseFact, frozen=True, kw_only=True):
    """A payment order (ordonnancering): gross amount, what is set off against a recovery, and what goes to the bank.

    `attempt` counts the orders of the tranche; `amount_cents` is what moves from committed to payable.
    """

    tranche: str
    attempt: int
    amount_cents: Cents
    offset_cents: Cents
    net_cents: Cents
    recovery: str | None
    bank_account: int
    end_to_end_id: str
    ordered_by: str
    checks: list[Check]


class PaymentFileReleased(CaseFact, frozen=True, kw_only=True):
    """Vereffening: a second official released the order to the bank (P3).

    `net_cents` goes to the bank; `offset_cents` is set off against `recovery`. Together they are `amount_cents`.
    """

    tranche: str
    attempt: int
    amount_cents: Cents
    offset_cents: Cents
    net_cents: Cents
    recovery: str | None
    end_to_end_id: str
    released_by: str
    checks: list[Check]


class PaymentExecuted(CaseFact, frozen=True, kw_only=True):
    """The bank paid `amount_cents` (the net amount) on the value date."""

    tranche: str
    attempt: int
    amount_cents: Cents
    end_to_end_id: str
    value_date: Day


class PaymentRejectedByBank(CaseFact, frozen=True, kw_only=True):
    """The bank refused with an ISO 20022 reason code (AC04: closed account); the tranche is open again.

    `amount_cents` is the net amount, which returns to the commitment; what was set off stays set off.
    """

    tranche: str
    attempt: int
    amount_cents: Cents
    end_to_end_id: str
    code: str


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


ScheduleFacts: TypeAlias = ScheduleAdopted
AccountFacts: TypeAlias = (
    FundsCommitted
    | CommitmentRefused
    | AccountActivated
    | BankAccountConfirmed
    | AccountSucceeded
    | FundsDecommitted
    | AuditFindingRecorded
    | CostDisallowed
    | FinalAccountSettled
    | OverpaymentEstablished
    | AccountClosed
)
ReportFacts: TypeAlias = ReportExpected | ReportOverdue | ReportSubmitted | ReportAccepted
ClaimFacts: TypeAlias = ClaimSubmitted | ClaimApproved
OrderFacts: TypeAlias = PaymentOrdered | PaymentFileReleased | PaymentExecuted | PaymentRejectedByBank
RecoveryFacts: TypeAlias = RecoveryOrdered | RecoveryOffset | RepaymentReceived
PaymentFact: TypeAlias = ScheduleFacts | AccountFacts | ReportFacts | ClaimFacts | OrderFacts | RecoveryFacts
