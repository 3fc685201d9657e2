"""Conclusions: people draw them, from every mandatory check of rules and of people (E7), and never alone from an
exception that they made themselves (E6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from events.eligibility import (
    AssessmentRevised,
    DeclaredAdmissible,
    DeclaredEligible,
    DeclaredInadmissible,
    DeclaredIneligible,
)
from events.intake import HumanCheck
from events.vocabulary import Check
from services.deciding import Decision, Refused, accept, refuse
from services.eligibility.commands import ReviseAssessment
from services.eligibility.decider.case import Case, wrong
from services.eligibility.decider.register import declared, funding_checks, given_up
from services.eligibility.rules import CAN_CONCLUDE, FORMAL, MANDATORY, checks_of, mandatory_of


def conclude_admissibility(case: Case) -> Decision:
    """Whether the formal conditions are met (ontvankelijk)."""
    match case.state.status:
        case "open":
            # Money can still be clarified; only the form of the file decides whether it is looked at further.
            human = [one for one in case.criteria.eligibility.human_checks if one.stage == "admissibility"]
            grounds = _grounds(case, FORMAL, human)
        case "lapsed":
            return wrong(case.state)
        case _:
            return accept()
    if isinstance(grounds, Refused):
        return grounds
    if grounds.met:
        return case.accept(DeclaredAdmissible(call=case.call, case=case.id, checks=grounds.checks))
    dossier = case.dossier
    return case.accept(
        DeclaredInadmissible(
            call=case.call,
            case=case.id,
            checks=grounds.checks,
            applicant=dossier.applicant,
            neighbourhood=dossier.neighbourhood,
        ),
        *given_up(case),
    )


def conclude_eligibility(case: Case) -> Decision:
    """Whether all conditions of the call are met."""
    match case.state.status:
        case "admissible":
            grounds = _grounds(case, mandatory_of(case.criteria), case.criteria.eligibility.human_checks)
        case "eligible" | "ineligible":
            return accept()
        case _:
            return wrong(case.state)
    if isinstance(grounds, Refused):
        return grounds
    told, dossier = grounds.checks, case.dossier
    if grounds.met:
        return case.accept(DeclaredEligible(call=case.call, case=case.id, checks=told, dossier=dossier))
    refused = DeclaredIneligible(call=case.call, case=case.id, checks=told, applicant=dossier.applicant)
    return case.accept(refused, *given_up(case))


def revised(case: Case, command: ReviseAssessment) -> Decision:
    """The assessment begins again under the same terms: what is not a person's own judgement is checked at once."""
    previous = case.concluded
    if previous is None:
        return wrong(case.state)
    if not command.reasons.text.strip():
        return refuse("STATE", "reason_missing", status=previous)
    dossier = case.dossier
    fact = AssessmentRevised(
        call=case.call,
        case=case.id,
        previous=previous,
        reference=command.reference,
        reasons=command.reasons,
        revised_by=case.context.actor.person,
        applicant=dossier.applicant,
        neighbourhood=dossier.neighbourhood,
        claims_live_key=previous == "inadmissible" and case.criteria.one_live_application,
    )
    checks = [*checks_of(MANDATORY, case.criteria, dossier), *funding_checks(case, dossier)]
    # Who was refused had given its costs up.
    costs = declared(case.call, case.id, case.criteria, dossier) if previous != "eligible" else []
    return case.accept(fact, *case.recorded(checks), *costs)


class _Grounds(NamedTuple):
    """What a conclusion rests on, and whether it is a favourable one."""

    checks: list[Check]
    met: bool


def _grounds(case: Case, rules: Sequence[str], human: Sequence[HumanCheck]) -> _Grounds | Refused:
    """The record of every rule, of every human check that was made, and what was set aside; or why one cannot conclude
    yet."""
    state = case.state
    mandatory = [*rules, *(one.code for one in human if one.mandatory)]
    recorded = sorted({*state.checks, *state.judged})
    # Who lets the term for an answer pass is judged by the file as it stands.
    waiting = state.question is not None and case.context.at <= state.question.due.utc
    verdict = CAN_CONCLUDE.test({"mandatory": mandatory}, {"recorded": recorded, "clarification_open": waiting})
    if verdict.outcome == "fail":
        return refuse("E7", verdict.code, mandatory=mandatory, recorded=recorded)
    names = [*rules, *(one.code for one in human)]
    records = {name: record for name in names if (record := state.record_of(name)) is not None}
    granted = [state.derogations[name] for name in records if name in state.derogations]
    person = case.context.actor.person
    if own := [one.of_check for one in granted if one.granted_by == person]:
        return refuse("E6", "granted_by_the_same", checks=own, member=person)
    met = all(one.outcome == "pass" or name in state.derogations for name, one in records.items())
    return _Grounds([*records.values(), *(one.check for one in granted)], met)
