"""What can be asked of payment, by whom, and which rules can say no."""

from services.deciding import CommandSpec, Role
from services.fields import Command
from services.payment.commands import reads
from services.payment.commands.account import (
    ActivateAccount as ActivateAccount,
)
from services.payment.commands.account import (
    AdjustAward as AdjustAward,
)
from services.payment.commands.account import (
    AdoptSchedule as AdoptSchedule,
)
from services.payment.commands.account import (
    CommitFunds as CommitFunds,
)
from services.payment.commands.account import (
    ConfirmBankAccount as ConfirmBankAccount,
)
from services.payment.commands.account import (
    DecommitFunds as DecommitFunds,
)
from services.payment.commands.account import (
    ExtendAccountTerm as ExtendAccountTerm,
)
from services.payment.commands.account import (
    FollowAward as FollowAward,
)
from services.payment.commands.account import (
    LapseRetention as LapseRetention,
)
from services.payment.commands.account import (
    ReleaseWithholding as ReleaseWithholding,
)
from services.payment.commands.account import (
    RenewAccount as RenewAccount,
)
from services.payment.commands.account import (
    ReopenAccount as ReopenAccount,
)
from services.payment.commands.account import (
    ResumeAccount as ResumeAccount,
)
from services.payment.commands.account import (
    SucceedAccount as SucceedAccount,
)
from services.payment.commands.account import (
    SuspendAccount as SuspendAccount,
)
from services.payment.commands.account import (
    TerminateAccount as TerminateAccount,
)
from services.payment.commands.account import (
    WithholdPayment as WithholdPayment,
)
from services.payment.commands.bank_file import (
    MakeBankFile as MakeBankFile,
)
from services.payment.commands.bank_file import (
    RecordHandover as RecordHandover,
)
from services.payment.commands.control import (
    CloseAccount as CloseAccount,
)
from services.payment.commands.control import (
    DisallowCost as DisallowCost,
)
from services.payment.commands.control import (
    RecordAuditFinding as RecordAuditFinding,
)
from services.payment.commands.control import (
    RecordInspection as RecordInspection,
)
from services.payment.commands.control import (
    RecordInterimDecision as RecordInterimDecision,
)
from services.payment.commands.control import (
    ReinstateCost as ReinstateCost,
)
from services.payment.commands.control import (
    SettleFinalAccount as SettleFinalAccount,
)
from services.payment.commands.recovery import (
    AgreeInstalments as AgreeInstalments,
)
from services.payment.commands.recovery import (
    ContestRecovery as ContestRecovery,
)
from services.payment.commands.recovery import (
    DecideContest as DecideContest,
)
from services.payment.commands.recovery import (
    MissInstalment as MissInstalment,
)
from services.payment.commands.recovery import (
    OffsetRecovery as OffsetRecovery,
)
from services.payment.commands.recovery import (
    OrderRecovery as OrderRecovery,
)
from services.payment.commands.recovery import (
    PlannedInstalment as PlannedInstalment,
)
from services.payment.commands.recovery import (
    RecordRepayment as RecordRepayment,
)
from services.payment.commands.recovery import (
    TransferToCollection as TransferToCollection,
)
from services.payment.commands.recovery import (
    WaiveRecovery as WaiveRecovery,
)
from services.payment.commands.report import (
    AcceptReport as AcceptReport,
)
from services.payment.commands.report import (
    ExpectReport as ExpectReport,
)
from services.payment.commands.report import (
    GiveDefaultNotice as GiveDefaultNotice,
)
from services.payment.commands.report import (
    MarkReportOverdue as MarkReportOverdue,
)
from services.payment.commands.report import (
    RejectReport as RejectReport,
)
from services.payment.commands.report import (
    RemindReport as RemindReport,
)
from services.payment.commands.report import (
    RequestReportCorrection as RequestReportCorrection,
)
from services.payment.commands.report import (
    SubmitReport as SubmitReport,
)
from services.payment.commands.tranche import (
    ApproveClaim as ApproveClaim,
)
from services.payment.commands.tranche import (
    ApprovePartially as ApprovePartially,
)
from services.payment.commands.tranche import (
    CancelOrder as CancelOrder,
)
from services.payment.commands.tranche import (
    ConfirmExecution as ConfirmExecution,
)
from services.payment.commands.tranche import (
    LapseClaim as LapseClaim,
)
from services.payment.commands.tranche import (
    OrderPayment as OrderPayment,
)
from services.payment.commands.tranche import (
    RecordBankRejection as RecordBankRejection,
)
from services.payment.commands.tranche import (
    RecordReturn as RecordReturn,
)
from services.payment.commands.tranche import (
    RejectClaim as RejectClaim,
)
from services.payment.commands.tranche import (
    ReleasePaymentFile as ReleasePaymentFile,
)
from services.payment.commands.tranche import (
    SetClaimTerm as SetClaimTerm,
)
from services.payment.commands.tranche import (
    SubmitClaim as SubmitClaim,
)

