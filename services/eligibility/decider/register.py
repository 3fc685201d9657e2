"""The register of one applicant, and what a file does with it: double funding (E5)."""

from __future__ import annotations

import msgspec

from events.catalog import AnyFact, stream_name
from events.eligibility import AssessedDossier, CostsDeclared, CostsRegistered, CriteriaAdopted
from events.vocabulary import Check
from services.deciding import Context, Decision, accept
from services.eligibility.commands import CheckRegister, RegisterCosts, register_id
from services.eligibility.decider.case import Case
from services.eligibility.rules.funding import (
    RULE,
    costs_of,
    funding_check,
    looked_for,
    overlaps_of,
    told_anew,
)
from services.eligibility.state import Entry, Register, registered


def restated(case: Case, dossier: AssessedDossier) -> list[AnyFact]:
    """What the file asks subsidy for, where that is no longer what it was."""
    same = costs_of(dossier) == costs_of(case.dossier)
    return [] if same else declared(case.call, case.id, case.criteria, dossier)


def declared(call: str, case: str, criteria: CriteriaAdopted, dossier: AssessedDossier) -> list[AnyFact]:
    """What the file asks subsidy for, told where the call looks for double funding."""
    if not looked_for(criteria):
        return []
    return [CostsDeclared(call=call, case=case, applicant=dossier.applicant.ovo, costs=costs_of(dossier))]


def given_up(case: Case) -> list[AnyFact]:
    """Nothing any more: others may bring these costs in."""
    if not looked_for(case.criteria):
        return []
    return [CostsDeclared(call=case.call, case=case.id, applicant=case.dossier.applicant.ovo, costs=None)]


def funding_checks(case: Case, dossier: AssessedDossier) -> list[Check]:
    """The file as it would stand, against the register as it stands; nothing where the call does not look."""
    if not looked_for(case.criteria):
        return []
    stream = stream_name("register", register_id(dossier.applicant.ovo))
    register: Register = case.context.states.get(stream, Register())
    overlaps = overlaps_of(register, case.id, costs_of(dossier))
    source = case.context.source(stream, CostsRegistered)
    return [funding_check(case.criteria, overlaps, [dossier.source, source])]


def register_costs(register: Register, command: RegisterCosts, context: Context) -> Decision:
    """Take a case's costs over. Cases keep the order in which they came, so what overlaps is told of the later one."""
    known = register.entries.get(command.case)
    new = Entry(command.call, command.costs) if command.costs else None
    if known == new:
        return accept()
    fact = CostsRegistered(
        call=command.call,
        case=command.case,
        applicant=command.applicant,
        costs=command.costs,
        found=[],
        source=command.source,
    )
    found = told_anew(register, registered(register, fact), command.case)
    return accept(msgspec.structs.replace(fact, found=found))


def check_register(case: Case, command: CheckRegister) -> Decision:
    """What the register found, as a check of this file; after the conclusion a person decides whether it matters."""
    if not case.under_way:
        return accept()
    made = funding_check(case.criteria, command.overlaps, [case.dossier.source, command.source])
    recorded = case.state.checks.get(RULE)
    same = recorded is not None and recorded.inputs == made.inputs
    return accept() if same else case.accept(*case.recorded([made]))
