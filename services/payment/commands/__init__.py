"""What can be asked of payment, by whom, and which rules can say no."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from events.intake import Cofinancing, ReportTerm, ShareLimit, Tranche
from events.payment import ReportedCost
from events.times import Day, Deadline, Instant
from events.vocabulary import BudgetLine, Cents, Code, FinancingLine, Name, Party, Period, Sha256, Source, Uuid, Written
from services.deciding import CommandSpec, Role
from services.fields import Command, Wire
from services.payment.commands import reads

MOST_LINES = 200
"""A report of more lines would not fit in one event."""

BankCode = Annotated[str, Field(pattern=r"^[A-Z]{2}\d{2}$")]
"""ISO 20022 external status reason: AC01, AC04, AM05 …"""

Ground = Literal["conditions_not_met", "not_used_for_purpose", "control_obstructed", "not_accounted_for"]
"""Grounds for recovery: act of 16 May 2003, art. 13."""


def _iban(text: str) -> str:
    try:
        return IBAN(text).compact
    except SchwiftyException as error:
        raise PydanticCustomError("iban", "this is not a valid IBAN") from error


Iban = Annotated[str, Field(max_length=42), AfterValidator(_iban)]
"""An account number whose length, bank code form and check digits are right; kept without spaces."""


class AdoptSchedule(Command):
    """Copy the part of the call's terms that governs payment."""

    budget_article: Wire[Name]
    cofinancing: Wire[Cofinancing]
    share_limits: list[Wire[ShareLimit]]
    cost_categories: list[Wire[Code]]
    tranches: list[Wire[Tranche]]
    reports: list[Wire[ReportTerm]]
    source: Wire[Source]


class CommitFunds(Command):
    """Charge an award to the commitment appropriation (vastleggen) and plan its tranches."""

    call: Wire[Uuid]
    beneficiary: Wire[Party]
    amount_cents: Wire[Cents]
    attempt: int
    budget: list[Wire[BudgetLine]]
    synthetic: bool
    source: Wire[Source]


class ActivateAccount(Command):
    """The contract is in force: tranches can be claimed."""

    term: Wire[Period]
    source: Wire[Source]


class ConfirmBankAccount(Command):
    """Record the account to pay to. `basis` says what it rests on: the letter of mayor and financial director."""

    iban: Iban
    basis: Wire[Name]


class SucceedAccount(Command):
    """Open rights and debts pass to the legal successor (rechtsopvolger)."""

    previous: Wire[Party]
    successor: Wire[Party]
    effective_at: Wire[Instant]
    source: Wire[Source]


class RecordAuditFinding(Command):
    """Record a finding of an inspection or audit; the same reference is recorded once."""

    reference: Wire[Name]
    description: Wire[Written]


class DisallowCost(Command):
    """Take a cost out of the accepted ones; `ground` is the rule it breaks, `evidence` where that is shown."""

    finding: Annotated[int, Field(ge=1)]
    category: Wire[Code]
    amount_cents: Wire[Cents]
    ground: Wire[Name]
    evidence: Wire[Name]


class SettleFinalAccount(Command):
    """Make the final account (eindafrekening)."""


class CloseAccount(Command):
    """Nothing is open any more."""


class ExpectReport(Command):
    """A report falls due on `due`."""

    call: Wire[Uuid]
    case: Wire[Uuid]
    report: Wire[Code]
    period: Wire[Period]
    due: Wire[Deadline]


class SubmitReport(Command):
    """Hand in the narrative and financial report; until it is accepted, a later one takes its place."""

    costs: Annotated[list[Wire[ReportedCost]], Field(max_length=MOST_LINES)]
    financing: Annotated[list[Wire[FinancingLine]], Field(max_length=MOST_LINES)]
    narrative: Wire[Written]
    document_sha256: Wire[Sha256]
    synthetic: bool = False


class AcceptReport(Command):
    """Accept the costs as they stand in the report."""


class MarkReportOverdue(Command):
    """The term passed without the report."""


class SubmitClaim(Command):
    """Claim one tranche (schuldvordering)."""

    case: Wire[Uuid]
    tranche: Wire[Code]


class ApproveClaim(Command):
    """Find the claim due."""


class OrderPayment(Command):
    """Order a tranche to be paid (ordonnanceren); `attempt` is 1, and one more after each rejection by the bank."""

    case: Wire[Uuid]
    tranche: Wire[Code]
    attempt: Annotated[int, Field(ge=1)]


class ReleasePaymentFile(Command):
    """Release the order to the bank (vereffenen), as a second official."""


class ConfirmExecution(Command):
    """The bank paid."""

    value_date: Wire[Day]


class RecordBankRejection(Command):
    """The bank refused the payment."""

    code: BankCode


