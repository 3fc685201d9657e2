"""One eligible file on its way to a decision: money set aside, awarded or refused, and the applicant told."""

from __future__ import annotations

from typing import Literal, assert_never

from events.catalog import AnyFact, stream_name
from events.decision import (
    AmountReserved,
    ApplicantNotified,
    CandidateRegistered,
    CandidateWithdrawn,
    EnvelopeSet,
    GrantAwarded,
    GrantRefused,
    ReservationRefused,
    ReservationReleased,
)
from events.eligibility import AssessedDossier
from events.times import days_after
from events.vocabulary import Check
from services.deciding import Context, Decision, accept, refuse
from services.decision.commands import (
    AwardGrant,
    GrantCommand,
    NotifyApplicant,
    RefuseGrant,
    RegisterCandidate,
    ReleaseReservation,
    ReserveAmount,
    WithdrawCandidate,
)
from services.decision.ranking import refinanced, scaled
from services.decision.rules import refused, refused_as
from services.decision.rules.money import D2, award_inputs, award_params
from services.decision.rules.procedure import D5, D6, written_day
from services.decision.state import Envelope, Grant
from services.rulebook import check


def decide_grant(grant: Grant, command: GrantCommand, context: Context) -> Decision:
    """What follows from a command about one file."""
    call = command.call if isinstance(command, RegisterCandidate | WithdrawCandidate) else grant.call
    envelope = context.states.get(stream_name("envelope", call), Envelope())
    match command:
        case RegisterCandidate() if grant.status != "none":
            return accept()
        case RegisterCandidate():
            fact = CandidateRegistered(call=call, case=context.id, dossier=command.dossier, source=command.source)
            return accept(fact, rules=envelope.rules)
        case WithdrawCandidate():
            return _withdraw(grant, command, envelope, context)
        case ReserveAmount():
            return _reserve(grant, command, envelope, context)
        case ReleaseReservation() if grant.reserved_cents and _moves(grant, command.proposal_version):
            return accept(_released(grant, "redrafted", context), rules=envelope.rules)
        case ReleaseReservation():
            return accept()
        case AwardGrant() | RefuseGrant():
            return _conclude(grant, command, envelope, context)
        case NotifyApplicant():
            return _notify(grant, command, envelope, context)
        case _:
            assert_never(command)


def _moves(grant: Grant, proposal_version: int) -> bool:
    """Whether this version of the proposal may still move the file's money: undecided, and no later one has."""
    return grant.status == "candidate" and proposal_version >= grant.proposal_version


def _released(
    grant: Grant, reason: Literal["refused", "withdrawn", "redrafted"], context: Context
) -> ReservationReleased:
    return ReservationReleased(
        call=grant.call,
        case=context.id,
        amount_cents=grant.reserved_cents,
        attempt=grant.attempt,
        reason=reason,
    )


def reservation_refused(grant: Grant, amount_cents: int, context: Context, code: str) -> ReservationRefused:
    """What is on record when the ledger does not let the money be set aside."""
    return ReservationRefused(
        call=grant.call, case=context.id, amount_cents=amount_cents, attempt=grant.attempt + 1, code=code
    )


def _withdraw(grant: Grant, command: WithdrawCandidate, envelope: Envelope, context: Context) -> Decision:
    if grant.status == "withdrawn":
        return accept()
    undecided = _undecided(grant)
    # A file that is not yet a candidate is recorded too: its eligibility may be on its way, and must find it gone.
    if grant.status != "none" and undecided.outcome == "fail":
        return refused(undecided)
    freed = [_released(grant, "withdrawn", context)] if grant.reserved_cents else []
    left = CandidateWithdrawn(call=command.call, case=context.id, source=command.source)
    return accept(left, *freed, rules=envelope.rules)


def _undecided(grant: Grant) -> Check:
    return check(D6, {}, {"status": grant.status, "reference": grant.reference})


def _reserve(grant: Grant, command: ReserveAmount, envelope: Envelope, context: Context) -> Decision:
    if not _moves(grant, command.proposal_version):
        return accept()
    facts = _reservation(grant, command.amount_cents, command.proposal_version, context)
    return accept(*facts, rules=envelope.rules)


