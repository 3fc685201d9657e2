"""Balls of a case's account: reports, claims, payments, findings, recoveries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from events import payment
from events.times import Instant
from projections.worklist.tasks import REDRESS, WorkRow

Step = Callable[[WorkRow, Any, Instant], None]


def _committed(row: WorkRow, fact: payment.FundsCommitted, _at: Instant) -> None:
    row.close("mend_commitment")
    _planned(row, fact)


def _planned(row: WorkRow, fact: payment.FundsCommitted | payment.AwardChanged) -> None:
    for tranche in fact.tranches:
        if tranche.condition == "final_account_settled":
            row.final_tranche = tranche.code
        if isinstance(fact, payment.FundsCommitted):
            row.planned = {**row.planned, f"tranche/{tranche.code}": tranche.report or tranche.condition}


def _award_changed(row: WorkRow, fact: payment.AwardChanged, at: Instant) -> None:
    _planned(row, fact)
    if not row.settled:
        return
    # The final account is made anew: until then nobody can claim, order or close.
    row.settled = row.ended = False
    row.planned = {name: value for name, value in row.planned.items() if name != "closed"}
    for code in ("submit_claim", "approve_claim", "order_payment", "close_account"):
        row.close(code)
    row.open("settle_account", at)


def _claimable(row: WorkRow, condition: str, at: Instant) -> None:
    for name, awaited in row.planned.items():
        if name.startswith("tranche/") and awaited == condition:
            row.open("submit_claim", at, ref=name.removeprefix("tranche/"))


def _account_active(row: WorkRow, _fact: payment.AccountActivated, at: Instant) -> None:
    if "bank" not in row.planned:
        row.open("confirm_bank_account", at)
    _claimable(row, "contract_active", at)


def _bank_confirmed(row: WorkRow, _fact: payment.BankAccountConfirmed, at: Instant) -> None:
    row.planned = {**row.planned, "bank": "confirmed"}
    row.close("confirm_bank_account")
    _perhaps_close(row, at)


def _report_expected(row: WorkRow, fact: payment.ReportExpected | payment.ReportOverdue, at: Instant) -> None:
    row.open("submit_report", at, ref=fact.report, due=fact.due.utc)


def _report_in(row: WorkRow, fact: payment.ReportSubmitted, at: Instant) -> None:
    row.close("submit_report", fact.report)
    row.open("accept_report", at, ref=fact.report)


def _report_sent_back(row: WorkRow, fact: payment.ReportCorrectionRequested, at: Instant) -> None:
    row.close("accept_report", fact.report)
    row.open("submit_report", at, ref=fact.report, due=fact.due.utc)


def _report_rejected(row: WorkRow, fact: payment.ReportRejected, _at: Instant) -> None:
    row.close("accept_report", fact.report)


def _report_accepted(row: WorkRow, fact: payment.ReportAccepted, at: Instant) -> None:
    row.close("accept_report", fact.report)
    _claimable(row, fact.report, at)


def _claimed(row: WorkRow, fact: payment.ClaimSubmitted, at: Instant) -> None:
    row.close("submit_claim", fact.tranche)
    # A contract drawn up again does not ask for it a second time.
    row.planned = {name: awaited for name, awaited in row.planned.items() if name != f"tranche/{fact.tranche}"}
    row.open("approve_claim", at, ref=fact.tranche)


def _claim_rejected(row: WorkRow, fact: payment.ClaimRejected, at: Instant) -> None:
    row.close("approve_claim", fact.tranche)
    row.open("submit_claim", at, ref=fact.tranche)


def _approved(row: WorkRow, fact: payment.ClaimApproved | payment.ClaimPartiallyApproved, at: Instant) -> None:
    row.close("approve_claim", fact.tranche)
    row.open("order_payment", at, ref=fact.tranche)


def _ordered(row: WorkRow, fact: payment.PaymentOrdered, at: Instant) -> None:
    row.close("order_payment", fact.tranche)
    row.open("release_payment", at, ref=fact.tranche)


def _released(row: WorkRow, fact: payment.PaymentFileReleased, at: Instant) -> None:
    row.close("release_payment", fact.tranche)
    row.open("confirm_execution", at, ref=fact.tranche)


def _executed(row: WorkRow, fact: payment.PaymentExecuted, at: Instant) -> None:
    row.close("confirm_execution", fact.tranche)
    _perhaps_close(row, at)


def _cancelled(row: WorkRow, fact: payment.PaymentOrderCancelled, at: Instant) -> None:
    row.close("release_payment", fact.tranche)
    row.open("order_payment", at, ref=fact.tranche)


def _withheld(row: WorkRow, fact: payment.PaymentWithheld, at: Instant) -> None:
    row.open("lift_withholding", at, ref=str(fact.withholding))


def _lifted(row: WorkRow, fact: payment.WithholdingReleased, at: Instant) -> None:
    row.close("lift_withholding", str(fact.withholding))
    _perhaps_close(row, at)


def _returned(row: WorkRow, fact: payment.PaymentReturned, at: Instant) -> None:
    # It may come back after the end: the account is open again.
    row.ended = False
    row.planned = {name: value for name, value in row.planned.items() if name != "closed"}
    _rejected(row, fact, at)


def _claim_lapsed(row: WorkRow, fact: payment.ClaimTermLapsed, _at: Instant) -> None:
    row.close("submit_claim", fact.tranche)


def _terminated(row: WorkRow, _fact: payment.AccountTerminated, at: Instant) -> None:
    row.close("submit_claim")
    row.close("run_contract")
    row.open("settle_account", at)


def _renewed(row: WorkRow, _fact: payment.AccountRenewed, _at: Instant) -> None:
    row.begin_anew()


def _noticed(row: WorkRow, fact: payment.DefaultNoticeGiven, at: Instant) -> None:
    row.open("submit_report", at, ref=fact.report, due=fact.due.utc)


def _reinstated(row: WorkRow, fact: payment.CostReinstated, _at: Instant) -> None:
    row.close("order_recovery", str(fact.finding))


def _rejected(row: WorkRow, fact: payment.PaymentRejectedByBank | payment.PaymentReturned, at: Instant) -> None:
    row.close("confirm_execution", fact.tranche)
    row.close("close_account")
    row.open("confirm_bank_account", at)
    row.open("order_payment", at, ref=fact.tranche)


def _found(row: WorkRow, fact: payment.AuditFindingRecorded, at: Instant) -> None:
    row.open("judge_finding", at, ref=str(fact.finding))


def _disallowed(row: WorkRow, fact: payment.CostDisallowed, at: Instant) -> None:
    row.close("judge_finding", str(fact.finding))
    row.open("order_recovery", at, ref=str(fact.finding))


def _recovery(row: WorkRow, fact: payment.RecoveryOrdered, at: Instant) -> None:
    row.close("order_recovery", str(fact.finding))
    row.debts = {**row.debts, fact.recovery: fact.amount_cents}
    row.open("repay", at, ref=fact.recovery)


_Repaid = payment.RecoveryOffset | payment.RepaymentReceived | payment.RecoveryWaived


def _repaid(row: WorkRow, fact: _Repaid, at: Instant) -> None:
    _less_owed(row, fact.recovery, fact.amount_cents, at)


def _contested(row: WorkRow, fact: payment.RecoveryContested, at: Instant) -> None:
    row.open("answer_contest", at, ref=fact.recovery)


def _answered(row: WorkRow, fact: payment.ContestDecided, at: Instant) -> None:
    row.close("answer_contest", fact.recovery)
    _less_owed(row, fact.recovery, fact.reduced_cents, at)


def _missed(row: WorkRow, fact: payment.InstalmentMissed, at: Instant) -> None:
    row.open("follow_up_debt", at, ref=fact.recovery)


def _collected(row: WorkRow, fact: payment.RecoveryTransferred, _at: Instant) -> None:
    row.close("follow_up_debt", fact.recovery)


def _less_owed(row: WorkRow, recovery: str, cents: int, at: Instant) -> None:
    owed = row.debts.get(recovery, 0) - cents
    row.debts = {**row.debts, recovery: owed}
    if owed <= 0:
        row.close("repay", recovery)
        row.close("follow_up_debt", recovery)
    _perhaps_close(row, at)


_BEFORE_SETTLEMENT = (
    "run_contract",
    "submit_report",
    "accept_report",
    "submit_claim",
    "approve_claim",
    "order_payment",
    "judge_finding",
    "order_recovery",
    "settle_account",
)
"""What the final account ends: no report comes in any more, and of the tranches the balance is what is left."""


def _settled(row: WorkRow, fact: payment.FinalAccountSettled, at: Instant) -> None:
    row.settled = True
    for code in _BEFORE_SETTLEMENT:
        row.close(code)
    if fact.balance_cents > 0 and row.final_tranche is not None:
        row.open("submit_claim", at, ref=row.final_tranche)
    _perhaps_close(row, at)


def _ended(row: WorkRow, _fact: payment.AccountClosed, _at: Instant) -> None:
    row.planned = {**row.planned, "closed": "once"}
    row.close_money()


def _perhaps_close(row: WorkRow, at: Instant) -> None:
    if row.settled and all(task.code in REDRESS for task in row.tasks):
        row.open("close_account", at)


MONEY_STEPS: dict[str, Step] = {
    "FundsCommitted": _committed,
    "AwardChanged": _award_changed,
    "AccountActivated": _account_active,
    "BankAccountConfirmed": _bank_confirmed,
    "ReportExpected": _report_expected,
    "ReportOverdue": _report_expected,
    "ReportSubmitted": _report_in,
    "ReportAccepted": _report_accepted,
    "ClaimSubmitted": _claimed,
    "ReportCorrectionRequested": _report_sent_back,
    "ReportRejected": _report_rejected,
    "ClaimApproved": _approved,
    "ClaimPartiallyApproved": _approved,
    "ClaimRejected": _claim_rejected,
    "PaymentOrderCancelled": _cancelled,
    "PaymentReturned": _returned,
    "ClaimTermLapsed": _claim_lapsed,
    "AccountTerminated": _terminated,
    "AccountRenewed": _renewed,
    "DefaultNoticeGiven": _noticed,
    "CostReinstated": _reinstated,
    "PaymentWithheld": _withheld,
    "WithholdingReleased": _lifted,
    "PaymentOrdered": _ordered,
    "PaymentFileReleased": _released,
    "PaymentExecuted": _executed,
    "PaymentRejectedByBank": _rejected,
    "AuditFindingRecorded": _found,
    "CostDisallowed": _disallowed,
    "RecoveryOrdered": _recovery,
    "RecoveryOffset": _repaid,
    "RepaymentReceived": _repaid,
    "RecoveryWaived": _repaid,
    "RecoveryContested": _contested,
    "ContestDecided": _answered,
    "InstalmentMissed": _missed,
    "RecoveryTransferred": _collected,
    "FinalAccountSettled": _settled,
    "AccountClosed": _ended,
}
