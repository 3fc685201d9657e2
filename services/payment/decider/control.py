"""Control and the end: findings, disallowed costs, the final account, closure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal, cast

from events.canonical import Json
from events.catalog import AnyFact
from events.payment import (
    AccountClosed,
    AuditFindingRecorded,
    CostDisallowed,
    FinalAccountSettled,
    FundsCommitted,
    FundsDecommitted,
    OverpaymentEstablished,
    PaymentExecuted,
    RecoveryOffset,
    RecoveryOrdered,
    RepaymentReceived,
    ReportAccepted,
    ReportedCost,
    RetentionTermSet,
    ScheduleAdopted,
)
from events.times import day_of, end_of_day, months_after
from events.vocabulary import Check
from services.awarded import own_contribution, share_limits
from services.deciding import Context, Decision, accept
from services.payment.commands import DisallowCost, RecordAuditFinding
from services.payment.decider.case import Money, money_of, reports_of, schedule_of, sources, wrong_state
from services.payment.rules import P1, P6, P7, refusal
from services.payment.rules.arithmetic import FinalAccount, final_account, pro_rata
from services.payment.state import Account, Report
from services.rulebook import Values, check

_MISSING = ("overdue", "rejected")
_ENDED = ("accepted", *_MISSING)


def record_finding(state: Account, command: RecordAuditFinding, context: Context) -> Decision:
    """A finding gets the next number of the case."""
    if command.reference in state.findings:
        return accept()
    if state.status != "active":
        return wrong_state(state)
    finding = AuditFindingRecorded(
        call=state.call,
        case=context.id,
        finding=len(state.findings) + 1,
        reference=command.reference,
        description=command.description,
    )
    return accept(finding)


def disallow(state: Account, command: DisallowCost, context: Context) -> Decision:
    """Take a cost out of those accepted in its category, and with it the subsidy in it, pro rata to the award."""
    standing, _ = state.not_borne(category=command.category, finding=command.finding)
    if standing >= command.amount_cents and any(_same(one, command) for one in state.disallowed):
        return accept()
    if state.status != "active":
        return wrong_state(state)
    accepted = sum(line.amount_cents for line in _accepted_costs(context) if line.category == command.category)
    already, _ = state.not_borne(category=command.category)
    inputs: dict[str, Json] = {
        "needs_finding": True,
        "finding": command.finding,
        "findings": len(state.findings),
        "ground": command.ground,
        "category": command.category,
        "amount_cents": command.amount_cents,
        "limit_cents": accepted - already,
    }
    checks = [check(P7, {}, inputs, sources(context, AuditFindingRecorded, ReportAccepted, CostDisallowed))]
    disallowed = CostDisallowed(
        call=state.call,
        case=context.id,
        finding=command.finding,
        category=command.category,
        amount_cents=command.amount_cents,
        subsidy_cents=_subsidy_in(state, command.amount_cents),
        ground=command.ground,
        evidence=command.evidence,
        checks=checks,
    )
    return refusal(checks) or accept(disallowed)


def settle(state: Account, context: Context) -> Decision:
    """Make the final account (P6): what is left to pay, what is released, what was paid too much."""
    if state.settled_for_good:
        return accept()
    ended = state.terminated or not state.award_cents
    if not (state.outdated or state.status == "active" or (state.status == "committed" and ended)):
        return wrong_state(state)
    params, inputs = _terms(state, context), _inputs(state, context)
    final = final_account(params, inputs)
    rests_on = sources(
        context, ScheduleAdopted, FundsCommitted, CostDisallowed, ReportAccepted, PaymentExecuted, RecoveryOrdered
    )
    checks = [check(P6, params, inputs | final._asdict(), rests_on)]
    return refusal(checks) or accept(*_settlement(state, money_of(context), inputs, final, checks, context.id))


def close(state: Account, context: Context) -> Decision:
    """Close the account: everything due was paid and everything owed came back (P1)."""
    if state.status == "closed":
        return accept()
    if state.settlement is None or state.outdated:
        return wrong_state(state)
    money, final = money_of(context), state.settlement
    unpaid = final.balance_cents - state.forfeited_cents - (money.paid_cents - final.paid_cents)
    subsidy = final.final_subsidy_cents - state.forfeited_cents
    given_up = money.given_up_cents(state)
    inputs: dict[str, Json] = {
        # An award that was lowered below what was paid left the commitment above it: that came back, or was given up.
        "award_cents": state.granted_cents,
        "committed_cents": state.committed_cents,
        "paid_cents": money.paid_cents,
        "amount_cents": 0,
        "recovered_cents": money.recovered_cents,
        "given_up_cents": given_up,
        "final_subsidy_cents": subsidy,
        "unpaid_cents": unpaid,
        "owed_cents": money.paid_cents + unpaid - money.recovered_cents - given_up - subsidy,
    }
    rests_on = sources(context, FinalAccountSettled, PaymentExecuted, RecoveryOffset, RepaymentReceived)
    checks = [check(P1, {"moment": "closing"}, inputs, rests_on)]
    closed = AccountClosed(
        call=state.call,
        case=context.id,
        final_subsidy_cents=subsidy,
        paid_cents=money.paid_cents,
        recovered_cents=money.recovered_cents,
        given_up_cents=given_up,
        checks=checks,
    )
    return refusal(checks) or accept(closed, *_retention(state, context))


def _retention(state: Account, context: Context) -> Iterator[RetentionTermSet]:
    if (rule := schedule_of(context).payment.retention) is not None:
        yield RetentionTermSet(
            call=state.call,
            case=context.id,
            due=end_of_day(months_after(day_of(context.at), 12 * rule.years)),
            selection_rule=rule.selection_rule,
            destination=rule.destination,
        )


def _settlement(
    state: Account, money: Money, inputs: Values, final: FinalAccount, checks: list[Check], case: str
) -> Iterator[AnyFact]:
    yield FinalAccountSettled(
        call=state.call,
        case=case,
        award_cents=_award(state),
        reported_cents=cast("int", inputs["reported_cents"]),
        disallowed_cents=cast("int", inputs["disallowed_cents"]),
        accepted_cents=final.accepted_cents,
        own_contribution_due_cents=final.own_contribution_due_cents,
        final_subsidy_cents=final.final_subsidy_cents,
        paid_cents=money.paid_cents,
        recovery_ordered_cents=money.claimed_back_cents(state),
        balance_cents=final.balance_cents,
        checks=checks,
    )
    # What was claimed back was paid out of the commitment too, so it does not return to the envelope here.
    if unneeded := state.committed_cents - money.paid_cents - final.balance_cents:
        reason: Literal["terminated", "final_subsidy_below_award"]
        reason = "terminated" if state.terminated else "final_subsidy_below_award"
        yield FundsDecommitted(call=state.call, case=case, amount_cents=unneeded, reason=reason, explanation=None)
    if final.overpaid_cents:
        number = str(len(money.recoveries) + 1)
        yield OverpaymentEstablished(call=state.call, case=case, amount_cents=final.overpaid_cents, recovery=number)


def _terms(state: Account, context: Context) -> dict[str, Json]:
    """The call's limits, as the award was made under them: what it was let through with does not shrink it now."""
    schedule = schedule_of(context)
    own = own_contribution(schedule.cofinancing, state.budget) if schedule.cofinancing else None
    shares = share_limits(schedule.share_limits, state.budget)
    return {
        "base": own.base if own else "",
        "min_rate_bp": own.min_rate_bp if own else 0,
        "share_limits": [{"category": one.category, "max_share_bp": one.max_share_bp} for one in shares],
    }


