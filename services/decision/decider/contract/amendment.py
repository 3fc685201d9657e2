"""Changes of a contract: proposed by one, checked by the rules, approved by another (D7, D8, C1, C2)."""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as replace_struct

from events.decision import (
    Amendment,
    AmendmentApproved,
    AmendmentProposed,
    AmendmentRefused,
    AmendmentWithdrawn,
    BudgetShifted,
    ContractActivated,
    ContractDrafted,
    TermExtended,
)
from events.vocabulary import Check
from services.deciding import Decision, Refused, accept
from services.decision.commands import ApproveAmendment, ProposeAmendment, RefuseAmendment, WithdrawAmendment
from services.decision.decider.contract.common import Running
from services.decision.decider.contract.plan import planned
from services.decision.decider.contract.pledges import activated, in_force
from services.decision.rules import refused, refused_as
from services.decision.rules.amendment import C2, D8_2, budget_inputs, budget_params
from services.decision.rules.term import D7_2, longer_inputs, term_params
from services.decision.state import Answer, Contract, amended
from services.rulebook import check


def propose(running: Running, command: ProposeAmendment) -> Decision:
    """Ask for a change. What a rule forbids is refused, and on record: the next one carries the next number."""
    contract, changes = running.contract, _with_duties(running, command.changes)
    if refusal := running.not_own() or _strange(running, changes):
        return refusal
    if contract.status not in ("drafted", "active", "suspended"):
        return running.wrong_state()
    if contract.amendment:
        return running.wrong_state("amendment_open")
    after = amended(contract, changes)
    if after == contract:
        return refused_as(D8_2, "nothing_changes")
    checks = _checks(running, after)
    number = len(contract.answers) + 1
    if failed := next((one for one in checks if one.outcome == "fail"), None):
        no = AmendmentRefused(**running.subject, amendment=number, changes=changes, reason=None, checks=checks)
        return running.refused(refused(failed), no)
    proposed = AmendmentProposed(
        **running.subject,
        amendment=number,
        changes=changes,
        reason=command.reason,
        proposed_by=running.context.actor.person,
        checks=checks,
    )
    return running.accepted(proposed)


def _with_duties(running: Running, changes: Amendment) -> Amendment:
    """The pledges that the call makes mandatory are so for who joins later too."""
    levels = running.terms.decision.mandatory_pledge_levels
    joining = [replace_struct(one, mandatory=one.mandatory or one.level in levels) for one in changes.joining]
    return replace_struct(changes, joining=joining)


def _strange(running: Running, changes: Amendment) -> Refused | None:
    """A refusal where the change names what the contract or the call does not know."""
    partners = {one.partner for one in running.contract.partners}
    for code in changes.leaving:
        if code not in partners:
            return refused_as(D7_2, "not_a_partner", partner=code)
    categories = {category.code for category in running.terms.cost_categories}
    for line in changes.budget:
        if line.category not in categories:
            return refused_as(D8_2, "unknown_category", category=line.category)
    return None


def _checks(running: Running, after: Contract) -> list[Check]:
    """What must hold of the contract as it would be."""
    contract, terms = running.contract, running.terms
    sources = [*running.adopted(), *running.own(ContractDrafted, BudgetShifted, AmendmentApproved)]
    before, award = contract.amount_cents, contract.award_cents
    inputs = budget_inputs(terms, after.budget, after.amount_cents, award_cents=award, before_cents=before)
    checks = [check(D8_2, running.without(budget_params(terms), "E2"), inputs, sources)]
    if after.term is not None and after.term != contract.term:
        told = longer_inputs(running.term, after.term, "")
        by = running.without(term_params(terms), "E4")
        checks.append(check(D7_2, by, told, [*running.adopted(), *running.own(TermExtended)]))
    if going_on := after.going_on():
        # An action whose owner left before is mended when somebody comes to it.
        looked_at = [one for one in going_on if one.owner not in after.gone]
        checks.append(planned(running, after, looked_at, going_on))
    return checks


def approve(running: Running, command: ApproveAmendment) -> Decision:
    """The contract reads so from now on, unless it meanwhile became what the rules forbid."""
    contract, proposed = running.contract, running.contract.amendment
    if proposed is None or proposed.amendment != command.amendment:
        return _not_open(running, command.amendment, "approved")
    person = running.context.actor.person
    eyes = {"proposed_by": proposed.proposed_by, "approved_by": person}
    after = amended(contract, proposed.changes)
    checks = [check(C2, {}, eyes, running.own(AmendmentProposed)), *_checks(running, after)]
    if failed := next((one for one in checks if one.outcome == "fail"), None):
        return refused(failed)
    approved = AmendmentApproved(
        **running.subject,
        amendment=command.amendment,
        changes=proposed.changes,
        previous_cents=contract.amount_cents,
        amount_cents=after.amount_cents,
        previous_budget=list(contract.budget),
        budget=list(after.budget),
        partners=list(after.partners),
        previous=running.term,
        term=after.term or running.term,
        approved_by=person,
        checks=checks,
    )
    started = _started(replace(running, contract=after, term=approved.term))
    return running.accepted(approved, *started)


def _started(running: Running) -> list[ContractActivated]:
    """A draft may have waited for nothing but this."""
    if running.contract.status != "drafted":
        return []
    met = in_force(running, running.contract.unsigned())
    return [activated(running, running.context.at, met)] if met.outcome == "pass" else []


def refuse(running: Running, command: RefuseAmendment) -> Decision:
    """An official leaves the contract as it is."""
    proposed = running.contract.amendment
    if proposed is None or proposed.amendment != command.amendment:
        return _not_open(running, command.amendment, "refused")
    no = AmendmentRefused(
        **running.subject,
        amendment=command.amendment,
        changes=proposed.changes,
        reason=command.reason,
        checks=[],
    )
    return running.accepted(no)


def withdraw(running: Running, command: WithdrawAmendment) -> Decision:
    """Who asked does not want it any more."""
    if refusal := running.not_own():
        return refusal
    proposed = running.contract.amendment
    if proposed is None or proposed.amendment != command.amendment:
        return _not_open(running, command.amendment, "withdrawn")
    return running.accepted(AmendmentWithdrawn(**running.subject, amendment=command.amendment, reason=command.reason))


def _not_open(running: Running, amendment: int, answer: Answer) -> Decision:
    """Nothing new where it was answered so; a refusal where it was answered otherwise, or never asked."""
    known = running.contract.answers.get(amendment)
    if known == answer:
        return accept()
    return running.wrong_state("amendment_answered" if known else "no_such_amendment")
