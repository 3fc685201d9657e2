"""Payment orders: ordered by one official, released by another, then paid, refused or returned by the bank."""

from __future__ import annotations

from events.canonical import Json
from events.payment import (
    BankAccountConfirmed,
    ClaimApproved,
    ClaimPartiallyApproved,
    FundsCommitted,
    FundsDecommitted,
    PaymentExecuted,
    PaymentFileReleased,
    PaymentOrderCancelled,
    PaymentOrdered,
    PaymentRejectedByBank,
    PaymentReturned,
    RecoveryOrdered,
    ReportAccepted,
)
from events.times import Day, day_of
from events.vocabulary import Check
from services.deciding import Context, Decision, accept
from services.payment.commands import CancelOrder, ConfirmExecution, OrderPayment, RecordBankRejection, RecordReturn
from services.payment.decider import conditions
from services.payment.decider.case import (
    Money,
    account_of,
    claim_of,
    due_cents,
    money_of,
    report_of,
    sources,
    wrong_state,
    wrong_stream,
)
from services.payment.rules import P1, P3, P4, refusal
from services.payment.state import Account, Order
from services.rulebook import check


def order(state: Order, command: OrderPayment, context: Context) -> Decision:
    """Order what is still due on an approved claim, less what is set off against an open recovery."""
    account, money = account_of(context), money_of(context)
    if refused := wrong_stream(context, "payment-order", command.case, f"{command.tranche}/{command.attempt}"):
        return refused
    if state.status != "none":
        return accept()
    if account.status in ("none", "refused", "closed"):
        return wrong_state(account)
    claim = claim_of(context, command.case, command.tranche)
    # What was set off in an attempt that the bank then refused stays set off.
    amount = max(0, due_cents(claim, account) - sum(one.spent_cents for one in money.of_tranche(command.tranche)))
    checks = [
        conditions.to_order(account, claim, command.tranche, context),
        *_in_the_balance(account, money, command.tranche, amount, context),
        _only_payment(account, money, command, context),
        _covered(account, money, amount, context),
    ]
    return refusal(checks) or accept(_ordered(account, money, command, context, amount, checks))


def release(state: Order, context: Context) -> Decision:
    """Give the order to the bank. Where everything was set off nothing goes to the bank, and it is done."""
    if state.fact is None or state.reopened:
        return wrong_state(state)
    if state.status != "ordered":
        return accept()
    fact, account = state.fact, account_of(context)
    checks = [_four_eyes(fact, account, context), conditions.to_release(account, fact.tranche, context)]
    released = PaymentFileReleased(
        call=fact.call,
        case=fact.case,
        tranche=fact.tranche,
        attempt=fact.attempt,
        amount_cents=fact.amount_cents,
        offset_cents=fact.offset_cents,
        net_cents=fact.net_cents,
        recovery=fact.recovery,
        end_to_end_id=fact.end_to_end_id,
        released_by=context.actor.person,
        checks=checks,
    )
    done = () if fact.net_cents else (_executed(fact, day_of(context.at)),)
    return refusal(checks) or accept(released, *done)


def confirm(state: Order, command: ConfirmExecution) -> Decision:
    """The bank paid; hearing it twice changes nothing (P4)."""
    if state.status == "executed":
        return accept()
    if state.fact is None or state.status != "released":
        return wrong_state(state)
    return accept(_executed(state.fact, command.value_date))


def reject(state: Order, command: RecordBankRejection) -> Decision:
    """The bank refused: the tranche is open again, for another attempt to another account."""
    if state.status == "rejected":
        return accept()
    if state.fact is None or state.status != "released":
        return wrong_state(state)
    fact = state.fact
    rejected = PaymentRejectedByBank(
        call=fact.call,
        case=fact.case,
        tranche=fact.tranche,
        attempt=fact.attempt,
        amount_cents=fact.net_cents,
        end_to_end_id=fact.end_to_end_id,
        code=command.code,
    )
    return accept(rejected)


def take_back(state: Order, command: RecordReturn) -> Decision:
    """The money came back: the tranche is open again (P4), and what is committed can pay it once more."""
    if state.status == "returned":
        return accept()
    if state.fact is None or state.status != "executed" or not state.fact.net_cents:
        return wrong_state(state)
    fact = state.fact
    returned = PaymentReturned(
        call=fact.call,
        case=fact.case,
        tranche=fact.tranche,
        attempt=fact.attempt,
        amount_cents=fact.net_cents,
        end_to_end_id=fact.end_to_end_id,
        code=command.code,
        value_date=command.value_date,
    )
    return accept(returned)


