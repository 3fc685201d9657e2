"""The contract: pledges, entry into force, budget shifts, succession, completion and closure."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from events.catalog import stream_name
from events.decision import (
    BeneficiarySucceeded,
    BudgetShifted,
    BudgetShiftRefused,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractDrafted,
    EnvelopeSet,
    PledgeSigned,
)
from events.times import Instant, day_of, end_of_day, start_of_day
from events.vocabulary import Check, Clear, Period
from services.deciding import Context, Decision, Refused, accept, refuse
from services.decision.commands import (
    ActivateContract,
    CloseContract,
    CompleteContract,
    ContractCommand,
    DraftContract,
    RecordBeneficiarySuccession,
    ShiftBudget,
    SignPledge,
)
from services.decision.ranking import shifted
from services.decision.rules import refused, refused_as
from services.decision.rules.contract import D7, D8, D9, shift_inputs, shift_params
from services.decision.rules.procedure import written_day
from services.decision.state import Contract, Envelope
from services.rulebook import check


def decide_contract(contract: Contract, command: ContractCommand, context: Context) -> Decision:
    """What follows from a command about a contract."""
    call = command.call if isinstance(command, DraftContract) else contract.call
    envelope: Envelope = context.states.get(stream_name("envelope", call), Envelope())
    if isinstance(command, DraftContract):
        return accept() if contract.status != "none" else _draft(command, envelope, context)
    if contract.term is None or envelope.terms is None:
        return refuse("STATE", "not_in_this_stage", status=contract.status)
    return _decide(contract, contract.term, command, envelope.terms, context)


def _decide(
    contract: Contract,
    term: Period,
    command: SignPledge
    | ActivateContract
    | ShiftBudget
    | RecordBeneficiarySuccession
    | CompleteContract
    | CloseContract,
    terms: EnvelopeSet,
    context: Context,
) -> Decision:
    match command:
        case SignPledge():
            return _sign(contract, term, command, terms, context)
        case ActivateContract():
            return _activate(contract, term, terms, context)
        case ShiftBudget():
            return _shift(contract, command, terms, context)
        case RecordBeneficiarySuccession():
            return _succeed(contract, command, terms, context)
        case CompleteContract() if contract.status != "active" or context.at < end_of_day(term.end).utc:
            return accept()
        case CompleteContract():
            fact = ContractCompleted(call=contract.call, case=context.id, term=term)
            return accept(fact, rules=terms.source.position)
        case CloseContract():
            return _close(contract, command, terms, context)
        case _:
            assert_never(command)


def _draft(command: DraftContract, envelope: Envelope, context: Context) -> Decision:
    if envelope.terms is None:
        return refuse("STATE", "terms_not_adopted", status="none")
    levels = envelope.terms.decision.mandatory_pledge_levels
    fact = ContractDrafted(
        call=command.call,
        case=context.id,
        beneficiary=command.beneficiary,
        project=command.project,
        neighbourhood=command.neighbourhood,
        amount_cents=command.amount_cents,
        budget=command.budget,
        partners=[replace(one, mandatory=one.mandatory or one.level in levels) for one in command.partners],
        term=command.term,
        synthetic=command.synthetic,
    )
    return accept(fact, rules=envelope.rules)


def _wrong_state(contract: Contract) -> Refused:
    return Refused("STATE", "not_in_this_stage", {"status": contract.status})


def _sign(contract: Contract, term: Period, command: SignPledge, terms: EnvelopeSet, context: Context) -> Decision:
    partner = next((one for one in contract.partners if one.partner == command.partner), None)
    if partner is None:
        return refused_as(D7, "not_a_partner", partner=command.partner)
    by_partner = context.actor.role == "partner"
    owner = partner.organisation if by_partner else contract.beneficiary(context.at)
    if context.actor.organisation != owner.ovo:
        return refuse("OWN", "other_organisation", organisation=owner.ovo)
    if command.partner in contract.signed:
        return accept()
    if contract.status not in ("drafted", "active"):
        return _wrong_state(contract)
    signatory = Clear(subject=command.signatory, clear=command.name)
    signed = PledgeSigned(call=contract.call, case=context.id, partner=command.partner, signatory=signatory)
    waiting = [one for one in contract.unsigned() if one != command.partner]
    in_force = _in_force(contract, term, waiting, context)
    if contract.status != "drafted" or in_force.outcome == "fail":
        return accept(signed, rules=terms.source.position)
    activated = _activated(contract, term, context.at, in_force, context)
    return accept(signed, activated, rules=terms.source.position)


def _in_force(contract: Contract, term: Period, waiting: list[str], context: Context) -> Check:
    """D7: every mandatory pledge is signed and the first day of the term has come."""
    names = {one.partner: one.organisation.name for one in contract.partners}
    inputs = {
        "waiting_for": [names[partner] for partner in waiting],
        "begun": context.at >= start_of_day(term.start).utc,
        "on": day_of(context.at),
        **written_day("start", term.start),
    }
    sources = [context.source(context.stream, fact) for fact in (ContractDrafted, PledgeSigned)]
    return check(D7, {}, inputs, sources)


def _activated(
    contract: Contract, term: Period, effective_at: Instant, in_force: Check, context: Context
) -> ContractActivated:
    return ContractActivated(
        call=contract.call,
        case=context.id,
        beneficiary=contract.beneficiary(context.at),
        amount_cents=contract.amount_cents,
        term=term,
        effective_at=effective_at,
        checks=[in_force],
    )


def _activate(contract: Contract, term: Period, terms: EnvelopeSet, context: Context) -> Decision:
    if contract.status != "drafted":
        return accept()
    in_force = _in_force(contract, term, contract.unsigned(), context)
    if in_force.outcome == "fail":
        # The timer only asks; the last signature will bring the contract into force.
        return accept() if context.actor.role == "service" else refused(in_force)
    activated = _activated(contract, term, start_of_day(term.start).utc, in_force, context)
    return accept(activated, rules=terms.source.position)


def _shift(contract: Contract, command: ShiftBudget, terms: EnvelopeSet, context: Context) -> Decision:
    if context.actor.role == "applicant" and context.actor.organisation != contract.beneficiary(context.at).ovo:
        return refuse("OWN", "other_organisation", organisation=contract.beneficiary(context.at).ovo)
    if contract.status != "active":
        return _wrong_state(contract)
    known = {category.code for category in terms.cost_categories}
    strange = next((code for code in (command.from_category, command.to_category) if code not in known), None)
    if strange:
        return refused_as(D8, "unknown_category", category=strange)
    if command.from_category == command.to_category:
        return refused_as(D8, "same_category", category=command.to_category)
    move = (command.from_category, command.to_category, command.amount_cents)
    inputs = shift_inputs(terms, contract.budget, contract.amount_cents, move)
    sources = [
        context.source(stream_name("envelope", contract.call), EnvelopeSet),
        context.source(context.stream, ContractDrafted),
        context.source(context.stream, BudgetShifted),
    ]
    return _shifted(contract, command, check(D8, shift_params(terms), inputs, sources), terms, context)


def _shifted(
    contract: Contract, command: ShiftBudget, ceilings: Check, terms: EnvelopeSet, context: Context
) -> Decision:
    told: dict[str, Any] = {
        "call": contract.call,
        "case": context.id,
        "from_category": command.from_category,
        "to_category": command.to_category,
        "amount_cents": command.amount_cents,
    }
    rules = terms.source.position
    if ceilings.outcome == "fail":
        refusal = BudgetShiftRefused(**told, reason=command.reason, checks=[ceilings])
        answer = refused(ceilings)
        return Refused(answer.rule, answer.code, answer.inputs, (refusal,), rules)
    budget = shifted(contract.budget, command.from_category, command.to_category, command.amount_cents)
    return accept(BudgetShifted(**told, budget=budget, reason=command.reason, checks=[ceilings]), rules=rules)


def _succeed(
    contract: Contract, command: RecordBeneficiarySuccession, terms: EnvelopeSet, context: Context
) -> Decision:
    since, holder = contract.holders[-1]
    if command.successor == holder:
        return accept()
    if contract.status == "closed":
        return _wrong_state(contract)
    effective_at = start_of_day(command.effective_on).utc
    inputs = {
        "previous": holder.name,
        "successor": command.successor.name,
        "effective_at": effective_at,
        "holder_since": since,
        **written_day("effective", command.effective_on),
    }
    order = check(D9, {}, inputs, [context.source(context.stream, BeneficiarySucceeded)])
    if order.outcome == "fail":
        return refused(order)
    fact = BeneficiarySucceeded(
        call=contract.call,
        case=context.id,
        previous=holder,
        successor=command.successor,
        merged=command.merged,
        effective_at=effective_at,
        basis=command.basis,
    )
    return accept(fact, rules=terms.source.position)


def _close(contract: Contract, command: CloseContract, terms: EnvelopeSet, context: Context) -> Decision:
    if contract.status == "closed":
        return accept()
    if contract.status not in ("active", "completed"):
        return _wrong_state(contract)
    fact = ContractClosed(
        call=contract.call,
        case=context.id,
        final_subsidy_cents=command.final_subsidy_cents,
        paid_cents=command.paid_cents,
        recovered_cents=command.recovered_cents,
        source=command.source,
    )
    return accept(fact, rules=terms.source.position)
