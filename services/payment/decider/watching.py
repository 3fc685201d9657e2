"""Control while the project runs: inspections, the interim decision, a cost that counts again."""

from __future__ import annotations

from events.canonical import Json
from events.payment import (
    CostDisallowed,
    CostReinstated,
    InspectionRecorded,
    InterimDecisionRecorded,
    RecoveryOrdered,
    ScheduleAdopted,
)
from services.deciding import Context, Decision, accept, refuse
from services.payment.commands import RecordInspection, RecordInterimDecision, ReinstateCost
from services.payment.decider.case import money_of, schedule_of, sources, wrong_state
from services.payment.rules import INTERIM, P7, refusal
from services.payment.rules.arithmetic import pro_rata
from services.payment.state import Account
from services.rulebook import check


def inspect(state: Account, command: RecordInspection, context: Context) -> Decision:
    """Record an inspection; the last one counts where a tranche waits for a positive one."""
    if any(one.reference == command.reference for one in state.inspections):
        return accept()
    if state.status not in ("active", "settled"):
        return wrong_state(state)
    recorded = InspectionRecorded(
        call=state.call,
        case=context.id,
        reference=command.reference,
        inspected_on=command.inspected_on,
        outcome=command.outcome,
        remarks=command.remarks,
        document_sha256=command.document_sha256,
    )
    return accept(recorded)


def decide_interim(state: Account, command: RecordInterimDecision, context: Context) -> Decision:
    """Go on or stop: to go on, enough of the target is reached, or the evaluation is positive."""
    if state.status != "active":
        return wrong_state(state)
    terms = schedule_of(context).payment.interim
    if terms is None:
        return refuse("STATE", "no_interim_decision")
    inputs: dict[str, Json] = {
        "outcome": command.outcome,
        "reached_bp": command.reached_bp,
        "positive_evaluation": command.positive_evaluation,
    }
    checks = [check(INTERIM, {"min_reached_bp": terms.min_reached_bp}, inputs, sources(context, ScheduleAdopted))]
    decided = InterimDecisionRecorded(
        call=state.call,
        case=context.id,
        outcome=command.outcome,
        reached_bp=command.reached_bp,
        positive_evaluation=command.positive_evaluation,
        reason=command.reason,
        checks=checks,
    )
    return refusal(checks) or accept(decided)


def reinstate(state: Account, command: ReinstateCost, context: Context) -> Decision:
    """Let a disallowed cost count again (P7): as much as is disallowed and not claimed back."""
    if state.status != "active":
        return wrong_state(state)
    cost, subsidy = state.not_borne(category=command.category, finding=command.finding)
    recoveries = money_of(context).recoveries
    recovered = sum(one.amount_cents for one in recoveries if one.finding == command.finding)
    inputs: dict[str, Json] = {
        "needs_finding": True,
        "finding": command.finding,
        "findings": len(state.findings),
        "ground": command.reason.text,
        "category": command.category,
        "amount_cents": command.amount_cents,
        # What was claimed back and not taken off on a contest stays disallowed.
        "limit_cents": pro_rata(cost, max(0, subsidy - recovered), subsidy),
    }
    checks = [check(P7, {}, inputs, sources(context, CostDisallowed, CostReinstated, RecoveryOrdered))]
    reinstated = CostReinstated(
        call=state.call,
        case=context.id,
        finding=command.finding,
        category=command.category,
        amount_cents=command.amount_cents,
        subsidy_cents=pro_rata(subsidy, command.amount_cents, cost),
        reason=command.reason,
        checks=checks,
    )
    return refusal(checks) or accept(reinstated)