def cancel(state: Order, command: CancelOrder, context: Context) -> Decision:
    """Take an order back that nobody released yet."""
    if state.status == "cancelled":
        return accept()
    if state.fact is None or state.status != "ordered":
        return wrong_state(state)
    fact = state.fact
    cancelled = PaymentOrderCancelled(
        call=fact.call,
        case=fact.case,
        tranche=fact.tranche,
        attempt=fact.attempt,
        amount_cents=fact.amount_cents,
        end_to_end_id=fact.end_to_end_id,
        reason=command.reason,
        cancelled_by=context.actor.person,
    )
    return accept(cancelled)


def _ordered(
    account: Account, money: Money, command: OrderPayment, context: Context, amount: int, checks: list[Check]
) -> PaymentOrdered:
    debt = next((one for one in money.recoveries if one.set_off_freely and money.free_cents(one) > 0), None)
    offset = min(amount, money.free_cents(debt)) if debt else 0
    return PaymentOrdered(
        call=account.call,
        case=command.case,
        tranche=command.tranche,
        attempt=command.attempt,
        amount_cents=amount,
        offset_cents=offset,
        net_cents=amount - offset,
        recovery=debt.number if debt else None,
        bank_account=account.bank_accounts,
        # Follows from case, tranche and attempt alone, within the 35 characters of ISO 20022 (P4).
        end_to_end_id=context.id.replace("-", ""),
        ordered_by=context.actor.person,
        checks=checks,
    )


def _executed(fact: PaymentOrdered, day: Day) -> PaymentExecuted:
    return PaymentExecuted(
        call=fact.call,
        case=fact.case,
        tranche=fact.tranche,
        attempt=fact.attempt,
        amount_cents=fact.net_cents,
        end_to_end_id=fact.end_to_end_id,
        value_date=day,
    )


def _only_payment(account: Account, money: Money, command: OrderPayment, context: Context) -> Check:
    earlier = money.of_tranche(command.tranche)
    accounts = [one.fact.bank_account for one in earlier if one.fact and one.status in ("rejected", "returned")]
    inputs: dict[str, Json] = {
        "tranche": command.tranche,
        "attempt": command.attempt,
        "earlier": [one.status for one in earlier],
        "bank_account": account.bank_accounts,
        "rejected_bank_account": accounts[-1] if accounts else 0,
    }
    rests_on = sources(
        context, BankAccountConfirmed, PaymentOrdered, PaymentExecuted, PaymentRejectedByBank, PaymentReturned
    )
    return check(P4, {}, inputs, rests_on)


def _in_the_balance(account: Account, money: Money, tranche: str, amount: int, context: Context) -> list[Check]:
    """P5: what was claimed before the final account and not paid then is in its balance, not paid beside it."""
    planned = [one for one in account.tranches[:-1] if one.code == tranche and account.settlement]
    if amount <= money.came_back_cents(account):
        return []
    return [conditions.amount(account, one, amount, context) for one in planned]


def _covered(account: Account, money: Money, amount: int, context: Context) -> Check:
    inputs: dict[str, Json] = {
        "award_cents": account.award_cents,
        # What was claimed back under an earlier award was committed and paid for that one.
        "committed_cents": account.committed_cents - account.recovered_cents,
        "paid_cents": money.outgoing_cents - account.recovered_cents,
        "amount_cents": amount,
    }
    rests_on = sources(context, FundsCommitted, FundsDecommitted, PaymentOrdered, RecoveryOrdered)
    return check(P1, {"moment": "payment"}, inputs, rests_on)


def _four_eyes(fact: PaymentOrdered, account: Account, context: Context) -> Check:
    report = next((one.report for one in account.tranches if one.code == fact.tranche and one.report), "")
    inputs: dict[str, Json] = {
        "approver": claim_of(context, fact.case, fact.tranche).approver,
        "orderer": fact.ordered_by,
        "report_accepter": report_of(context, fact.case, report).accepted_by,
        "releaser": context.actor.person,
    }
    rests_on = sources(context, ReportAccepted, ClaimApproved, ClaimPartiallyApproved, PaymentOrdered)
    return check(P3, {}, inputs, rests_on)
