"""What outsiders hear of a decision on a file and of what became of it. Pure."""

from __future__ import annotations

from typing import Any, TypeAlias, assert_never

from events import decision
from events.public import models, redress
from events.public.forms import closing_time, cost_lines, term
from events.public.values import Case, PublicData
from events.times import Instant


def tell_grant(fact: decision.GrantFacts, at: Instant, case: Case) -> PublicData | None:
    """A fact of a grant; None for what is not told."""
    match fact:
        case decision.GrantAwarded():
            return models.GrantAwarded(
                call=fact.call,
                occurred_at=at,
                case=case,
                amount_cents=fact.amount_cents,
                budget=cost_lines(fact.budget),
                term=term(fact.term),
                rank=fact.rank,
                reference=fact.reference,
                meeting=fact.meeting,
            )
        case decision.GrantRefused():
            return models.GrantRefused(
                call=fact.call,
                occurred_at=at,
                case=case,
                rank=fact.rank,
                code=fact.code,
                reference=fact.reference,
                meeting=fact.meeting,
            )
        case decision.ApplicantNotified():
            return models.ApplicantNotified(call=fact.call, occurred_at=at, case=case, outcome=fact.outcome)
        case (
            decision.CandidateRegistered()
            | decision.CandidateWithdrawn()
            | decision.CandidateSetAside()
            | decision.CandidateSucceeded()
            | decision.AmountReserved()
            | decision.ReservationRefused()
            | decision.ReservationReleased()
            | decision.NoticeGiven()
            | decision.MovedUpFromReserve()
            | decision.MoneyReturned()
            | decision.AppealLodged()
            | decision.AppealDismissed()
        ):
            return None
        case _:
            return _redress(fact, at, case)


_Redress: TypeAlias = (
    decision.GrantDenied
    | decision.PlacedOnReserve
    | decision.ReserveLapsed
    | decision.AwardWaived
    | decision.AwardAdjusted
    | decision.DecisionSuperseded
    | decision.DecisionRetracted
    | decision.DecisionSuspended
    | decision.SuspensionLifted
    | decision.DecisionAnnulled
)


def _redress(fact: _Redress, at: Instant, case: Case) -> PublicData:
    base: dict[str, Any] = {"call": fact.call, "occurred_at": at, "case": case}
    match fact:
        case decision.GrantDenied():
            return redress.GrantDenied(**base, rank=fact.rank, reference=fact.reference, meeting=fact.meeting)
        case decision.PlacedOnReserve():
            until = closing_time(fact.until) if fact.until else None
            named: dict[str, Any] = {"rank": fact.rank, "reference": fact.reference, "meeting": fact.meeting}
            return redress.PlacedOnReserve(**base, **named, until=until)
        case decision.ReserveLapsed():
            return redress.ReserveLapsed(**base, reference=fact.reference, until=closing_time(fact.until))
        case decision.AwardWaived():
            return redress.AwardWaived(**base, reference=fact.reference, amount_cents=fact.amount_cents)
        case decision.AwardAdjusted():
            previous, now = fact.previous_cents, fact.amount_cents
            return redress.AwardAdjusted(**base, reference=fact.reference, previous_cents=previous, amount_cents=now)
        case decision.DecisionSuperseded():
            named = {"replaced": fact.replaced, "reference": fact.reference, "meeting": fact.meeting}
            return redress.DecisionSuperseded(**base, **named)
        case decision.DecisionRetracted():
            return redress.DecisionRetracted(**base, retracted=fact.retracted, reference=fact.reference)
        case decision.DecisionSuspended():
            return redress.DecisionSuspended(**base, decision=fact.decision, ruling=fact.ruling)
        case decision.SuspensionLifted():
            return redress.SuspensionLifted(**base, decision=fact.decision, ruling=fact.ruling)
        case decision.DecisionAnnulled():
            return redress.DecisionAnnulled(**base, decision=fact.decision, ruling=fact.ruling)
        case _:
            assert_never(fact)
