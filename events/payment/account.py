"""Facts of the schedule (per call) and the account (per case): committed, in force, payable to, withheld."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.intake import Cofinancing, PaymentTerms, ReportTerm, ShareLimit, Tranche
from events.payment.control import ControlFacts
from events.times import Deadline, Instant
from events.vocabulary import BudgetLine, CaseFact, Cents, Fact, Name, Part, Party, Period, Personal, Source, Written


class ScheduleAdopted(Fact, frozen=True, kw_only=True):
    """The part of the call's terms that governs payment, copied from `source` (CallPublished)."""

    budget_article: str
    cofinancing: Cofinancing
    share_limits: list[ShareLimit]
    cost_categories: list[str]
    tranches: list[Tranche]
    reports: list[ReportTerm]
    payment: PaymentTerms
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


class AwardChanged(CaseFact, frozen=True, kw_only=True):
    """What the award is worth from now on, copied from `source` (AwardAdjusted, or AmendmentApproved where the contract
    gives less than was awarded), and the tranches planned anew.

    What was paid stays paid: what is above the award is claimed back by the final account (D6).
    """

    previous_cents: Cents
    award_cents: Cents
    tranches: list[PlannedTranche]
    budget: list[BudgetLine]
    ground: str
    source: Source


class CommitmentRaised(CaseFact, frozen=True, kw_only=True):
    """More was committed for a higher award; `attempt` names the reservation of the difference, which it posts."""

    amount_cents: Cents
    attempt: int


class FundsDecommitted(CaseFact, frozen=True, kw_only=True):
    """What the case will not need any more returns to the envelope (vrijgave van vastlegging).

    `explanation` is what an official wrote who decided it; None where it follows from the final account or the end.
    """

    amount_cents: Cents
    reason: Literal["final_subsidy_below_award", "terminated"]
    explanation: Written | None


class AccountTermExtended(CaseFact, frozen=True, kw_only=True):
    """The contract runs longer, copied from `source` (TermExtended); costs count until the new end."""

    term: Period
    source: Source


class AccountSuspended(CaseFact, frozen=True, kw_only=True):
    """Nothing is ordered or released while the contract is suspended, or the award has no effect.

    Copied from `source` (ContractSuspended; DecisionSuspended, DecisionAnnulled, AwardAdjusted, also when no contract
    runs any more).
    """

    ground: str
    source: Source


class AccountResumed(CaseFact, frozen=True, kw_only=True):
    """The contract is in force again, or the award has effect again.

    Copied from `source` (ContractResumed; SuspensionLifted, GrantAwarded). It ends every ground; one that goes on is
    named again in the same commit.
    """

    source: Source


class AccountTerminated(CaseFact, frozen=True, kw_only=True):
    """The contract ended before its time: what is owed is settled, the rest returns to the envelope.

    Copied from `source` (ContractTerminated, ContractExpired). `in_force` is whether it ever was: if not, nothing is
    owed. `term` is what remains of the approved period.
    """

    ground: str
    in_force: bool
    term: Period
    source: Source


class AccountReopened(CaseFact, frozen=True, kw_only=True):
    """Money that had been paid came back after the account was closed: it is open again until it is paid anew."""

    end_to_end_id: str
    source: Source


class RetentionTermSet(CaseFact, frozen=True, kw_only=True):
    """Bewaartermijn: the papers of the closed account are kept until `due`, and then go where the rule sends them."""

    due: Deadline
    selection_rule: Name
    destination: Literal["keep", "destroy", "sample"]


class RetentionTermLapsed(CaseFact, frozen=True, kw_only=True):
    """The papers no longer have to be kept; nothing is destroyed by this, for that is for a person to decide."""

    destination: Literal["keep", "destroy", "sample"]


class AccountRenewed(CaseFact, frozen=True, kw_only=True):
    """A contract is drawn up again for a new award: once it is in force, that award can be claimed and paid.

    Copied from `source` (ContractRedrafted). `recovered_cents` is what was claimed back until now; it was paid under
    the award of before, and does not lessen the new one.
    """

    recovered_cents: Cents
    source: Source


class PaymentWithheld(CaseFact, frozen=True, kw_only=True):
    """Inhouding: nothing is ordered or released of these tranches (of any, if none is named) until it is lifted.

    `withholding` is its number in this case (1, 2 …); `finding` the audit finding it rests on, if it does.
    """

    withholding: int
    tranches: list[str]
    finding: int | None
    reason: Written
    withheld_by: str


class WithholdingReleased(CaseFact, frozen=True, kw_only=True):
    """The withholding is lifted; what it held can be paid again."""

    withholding: int
    reason: Written


ScheduleFacts: TypeAlias = ScheduleAdopted
AccountFacts: TypeAlias = (
    FundsCommitted
    | CommitmentRefused
    | AccountActivated
    | BankAccountConfirmed
    | AccountSucceeded
    | FundsDecommitted
    | PaymentWithheld
    | WithholdingReleased
    | AwardChanged
    | CommitmentRaised
    | AccountTermExtended
    | AccountSuspended
    | AccountResumed
    | AccountTerminated
    | AccountReopened
    | RetentionTermSet
    | RetentionTermLapsed
    | AccountRenewed
    | ControlFacts
)
