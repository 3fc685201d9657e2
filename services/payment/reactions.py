"""What payment does by itself: others' facts become its commands, and a report's last day acts."""

from __future__ import annotations

from collections.abc import Sequence

from events.catalog import AnyFact, stream_name
from events.decision import (
    AmendmentApproved,
    AwardAdjusted,
    BeneficiarySucceeded,
    ContractActivated,
    ContractExpired,
    ContractRedrafted,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    DecisionAnnulled,
    DecisionSuspended,
    GrantAwarded,
    SuspensionLifted,
    TermExtended,
)
from events.intake import CallPublished
from events.payment import (
    AccountActivated,
    AccountReopened,
    AccountTermExtended,
    AwardChanged,
    ClaimSubmitted,
    ClaimTermSet,
    InstalmentPlanAgreed,
    OverpaymentEstablished,
    PaymentFileReleased,
    PaymentReturned,
    ReportCorrectionRequested,
    ReportExpected,
    ReportSubmitted,
    RetentionTermSet,
)
from events.times import Deadline, end_of_day, months_after
from events.vocabulary import Source
from services.deciding import CancelTimer, Issue, Reaction, SetTimer, TimerChange, case_id
from services.payment.commands import (
    ActivateAccount,
    AdjustAward,
    AdoptSchedule,
    CommitFunds,
    ExpectReport,
    ExtendAccountTerm,
    FollowAward,
    LapseClaim,
    LapseRetention,
    MarkReportOverdue,
    MissInstalment,
    OffsetRecovery,
    OrderRecovery,
    RemindReport,
    RenewAccount,
    ReopenAccount,
    ResumeAccount,
    SetClaimTerm,
    SucceedAccount,
    SuspendAccount,
    TerminateAccount,
)
from services.payment.state import Schedule, reminder_at


def _adopt(fact: CallPublished, source: Source, _state: None) -> Sequence[Issue]:
    terms = fact.terms
    adopt = AdoptSchedule(
        budget_article=terms.budget_article,
        cofinancing=terms.cofinancing,
        share_limits=terms.share_limits,
        cost_categories=[category.code for category in terms.cost_categories],
        tranches=terms.tranches,
        reports=terms.reports,
        payment=terms.payment,
        source=source,
    )
    return (Issue("schedule", fact.call, adopt),)


def _commit(fact: GrantAwarded, source: Source, _state: None) -> Sequence[Issue]:
    commit = CommitFunds(
        call=fact.call,
        beneficiary=fact.beneficiary,
        amount_cents=fact.amount_cents,
        attempt=fact.attempt,
        budget=fact.budget,
        synthetic=fact.synthetic,
        source=source,
    )
    return (Issue("account", fact.case, commit),)


def _activate(fact: ContractActivated, source: Source, _state: None) -> Sequence[Issue]:
    return (Issue("account", fact.case, ActivateAccount(term=fact.term, source=source)),)


def _extend(fact: TermExtended, source: Source, _state: None) -> Sequence[Issue]:
    return (Issue("account", fact.case, ExtendAccountTerm(term=fact.term, source=source)),)


def _suspend(fact: ContractSuspended, source: Source, _state: None) -> Sequence[Issue]:
    return (Issue("account", fact.case, SuspendAccount(ground=fact.ground, source=source)),)


def _resume(fact: ContractResumed, source: Source, _state: None) -> Sequence[Issue]:
    return (Issue("account", fact.case, ResumeAccount(source=source)),)


def _freeze(fact: DecisionSuspended, source: Source, _state: None) -> Sequence[Issue]:
    # Not by way of the contract: what is left to pay may outlast it.
    return (Issue("account", fact.case, SuspendAccount(ground="award_suspended", source=source)),)


def _freeze_annulled(fact: DecisionAnnulled, source: Source, _state: None) -> Sequence[Issue]:
    if fact.outcome != "awarded":
        return ()
    return (Issue("account", fact.case, SuspendAccount(ground="award_annulled", source=source)),)


