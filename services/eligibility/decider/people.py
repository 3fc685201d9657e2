"""What a person adds to the rules: an answer that no rule can give, and a failed check set aside, each with reasons."""

from __future__ import annotations

from events.eligibility import DerogationGranted, HumanCheckRecorded
from events.intake import HumanCheck
from events.vocabulary import Check
from services.deciding import Decision, Refused, accept, refuse
from services.eligibility.commands import GrantDerogation, RecordCheck
from services.eligibility.decider.case import Case, wrong
from services.eligibility.rules import DEROGATION, HUMAN_CHECK
from services.rulebook import check


def judged(case: Case, command: RecordCheck) -> Decision:
    """A person's answer to a check of the terms; it counts for the file as it stands now."""
    if not case.under_way:
        return wrong(case.state)
    asked = next((one for one in case.criteria.eligibility.human_checks if one.code == command.check), None)
    if asked is None:
        known = [one.code for one in case.criteria.eligibility.human_checks]
        return refuse("E7", "check_not_in_terms", check=command.check, known=known)
    if not command.reasons.text.strip():
        return refuse("E7", "reason_missing", check=command.check)
    fact = HumanCheckRecorded(
        call=case.call,
        case=case.id,
        code=asked.code,
        outcome=command.outcome,
        reasons=command.reasons,
        evidence=command.evidence,
        judged_by=case.context.actor.person,
        check=_human_check(case, asked, command),
    )
    return accept() if case.state.judged.get(asked.code) == fact else case.accept(fact)


def _human_check(case: Case, asked: HumanCheck, command: RecordCheck) -> Check:
    params = {
        "check": asked.code,
        "label_nl": asked.label.nl,
        "label_en": asked.label.en,
        "stage": asked.stage,
        "mandatory": asked.mandatory,
    }
    inputs = {
        "judged": command.outcome,
        "reasons": command.reasons.text,
        "language": command.reasons.language,
        "application_version": case.dossier.application_version,
    }
    return check(HUMAN_CHECK, params, inputs, [case.criteria.source, case.dossier.source])


def derogated(case: Case, command: GrantDerogation) -> Decision:
    """A failed check is set aside: a fact beside it, on the ground that the terms name."""
    if not case.under_way:
        return wrong(case.state)
    record = case.state.record_of(command.check)
    if record is None:
        return refuse("E6", "not_checked", check=command.check)
    if not command.reasons.text.strip():
        return refuse("E6", "reason_missing", check=command.check)
    allowed = _derogation_check(case, command, record)
    if allowed.outcome == "fail":
        return Refused(allowed.rule, allowed.code, {**allowed.params, **allowed.inputs})
    fact = DerogationGranted(
        call=case.call,
        case=case.id,
        of_check=command.check,
        set_aside=record,
        legal_basis=command.legal_basis,
        reasons=command.reasons,
        granted_by=case.context.actor.person,
        check=allowed,
    )
    return accept() if case.state.derogations.get(command.check) == fact else case.accept(fact)


def _derogation_check(case: Case, command: GrantDerogation, record: Check) -> Check:
    derogable = [[one.check, one.legal_basis] for one in case.criteria.eligibility.derogations]
    inputs = {
        "check": command.check,
        "legal_basis": command.legal_basis,
        "outcome": record.outcome,
        "code": record.code,
        "reasons": command.reasons.text,
        "language": command.reasons.language,
    }
    return check(DEROGATION, {"derogable": derogable}, inputs, [case.criteria.source, case.dossier.source])
