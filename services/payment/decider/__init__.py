"""What payment decides: a table of commands, and behind each a decision on what its own streams hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

from events.catalog import AnyFact
from events.payment import CommitmentRefused
from services.deciding import Context, Decision
from services.payment.commands import (
    AcceptReport,
    AccountCommand,
    ActivateAccount,
    AdjustAward,
    AdoptSchedule,
    AgreeInstalments,
    ApproveClaim,
    ApprovePartially,
    CancelOrder,
    ClaimCommand,
    CloseAccount,
    CommitFunds,
    ConfirmBankAccount,
    ConfirmExecution,
    ContestRecovery,
    DecideContest,
    DecommitFunds,
    DisallowCost,
    ExpectReport,
    ExtendAccountTerm,
    FollowAward,
    GiveDefaultNotice,
    LapseClaim,
    LapseRetention,
    LifeCommand,
    MakeBankFile,
    MarkReportOverdue,
    MissInstalment,
    OffsetRecovery,
    OrderCommand,
    OrderPayment,
    OrderRecovery,
    PaymentCommand,
    RecordAuditFinding,
    RecordBankRejection,
    RecordHandover,
    RecordInspection,
    RecordInterimDecision,
    RecordRepayment,
    RecordReturn,
    RecoveryCommand,
    ReinstateCost,
    RejectClaim,
    RejectReport,
    ReleasePaymentFile,
    ReleaseWithholding,
    RemindReport,
    RenewAccount,
    ReopenAccount,
    ReportCommand,
    RequestReportCorrection,
    ResumeAccount,
    SetClaimTerm,
    SettleFinalAccount,
    SubmitClaim,
    SubmitReport,
    SucceedAccount,
    SuspendAccount,
    TerminateAccount,
    TransferToCollection,
    WaiveRecovery,
    WithholdPayment,
)
from services.payment.decider import account, bank_file, claim, control, debt, life, order, recovery, report, watching
from services.payment.decider.case import schedule_of


def decide(state: Any, command: PaymentCommand, context: Context) -> Decision:
    """Answer a command on the state of its stream, and name the terms that were read."""
    decision = _decide(state, command, context)
    return replace(decision, rules=schedule_of(context).position) if decision.rules is None else decision


def _decide(state: Any, command: PaymentCommand, context: Context) -> Decision:
    match command:
        case AdoptSchedule():
            return account.adopt(state, command, context)
        case RecordInspection():
            return watching.inspect(state, command, context)
        case RecordInterimDecision():
            return watching.decide_interim(state, command, context)
        case ReinstateCost():
            return watching.reinstate(state, command, context)
        case RecordAuditFinding():
            return control.record_finding(state, command, context)
        case DisallowCost():
            return control.disallow(state, command, context)
        case SettleFinalAccount():
            return control.settle(state, context)
        case CloseAccount():
            return control.close(state, context)
        case MakeBankFile():
            return bank_file.make(state, command, context)
        case RecordHandover():
            return bank_file.hand_over(state, command)
        case _:
            return _on_stream(state, command, context)


def _on_stream(
    state: Any,
    command: AccountCommand | LifeCommand | ReportCommand | ClaimCommand | OrderCommand | RecoveryCommand,
    context: Context,
) -> Decision:
    if isinstance(command, RecoveryCommand):
        return _on_recovery(state, command, context)
    if isinstance(command, LifeCommand):
        return _on_life(state, command, context)
    if isinstance(command, ReportCommand):
        return _on_report(state, command, context)
    if isinstance(command, ClaimCommand):
        return _on_claim(state, command, context)
    if isinstance(command, OrderCommand):
        return _on_order(state, command, context)
    return _on_account(state, command, context)


def _on_account(state: Any, command: AccountCommand, context: Context) -> Decision:
    match command:
        case CommitFunds():
            return account.commit(state, command, context)
        case ActivateAccount():
            return account.activate(state, command, context)
        case ConfirmBankAccount():
            return account.confirm_bank_account(state, command, context)
        case SucceedAccount():
            return account.succeed(state, command, context)
        case WithholdPayment():
            return account.withhold(state, command, context)
        case ReleaseWithholding():
            return account.lift(state, command, context)
        case _:
            assert_never(command)


def _on_life(state: Any, command: LifeCommand, context: Context) -> Decision:
    match command:
        case AdjustAward():
            return life.adjust(state, command, context)
        case ExtendAccountTerm():
            return life.extend(state, command, context)
        case SuspendAccount():
            return life.suspend(state, command, context)
        case ResumeAccount():
            return life.resume(state, command, context)
        case FollowAward():
            return life.follow(state, command, context)
        case TerminateAccount():
            return life.terminate(state, command, context)
        case RenewAccount():
            return life.renew(state, command, context)
        case ReopenAccount():
            return life.reopen(state, command, context)
        case LapseRetention():
            return life.lapse_retention(state, context)
        case DecommitFunds():
            return life.decommit(state, command, context)
        case _:
            assert_never(command)


def _on_claim(state: Any, command: ClaimCommand, context: Context) -> Decision:
    match command:
        case SubmitClaim():
            return claim.submit(state, command, context)
        case SetClaimTerm():
            return claim.set_term(state, command)
        case LapseClaim():
            return claim.lapse(state, context)
        case ApproveClaim():
            return claim.approve(state, context)
        case ApprovePartially():
            return claim.approve_partially(state, command, context)
        case RejectClaim():
            return claim.reject(state, command, context)
        case _:
            assert_never(command)


def _on_report(state: Any, command: ReportCommand, context: Context) -> Decision:
    match command:
        case ExpectReport():
            return report.expect(state, command)
        case SubmitReport():
            return report.submit(state, command, context)
        case AcceptReport():
            return report.accept_costs(state, context)
        case MarkReportOverdue():
            return report.mark_overdue(state, context)
        case GiveDefaultNotice():
            return report.give_notice(state, command, context)
        case RemindReport():
            return report.remind(state, command, context)
        case RequestReportCorrection():
            return report.request_correction(state, command, context)
        case RejectReport():
            return report.reject(state, command, context)
        case _:
            assert_never(command)


def _on_order(state: Any, command: OrderCommand, context: Context) -> Decision:
    match command:
        case OrderPayment():
            return order.order(state, command, context)
        case ReleasePaymentFile():
            return order.release(state, context)
        case ConfirmExecution():
            return order.confirm(state, command)
        case RecordBankRejection():
            return order.reject(state, command)
        case RecordReturn():
            return order.take_back(state, command)
        case CancelOrder():
            return order.cancel(state, command, context)
        case _:
            assert_never(command)


def _on_recovery(state: Any, command: RecoveryCommand, context: Context) -> Decision:
    match command:
        case OrderRecovery():
            return recovery.order(state, command, context)
        case OffsetRecovery():
            return recovery.offset(state, command)
        case RecordRepayment():
            return recovery.repay(state, command, context)
        case ContestRecovery():
            return debt.contest(state, command, context)
        case DecideContest():
            return debt.answer(state, command, context)
        case AgreeInstalments():
            return debt.plan(state, command, context)
        case MissInstalment():
            return debt.miss(state, command, context)
        case WaiveRecovery():
            return debt.waive(state, command, context)
        case TransferToCollection():
            return debt.transfer(state, command)
        case _:
            assert_never(command)


def refused_by_guard(
    state: Any, command: PaymentCommand, context: Context, _guard: str, code: str
) -> tuple[AnyFact, ...]:
    """A commitment that the ledger refuses goes on record; every other refusal is an answer only."""
    match command:
        case CommitFunds():
            refused = CommitmentRefused(
                call=command.call,
                case=context.id,
                amount_cents=command.amount_cents,
                attempt=command.attempt,
                code=code,
                source=command.source,
            )
            return (refused,)
        case AdjustAward() if command.attempt is not None:
            # The higher award stands; a budget officer must mend what the ledger does not cover.
            return (
                CommitmentRefused(
                    call=state.call,
                    case=context.id,
                    amount_cents=command.amount_cents - state.worth_cents,
                    attempt=command.attempt,
                    code=code,
                    source=command.source,
                ),
            )
        case _:
            return ()
