"""The life of the contract as the account hears of it: changed, extended, suspended, ended; money given back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from events.canonical import Json
from events.payment import (
    AccountRenewed,
    AccountReopened,
    AccountResumed,
    AccountSuspended,
    AccountTermExtended,
    AccountTerminated,
    AwardChanged,
    CommitmentRaised,
    FundsCommitted,
    FundsDecommitted,
    PaymentOrdered,
    PlannedTranche,
    RetentionTermLapsed,
)
from services.deciding import Context, Decision, accept
from services.payment.commands import (
    AdjustAward,
    CommitFunds,
    DecommitFunds,
    ExtendAccountTerm,
    FollowAward,
    RenewAccount,
    ReopenAccount,
    ResumeAccount,
    SuspendAccount,
    TerminateAccount,
)
from services.payment.decider.case import Money, money_of, schedule_of, sources, wrong_state
from services.payment.rules import P1, refusal
from services.payment.rules.arithmetic import replan
from services.payment.state import OF_THE_AWARD, Account, Schedule, evolve_account
from services.rulebook import check

LIVE = ("committed", "active")


def adjust(state: Account, command: AdjustAward, context: Context) -> Decision:
    """The award is worth more or less (D6): plan its tranches anew, commit what is more or give back what is spare."""
    worth = state.worth_cents
    if state.status in ("none", "refused") or command.amount_cents == worth:
        return accept()
    if state.settlement and not command.amount_cents:
        # What was paid under the final account stays; what was not is not owed any more.
        frozen = AccountSuspended(call=state.call, case=context.id, ground="award_withdrawn", source=command.source)
        return accept(frozen)
    money = money_of(context)
    changed = AwardChanged(
        call=state.call,
        case=context.id,
        previous_cents=worth,
        award_cents=command.amount_cents,
        tranches=_replanned(state, money, command.amount_cents, schedule_of(context)),
        budget=command.budget,
        ground=command.ground,
        source=command.source,
    )
    if command.attempt is not None and command.amount_cents > worth:
        more = command.amount_cents - worth
        raised = CommitmentRaised(call=state.call, case=context.id, amount_cents=more, attempt=command.attempt)
        return accept(changed, raised)
    # What was claimed back under the award as it was had been committed for that one.
    kept = evolve_account(state, changed).recovered_cents + command.amount_cents
    spare = state.committed_cents - max(kept, money.outgoing_cents)
    if spare <= 0:
        return accept(changed)
    returned = FundsDecommitted(
        call=state.call,
        case=context.id,
        amount_cents=spare,
        reason="final_subsidy_below_award" if command.amount_cents else "terminated",
        explanation=None,
    )
    return accept(changed, returned)


def _replanned(state: Account, money: Money, award_cents: int, schedule: Schedule) -> list[PlannedTranche]:
    claimed = {one.tranche: one.amount_cents for one in money.claims if one.status in ("submitted", "approved")}
    tranches = (*state.tranches, *_supplement(state, money))
    planned = [one.amount_cents for one in tranches]
    if not state.award_cents and schedule.adopted:
        # An award that was worth nothing left no shares behind; the call's terms have them.
        planned = [one.share_bp for one in schedule.adopted.tranches]
    amounts = replan(award_cents, planned, [claimed.get(one.code) for one in tranches])
    return [
        PlannedTranche(code=one.code, amount_cents=cents, condition=one.condition, report=one.report)
        for one, cents in zip(tranches, amounts, strict=True)
    ]


def _supplement(state: Account, money: Money) -> Iterator[PlannedTranche]:
    """A tranche for what another final account leaves, where the one for the balance was claimed already (P4)."""
    if any(one.tranche == state.tranches[-1].code and one.status in ("submitted", "approved") for one in money.claims):
        codes = {one.code for one in state.tranches}
        code = next(name for number in count(1) if (name := f"supplement_{number}") not in codes)
        yield PlannedTranche(code=code, amount_cents=0, condition="final_account_settled", report=None)


def extend(state: Account, command: ExtendAccountTerm, context: Context) -> Decision:
    """Costs count until the new end; a contract that never came into force brings its term when it does."""
    if state.status != "active" or state.terminated or state.term == command.term:
        return accept()
    return accept(AccountTermExtended(call=state.call, case=context.id, term=command.term, source=command.source))


def suspend(state: Account, command: SuspendAccount, context: Context) -> Decision:
    """Order and release nothing any more (P2)."""
    if state.status not in (*LIVE, "settled") or command.ground in state.suspended_for:
        return accept()
    return accept(AccountSuspended(call=state.call, case=context.id, ground=command.ground, source=command.source))


def resume(state: Account, command: ResumeAccount, context: Context) -> Decision:
    """What was held back can be paid."""
    if not state.suspended:
        return accept()
    return accept(AccountResumed(call=state.call, case=context.id, source=command.source))


def follow(state: Account, command: FollowAward | CommitFunds, context: Context) -> Decision:
    """The award has effect again: what was held back for it alone can be paid, also when no contract runs any more."""
    if not state.suspended_for & OF_THE_AWARD:
        return accept()
    resumed = AccountResumed(call=state.call, case=context.id, source=command.source)
    others = [
        AccountSuspended(call=state.call, case=context.id, ground=ground, source=command.source)
        for ground in sorted(state.suspended_for - OF_THE_AWARD)
    ]
    return accept(resumed, *others)


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


def renew(state: Account, command: RenewAccount, context: Context) -> Decision:
    """A new award after the end, and a contract drawn up again for it: everything begins anew but what was paid."""
    if state.terminated is None:
        return accept()
    money = money_of(context)
    recovered = money.recovery_ordered_cents
    renewed = AccountRenewed(call=state.call, case=context.id, recovered_cents=recovered, source=command.source)
    # The whole award was reserved anew; what was paid before and is kept is part of it.
    spare = min(state.committed_cents - recovered - state.award_cents, state.committed_cents - money.outgoing_cents)
    if spare <= 0:
        return accept(renewed)
    returned = FundsDecommitted(
        call=state.call, case=context.id, amount_cents=spare, reason="terminated", explanation=None
    )
    return accept(renewed, returned)


def reopen(state: Account, command: ReopenAccount, context: Context) -> Decision:
    """A payment came back after the end: the account is open until it is paid anew."""
    if state.status != "closed":
        return accept()
    reopened = AccountReopened(
        call=state.call, case=context.id, end_to_end_id=command.end_to_end_id, source=command.source
    )
    return accept(reopened)


def lapse_retention(state: Account, context: Context) -> Decision:
    """The term is over, unless the account was opened again meanwhile."""
    if state.status != "closed" or state.retention is None:
        return accept()
    return accept(RetentionTermLapsed(call=state.call, case=context.id, destination=state.retention.destination))


def decommit(state: Account, command: DecommitFunds, context: Context) -> Decision:
    """Return money to the envelope that is neither paid, ordered nor claimed (P1)."""
    if state.status not in (*LIVE, "settled") or state.outdated:
        return wrong_state(state)
    money = money_of(context)
    # What was claimed is not owed any more where the award was withdrawn after the final account.
    claimed = 0 if "award_withdrawn" in state.suspended_for else money.owed_cents(state)
    inputs: dict[str, Json] = {
        "award_cents": state.granted_cents,
        "committed_cents": state.committed_cents,
        "paid_cents": money.outgoing_cents + claimed,
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