AccountCommand = (
    CommitFunds | ActivateAccount | ConfirmBankAccount | SucceedAccount | WithholdPayment | ReleaseWithholding
)
LifeCommand = (
    AdjustAward
    | ExtendAccountTerm
    | SuspendAccount
    | ResumeAccount
    | FollowAward
    | TerminateAccount
    | RenewAccount
    | ReopenAccount
    | LapseRetention
    | DecommitFunds
)
ControlCommand = (
    RecordInspection
    | RecordAuditFinding
    | RecordInterimDecision
    | DisallowCost
    | ReinstateCost
    | SettleFinalAccount
    | CloseAccount
)
ReportCommand = (
    ExpectReport
    | RemindReport
    | MarkReportOverdue
    | GiveDefaultNotice
    | SubmitReport
    | RequestReportCorrection
    | AcceptReport
    | RejectReport
)
ClaimCommand = SetClaimTerm | LapseClaim | SubmitClaim | ApproveClaim | ApprovePartially | RejectClaim
OrderCommand = OrderPayment | ReleasePaymentFile | ConfirmExecution | RecordBankRejection | RecordReturn | CancelOrder
BankFileCommand = MakeBankFile | RecordHandover
RecoveryCommand = (
    OrderRecovery
    | OffsetRecovery
    | RecordRepayment
    | ContestRecovery
    | DecideContest
    | AgreeInstalments
    | MissInstalment
    | WaiveRecovery
    | TransferToCollection
)
PaymentCommand = (
    AdoptSchedule
    | AccountCommand
    | LifeCommand
    | ControlCommand
    | ReportCommand
    | ClaimCommand
    | OrderCommand
    | BankFileCommand
    | RecoveryCommand
)


