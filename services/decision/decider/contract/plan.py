"""Pledges turned into actions: planned, measured, stopped (C1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from events.decision import (
    Action,
    ActionDiscontinued,
    ActionPlanned,
    BudgetShifted,
    ContractDrafted,
    Indicator,
    IndicatorRecorded,
    PartnerLeft,
    PledgeRefused,
)
from events.times import day_of
from events.vocabulary import Check
from services.deciding import Decision, Refused, accept
from services.decision.commands import DiscontinueAction, PlanAction, RecordIndicator
from services.decision.decider.contract.common import Running
from services.decision.rules import refused, refused_as
from services.decision.rules.plan import C1, plan_inputs
from services.decision.state import Contract
from services.rulebook import check

_IN_FORCE = ("active", "suspended")


def plan(running: Running, command: PlanAction) -> Decision:
    """Plan an action. In a draft a later plan replaces it; once in force only an amendment changes it."""
    contract, action = running.contract, command.action
    if refusal := running.not_own():
        return refusal
    known = contract.actions.get(action.action)
    if known == action:
        return accept()
    if contract.status not in ("drafted", *_IN_FORCE):
        return running.wrong_state()
    if known and contract.status != "drafted":
        return refused_as(C1, "needs_amendment", action=action.action)
    if contract.amendment:
        return running.wrong_state("amendment_open")
    others = [one for one in contract.going_on() if one.action != action.action]
    sound = planned(running, contract, [action], [*others, action])
    if sound.outcome == "fail":
        return refused(sound)
    return running.accepted(ActionPlanned(**running.subject, action=action, checks=[sound]))


def planned(running: Running, contract: Contract, changed: Iterable[Action], going_on: Sequence[Action]) -> Check:
    """C1: these actions, of all that would go on, in the contract as it would be."""
    term = contract.term or running.term
    inputs = plan_inputs(changed, going_on, contract.pledging(), term, contract.budget)
    sources = running.own(ContractDrafted, BudgetShifted, PledgeRefused, PartnerLeft, ActionPlanned)
    return check(C1, {}, inputs, sources)


def discontinue(running: Running, command: DiscontinueAction) -> Decision:
    """Stop an action."""
    if refusal := running.not_own():
        return refusal
    if command.action not in running.contract.actions:
        return refused_as(C1, "no_such_action", action=command.action)
    if command.action in running.contract.stopped:
        return accept()
    if running.contract.status not in ("drafted", *_IN_FORCE):
        return running.wrong_state()
    stopped = ActionDiscontinued(
        **running.subject, action=command.action, reason=command.reason, effective_at=running.context.at
    )
    return running.accepted(stopped)


def record(running: Running, command: RecordIndicator) -> Decision:
    """Record what was realised. A later record of the same day takes the place of an earlier one."""
    action = running.contract.actions.get(command.action)
    if action is None:
        return refused_as(C1, "no_such_action", action=command.action)
    if refusal := _not_ours(running, action):
        return refusal
    indicator = next((one for one in action.indicators if one.indicator == command.indicator), None)
    if indicator is None:
        return refused_as(C1, "no_such_indicator", action=command.action, indicator=command.indicator)
    if running.contract.status in ("none", "drafted", "closed"):
        return running.wrong_state()
    if command.measured_on > day_of(running.context.at):
        return refused_as(C1, "not_measured_yet", measured_on=command.measured_on)
    fact = _measured(running, command, indicator)
    known = running.contract.measured.get((command.action, command.indicator, command.measured_on))
    return accept() if known == fact else running.accepted(fact)


def _measured(running: Running, command: RecordIndicator, indicator: Indicator) -> IndicatorRecorded:
    way = indicator.target - indicator.baseline
    return IndicatorRecorded(
        **running.subject,
        action=command.action,
        indicator=command.indicator,
        measured_on=command.measured_on,
        baseline=indicator.baseline,
        target=indicator.target,
        value=command.value,
        reached_bp=(command.value - indicator.baseline) * 10_000 // way,
        evidence=command.evidence,
        note=command.note,
    )


def _not_ours(running: Running, action: Action) -> Refused | None:
    """A refusal for a partner that does not carry the action, or an applicant that is not the beneficiary."""
    if running.context.actor.role != "partner":
        return running.not_own()
    owners = {one.organisation.ovo for one in running.contract.partners if one.partner == action.owner}
    if running.context.actor.organisation in owners:
        return None
    return Refused("OWN", "other_organisation", {"organisation": ", ".join(sorted(owners))})
