"""The schedule of a call and the account of a case: committed, in force, payable to, succeeded to, withheld."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from events.payment import (
    AccountActivated,
    AccountSucceeded,
    BankAccountConfirmed,
    FundsCommitted,
    PaymentWithheld,
    PlannedTranche,
    ScheduleAdopted,
    WithholdingReleased,
)
from events.vocabulary import Clear
from services.deciding import Context, Decision, accept, refuse
from services.payment.commands import (
    ActivateAccount,
    AdoptSchedule,
    CommitFunds,
    ConfirmBankAccount,
    ReleaseWithholding,
    SucceedAccount,
    WithholdPayment,
)
from services.payment.decider import life
from services.payment.decider.case import schedule_of, wrong_state
from services.payment.rules.arithmetic import plan_tranches
from services.payment.state import Account, Schedule


def adopt(state: Schedule, command: AdoptSchedule, context: Context) -> Decision:
    """Copy the call's terms, once."""
    if state.adopted:
        return accept()
    adopted = ScheduleAdopted(
        call=context.id,
        budget_article=command.budget_article,
        cofinancing=command.cofinancing,
        share_limits=command.share_limits,
        cost_categories=command.cost_categories,
        tranches=command.tranches,
        reports=command.reports,
        payment=command.payment,
        source=command.source,
    )
    return accept(adopted, rules=command.source.position)


def commit(state: Account, command: CommitFunds, context: Context) -> Decision:
    """Charge the award and plan its tranches; the ledger has the last word (`CommitmentRefused`)."""
    if state.status not in ("none", "refused"):
        return life.follow(state, command, context)
    terms = schedule_of(context).adopted
    if terms is None:
        return refuse("STATE", "no_schedule", call=command.call)
    shares = [tranche.share_bp for tranche in terms.tranches]
    if sum(shares) != 10_000:
        return refuse("P5", "sum_differs", shares_bp=list(shares))
    amounts = plan_tranches(command.amount_cents, shares)
    committed = FundsCommitted(
        call=command.call,
        case=context.id,
        beneficiary=command.beneficiary,
        amount_cents=command.amount_cents,
        attempt=command.attempt,
        budget_article=terms.budget_article,
        tranches=[
            PlannedTranche(code=one.code, amount_cents=amount, condition=one.condition, report=one.report)
            for one, amount in zip(terms.tranches, amounts, strict=True)
        ],
        budget=command.budget,
        synthetic=command.synthetic,
        source=command.source,
    )
    return accept(committed)


def activate(state: Account, command: ActivateAccount, context: Context) -> Decision:
    """The contract is in force."""
    if state.term is not None:
        return accept()
    if state.status != "committed":
        return wrong_state(state)
    return accept(AccountActivated(call=state.call, case=context.id, term=command.term, source=command.source))


def confirm_bank_account(state: Account, command: ConfirmBankAccount, context: Context) -> Decision:
    """Pay to this account from now on. The decider cannot compare IBANs, so each confirmation counts anew."""
    if state.status not in ("committed", "active", "settled"):
        return wrong_state(state)
    organisation = state.beneficiary(context.at).ovo
    # The data subject is the organisation: its key seals the number, and is destroyed with it.
    subject = str(uuid5(NAMESPACE_URL, f"urn:wijkspoor:organisation:{organisation}"))
    confirmed = BankAccountConfirmed(
        call=state.call,
        case=context.id,
        ordinal=state.bank_accounts + 1,
        iban=Clear(subject=subject, clear=command.iban),
        basis=command.basis,
    )
    return accept(confirmed)


def succeed(state: Account, command: SucceedAccount, context: Context) -> Decision:
    """From the effective instant on, rights and debts are the successor's (D9); what was before stays as it was."""
    if (command.effective_at, command.successor) in state.parties:
        return accept()
    if state.status not in ("committed", "active", "settled"):
        return wrong_state(state)
    succeeded = AccountSucceeded(
        call=state.call,
        case=context.id,
        previous=command.previous,
        successor=command.successor,
        effective_at=command.effective_at,
        source=command.source,
    )
    return accept(succeeded)


def withhold(state: Account, command: WithholdPayment, context: Context) -> Decision:
    """Hold payments back: nothing is ordered or released until it is lifted."""
    if state.status not in ("committed", "active", "settled"):
        return wrong_state(state)
    known = {one.code for one in state.tranches}
    if unknown := [one for one in command.tranches if one not in known]:
        return refuse("STATE", "no_such_tranche", tranches=list(unknown))
    if command.finding is not None and not 1 <= command.finding <= len(state.findings):
        return refuse("P7", "no_such_finding", finding=command.finding, findings=len(state.findings))
    withheld = PaymentWithheld(
        call=state.call,
        case=context.id,
        withholding=state.withholdings + 1,
        tranches=command.tranches,
        finding=command.finding,
        reason=command.reason,
        withheld_by=context.actor.person,
    )
    return accept(withheld)


def lift(state: Account, command: ReleaseWithholding, context: Context) -> Decision:
    """Lift a withholding; one that was lifted stays lifted."""
    if command.withholding > state.withholdings:
        return refuse("STATE", "no_such_withholding", withholding=command.withholding)
    if all(one.withholding != command.withholding for one in state.withheld):
        return accept()
    lifted = WithholdingReleased(
        call=state.call, case=context.id, withholding=command.withholding, reason=command.reason
    )
    return accept(lifted)