def _inputs(state: Account, context: Context) -> dict[str, Json]:
    money, reports = money_of(context), reports_of(context, context.id)
    # What was claimed back under an earlier award was paid under it too.
    claimed_back = money.claimed_back_cents(state)
    earlier = min(state.recovered_cents, claimed_back)
    costs = _accepted_costs(context)
    charged = Counter({line.category: 0 for line in costs})
    for line in costs:
        charged[line.category] += line.subsidy_cents
    for category in {one.category for one in state.disallowed}:
        charged[category] -= state.not_borne(category=category)[1]
    return {
        "open_reports": [code for code, one in reports.items() if _awaited(state, one)],
        # A report that never came, or was rejected, accounts for nothing: it may not keep a case open for ever.
        "missing_reports": [code for code, one in reports.items() if one.status in _MISSING],
        # What was claimed before an early end, or before the award changed, is part of the balance; only what is at the
        # bank must come first.
        "open_claims": list(money.in_flight() if state.terminated or state.outdated else money.open_claims(state)),
        "award_cents": _award(state),
        "reported_cents": sum(line.amount_cents for line in costs),
        "disallowed_cents": state.not_borne()[0],
        "charged": [{"category": name, "subsidy_cents": max(0, cents)} for name, cents in sorted(charged.items())],
        "paid_cents": money.paid_cents - earlier,
        "recovery_ordered_cents": claimed_back - earlier,
    }


def _award(state: Account) -> int:
    """What the award can still come to: no more than what is committed for it."""
    return min(state.award_cents, state.committed_cents - state.recovered_cents)


def _awaited(state: Account, report: Report) -> bool:
    """Whether the final account waits for it; after an early end not for a report of a period that never came."""
    if report.status == "none" and not state.award_cents:
        return False
    if state.terminated and (report.period is None or report.period.start > state.terminated.term.end):
        return report.status == "submitted"
    return report.status not in _ENDED


def _subsidy_in(state: Account, cost_cents: int) -> int:
    return pro_rata(cost_cents, state.award_cents, sum(line.amount_cents for line in state.budget))


def _accepted_costs(context: Context) -> list[ReportedCost]:
    reports = reports_of(context, context.id).values()
    return [line for one in reports if one.status == "accepted" and one.submitted for line in one.submitted.costs]


def _same(fact: CostDisallowed, command: DisallowCost) -> bool:
    asked = (command.finding, command.category, command.amount_cents, command.ground, command.evidence)
    return asked == (fact.finding, fact.category, fact.amount_cents, fact.ground, fact.evidence)