def _by(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_ACCOUNT: tuple[CommandSpec, ...] = (
    CommandSpec(AdoptSchedule, "schedule", _by("service"), (), creates=True),
    CommandSpec(CommitFunds, "account", _by("service"), ("STATE", "P5"), creates=True, reads=reads.schedule),
    CommandSpec(ActivateAccount, "account", _by("service"), ("STATE",)),
    CommandSpec(ConfirmBankAccount, "account", _by("budget_officer"), ("STATE",)),
    CommandSpec(SucceedAccount, "account", _by("service"), ("STATE",)),
    CommandSpec(WithholdPayment, "account", _by("budget_officer", "inspector"), ("STATE", "P7")),
    CommandSpec(ReleaseWithholding, "account", _by("budget_officer"), ("STATE",)),
    CommandSpec(AdjustAward, "account", _by("service"), (), reads=reads.all_of_account),
    CommandSpec(ExtendAccountTerm, "account", _by("service"), ()),
    CommandSpec(SuspendAccount, "account", _by("service"), ()),
    CommandSpec(ResumeAccount, "account", _by("service"), ()),
    CommandSpec(FollowAward, "account", _by("service"), ()),
    CommandSpec(TerminateAccount, "account", _by("service"), ()),
    CommandSpec(RenewAccount, "account", _by("service"), (), reads=reads.all_of_account),
    CommandSpec(ReopenAccount, "account", _by("service"), ()),
    CommandSpec(LapseRetention, "account", _by("service"), ()),
    CommandSpec(DecommitFunds, "account", _by("budget_officer"), ("STATE", "P1"), reads=reads.all_of_account),
    CommandSpec(RecordInspection, "account", _by("inspector"), ("STATE",)),
    CommandSpec(
        RecordInterimDecision, "account", _by("case_handler"), ("STATE", "INTERIM"), reads=reads.terms_of_account
    ),
    CommandSpec(
        ReinstateCost, "account", _by("case_handler", "inspector"), ("STATE", "P7"), reads=reads.all_of_account
    ),
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
    CommandSpec(RequestReportCorrection, "report", _by("case_handler"), ("STATE",), reads=reads.account),
    CommandSpec(RejectReport, "report", _by("case_handler"), ("STATE",), reads=reads.account),
    CommandSpec(GiveDefaultNotice, "report", _by("case_handler"), ("STATE",), reads=reads.account),
    CommandSpec(RemindReport, "report", _by("service"), ()),
    CommandSpec(MarkReportOverdue, "report", _by("service"), ()),
)
_TRANCHE: tuple[CommandSpec, ...] = (
    CommandSpec(
        SubmitClaim, "claim", _by("applicant"), ("STATE", "OWN", "P2", "P5", "P8"), creates=True, reads=reads.claimed
    ),
    CommandSpec(SetClaimTerm, "claim", _by("service"), (), creates=True),
    CommandSpec(LapseClaim, "claim", _by("service"), ()),
    CommandSpec(ApproveClaim, "claim", _by("payment_approver"), ("STATE", "P5"), reads=reads.account),
    CommandSpec(ApprovePartially, "claim", _by("payment_approver"), ("STATE", "P5"), reads=reads.account),
    CommandSpec(RejectClaim, "claim", _by("payment_approver"), ("STATE",)),
    CommandSpec(
        OrderPayment,
        "payment-order",
        _by("budget_officer", "payment_approver"),
        ("STATE", "P1", "P2", "P4", "P5"),
        creates=True,
        reads=reads.money_of_case,
    ),
    CommandSpec(
        ReleasePaymentFile, "payment-order", _by("payment_releaser"), ("STATE", "P2", "P3"), reads=reads.released
    ),
    CommandSpec(ConfirmExecution, "payment-order", _by("payment_releaser", "service"), ("STATE",)),
    CommandSpec(RecordBankRejection, "payment-order", _by("payment_releaser", "service"), ("STATE",)),
    CommandSpec(RecordReturn, "payment-order", _by("payment_releaser", "service"), ("STATE",)),
    CommandSpec(CancelOrder, "payment-order", _by("budget_officer", "payment_approver"), ("STATE",)),
)
_BANK_FILE: tuple[CommandSpec, ...] = (
    CommandSpec(
        MakeBankFile, "bank-file", _by("service"), ("STATE", "P4"), creates=True, reads=reads.orders_and_accounts
    ),
    CommandSpec(RecordHandover, "bank-file", _by("service"), ("STATE",)),
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
    CommandSpec(ContestRecovery, "recovery", _by("applicant"), ("STATE", "OWN"), reads=reads.set_off),
    CommandSpec(DecideContest, "recovery", _by("budget_officer"), ("STATE", "P7"), reads=reads.set_off),
    CommandSpec(AgreeInstalments, "recovery", _by("budget_officer"), ("STATE", "P7"), reads=reads.set_off),
    CommandSpec(MissInstalment, "recovery", _by("service"), ()),
    CommandSpec(WaiveRecovery, "recovery", _by("budget_officer"), ("STATE", "P7"), reads=reads.set_off),
    CommandSpec(TransferToCollection, "recovery", _by("budget_officer"), ("STATE",)),
)

COMMANDS: dict[type[Command], CommandSpec] = {
    spec.model: spec for spec in (*_ACCOUNT, *_REPORT, *_TRANCHE, *_BANK_FILE, *_RECOVERY)
}
"""The registry: every command of payment, its stream, who may send it, and the rules that can refuse it."""
