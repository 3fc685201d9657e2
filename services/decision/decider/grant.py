"""One eligible file on its way to a decision: registered, withdrawn, awarded, refused or reserved, and told."""

from __future__ import annotations

from typing import Any, TypeAlias, assert_never

from events.catalog import AnyFact, stream_name
from events.decision import (
    ApplicantNotified,
    CandidateRegistered,
    CandidateSetAside,
    CandidateSucceeded,
    CandidateWithdrawn,
    EnvelopeSet,
    GrantDenied,
    GrantRefused,
    NoticeGiven,
    PlacedOnReserve,
    ReserveLapsed,
)
from events.times import day_of, days_after, start_of_day
from events.vocabulary import Check
from services.deciding import Context, Decision, accept, refuse
from services.decision.commands import (
    AwardGrant,
    GrantCommand,
    LapseReserve,
    NotifyApplicant,
    PlaceOnReserve,
    RefuseGrant,
    RegisterCandidate,
    ReleaseReservation,
    ReserveAmount,
    ReturnMoney,
    SetCandidateAside,
    SucceedCandidate,
    WithdrawCandidate,
)
from services.decision.decider.granting import Case, Taken, awarded, within
from services.decision.decider.reserving import release, released, reservation, reserve, take_back
from services.decision.rules import refused, refused_as
from services.decision.rules.force import D6
from services.decision.rules.procedure import written_day
from services.decision.rules.reasons import D5
from services.decision.state import Envelope, Grant, Proposal
from services.rulebook import check


def decide_grant(grant: Grant, command: GrantCommand, context: Context) -> Decision:
    """What follows from a command about one file."""
    call = (
        command.call if isinstance(command, RegisterCandidate | WithdrawCandidate | SetCandidateAside) else grant.call
    )
    envelope = context.states.get(stream_name("envelope", call), Envelope())
    match command:
        case RegisterCandidate() if grant.status != "none" and not grant.aside:
            return accept()
        case RegisterCandidate():
            return accept(_registered(command, context), rules=envelope.rules)
        case WithdrawCandidate():
            return _withdraw(grant, command, envelope, context)
        case SetCandidateAside():
            return _set_aside(grant, command, envelope, context)
        case SucceedCandidate():
            return _succeed(grant, command, envelope, context)
        case ReserveAmount():
            return reserve(grant, command, envelope, context)
        case ReleaseReservation():
            return release(grant, command, envelope, context)
        case ReturnMoney():
            return take_back(grant, command, envelope, context)
        case AwardGrant() | RefuseGrant() | PlaceOnReserve():
            return _conclude(grant, command, envelope, context)
        case LapseReserve():
            return _lapse(grant, envelope, context)
        case NotifyApplicant():
            return _notify(grant, command, envelope, context)
        case _:
            assert_never(command)


def _registered(command: RegisterCandidate, context: Context) -> CandidateRegistered:
    return CandidateRegistered(
        call=command.call,
        case=context.id,
        dossier=command.dossier,
        set_aside=command.set_aside,
        source=command.source,
    )


def _withdraw(grant: Grant, command: WithdrawCandidate, envelope: Envelope, context: Context) -> Decision:
    if grant.status == "withdrawn":
        return accept()
    undecided = _undecided(grant)
    # A file that is not yet a candidate is recorded too: its eligibility may be on its way, and must find it gone.
    if grant.status != "none" and undecided.outcome == "fail":
        return refused(undecided)
    left = CandidateWithdrawn(call=command.call, case=context.id, source=command.source)
    return accept(left, *released(grant, "withdrawn", context), rules=envelope.rules)


def _set_aside(grant: Grant, command: SetCandidateAside, envelope: Envelope, context: Context) -> Decision:
    # A decision that is in force stands, whatever is found now: who wants to undo it names it (D6).
    if grant.aside or grant.status not in ("candidate", "reserve", "annulled", "retracted"):
        return accept()
    aside = CandidateSetAside(call=command.call, case=context.id, source=command.source)
    return accept(aside, *released(grant, "set_aside", context), rules=envelope.rules)


def _succeed(grant: Grant, command: SucceedCandidate, envelope: Envelope, context: Context) -> Decision:
    # Of an award the contract passes on, with its rights and debts (D9).
    if grant.dossier is None or grant.status in ("withdrawn", "awarded", "waived"):
        return accept()
    if grant.dossier.applicant.ovo != command.previous.ovo:
        return accept()
    succeeded = CandidateSucceeded(
        call=grant.call,
        case=context.id,
        previous=grant.dossier.applicant,
        successor=command.successor,
        source=command.source,
    )
    return accept(succeeded, rules=envelope.rules)


def _undecided(grant: Grant) -> Check:
    return check(D6, {}, {"act": "decide", "status": grant.status, "reference": grant.reference})


_Concluding: TypeAlias = AwardGrant | RefuseGrant | PlaceOnReserve


def _conclude(grant: Grant, command: _Concluding, envelope: Envelope, context: Context) -> Decision:
    outcome = {AwardGrant: "awarded", RefuseGrant: "refused", PlaceOnReserve: "reserve"}[type(command)]
    # A file that stays on the reserve list in a later decision stays there by the first one.
    if grant.status == outcome and (outcome == "reserve" or grant.reference == command.reference):
        return accept()
    if grant.status == "withdrawn":
        return refuse("STATE", "withdrawn", status=grant.status)
    if grant.aside:
        return refuse("STATE", "set_aside", status=grant.status)
    undecided = _undecided(grant)
    if undecided.outcome == "fail":
        return refused(undecided)
    if grant.dossier is None or envelope.terms is None:
        return refuse("STATE", "terms_not_adopted", status=grant.status)
    motivated = _motivated(command, envelope, context, grant)
    if motivated.outcome == "fail":
        return refused(motivated)
    case = Case(grant, grant.dossier, envelope.terms, context)
    if isinstance(command, AwardGrant):
        return _award(case, command, motivated)
    kept_out = (
        _refusal(case, command, motivated) if isinstance(command, RefuseGrant) else _place(case, command, motivated)
    )
    return accept(kept_out, *released(grant, "refused", context), rules=envelope.rules)


