"""Money that moves between cost categories inside the award (D8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from events.decision import BudgetShifted, BudgetShiftRefused, ContractDrafted
from events.vocabulary import BudgetLine, Check
from services.deciding import Decision
from services.decision.commands import ShiftBudget
from services.decision.decider.contract.common import Running
from services.decision.decider.contract.plan import planned
from services.decision.ranking import shifted
from services.decision.rules import refused, refused_as
from services.decision.rules.contract import D8, shift_inputs, shift_params
from services.rulebook import check


def shift(running: Running, command: ShiftBudget) -> Decision:
    """Move subsidy from one category to another, if the target's ceiling allows it to the cent."""
    contract, terms = running.contract, running.terms
    if refusal := running.not_own():
        return refusal
    if contract.status != "active":
        return running.wrong_state()
    if contract.amendment:
        # It holds a whole budget, that of today: what moved meanwhile would be undone when it is approved.
        return running.wrong_state("amendment_open")
    known = {category.code for category in terms.cost_categories}
    strange = next((code for code in (command.from_category, command.to_category) if code not in known), None)
    if strange:
        return refused_as(D8, "unknown_category", category=strange)
    if command.from_category == command.to_category:
        return refused_as(D8, "same_category", category=command.to_category)
    move = (command.from_category, command.to_category, command.amount_cents)
    inputs = shift_inputs(terms, contract.budget, contract.amount_cents, move)
    sources = [*running.adopted(), *running.own(ContractDrafted, BudgetShifted)]
    params = running.without(shift_params(terms), "E2")
    return _shifted(running, command, check(D8, params, inputs, sources))


def _shifted(running: Running, command: ShiftBudget, ceilings: Check) -> Decision:
    contract = running.contract
    moved: list[BudgetLine] = []
    checks = [ceilings]
    if ceilings.outcome == "pass":
        moved = shifted(contract.budget, command.from_category, command.to_category, command.amount_cents)
        after = replace(contract, budget=tuple(moved))
        checks += [planned(running, after, [], going_on)] if (going_on := contract.going_on()) else []
    told: dict[str, Any] = {
        **running.subject,
        "from_category": command.from_category,
        "to_category": command.to_category,
        "amount_cents": command.amount_cents,
        "reason": command.reason,
        "checks": checks,
    }
    if checks[-1].outcome == "fail":
        return running.refused(refused(checks[-1]), BudgetShiftRefused(**told))
    return running.accepted(BudgetShifted(**told, budget=moved))
