"""Recoveries: what has to come back, by offset against a payment or in cash. Never a negative payment."""

from __future__ import annotations

from events.canonical import Json
from events.payment import (
    CostDisallowed,
    OverpaymentEstablished,
    PaymentExecuted,
    RecoveryOffset,
    RecoveryOrdered,
    RepaymentReceived,
)
from events.vocabulary import Check
from services.deciding import Context, Decision, accept, refuse
from services.payment.commands import OffsetRecovery, OrderRecovery, RecordRepayment
from services.payment.decider.case import Money, account_of, money_of, sources, wrong_state, wrong_stream
from services.payment.rules import P7, refusal
from services.payment.state import Account, Recovery
from services.rulebook import check


def order(state: Recovery, command: OrderRecovery, context: Context) -> Decision:
    """Claim back the subsidy in a finding's disallowed costs, or after the final account the overpayment."""
    account, money = account_of(context), money_of(context)
    if refused := wrong_stream(context, "recovery", command.case, command.number):
        return refused
    if state.status != "none":
        return accept()
    over = account.overpayment
    overpaid = over is not None and over.recovery == str(command.number) and command.finding is None
    # After settlement a finding is already in the final account; claiming it back again would count it twice.
    if account.status != "active" and not (account.status == "settled" and overpaid):
        return wrong_state(account)
    if command.number != len(money.recoveries) + 1:
        return refuse("P7", "number_out_of_turn", expected=len(money.recoveries) + 1)
    amount = over.amount_cents if over and overpaid else _of_finding(account, money, command.finding)
    checks = [_grounded(account, money, command, amount, context)]
    ordered = RecoveryOrdered(
        call=account.call,
        case=command.case,
        recovery=str(command.number),
        amount_cents=amount,
        ground=command.ground,
        debtor=account.beneficiary(context.at),
        finding=command.finding,
        checks=checks,
    )
    return refusal(checks) or accept(ordered)


def offset(state: Recovery, command: OffsetRecovery) -> Decision:
    """Record what a released payment set off, once per payment."""
    if command.end_to_end_id in state.offset_by:
        return accept()
    if command.amount_cents > state.open_cents:
        return refuse("P7", "above_limit", amount_cents=command.amount_cents, limit_cents=state.open_cents)
    fact = RecoveryOffset(
        call=state.call,
        case=state.case,
        recovery=state.number,
        amount_cents=command.amount_cents,
        end_to_end_id=command.end_to_end_id,
        source=command.source,
    )
    return accept(fact)


def repay(state: Recovery, command: RecordRepayment, context: Context) -> Decision:
    """Record money that came back, no more than is owed and not yet promised to an order as an offset."""
    if command.reference in state.references:
        return accept()
    free = money_of(context).free_cents(state)
    if command.amount_cents > free:
        return refuse("P7", "above_limit", amount_cents=command.amount_cents, limit_cents=free)
    fact = RepaymentReceived(
        call=state.call,
        case=state.case,
        recovery=state.number,
        amount_cents=command.amount_cents,
        reference=command.reference,
        value_date=command.value_date,
    )
    return accept(fact)


def _of_finding(account: Account, money: Money, finding: int | None) -> int:
    _, disallowed = account.not_borne(finding=finding) if finding is not None else (0, 0)
    return max(0, disallowed - sum(one.amount_cents for one in money.recoveries if one.finding == finding))


def _grounded(account: Account, money: Money, command: OrderRecovery, amount: int, context: Context) -> Check:
    inputs: dict[str, Json] = {
        "ground": command.ground,
        "debtor": account.beneficiary(context.at).ovo,
        "needs_finding": account.overpayment is None,
        "finding": command.finding,
        "findings": len(account.findings),
        "amount_cents": amount,
        # Only what was paid can come back.
        "limit_cents": money.paid_cents - money.recovery_ordered_cents,
    }
    return check(P7, {}, inputs, sources(context, CostDisallowed, OverpaymentEstablished, PaymentExecuted))
