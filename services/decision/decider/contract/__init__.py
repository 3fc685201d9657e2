"""The contract: pledges, entry into force, changes, succession, and every way in which it ends."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from events.catalog import stream_name
from services.deciding import Context, Decision, refuse
from services.decision.commands import (
    ActivateContract,
    AdoptAward,
    AmendmentCommand,
    ApproveAmendment,
    CloseContract,
    CompleteContract,
    ContractCommand,
    DiscontinueAction,
    DraftContract,
    ExtendTerm,
    PlanAction,
    PlanCommand,
    ProposeAmendment,
    RecordBeneficiarySuccession,
    RecordIndicator,
    RecordPartnerLeft,
    RedraftContract,
    RefuseAmendment,
    RefusePledge,
    ResumeContract,
    ShiftBudget,
    SignPledge,
    SuspendContract,
    TerminateContract,
    WithdrawAmendment,
)
from services.decision.decider.contract import amendment, budget, draft, life, partners, plan, pledges, succession
from services.decision.decider.contract.common import Running
from services.decision.rules.derogation import bound
from services.decision.state import Contract, Envelope, Grant

_OnDrafted: TypeAlias = (
    DraftContract
    | RedraftContract
    | AdoptAward
    | SignPledge
    | ActivateContract
    | ShiftBudget
    | RecordBeneficiarySuccession
    | ExtendTerm
    | SuspendContract
    | ResumeContract
    | TerminateContract
    | CompleteContract
    | CloseContract
    | PlanCommand
    | AmendmentCommand
)
"""What can only be asked of a contract that is there."""


def decide_contract(contract: Contract, command: ContractCommand, context: Context) -> Decision:
    """What follows from a command about a contract."""
    call = command.call if isinstance(command, DraftContract) else contract.call
    envelope: Envelope = context.states.get(stream_name("envelope", call), Envelope())
    if isinstance(command, DraftContract) and contract.status == "none":
        return draft.draft(command, envelope, context)
    if contract.term is None or envelope.terms is None:
        return refuse("STATE", "not_in_this_stage", status=contract.status)
    award: Grant = context.states.get(stream_name("grant", context.id), Grant())
    terms = bound(envelope.terms, award.set_aside, contract.awarded, contract.agreed or contract.term)
    return _decide(Running(contract, contract.term, terms, context), command)


def _decide(running: Running, command: _OnDrafted) -> Decision:
    if isinstance(command, PlanCommand):
        return _on_plan(running, command)
    if isinstance(command, AmendmentCommand):
        return _on_amendment(running, command)
    match command:
        case DraftContract() | AdoptAward():
            return life.adopt(running, command.amount_cents, command)
        case RedraftContract():
            return draft.redraft(running, command)
        case SignPledge():
            return pledges.sign(running, command)
        case ActivateContract():
            return pledges.activate(running)
        case ShiftBudget():
            return budget.shift(running, command)
        case RecordBeneficiarySuccession():
            return succession.succeed(running, command)
        case ExtendTerm():
            return life.extend(running, command)
        case SuspendContract():
            return life.suspend(running, command)
        case ResumeContract():
            return life.resume(running, command)
        case TerminateContract():
            return life.terminate(running, command)
        case CompleteContract():
            return life.complete(running)
        case CloseContract():
            return life.close(running, command)
        case _:
            assert_never(command)


def _on_plan(running: Running, command: PlanCommand) -> Decision:
    match command:
        case RefusePledge():
            return partners.refuse_pledge(running, command)
        case RecordPartnerLeft():
            return partners.leave(running, command)
        case PlanAction():
            return plan.plan(running, command)
        case DiscontinueAction():
            return plan.discontinue(running, command)
        case RecordIndicator():
            return plan.record(running, command)
        case _:
            assert_never(command)


def _on_amendment(running: Running, command: AmendmentCommand) -> Decision:
    match command:
        case ProposeAmendment():
            return amendment.propose(running, command)
        case ApproveAmendment():
            return amendment.approve(running, command)
        case RefuseAmendment():
            return amendment.refuse(running, command)
        case WithdrawAmendment():
            return amendment.withdraw(running, command)
        case _:
            assert_never(command)
