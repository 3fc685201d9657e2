"""Claims: a tranche is claimed once its conditions are met, and found due by an official, in full, in part or not."""

from __future__ import annotations

from events.payment import (
    ClaimApproved,
    ClaimPartiallyApproved,
    ClaimRejected,
    ClaimSubmitted,
    ClaimTermLapsed,
    ClaimTermSet,
    PlannedTranche,
)
from services.deciding import Context, Decision, Refused, accept, refuse
from services.payment.commands import ApprovePartially, RejectClaim, SetClaimTerm, SubmitClaim
from services.payment.decider import conditions
from services.payment.decider.case import account_of, money_of, not_own, wrong_state, wrong_stream
from services.payment.rules import refusal
from services.payment.state import Account, Claim


def submit(state: Claim, command: SubmitClaim, context: Context) -> Decision:
    """Claim a tranche: the planned amount, no more than its costs carry; the last one is the balance."""
    account = account_of(context)
    if refused := wrong_stream(context, "claim", command.case, command.tranche):
        return refused
    if refused := not_own(context, account):
        return refused
    if state.status not in ("none", "rejected", "lapsed"):
        return accept()
    if account.status == "closed":
        return wrong_state(account)
    tranche = next((one for one in account.tranches if one.code == command.tranche), None)
    if tranche is None:
        return refuse("P5", "no_such_tranche", tranche=command.tranche)
    amount = min(_due(account, tranche, command), _coverable(account, context))
    checks = [
        conditions.to_claim(account, state, tranche, command, context),
        conditions.amount(account, tranche, amount, context),
    ]
    if command.costs:
        checks.append(conditions.costs_eligible(account, command, context))
    claimed = ClaimSubmitted(
        call=account.call,
        case=command.case,
        tranche=command.tranche,
        amount_cents=amount,
        costs=command.costs,
        checks=checks,
    )
    return refusal(checks) or accept(claimed)


def set_term(state: Claim, command: SetClaimTerm) -> Decision:
    """The tranche can be claimed until a day; a longer contract moves that day, and opens a tranche that had lapsed."""
    if state.status not in ("none", "lapsed", "rejected") or state.due == command.due:
        return accept()
    return accept(ClaimTermSet(call=command.call, case=command.case, tranche=command.tranche, due=command.due))


def lapse(state: Claim, context: Context) -> Decision:
    """The timer's question; moot once the tranche is claimed, or while its day is not over."""
    if state.status not in ("none", "rejected") or state.due is None or context.at < state.due.utc:
        return accept()
    return accept(ClaimTermLapsed(call=state.call, case=state.case, tranche=state.tranche, due=state.due))


def approve(state: Claim, context: Context) -> Decision:
    """Find it due. Who approves cannot release the money (P3)."""
    if state.status == "approved":
        return accept()
    if refused := _not_waiting(state, context):
        return refused
    approved = ClaimApproved(
        call=state.call,
        case=state.case,
        tranche=state.tranche,
        amount_cents=state.amount_cents,
        approver=context.actor.person,
    )
    return accept(approved)


def approve_partially(state: Claim, command: ApprovePartially, context: Context) -> Decision:
    """Find less of it due than was claimed."""
    if state.status == "approved" and state.amount_cents == command.amount_cents:
        return accept()
    if refused := _not_waiting(state, context):
        return refused
    if command.amount_cents >= state.amount_cents:
        return refuse("P5", "not_less", amount_cents=command.amount_cents, claimed_cents=state.amount_cents)
    approved = ClaimPartiallyApproved(
        call=state.call,
        case=state.case,
        tranche=state.tranche,
        claimed_cents=state.amount_cents,
        amount_cents=command.amount_cents,
        reason=command.reason,
        approver=context.actor.person,
    )
    return accept(approved)


def reject(state: Claim, command: RejectClaim, context: Context) -> Decision:
    """Find it not due; its evidence can be used again."""
    if state.status == "rejected":
        return accept()
    if state.status != "submitted":
        return wrong_state(state)
    rejected = ClaimRejected(
        call=state.call,
        case=state.case,
        tranche=state.tranche,
        claimed_cents=state.amount_cents,
        evidence=sorted({one.evidence_sha256 for one in state.costs}),
        reason=command.reason,
        rejected_by=context.actor.person,
    )
    return accept(rejected)


def _not_waiting(state: Claim, context: Context) -> Refused | None:
    """Only a claim that waits for it is found due, and after the final account only that for the balance."""
    account = account_of(context)
    if state.status != "submitted":
        return wrong_state(state)
    if account.settlement and state.tranche != account.tranches[-1].code:
        return refuse("P5", "only_balance_left", tranche=state.tranche)
    return None


def _coverable(account: Account, context: Context) -> int:
    """What of the commitment is neither paid, on its way nor claimed: money that was given back cannot be claimed."""
    if account.committed_cents >= account.award_cents:
        return account.award_cents
    money = money_of(context)
    return max(0, account.committed_cents - money.outgoing_cents - money.owed_cents(account))


def _due(account: Account, tranche: PlannedTranche, command: SubmitClaim) -> int:
    if account.settlement and tranche == account.tranches[-1]:
        return account.settlement.balance_cents
    if not command.costs:
        return tranche.amount_cents
    return min(tranche.amount_cents, sum(one.subsidy_cents for one in command.costs))
