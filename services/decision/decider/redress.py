"""What becomes of a decision on a file: waived, replaced, taken back, appealed, suspended, annulled, taken anew.

At most one decision is in force, and who touches it names it (D6). What was paid is not undone: `AwardAdjusted` says
what the award is worth from now on, and payment recovers or tops up.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, assert_never

from events.catalog import AnyFact, stream_name
from events.decision import (
    AppealDismissed,
    AppealLodged,
    ApplicantNotified,
    AwardWaived,
    DecisionAnnulled,
    DecisionRetracted,
    DecisionSuspended,
    NoticeGiven,
    SuspensionLifted,
)
from events.eligibility import AssessedDossier
from events.times import day_of
from events.vocabulary import Check
from services.deciding import Context, Decision, accept, refuse
from services.decision.commands import (
    DecideAnew,
    LiftSuspension,
    RecordAnnulment,
    RecordAppeal,
    RecordAppealDismissal,
    RecordSuspension,
    RedressCommand,
    RetractDecision,
    SupersedeDecision,
    WaiveAward,
)
from services.decision.decider.anew import adjusted, decide_again, supersede
from services.decision.decider.granting import Case
from services.decision.decider.reserving import released
from services.decision.rules import refused, refused_as
from services.decision.rules.force import D6
from services.decision.rules.procedure import written_day
from services.decision.rules.reasons import D5
from services.decision.state import Envelope, Grant
from services.rulebook import check

Act: TypeAlias = Literal["decide_anew", "waive", "replace", "undo"]


def decide_redress(grant: Grant, command: RedressCommand, context: Context) -> Decision:
    """What follows from a command about a decision that was taken."""
    envelope: Envelope = context.states.get(stream_name("envelope", grant.call), Envelope())
    if grant.dossier is None or envelope.terms is None:
        return refuse("STATE", "not_in_this_stage", status=grant.status)
    case = Case(grant, grant.dossier, envelope.terms, context)
    match command:
        case WaiveAward():
            return _waive(case, grant.dossier, command)
        case SupersedeDecision():
            return _supersede(case, command)
        case DecideAnew():
            return _again(case, command)
        case RetractDecision():
            return _retract(case, command)
        case RecordAppeal() | RecordAppealDismissal():
            return _appeal(case, command)
        case RecordSuspension() | LiftSuspension():
            return _suspend(case, command)
        case RecordAnnulment():
            return _annul(case, command)
        case _:
            assert_never(command)


def _force(grant: Grant, act: Act, named: str) -> Check:
    return check(D6, {}, {"act": act, "status": grant.status, "reference": grant.reference, "named": named})


def _outcome(grant: Grant) -> Literal["awarded", "refused", "reserve"]:
    return "awarded" if grant.status == "awarded" else "refused" if grant.status == "refused" else "reserve"


def _ended(case: Case, code: Literal["retracted", "waived"], reference: str) -> list[AnyFact]:
    """The money of a decision that is no more: the award is worth nothing, or what was set aside is free."""
    if case.grant.status == "awarded":
        return [adjusted(case, 0, None, code, reference)]
    return released(case.grant, code, case.context)


def _waive(case: Case, dossier: AssessedDossier, command: WaiveAward) -> Decision:
    grant, actor = case.grant, case.context.actor
    if actor.role == "applicant" and actor.organisation != dossier.applicant.ovo:
        return refuse("OWN", "other_organisation", organisation=dossier.applicant.ovo)
    if grant.status == "waived":
        return accept()
    force = _force(grant, "waive", grant.reference)
    if force.outcome == "fail":
        return refused(force)
    fact = AwardWaived(
        call=grant.call,
        case=case.context.id,
        applicant=dossier.applicant,
        amount_cents=grant.award_cents if grant.status == "awarded" else 0,
        reference=grant.reference,
        reason=command.reason,
    )
    return accept(fact, *_ended(case, "waived", grant.reference), rules=case.terms.source.position)


def _supersede(case: Case, command: SupersedeDecision) -> Decision:
    if case.grant.in_force and case.grant.reference == command.reference != command.replaces:
        return accept()
    if command.reference == command.replaces:
        return refused_as(D6, "same_reference", reference=command.reference)
    if case.grant.aside and command.amount_cents:
        return refuse("STATE", "set_aside", status=case.grant.status)
    force = _force(case.grant, "replace", command.replaces)
    return refused(force) if force.outcome == "fail" else supersede(case, command, _outcome(case.grant), force)


def _again(case: Case, command: DecideAnew) -> Decision:
    if case.grant.in_force and case.grant.reference == command.reference:
        return accept()
    if case.grant.aside and command.amount_cents:
        return refuse("STATE", "set_aside", status=case.grant.status)
    force = _force(case.grant, "decide_anew", command.reference)
    return refused(force) if force.outcome == "fail" else decide_again(case, command, "decided_anew", force)


def _retract(case: Case, command: RetractDecision) -> Decision:
    grant = case.grant
    if grant.status == "retracted" and grant.reference == command.retracts:
        return accept()
    force = _force(grant, "undo", command.retracts)
    if force.outcome == "fail":
        return refused(force)
    fact = DecisionRetracted(
        call=grant.call,
        case=case.context.id,
        retracted=command.retracts,
        outcome=_outcome(grant),
        amount_cents=grant.award_cents if grant.status == "awarded" else 0,
        reference=command.reference,
        reasons=command.reasons,
        checks=[force],
    )
    return accept(fact, *_ended(case, "retracted", command.reference), rules=case.terms.source.position)


def _appeal(case: Case, command: RecordAppeal | RecordAppealDismissal) -> Decision:
    grant, open_ = case.grant, command.reference in case.grant.appeals
    rules = case.terms.source.position
    if isinstance(command, RecordAppealDismissal):
        if not open_:
            return refused_as(D6, "no_such_appeal", named=command.reference)
        dismissed = AppealDismissed(
            call=grant.call,
            case=case.context.id,
            reference=command.reference,
            ruling=command.ruling,
            reasons=command.reasons,
        )
        return accept(dismissed, rules=rules)
    if open_:
        return accept()
    force = _force(grant, "undo", command.decision)
    if force.outcome == "fail":
        return refused(force)
    timely = _timely(case, command)
    lodged = AppealLodged(
        call=grant.call,
        case=case.context.id,
        decision=command.decision,
        instance=command.instance,
        reference=command.reference,
        lodged_on=command.lodged_on,
        in_time=timely.code != "appeal_late",
        checks=[force, timely],
    )
    return accept(lodged, rules=rules)


def _timely(case: Case, command: RecordAppeal) -> Check:
    """D5: the term for appeal starts at the notification; before that no term ends."""
    grant, context = case.grant, case.context
    last = day_of(grant.appeal_until.utc) if grant.notified and grant.appeal_until else None
    inputs = {
        "kind": "appeal",
        "lodged_on": command.lodged_on,
        "last_day": last,
        **written_day("lodged", command.lodged_on),
        **(written_day("last", last) if last else {}),
    }
    told = [context.source(context.stream, fact) for fact in (ApplicantNotified, NoticeGiven)]
    return check(D5, {}, inputs, told)


def _suspend(case: Case, command: RecordSuspension | LiftSuspension) -> Decision:
    grant = case.grant
    rules = case.terms.source.position
    if isinstance(command, LiftSuspension):
        if not (grant.suspended and grant.reference == command.decision):
            return refused_as(D6, "not_suspended", named=command.decision)
        lifted = SuspensionLifted(
            call=grant.call,
            case=case.context.id,
            decision=command.decision,
            ruling=command.ruling,
            reasons=command.reasons,
        )
        return accept(lifted, rules=rules)
    force = _force(grant, "undo", command.decision)
    if force.outcome == "fail":
        return refused(force)
    if grant.suspended:
        return accept()
    suspended = DecisionSuspended(
        call=grant.call,
        case=case.context.id,
        decision=command.decision,
        by=command.by,
        ruling=command.ruling,
        reasons=command.reasons,
        checks=[force],
    )
    return accept(suspended, rules=rules)


def _annul(case: Case, command: RecordAnnulment) -> Decision:
    grant = case.grant
    if grant.status == "annulled" and grant.reference == command.decision:
        return accept()
    force = _force(grant, "undo", command.decision)
    if force.outcome == "fail":
        return refused(force)
    fact = DecisionAnnulled(
        call=grant.call,
        case=case.context.id,
        decision=command.decision,
        outcome=_outcome(grant),
        amount_cents=grant.award_cents if grant.status == "awarded" else 0,
        ruling=command.ruling,
        reasons=command.reasons,
        checks=[force],
    )
    # An award that was annulled keeps its money until a new decision is taken; what was only set aside is free.
    return accept(fact, *released(grant, "retracted", case.context), rules=case.terms.source.position)