def _motivated(command: _Concluding, envelope: Envelope, context: Context, grant: Grant) -> Check:
    """D5: why this amount, or why none."""
    item = command.item
    departure = _proposal(grant, context).departures.get(context.id)
    inputs = {
        "kind": "departed"
        if item.code == "departed"
        else "reserve"
        if isinstance(command, PlaceOnReserve)
        else "ranked",
        "reasoned": departure is not None and departure.decided_cents == item.proposed_cents,
        "rank": item.rank,
        "score_bp": item.score_bp,
        "outcome": item.outcome,
        "advised_cents": item.advised_cents,
        "left_before_cents": item.left_before_cents,
        "decided_cents": item.proposed_cents if isinstance(command, AwardGrant) else 0,
        "envelope_cents": envelope.amount_cents,
        "reference": command.reference,
        **written_day("meeting", command.meeting),
    }
    policy = envelope.terms.partial_fit if envelope.terms else None
    terms = context.source(stream_name("envelope", grant.call), EnvelopeSet)
    return check(D5, {"partial_fit": policy}, inputs, [terms, command.source])


def _proposal(grant: Grant, context: Context) -> Proposal:
    proposal: Proposal = context.states.get(stream_name("proposal", grant.call), Proposal())
    return proposal


def _award(case: Case, command: AwardGrant, motivated: Check) -> Decision:
    grant, item = case.grant, command.item
    taken = Taken(item.proposed_cents, item.rank, command.reference, command.meeting, command.source)
    measured = within(case, taken)
    if measured.outcome == "fail":
        return refused(measured)
    money = reservation(grant, item.proposed_cents, grant.proposal_version, case.context)
    fact = awarded(case, taken, grant.attempt + (1 if money else 0), [measured, motivated])
    return accept(*money, fact, rules=case.terms.source.position)


def _refusal(case: Case, command: RefuseGrant, motivated: Check) -> GrantRefused | GrantDenied:
    grant, item = case.grant, command.item
    departure = _proposal(grant, case.context).departures.get(case.context.id)
    if item.code == "departed" and departure:
        return GrantDenied(
            call=grant.call,
            case=case.context.id,
            applicant=case.dossier.applicant,
            requested_cents=case.dossier.requested_cents,
            rank=item.rank,
            code="departed",
            reasons=[motivated.reason],
            motivation=departure.reasons,
            reference=command.reference,
            meeting=command.meeting,
            checks=[motivated],
        )
    return GrantRefused(
        call=grant.call,
        case=case.context.id,
        applicant=case.dossier.applicant,
        requested_cents=case.dossier.requested_cents,
        rank=item.rank,
        code="unfavourable_advice" if item.outcome == "unfavourable" else "envelope_exhausted",
        reasons=[motivated.reason],
        reference=command.reference,
        meeting=command.meeting,
        checks=[motivated],
    )


def _place(case: Case, command: PlaceOnReserve, motivated: Check) -> AnyFact:
    days = case.terms.decision.reserve_days
    return PlacedOnReserve(
        call=case.grant.call,
        case=case.context.id,
        applicant=case.dossier.applicant,
        requested_cents=case.dossier.requested_cents,
        advised_cents=command.item.advised_cents,
        rank=command.item.rank,
        reasons=[motivated.reason],
        reference=command.reference,
        meeting=command.meeting,
        until=days_after(start_of_day(command.meeting).utc, days) if days else None,
        checks=[motivated],
    )


def _lapse(grant: Grant, envelope: Envelope, context: Context) -> Decision:
    # Who has moved up is before the Government; the list lapses for those who wait.
    if grant.status != "reserve" or grant.until is None or grant.dossier is None or grant.reserved_cents:
        return accept()
    if context.at < grant.until.utc:
        return refuse("STATE", "reserve_runs", status=grant.status)
    inputs = {"kind": "lapsed", "reference": grant.reference, **written_day("until", day_of(grant.until.utc))}
    over = check(D5, {}, inputs, [context.source(context.stream, PlacedOnReserve)])
    fact = ReserveLapsed(
        call=grant.call,
        case=context.id,
        applicant=grant.dossier.applicant,
        requested_cents=grant.dossier.requested_cents,
        reference=grant.reference,
        until=grant.until,
        reasons=[over.reason],
        checks=[over],
    )
    return accept(fact, rules=envelope.rules)


def _notify(grant: Grant, command: NotifyApplicant, envelope: Envelope, context: Context) -> Decision:
    if grant.notified and grant.status == command.outcome:
        return accept()
    if grant.status != command.outcome or envelope.terms is None:
        return refused_as(D6, "not_decided", status=grant.status)
    terms = envelope.terms.decision
    common: dict[str, Any] = {
        "call": grant.call,
        "case": context.id,
        "appeal": terms.appeal,
        "reference": grant.reference,
        "appeal_until": days_after(context.at, terms.appeal_days) if terms.appeal_days else None,
    }
    match command.outcome:
        case "awarded" | "refused" as outcome:
            return accept(ApplicantNotified(outcome=outcome, **common), rules=envelope.rules)
        case outcome:
            return accept(NoticeGiven(outcome=outcome, **common), rules=envelope.rules)