class OrderRecovery(Command):
    """Claim back (terugvorderen) what a finding took off, or the overpayment; `number` counts the case's recoveries."""

    case: Wire[Uuid]
    number: Annotated[int, Field(ge=1)]
    ground: Ground
    finding: int | None = None


class OffsetRecovery(Command):
    """A payment was released of which this much is set off (verrekening)."""

    amount_cents: Wire[Cents]
    end_to_end_id: Wire[Name]
    source: Wire[Source]


class RecordRepayment(Command):
    """The debtor paid back; the same reference is recorded once."""

    amount_cents: Annotated[Wire[Cents], Field(gt=0)]
    reference: Wire[Name]
    value_date: Wire[Day]


AccountCommand = (
    CommitFunds
    | ActivateAccount
    | ConfirmBankAccount
    | SucceedAccount
    | RecordAuditFinding
    | DisallowCost
    | SettleFinalAccount
    | CloseAccount
)
ReportCommand = ExpectReport | SubmitReport | AcceptReport | MarkReportOverdue
ClaimCommand = SubmitClaim | ApproveClaim
OrderCommand = OrderPayment | ReleasePaymentFile | ConfirmExecution | RecordBankRejection
RecoveryCommand = OrderRecovery | OffsetRecovery | RecordRepayment
PaymentCommand = AdoptSchedule | AccountCommand | ReportCommand | ClaimCommand | OrderCommand | RecoveryCommand


def _by(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_ACCOUNT: tuple[CommandSpec, ...] = (
    CommandSpec(AdoptSchedule, "schedule", _by("service"), (), creates=True),
    CommandSpec(CommitFunds, "account", _by("service"), ("STATE", "P5"), creates=True, reads=reads.schedule),
    CommandSpec(ActivateAccount, "account", _by("service"), ("STATE",)),
    CommandSpec(ConfirmBankAccount, "account", _by("budget_officer"), ("STATE",)),
    CommandSpec(SucceedAccount, "account", _by("service"), ("STATE",)),
    CommandSpec(RecordAuditFinding, "account", _by("inspector"), ("STATE",)),
    CommandSpec(
        DisallowCost, "account", _by("case_handler", "inspector"), ("STATE", "P7"), reads=reads.reports_of_account
    ),
    CommandSpec(SettleFinalAccount, "account", _by("budget_officer"), ("STATE", "P6"), reads=reads.all_of_account),
    CommandSpec(CloseAccount, "account", _by("budget_officer"), ("STATE", "P1"), reads=reads.all_of_account),
)
_REPORT: tuple[CommandSpec, ...] = (
    CommandSpec(ExpectReport, "report", _by("service"), (), creates=True),
    CommandSpec(SubmitReport, "report", _by("applicant"), ("STATE", "OWN", "P8"), reads=reads.account),
    CommandSpec(AcceptReport, "report", _by("case_handler"), ("STATE", "P8"), reads=reads.account),
    CommandSpec(MarkReportOverdue, "report", _by("service"), ()),
)
_TRANCHE: tuple[CommandSpec, ...] = (
    CommandSpec(
        SubmitClaim, "claim", _by("applicant"), ("STATE", "OWN", "P2", "P5"), creates=True, reads=reads.claimed
    ),
    CommandSpec(ApproveClaim, "claim", _by("payment_approver"), ()),
    CommandSpec(
        OrderPayment,
        "payment-order",
        _by("budget_officer", "payment_approver"),
        ("STATE", "P1", "P2", "P4"),
        creates=True,
        reads=reads.money_of_case,
    ),
    CommandSpec(ReleasePaymentFile, "payment-order", _by("payment_releaser"), ("STATE", "P3"), reads=reads.claim),
    CommandSpec(ConfirmExecution, "payment-order", _by("payment_releaser", "service"), ("STATE",)),
    CommandSpec(RecordBankRejection, "payment-order", _by("payment_releaser", "service"), ("STATE",)),
)
_RECOVERY: tuple[CommandSpec, ...] = (
    CommandSpec(
        OrderRecovery,
        "recovery",
        _by("budget_officer", "service"),
        ("STATE", "P7"),
        creates=True,
        reads=reads.money_of_case,
    ),
    CommandSpec(OffsetRecovery, "recovery", _by("service"), ("P7",)),
    CommandSpec(
        RecordRepayment, "recovery", _by("budget_officer"), ("P7",), records_past_act=True, reads=reads.set_off
    ),
)

COMMANDS: dict[type[Command], CommandSpec] = {spec.model: spec for spec in (*_ACCOUNT, *_REPORT, *_TRANCHE, *_RECOVERY)}
"""The registry: every command of payment, its stream, who may send it, and the rules that can refuse it."""
