"""Claims: a tranche is claimed once its condition is met, and found due by an official."""

from __future__ import annotations

from events.canonical import Json
from events.payment import (
    AccountActivated,
    ClaimApproved,
    ClaimSubmitted,
    FinalAccountSettled,
    FundsCommitted,
    PlannedTranche,
    ReportAccepted,
)
from events.vocabulary import Check
from services.deciding import Context, Decision, accept, refuse
from services.payment.commands import SubmitClaim
from services.payment.decider.case import account_of, not_own, report_of, sources, wrong_state, wrong_stream
from services.payment.rules import P2, P5, refusal
from services.payment.state import Account, Claim
from services.rulebook import check


def submit(state: Claim, command: SubmitClaim, context: Context) -> Decision:
    """Claim a tranche: the planned amount, or for the last one the balance of the final account."""
    account = account_of(context)
    if refused := wrong_stream(context, "claim", command.case, command.tranche):
        return refused
    if refused := not_own(context, account):
        return refused
    if state.status != "none":
        return accept()
    if account.status == "closed":
        return wrong_state(account)
    tranche = next((one for one in account.tranches if one.code == command.tranche), None)
    if tranche is None:
        return refuse("P5", "no_such_tranche", tranche=command.tranche)
    amount = _due(account, tranche)
    checks = [_conditions(account, tranche, command.case, context), _amount(account, tranche, amount, context)]
    claimed = ClaimSubmitted(
        call=account.call, case=command.case, tranche=command.tranche, amount_cents=amount, checks=checks
    )
    return refusal(checks) or accept(claimed)


def approve(state: Claim, context: Context) -> Decision:
    """Find it due. Who approves cannot release the money (P3)."""
    if state.status == "approved":
        return accept()
    approved = ClaimApproved(
        call=state.call,
        case=state.case,
        tranche=state.tranche,
        amount_cents=state.amount_cents,
        approver=context.actor.person,
    )
    return accept(approved)


def _due(account: Account, tranche: PlannedTranche) -> int:
    if account.settlement and tranche == account.tranches[-1]:
        return account.settlement.balance_cents
    return tranche.amount_cents


def _conditions(account: Account, tranche: PlannedTranche, case: str, context: Context) -> Check:
    met = {
        "contract_active": account.term is not None,
        "report_accepted": bool(tranche.report) and report_of(context, case, tranche.report or "").status == "accepted",
        "final_account_settled": account.settlement is not None,
    }
    params: dict[str, Json] = {"tranche": tranche.code, "condition": tranche.condition, "report": tranche.report}
    inputs: dict[str, Json] = {"contract_active": met["contract_active"], "condition_met": met[tranche.condition]}
    return check(P2, params, inputs, sources(context, AccountActivated, ReportAccepted, FinalAccountSettled))


def _amount(account: Account, tranche: PlannedTranche, amount: int, context: Context) -> Check:
    inputs: dict[str, Json] = {
        "tranche": tranche.code,
        "award_cents": account.award_cents,
        "planned": [one.amount_cents for one in account.tranches],
        "last": tranche == account.tranches[-1],
        "settled": account.settlement is not None,
        "amount_cents": amount,
    }
    return check(P5, {}, inputs, sources(context, FundsCommitted, FinalAccountSettled))