def _thaw(fact: SuspensionLifted, source: Source, _state: None) -> Sequence[Issue]:
    return (Issue("account", fact.case, FollowAward(source=source)),)


def _terminate(fact: ContractTerminated, source: Source, _state: None) -> Sequence[Issue]:
    ended = TerminateAccount(ground=fact.ground, in_force=fact.in_force, term=fact.term, source=source)
    return (Issue("account", fact.case, ended),)


def _expire(fact: ContractExpired, source: Source, _state: None) -> Sequence[Issue]:
    ended = TerminateAccount(ground="expired", in_force=fact.in_force, term=fact.term, source=source)
    return (Issue("account", fact.case, ended),)


def _renew(fact: ContractRedrafted, source: Source, _state: None) -> Sequence[Issue]:
    return (Issue("account", fact.case, RenewAccount(source=source)),)


def _succeed(fact: BeneficiarySucceeded, source: Source, _state: None) -> Sequence[Issue]:
    succeed = SucceedAccount(
        previous=fact.previous, successor=fact.successor, effective_at=fact.effective_at, source=source
    )
    return (Issue("account", fact.case, succeed),)


def _adjust(fact: AwardAdjusted, source: Source, _state: None) -> Sequence[Issue]:
    adjust = AdjustAward(
        amount_cents=fact.amount_cents, budget=fact.budget, attempt=fact.attempt, ground=fact.code, source=source
    )
    return (Issue("account", fact.case, adjust),)


def _amend(fact: AmendmentApproved, source: Source, _state: None) -> Sequence[Issue]:
    issues = []
    if fact.term != fact.previous:
        issues.append(Issue("account", fact.case, ExtendAccountTerm(term=fact.term, source=source)))
    if fact.amount_cents != fact.previous_cents:
        less = AdjustAward(
            amount_cents=fact.amount_cents, budget=fact.budget, attempt=None, ground="amended", source=source
        )
        issues.append(Issue("account", fact.case, less))
    return issues


def _expect_reports(fact: AccountActivated, _source: Source, state: Schedule) -> Sequence[Issue]:
    return [
        Issue(
            "report",
            case_id(fact.case, "report", term.code),
            ExpectReport(
                call=fact.call,
                case=fact.case,
                report=term.code,
                period=term.period,
                due=end_of_day(term.due),
                reminder_days=state.payment.reminder_days,
            ),
        )
        for term in state.reports
    ]


def _claim_terms(fact: AccountActivated | AccountTermExtended, _source: Source, state: Schedule) -> Sequence[Issue]:
    issues = []
    for rule in state.payment.tranche_rules:
        if rule.claim_months_after_end is not None:
            due = end_of_day(months_after(fact.term.end, rule.claim_months_after_end))
            command = SetClaimTerm(call=fact.call, case=fact.case, tranche=rule.tranche, due=due)
            issues.append(Issue("claim", case_id(fact.case, "claim", rule.tranche), command))
    return issues


def _reopen(fact: PaymentReturned, source: Source, _state: None) -> Sequence[Issue]:
    return (Issue("account", fact.case, ReopenAccount(end_to_end_id=fact.end_to_end_id, source=source)),)


def _offset(fact: PaymentFileReleased, source: Source, _state: None) -> Sequence[Issue]:
    if fact.recovery is None:
        return ()
    offset = OffsetRecovery(amount_cents=fact.offset_cents, end_to_end_id=fact.end_to_end_id, source=source)
    return (Issue("recovery", case_id(fact.case, "recovery", fact.recovery), offset),)


def _recover(fact: OverpaymentEstablished, _source: Source, _state: None) -> Sequence[Issue]:
    # What was paid and is not carried by accepted costs is not accounted for: act of 16 May 2003, art. 13.
    recover = OrderRecovery(case=fact.case, number=int(fact.recovery), ground="not_accounted_for", finding=None)
    return (Issue("recovery", case_id(fact.case, "recovery", fact.recovery), recover),)


def _schedule(fact: AccountActivated | AccountTermExtended) -> str:
    return stream_name("schedule", fact.call)


