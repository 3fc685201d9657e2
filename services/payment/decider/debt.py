"""What happens to a debt until it is gone: contested, paid in parts, given up, collected by force."""

from __future__ import annotations

from typing import Literal

from events.payment import (
    ContestDecided,
    Instalment,
    InstalmentMissed,
    InstalmentPlanAgreed,
    RecoveryContested,
    RecoveryTransferred,
    RecoveryWaived,
)
from events.times import end_of_day
from services.deciding import Context, Decision, Refused, accept, refuse
from services.payment.commands import (
    AgreeInstalments,
    ContestRecovery,
    DecideContest,
    MissInstalment,
    TransferToCollection,
    WaiveRecovery,
)
from services.payment.decider.case import account_of, money_of, not_own, wrong_state
from services.payment.state import Recovery


def contest(state: Recovery, command: ContestRecovery, context: Context) -> Decision:
    """The debtor of now contests what is open."""
    if refused := not_own(context, account_of(context)):
        return refused
    if state.contested:
        return accept()
    if state.open_cents <= 0:
        return refuse("STATE", "nothing_open", recovery=state.number)
    contested = RecoveryContested(call=state.call, case=state.case, recovery=state.number, reason=command.reason)
    return accept(contested)


def answer(state: Recovery, command: DecideContest, context: Context) -> Decision:
    """Uphold the debt, lower it, or withdraw what is open of it."""
    if not state.contested:
        return wrong_state(state)
    if refused := _above_free(state, command.reduced_cents, context):
        return refused
    outcome: Literal["upheld", "reduced", "withdrawn"] = "reduced" if command.reduced_cents else "upheld"
    if command.reduced_cents and command.reduced_cents == state.open_cents:
        outcome = "withdrawn"
    decided = ContestDecided(
        call=state.call,
        case=state.case,
        recovery=state.number,
        outcome=outcome,
        reduced_cents=command.reduced_cents,
        reason=command.reason,
        decided_by=context.actor.person,
    )
    return accept(decided)


def plan(state: Recovery, command: AgreeInstalments, context: Context) -> Decision:
    """Agree on parts that are together what is open and not promised to a payment."""
    if state.contested or state.transferred:
        return refuse("STATE", "contested" if state.contested else "transferred", recovery=state.number)
    days = [one.day for one in command.instalments]
    if days != sorted(set(days)):
        return refuse("P7", "days_out_of_order", days=list(days))
    free, total = money_of(context).free_cents(state), sum(one.amount_cents for one in command.instalments)
    if total != free:
        return refuse("P7", "not_the_debt", amount_cents=total, limit_cents=free)
    parts = [
        Instalment(number=number, due=end_of_day(one.day), amount_cents=one.amount_cents)
        for number, one in enumerate(command.instalments, 1)
    ]
    if tuple(parts) == state.instalments:
        return accept()
    agreed = InstalmentPlanAgreed(
        call=state.call, case=state.case, recovery=state.number, plan=state.plan + 1, instalments=parts
    )
    return accept(agreed)


def miss(state: Recovery, command: MissInstalment, context: Context) -> Decision:
    """The timer's question: moot once the money came, or another plan took the place of this one."""
    part = next((one for one in state.instalments if one.number == command.number), None)
    if part is None or command.plan != state.plan or command.number in state.missed or context.at < part.due.utc:
        return accept()
    missing = state.missing_cents(command.number)
    if not missing:
        return accept()
    missed = InstalmentMissed(
        call=state.call,
        case=state.case,
        recovery=state.number,
        plan=command.plan,
        number=command.number,
        missing_cents=missing,
    )
    return accept(missed)


def waive(state: Recovery, command: WaiveRecovery, context: Context) -> Decision:
    """Give up what is open and not promised to a payment, or a part of it."""
    if refused := _above_free(state, command.amount_cents, context):
        return refused
    waived = RecoveryWaived(
        call=state.call,
        case=state.case,
        recovery=state.number,
        amount_cents=command.amount_cents,
        reason=command.reason,
        basis=command.basis,
        waived_by=context.actor.person,
    )
    return accept(waived)


def transfer(state: Recovery, command: TransferToCollection) -> Decision:
    """Hand what is open to the collector; a contest is answered first."""
    if state.transferred:
        return accept()
    if state.contested:
        return refuse("STATE", "contested", recovery=state.number)
    if state.open_cents <= 0:
        return refuse("STATE", "nothing_open", recovery=state.number)
    transferred = RecoveryTransferred(
        call=state.call,
        case=state.case,
        recovery=state.number,
        amount_cents=state.open_cents,
        collector=command.collector,
        reference=command.reference,
    )
    return accept(transferred)


def _above_free(state: Recovery, cents: int, context: Context) -> Refused | None:
    """What is promised to an order as an offset is no longer there to be given up."""
    free = money_of(context).free_cents(state)
    return refuse("P7", "above_limit", amount_cents=cents, limit_cents=free) if cents > free else None
