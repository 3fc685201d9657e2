"""Facts of payment: schedule (per call), account, claims, payment orders, reports and recoveries (per case)."""

from __future__ import annotations

from typing import TypeAlias

from events.payment.account import (
    AccountActivated as AccountActivated,
)
from events.payment.account import (
    AccountFacts as AccountFacts,
)
from events.payment.account import (
    AccountRenewed as AccountRenewed,
)
from events.payment.account import (
    AccountReopened as AccountReopened,
)
from events.payment.account import (
    AccountResumed as AccountResumed,
)
from events.payment.account import (
    AccountSucceeded as AccountSucceeded,
)
from events.payment.account import (
    AccountSuspended as AccountSuspended,
)
from events.payment.account import (
    AccountTermExtended as AccountTermExtended,
)
from events.payment.account import (
    AccountTerminated as AccountTerminated,
)
from events.payment.account import (
    AwardChanged as AwardChanged,
)
from events.payment.account import (
    BankAccountConfirmed as BankAccountConfirmed,
)
from events.payment.account import (
    CommitmentRaised as CommitmentRaised,
)
from events.payment.account import (
    CommitmentRefused as CommitmentRefused,
)
from events.payment.account import (
    FundsCommitted as FundsCommitted,
)
from events.payment.account import (
    FundsDecommitted as FundsDecommitted,
)
from events.payment.account import (
    PaymentWithheld as PaymentWithheld,
)
from events.payment.account import (
    PlannedTranche as PlannedTranche,
)
from events.payment.account import (
    RetentionTermLapsed as RetentionTermLapsed,
)
from events.payment.account import (
    RetentionTermSet as RetentionTermSet,
)
from events.payment.account import (
    ScheduleAdopted as ScheduleAdopted,
)
from events.payment.account import (
    ScheduleFacts as ScheduleFacts,
)
from events.payment.account import (
    WithholdingReleased as WithholdingReleased,
)
from events.payment.bank_file import (
    BankFileFacts as BankFileFacts,
)
from events.payment.bank_file import (
    BankFileHandedOver as BankFileHandedOver,
)
from events.payment.bank_file import (
    BankFileMade as BankFileMade,
)
from events.payment.bank_file import (
    FiledTransfer as FiledTransfer,
)
from events.payment.control import (
    AccountClosed as AccountClosed,
)
from events.payment.control import (
    AuditFindingRecorded as AuditFindingRecorded,
)
from events.payment.control import (
    ControlFacts as ControlFacts,
)
from events.payment.control import (
    CostDisallowed as CostDisallowed,
)
from events.payment.control import (
    CostReinstated as CostReinstated,
)
from events.payment.control import (
    FinalAccountSettled as FinalAccountSettled,
)
from events.payment.control import (
    InspectionRecorded as InspectionRecorded,
)
from events.payment.control import (
    InterimDecisionRecorded as InterimDecisionRecorded,
)
from events.payment.control import (
    OverpaymentEstablished as OverpaymentEstablished,
)
from events.payment.recovery import (
    ContestDecided as ContestDecided,
)
from events.payment.recovery import (
    Instalment as Instalment,
)
from events.payment.recovery import (
    InstalmentMissed as InstalmentMissed,
)
from events.payment.recovery import (
    InstalmentPlanAgreed as InstalmentPlanAgreed,
)
from events.payment.recovery import (
    RecoveryContested as RecoveryContested,
)
from events.payment.recovery import (
    RecoveryFacts as RecoveryFacts,
)
from events.payment.recovery import (
    RecoveryOffset as RecoveryOffset,
)
from events.payment.recovery import (
    RecoveryOrdered as RecoveryOrdered,
)
from events.payment.recovery import (
    RecoveryTransferred as RecoveryTransferred,
)
from events.payment.recovery import (
    RecoveryWaived as RecoveryWaived,
)
from events.payment.recovery import (
    RepaymentReceived as RepaymentReceived,
)
from events.payment.report import (
    DefaultNoticeGiven as DefaultNoticeGiven,
)
from events.payment.report import (
    ReportAccepted as ReportAccepted,
)
from events.payment.report import (
    ReportCorrectionRequested as ReportCorrectionRequested,
)
from events.payment.report import (
    ReportedCost as ReportedCost,
)
from events.payment.report import (
    ReportExpected as ReportExpected,
)
from events.payment.report import (
    ReportFacts as ReportFacts,
)
from events.payment.report import (
    ReportOverdue as ReportOverdue,
)
from events.payment.report import (
    ReportRejected as ReportRejected,
)
from events.payment.report import (
    ReportReminded as ReportReminded,
)
from events.payment.report import (
    ReportSubmitted as ReportSubmitted,
)
from events.payment.tranche import (
    ClaimApproved as ClaimApproved,
)
from events.payment.tranche import (
    ClaimedCost as ClaimedCost,
)
from events.payment.tranche import (
    ClaimFacts as ClaimFacts,
)
from events.payment.tranche import (
    ClaimPartiallyApproved as ClaimPartiallyApproved,
)
from events.payment.tranche import (
    ClaimRejected as ClaimRejected,
)
from events.payment.tranche import (
    ClaimSubmitted as ClaimSubmitted,
)
from events.payment.tranche import (
    ClaimTermLapsed as ClaimTermLapsed,
)
from events.payment.tranche import (
    ClaimTermSet as ClaimTermSet,
)
from events.payment.tranche import (
    OrderFacts as OrderFacts,
)
from events.payment.tranche import (
    PaymentExecuted as PaymentExecuted,
)
from events.payment.tranche import (
    PaymentFileReleased as PaymentFileReleased,
)
from events.payment.tranche import (
    PaymentOrderCancelled as PaymentOrderCancelled,
)
from events.payment.tranche import (
    PaymentOrdered as PaymentOrdered,
)
from events.payment.tranche import (
    PaymentRejectedByBank as PaymentRejectedByBank,
)
from events.payment.tranche import (
    PaymentReturned as PaymentReturned,
)

PaymentFact: TypeAlias = (
    ScheduleFacts | AccountFacts | ReportFacts | ClaimFacts | OrderFacts | BankFileFacts | RecoveryFacts
)
