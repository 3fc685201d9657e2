"""The life of the contract as the account hears of it: extended, suspended, resumed, ended; and money given back."""

from __future__ import annotations

from events.canonical import Json
from events.payment import (
    AccountReopened,
    AccountResumed,
    AccountSuspended,
    AccountTermExtended,
    AccountTerminated,
    FundsCommitted,
    FundsDecommitted,
    PaymentOrdered,
)
from services.deciding import Context, Decision, accept
from services.payment.commands import (
    DecommitFunds,
    ExtendAccountTerm,
    ReopenAccount,
    ResumeAccount,
    SuspendAccount,
    TerminateAccount,
)
from services.payment.decider.case import money_of, sources, wrong_state
from services.payment.rules import P1, refusal
from services.payment.state import Account
from services.rulebook import check

LIVE = ("committed", "active")


def extend(state: Account, command: ExtendAccountTerm, context: Context) -> Decision:
    """Costs count until the new end; a contract that never came into force brings its term when it does."""
    if state.status != "active" or state.terminated or state.term == command.term:
        return accept()
    return accept(AccountTermExtended(call=state.call, case=context.id, term=command.term, source=command.source))


def suspend(state: Account, command: SuspendAccount, context: Context) -> Decision:
    """Order and release nothing any more (P2)."""
    if state.status not in (*LIVE, "settled") or state.suspended:
        return accept()
    return accept(AccountSuspended(call=state.call, case=context.id, ground=command.ground, source=command.source))


def resume(state: Account, command: ResumeAccount, context: Context) -> Decision:
    """What was held back can be paid."""
    if not state.suspended:
        return accept()
    return accept(AccountResumed(call=state.call, case=context.id, source=command.source))


def terminate(state: Account, command: TerminateAccount, context: Context) -> Decision:
    """The contract ended: what is owed is settled; of one that was never in force everything returns at once."""
    if state.status not in LIVE or state.terminated:
        return accept()
    ended = AccountTerminated(
        call=state.call,
        case=context.id,
        ground=command.ground,
        in_force=command.in_force,
        term=command.term,
        source=command.source,
    )
    if command.in_force or not state.committed_cents:
        return accept(ended)
    returned = FundsDecommitted(
        call=state.call, case=context.id, amount_cents=state.committed_cents, reason="terminated", explanation=None
    )
    return accept(ended, returned)


def reopen(state: Account, command: ReopenAccount, context: Context) -> Decision:
    """A payment came back after the end: the account is open until it is paid anew."""
    if state.status != "closed":
        return accept()
    reopened = AccountReopened(
        call=state.call, case=context.id, end_to_end_id=command.end_to_end_id, source=command.source
    )
    return accept(reopened)


def decommit(state: Account, command: DecommitFunds, context: Context) -> Decision:
    """Return money to the envelope that is neither paid, ordered nor claimed (P1)."""
    if state.status not in (*LIVE, "settled"):
        return wrong_state(state)
    money = money_of(context)
    inputs: dict[str, Json] = {
        "award_cents": state.award_cents,
        "committed_cents": state.committed_cents,
        "paid_cents": money.outgoing_cents + money.claimed_cents,
        "amount_cents": command.amount_cents,
    }
    checks = [check(P1, {"moment": "decommitment"}, inputs, sources(context, FundsCommitted, PaymentOrdered))]
    returned = FundsDecommitted(
        call=state.call,
        case=context.id,
        amount_cents=command.amount_cents,
        reason="terminated" if state.terminated else "final_subsidy_below_award",
        explanation=command.reason,
    )
    return refusal(checks) or accept(returned)
