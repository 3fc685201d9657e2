"""What payment needs to remember to decide: the call's schedule, and a case's account, reports, claims and payments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from events.intake import Cofinancing, ReportTerm, ShareLimit
from events.payment import (
    AccountActivated,
    AccountClosed,
    AccountFacts,
    AccountSucceeded,
    AuditFindingRecorded,
    BankAccountConfirmed,
    ClaimApproved,
    ClaimFacts,
    ClaimSubmitted,
    CommitmentRefused,
    CostDisallowed,
    FinalAccountSettled,
    FundsCommitted,
    FundsDecommitted,
    OrderFacts,
    OverpaymentEstablished,
    PaymentExecuted,
    PaymentFact,
    PaymentFileReleased,
    PaymentOrdered,
    PaymentRejectedByBank,
    PlannedTranche,
    RecoveryFacts,
    RecoveryOffset,
    RecoveryOrdered,
    RepaymentReceived,
    ReportAccepted,
    ReportExpected,
    ReportFacts,
    ReportOverdue,
    ReportSubmitted,
    ScheduleAdopted,
)
from events.times import Deadline, Instant
from events.vocabulary import BudgetLine, Party, Period


@dataclass(frozen=True, slots=True)
class Schedule:
    """The call's terms of payment, once adopted; `position` is that of the fact that set them."""

    adopted: ScheduleAdopted | None = None

    @property
    def reports(self) -> tuple[ReportTerm, ...]:
        """The reports that every case of the call owes."""
        return tuple(self.adopted.reports) if self.adopted else ()

    @property
    def cofinancing(self) -> Cofinancing | None:
        """The own contribution that the final account tests again."""
        return self.adopted.cofinancing if self.adopted else None

    @property
    def share_limits(self) -> tuple[ShareLimit, ...]:
        """The shares that the final account tests again."""
        return tuple(self.adopted.share_limits) if self.adopted else ()

    @property
    def position(self) -> int | None:
        """Where the terms stand in the log."""
        return self.adopted.source.position if self.adopted else None


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one case. `active`: payable; `settled`: only the balance is; `closed`: nothing is open any more.

    `parties` are the beneficiaries with the instant from which each is; `bank_accounts` counts the confirmed ones.
    """

    status: Literal["none", "refused", "committed", "active", "settled", "closed"] = "none"
    call: str = ""
    award_cents: int = 0
    decommitted_cents: int = 0
    parties: tuple[tuple[Instant, Party], ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    tranches: tuple[PlannedTranche, ...] = ()
    term: Period | None = None
    bank_accounts: int = 0
    findings: tuple[str, ...] = ()
    disallowed: tuple[CostDisallowed, ...] = ()
    settlement: FinalAccountSettled | None = None
    overpayment: OverpaymentEstablished | None = None

    def beneficiary(self, at: Instant) -> Party:
        """Who holds the rights and owes the debts at an instant."""
        return [party for since, party in self.parties if since <= at][-1]


@dataclass(frozen=True, slots=True)
class Report:
    """A report (verslag) that is owed, handed in or accepted."""

    status: Literal["none", "expected", "overdue", "submitted", "accepted"] = "none"
    call: str = ""
    case: str = ""
    report: str = ""
    period: Period | None = None
    due: Deadline | None = None
    submitted: ReportSubmitted | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim (schuldvordering) for one tranche; `approver` is the official who found it due."""

    status: Literal["none", "submitted", "approved"] = "none"
    call: str = ""
    case: str = ""
    tranche: str = ""
    amount_cents: int = 0
    approver: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A payment order. `spent_cents` is what it takes from the commitment for good, unless the bank still refuses."""

    status: Literal["none", "ordered", "released", "executed", "rejected"] = "none"
    fact: PaymentOrdered | None = None

    @property
    def case(self) -> str:
        """The case it pays; empty before it exists."""
        return self.fact.case if self.fact else ""

    @property
    def tranche(self) -> str:
        """The tranche it pays; empty before it exists."""
        return self.fact.tranche if self.fact else ""

    @property
    def attempt(self) -> int:
        """Which order of the tranche it is, from 1; 0 before it exists."""
        return self.fact.attempt if self.fact else 0

    @property
    def spent_cents(self) -> int:
        """Gross amount; of an order that the bank rejected only what was set off."""
        if self.fact is None:
            return 0
        return self.fact.offset_cents if self.status == "rejected" else self.fact.amount_cents


@dataclass(frozen=True, slots=True)
class Recovery:
    """A debt to come back. `offset_by` names the payments it was set off against, `references` the repayments."""

    status: Literal["none", "ordered"] = "none"
    call: str = ""
    case: str = ""
    number: str = ""
    finding: int | None = None
    amount_cents: int = 0
    recovered_cents: int = 0
    offset_by: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def open_cents(self) -> int:
        """What has not come back yet."""
        return self.amount_cents - self.recovered_cents


State: TypeAlias = Schedule | Account | Report | Claim | Order | Recovery

_KINDS: dict[str, type[State]] = {
    "schedule": Schedule,
    "account": Account,
    "report": Report,
    "claim": Claim,
    "payment-order": Order,
    "recovery": Recovery,
}


def initial(kind: str) -> State:
    """The state of a stream in which nothing has happened."""
    return _KINDS[kind]()


def evolve(state: State, fact: PaymentFact) -> State:
    """The state after one more fact."""
    match fact:
        case ScheduleAdopted():
            return Schedule(fact)
        case ReportExpected() | ReportOverdue() | ReportSubmitted() | ReportAccepted():
            return _report(state if isinstance(state, Report) else Report(), fact)
        case ClaimSubmitted() | ClaimApproved():
            return _claim(state if isinstance(state, Claim) else Claim(), fact)
        case PaymentOrdered() | PaymentFileReleased() | PaymentExecuted() | PaymentRejectedByBank():
            return _order(state if isinstance(state, Order) else Order(), fact)
        case RecoveryOrdered() | RecoveryOffset() | RepaymentReceived():
            return _recovery(state if isinstance(state, Recovery) else Recovery(), fact)
        case _:
            return _account(state if isinstance(state, Account) else Account(), fact)


def _account(state: Account, fact: AccountFacts) -> Account:
    match fact:
        case FundsCommitted():
            return _committed(fact)
        case CommitmentRefused():
            return replace(state, status="refused")
        case AccountActivated():
            return replace(state, status="active", term=fact.term)
        case BankAccountConfirmed():
            return replace(state, bank_accounts=fact.ordinal)
        case AccountSucceeded():
            return replace(state, parties=(*state.parties, (fact.effective_at, fact.successor)))
        case AuditFindingRecorded():
            return replace(state, findings=(*state.findings, fact.reference))
        case CostDisallowed():
            return replace(state, disallowed=(*state.disallowed, fact))
        case FinalAccountSettled():
            return replace(state, status="settled", settlement=fact)
        case FundsDecommitted():
            return replace(state, decommitted_cents=state.decommitted_cents + fact.amount_cents)
        case OverpaymentEstablished():
            return replace(state, overpayment=fact)
        case AccountClosed():
            return replace(state, status="closed")
        case _:
            assert_never(fact)


def _committed(fact: FundsCommitted) -> Account:
    return Account(
        status="committed",
        call=fact.call,
        award_cents=fact.amount_cents,
        parties=(("", fact.beneficiary),),
        budget=tuple(fact.budget),
        tranches=tuple(fact.tranches),
    )


def _report(state: Report, fact: ReportFacts) -> Report:
    match fact:
        case ReportExpected():
            return Report("expected", fact.call, fact.case, fact.report, fact.period, fact.due)
        case ReportOverdue():
            return replace(state, status="overdue")
        case ReportSubmitted():
            return replace(state, status="submitted", submitted=fact)
        case ReportAccepted():
            return replace(state, status="accepted")
        case _:
            assert_never(fact)


def _claim(state: Claim, fact: ClaimFacts) -> Claim:
    match fact:
        case ClaimSubmitted():
            return Claim("submitted", fact.call, fact.case, fact.tranche, fact.amount_cents)
        case ClaimApproved():
            return replace(state, status="approved", approver=fact.approver)
        case _:
            assert_never(fact)


def _order(state: Order, fact: OrderFacts) -> Order:
    match fact:
        case PaymentOrdered():
            return Order("ordered", fact)
        case PaymentFileReleased():
            return replace(state, status="released")
        case PaymentExecuted():
            return replace(state, status="executed")
        case PaymentRejectedByBank():
            return replace(state, status="rejected")
        case _:
            assert_never(fact)


def _recovery(state: Recovery, fact: RecoveryFacts) -> Recovery:
    match fact:
        case RecoveryOrdered():
            return Recovery("ordered", fact.call, fact.case, fact.recovery, fact.finding, fact.amount_cents)
        case RecoveryOffset():
            offset_by = (*state.offset_by, fact.end_to_end_id)
            return replace(state, offset_by=offset_by, recovered_cents=state.recovered_cents + fact.amount_cents)
        case RepaymentReceived():
            references = (*state.references, fact.reference)
            return replace(state, references=references, recovered_cents=state.recovered_cents + fact.amount_cents)
        case _:
            assert_never(fact)