def _reservation(grant: Grant, amount_cents: int, proposal_version: int, context: Context) -> list[AnyFact]:
    """What it takes to have exactly this amount set aside: nothing, or the old one freed and the new one reserved."""
    if grant.reserved_cents == amount_cents:
        return []
    freed: list[AnyFact] = [_released(grant, "redrafted", context)] if grant.reserved_cents else []
    reserved = AmountReserved(
        call=grant.call,
        case=context.id,
        amount_cents=amount_cents,
        attempt=grant.attempt + 1,
        proposal_version=proposal_version,
    )
    return [*freed, reserved]


def _conclude(grant: Grant, command: AwardGrant | RefuseGrant, envelope: Envelope, context: Context) -> Decision:
    outcome = "awarded" if isinstance(command, AwardGrant) else "refused"
    if grant.status == outcome and grant.reference == command.reference:
        return accept()
    if grant.status == "withdrawn":
        return refuse("STATE", "withdrawn", status=grant.status)
    undecided = _undecided(grant)
    if undecided.outcome == "fail":
        return refused(undecided)
    if grant.dossier is None or envelope.terms is None:
        return refuse("STATE", "terms_not_adopted", status=grant.status)
    motivated = _motivated(command, envelope, context, grant)
    if motivated.outcome == "fail":
        return refused(motivated)
    if isinstance(command, AwardGrant):
        return _award(grant, grant.dossier, command, envelope.terms, motivated, context)
    return _refuse(grant, grant.dossier, command, envelope, motivated, context)


def _motivated(command: AwardGrant | RefuseGrant, envelope: Envelope, context: Context, grant: Grant) -> Check:
    """D5: why this amount, or why none."""
    item = command.item
    inputs = {
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


def _award(
    grant: Grant,
    dossier: AssessedDossier,
    command: AwardGrant,
    terms: EnvelopeSet,
    motivated: Check,
    context: Context,
) -> Decision:
    amount = command.item.proposed_cents
    limits = {limit.category: limit.max_share_bp for limit in terms.share_limits}
    budget = scaled(dossier.budget, amount, limits)
    financing = refinanced(dossier.financing, amount, dossier.applicant.name)
    params = award_params(terms)
    inputs = award_inputs(params, (amount, dossier.requested_cents), budget, financing)
    registered = context.source(context.stream, CandidateRegistered)
    terms_at = context.source(stream_name("envelope", grant.call), EnvelopeSet)
    within = check(D2, params, inputs, [terms_at, registered, command.source])
    if within.outcome == "fail":
        return refused(within)
    reserved = _reservation(grant, amount, grant.proposal_version, context)
    awarded = GrantAwarded(
        call=grant.call,
        case=context.id,
        beneficiary=dossier.applicant,
        project=dossier.project,
        neighbourhood=dossier.neighbourhood,
        amount_cents=amount,
        budget=budget,
        financing=financing,
        partners=dossier.partners,
        term=dossier.term,
        attempt=grant.attempt + (1 if reserved else 0),
        rank=command.item.rank,
        reference=command.reference,
        meeting=command.meeting,
        synthetic=dossier.synthetic,
        checks=[within, motivated],
    )
    return accept(*reserved, awarded, rules=terms.source.position)


def _refuse(
    grant: Grant,
    dossier: AssessedDossier,
    command: RefuseGrant,
    envelope: Envelope,
    motivated: Check,
    context: Context,
) -> Decision:
    refusal = GrantRefused(
        call=grant.call,
        case=context.id,
        applicant=dossier.applicant,
        requested_cents=dossier.requested_cents,
        rank=command.item.rank,
        code="unfavourable_advice" if command.item.outcome == "unfavourable" else "envelope_exhausted",
        reasons=[motivated.reason],
        reference=command.reference,
        meeting=command.meeting,
        checks=[motivated],
    )
    freed = [_released(grant, "refused", context)] if grant.reserved_cents else []
    return accept(refusal, *freed, rules=envelope.rules)


def _notify(grant: Grant, command: NotifyApplicant, envelope: Envelope, context: Context) -> Decision:
    if grant.notified:
        return accept()
    if grant.status != command.outcome or envelope.terms is None:
        return refused_as(D6, "not_decided", status=grant.status)
    days = envelope.terms.decision.appeal_days
    fact = ApplicantNotified(
        call=grant.call,
        case=context.id,
        outcome=command.outcome,
        appeal=envelope.terms.decision.appeal,
        reference=grant.reference,
        appeal_until=days_after(context.at, days) if days else None,
    )
    return accept(fact, rules=envelope.rules)