REACTIONS: tuple[Reaction, ...] = (
    Reaction("adopt-schedule", CallPublished, _adopt),
    Reaction("commit-award", GrantAwarded, _commit),
    Reaction("adjust-award", AwardAdjusted, _adjust),
    Reaction("activate-account", ContractActivated, _activate),
    Reaction("extend-account", TermExtended, _extend),
    Reaction("amend-account", AmendmentApproved, _amend),
    Reaction("suspend-account", ContractSuspended, _suspend),
    Reaction("resume-account", ContractResumed, _resume),
    Reaction("freeze-suspended-award", DecisionSuspended, _freeze),
    Reaction("freeze-annulled-award", DecisionAnnulled, _freeze_annulled),
    Reaction("follow-award", SuspensionLifted, _thaw),
    Reaction("terminate-account", ContractTerminated, _terminate),
    Reaction("expire-account", ContractExpired, _expire),
    Reaction("renew-account", ContractRedrafted, _renew),
    Reaction("succeed-account", BeneficiarySucceeded, _succeed),
    Reaction("expect-reports", AccountActivated, _expect_reports, reads=_schedule),
    Reaction("set-claim-terms", AccountActivated, _claim_terms, reads=_schedule),
    Reaction("move-claim-terms", AccountTermExtended, _claim_terms, reads=_schedule),
    Reaction("reopen-account", PaymentReturned, _reopen),
    Reaction("offset-recovery", PaymentFileReleased, _offset),
    Reaction("recover-overpayment", OverpaymentEstablished, _recover),
)
"""Fact → commands. Names are part of command ids: a name, once used, stays."""


def timers(fact: AnyFact) -> Sequence[TimerChange]:
    """Reminders of a report on the days that the call names, the end of its last day, and of a claim's."""
    match fact:
        case ReportExpected():
            ident = case_id(fact.case, "report", fact.report)
            reminders = [
                SetTimer(
                    f"{stream_name('report', ident)}/reminder/{days}",
                    reminder_at(fact.due, days).utc,
                    Issue("report", ident, RemindReport(days=days)),
                )
                for days in fact.reminder_days
            ]
            return (*reminders, _overdue(fact.case, fact.report, fact.due))
        case ReportCorrectionRequested():
            return (_overdue(fact.case, fact.report, fact.due),)
        case ReportSubmitted():
            return (CancelTimer(_overdue_id(case_id(fact.case, "report", fact.report))),)
        case InstalmentPlanAgreed():
            ident = case_id(fact.case, "recovery", fact.recovery)
            return [
                SetTimer(
                    f"{stream_name('recovery', ident)}/instalment/{fact.plan}/{one.number}",
                    one.due.utc,
                    Issue("recovery", ident, MissInstalment(plan=fact.plan, number=one.number)),
                )
                for one in fact.instalments
            ]
        case ClaimTermSet():
            ident = case_id(fact.case, "claim", fact.tranche)
            return (SetTimer(_lapse_id(ident), fact.due.utc, Issue("claim", ident, LapseClaim())),)
        case ClaimSubmitted():
            return (CancelTimer(_lapse_id(case_id(fact.case, "claim", fact.tranche))),)
        case RetentionTermSet():
            return (SetTimer(_retention_id(fact.case), fact.due.utc, Issue("account", fact.case, LapseRetention())),)
        case AccountReopened() | AwardChanged():
            return (CancelTimer(_retention_id(fact.case)),)
        case _:
            return ()


def _overdue(case: str, report: str, due: Deadline) -> SetTimer:
    ident = case_id(case, "report", report)
    return SetTimer(_overdue_id(ident), due.utc, Issue("report", ident, MarkReportOverdue()))


def _lapse_id(ident: str) -> str:
    return f"{stream_name('claim', ident)}/lapse"


def _retention_id(case: str) -> str:
    return f"{stream_name('account', case)}/retention"


def _overdue_id(ident: str) -> str:
    return f"{stream_name('report', ident)}/overdue"
