"""The translation of what happens to money; `events.public.translate` says what stays inside, and why. Pure."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from events import payment
from events.public import models as told
from events.public.forms import organisation
from events.public.values import Case, PublicData
from events.times import Instant

MoneyFact: TypeAlias = (
    payment.AccountFacts | payment.ReportFacts | payment.ClaimFacts | payment.OrderFacts | payment.RecoveryFacts
)


def tell_money(fact: MoneyFact, at: Instant, case: Case) -> PublicData | None:
    """What outsiders hear of a payment fact."""
    if isinstance(fact, payment.RecoveryFacts):
        return _recovery(fact, at, case)
    if isinstance(fact, payment.AccountFacts):
        return _account(fact, at, case)
    match fact:
        case payment.ReportAccepted():
            return told.ReportAccepted(
                call=fact.call, occurred_at=at, case=case, report=fact.report, accepted_cents=fact.accepted_cents
            )
        case payment.PaymentExecuted():
            return told.PaymentExecuted(
                call=fact.call,
                occurred_at=at,
                case=case,
                tranche=fact.tranche,
                amount_cents=fact.amount_cents,
                end_to_end_id=fact.end_to_end_id,
                value_date=fact.value_date,
            )
        case (
            payment.ReportExpected()
            | payment.ReportReminded()
            | payment.ReportOverdue()
            | payment.DefaultNoticeGiven()
            | payment.ReportSubmitted()
            | payment.ReportCorrectionRequested()
            | payment.ReportRejected()
            | payment.ClaimTermSet()
            | payment.ClaimTermLapsed()
            | payment.ClaimSubmitted()
            | payment.ClaimApproved()
            | payment.ClaimPartiallyApproved()
            | payment.ClaimRejected()
            | payment.PaymentOrderCancelled()
            | payment.PaymentReturned()
            | payment.PaymentOrdered()
            | payment.PaymentFileReleased()
            | payment.PaymentRejectedByBank()
        ):
            return None
        case _:
            assert_never(fact)


_Untold: TypeAlias = (
    payment.CommitmentRefused
    | payment.AccountActivated
    | payment.BankAccountConfirmed
    | payment.AccountSucceeded
    | payment.PaymentWithheld
    | payment.WithholdingReleased
    | payment.AwardChanged
    | payment.CommitmentRaised
    | payment.AccountTermExtended
    | payment.AccountSuspended
    | payment.AccountResumed
    | payment.AccountTerminated
    | payment.AccountReopened
    | payment.RetentionTermSet
    | payment.RetentionTermLapsed
    | payment.AccountRenewed
    | payment.InspectionRecorded
    | payment.InterimDecisionRecorded
    | payment.CostReinstated
    | payment.AuditFindingRecorded
    | payment.CostDisallowed
    | payment.OverpaymentEstablished
    | payment.AccountClosed
)
"""What happens on an account that concerns nobody outside."""


def _account(fact: payment.AccountFacts, at: Instant, case: Case) -> PublicData | None:
    if isinstance(fact, _Untold):
        return None
    match fact:
        case payment.FundsCommitted():
            return told.FundsCommitted(
                call=fact.call,
                occurred_at=at,
                case=case,
                amount_cents=fact.amount_cents,
                budget_article=fact.budget_article,
            )
        case payment.FundsDecommitted():
            return told.FundsDecommitted(
                call=fact.call, occurred_at=at, case=case, amount_cents=fact.amount_cents, reason=fact.reason
            )
        case payment.FinalAccountSettled():
            return told.AccountSettled(
                call=fact.call,
                occurred_at=at,
                case=case,
                accepted_cents=fact.accepted_cents,
                own_contribution_due_cents=fact.own_contribution_due_cents,
                final_subsidy_cents=fact.final_subsidy_cents,
                balance_cents=fact.balance_cents,
            )
        case _:
            assert_never(fact)


def _recovery(fact: payment.RecoveryFacts, at: Instant, case: Case) -> PublicData | None:
    match fact:
        case payment.RecoveryOrdered():
            return told.RecoveryOrdered(
                call=fact.call,
                occurred_at=at,
                case=case,
                recovery=fact.recovery,
                amount_cents=fact.amount_cents,
                ground=fact.ground,
                debtor=organisation(fact.debtor),
            )
        case payment.RecoveryOffset():
            return told.RecoveryOffset(
                call=fact.call,
                occurred_at=at,
                case=case,
                recovery=fact.recovery,
                amount_cents=fact.amount_cents,
                end_to_end_id=fact.end_to_end_id,
            )
        case payment.RepaymentReceived():
            return told.RecoveryRepaid(
                call=fact.call,
                occurred_at=at,
                case=case,
                recovery=fact.recovery,
                amount_cents=fact.amount_cents,
                value_date=fact.value_date,
            )
        case (
            payment.RecoveryContested()
            | payment.ContestDecided()
            | payment.InstalmentPlanAgreed()
            | payment.InstalmentMissed()
            | payment.RecoveryWaived()
            | payment.RecoveryTransferred()
        ):
            return None
        case _:
            assert_never(fact)
