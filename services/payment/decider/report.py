"""Reports: expected, reminded of, overdue, handed in, sent back, accepted or rejected. Only accepted costs count."""

from __future__ import annotations

from events.canonical import Json
from events.payment import (
    AccountActivated,
    DefaultNoticeGiven,
    ReportAccepted,
    ReportCorrectionRequested,
    ReportExpected,
    ReportOverdue,
    ReportRejected,
    ReportReminded,
    ReportSubmitted,
    ScheduleAdopted,
)
from events.times import days_after
from events.vocabulary import Check
from services.deciding import Context, Decision, accept
from services.payment.commands import (
    ExpectReport,
    GiveDefaultNotice,
    RejectReport,
    RemindReport,
    RequestReportCorrection,
    SubmitReport,
)
from services.payment.decider.case import account_of, not_own, schedule_of, sources, wrong_state
from services.payment.rules import P8, refusal
from services.payment.state import Report, reminder_at
from services.rulebook import check


def expect(state: Report, command: ExpectReport) -> Decision:
    """A report falls due."""
    if state.status != "none":
        return accept()
    expected = ReportExpected(
        call=command.call,
        case=command.case,
        report=command.report,
        period=command.period,
        due=command.due,
        reminder_days=command.reminder_days,
    )
    return accept(expected)


def remind(state: Report, command: RemindReport, context: Context) -> Decision:
    """The timer's question: moot once the report came in, or when a later reminder is due already."""
    if state.status != "expected" or state.due is None or command.days in state.reminded:
        return accept()
    if context.at >= state.due.utc:
        return accept()
    passed = [days for days in state.reminder_days if context.at >= reminder_at(state.due, days).utc]
    if not passed or min(passed) != command.days:
        return accept()
    reminded = ReportReminded(call=state.call, case=state.case, report=state.report, days=command.days, due=state.due)
    return accept(reminded)


def submit(state: Report, command: SubmitReport, context: Context) -> Decision:
    """Hand in the report, late or not. Until it is accepted a better one may take its place."""
    if refused := not_own(context, account_of(context)):
        return refused
    submitted = ReportSubmitted(
        call=state.call,
        case=state.case,
        report=state.report,
        costs=command.costs,
        financing=command.financing,
        narrative=command.narrative,
        document_sha256=command.document_sha256,
        synthetic=command.synthetic,
    )
    if submitted == state.submitted and state.status in ("submitted", "accepted"):
        return accept()
    if state.status in ("accepted", "rejected") or account_of(context).status != "active":
        return wrong_state(state)
    return refusal([_eligible(state, submitted, context)]) or accept(submitted)


def accept_costs(state: Report, context: Context) -> Decision:
    """Accept the costs as they stand."""
    if state.status == "accepted":
        return accept()
    if state.status != "submitted" or state.submitted is None or account_of(context).status != "active":
        return wrong_state(state)
    checks = [_eligible(state, state.submitted, context)]
    accepted = ReportAccepted(
        call=state.call,
        case=state.case,
        report=state.report,
        accepted_cents=sum(line.amount_cents for line in state.submitted.costs),
        accepted_by=context.actor.person,
        checks=checks,
    )
    return refusal(checks) or accept(accepted)


def give_notice(state: Report, command: GiveDefaultNotice, context: Context) -> Decision:
    """Demand an overdue report a last time, once."""
    if state.noticed:
        return accept()
    if state.status != "overdue" or account_of(context).status != "active":
        return wrong_state(state)
    notice = DefaultNoticeGiven(
        call=state.call,
        case=state.case,
        report=state.report,
        reason=command.reason,
        due=days_after(context.at, command.days),
    )
    return accept(notice)


def request_correction(state: Report, command: RequestReportCorrection, context: Context) -> Decision:
    """Send it back: a better one is due, and until it comes nothing of it counts."""
    if state.status == "correction":
        return accept()
    if state.status != "submitted" or account_of(context).status != "active":
        return wrong_state(state)
    requested = ReportCorrectionRequested(
        call=state.call,
        case=state.case,
        report=state.report,
        reason=command.reason,
        due=days_after(context.at, command.days),
    )
    return accept(requested)


def reject(state: Report, command: RejectReport, context: Context) -> Decision:
    """Do not accept it: its costs are not accounted for, and the final account leaves them out."""
    if state.status == "rejected":
        return accept()
    if state.status != "submitted" or state.submitted is None or account_of(context).status != "active":
        return wrong_state(state)
    rejected = ReportRejected(
        call=state.call,
        case=state.case,
        report=state.report,
        rejected_cents=sum(line.amount_cents for line in state.submitted.costs),
        reason=command.reason,
        rejected_by=context.actor.person,
    )
    return accept(rejected)


def mark_overdue(state: Report, context: Context) -> Decision:
    """The timer's question; it is moot once the report, or its correction, came in."""
    if state.status not in ("expected", "correction") or state.due is None or context.at < state.due.utc:
        return accept()
    return accept(ReportOverdue(call=state.call, case=state.case, report=state.report, due=state.due))


def _eligible(state: Report, report: ReportSubmitted, context: Context) -> Check:
    """P8: known categories, no cost charged twice, inside the approved term."""
    terms = schedule_of(context).adopted
    term = account_of(context).term
    known: list[Json] = list(terms.cost_categories) if terms else []
    inputs: dict[str, Json] = {
        "report": state.report,
        "unknown_categories": [one.category for one in report.costs if one.category not in known],
        "subsidy_above_cost": [one.category for one in report.costs if one.subsidy_cents > one.amount_cents],
        "cost_cents": sum(one.amount_cents for one in report.costs),
        "subsidy_cents": sum(one.subsidy_cents for one in report.costs),
        "other_flemish_cents": sum(one.amount_cents for one in report.financing if one.source == "other_flemish"),
        "start": state.period.start if state.period else "",
        "end": state.period.end if state.period else "",
        "term_start": term.start if term else "",
        "term_end": term.end if term else "",
    }
    rests_on = sources(context, ScheduleAdopted, AccountActivated, ReportExpected, ReportSubmitted)
    return check(P8, {"cost_categories": known}, inputs, rests_on)
