"""What decision remembers of one file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from msgspec.structs import replace as replace_struct

from events.decision import (
    AmountReserved,
    AppealDismissed,
    AppealLodged,
    ApplicantNotified,
    AwardAdjusted,
    AwardWaived,
    CandidateRegistered,
    CandidateSetAside,
    CandidateSucceeded,
    CandidateWithdrawn,
    DecisionAnnulled,
    DecisionRetracted,
    DecisionSuperseded,
    DecisionSuspended,
    GrantAwarded,
    GrantDenied,
    GrantFacts,
    GrantRefused,
    MoneyReturned,
    MovedUpFromReserve,
    NoticeGiven,
    PlacedOnReserve,
    ReservationRefused,
    ReservationReleased,
    ReserveLapsed,
    SuspensionLifted,
)
from events.eligibility import AssessedDossier
from events.times import Deadline

Status: TypeAlias = Literal[
    "none",
    "candidate",
    "withdrawn",
    "awarded",
    "refused",
    "reserve",
    "waived",
    "lapsed",
    "retracted",
    "annulled",
]
IN_FORCE: frozenset[Status] = frozenset({"awarded", "refused", "reserve"})
"""A decision is in force; at most one, the one that `Grant.reference` names (D6)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An eligible file on its way to a decision, and what became of the decision.

    `attempt` counts the reservations. `reserved_cents` is the open one, that no award has used; `held_cents` all money
    of the envelope that the file holds: reserved, committed or paid. `award_cents` is what the award is worth, also
    while it is suspended, or annulled and no new decision is taken. `proposal_version` is the latest version of the
    proposal that moved money here: older ones come too late. `aside`: its assessment is revised. `set_aside` are the
    checks that do not bind this file.
    """

    status: Status = "none"
    call: str = ""
    dossier: AssessedDossier | None = None
    set_aside: frozenset[str] = frozenset()
    reserved_cents: int = 0
    held_cents: int = 0
    award_cents: int = 0
    attempt: int = 0
    proposal_version: int = 0
    rank: int = 0
    advised_cents: int = 0
    reference: str = ""
    ever_awarded: bool = False
    notified: bool = False
    suspended: bool = False
    aside: bool = False
    until: Deadline | None = None
    appeal_until: Deadline | None = None
    appeals: frozenset[str] = frozenset()
    returns: frozenset[str] = frozenset()

    @property
    def in_force(self) -> bool:
        """Whether a decision on this file is in force."""
        return self.status in IN_FORCE


def evolve_grant(state: Grant, fact: GrantFacts) -> Grant:
    """The file after one more fact."""
    state = replace(state, call=fact.call)
    match fact:
        case CandidateRegistered():
            # A file that was set aside stands where it stood.
            status = state.status if state.aside else "candidate"
            return replace(state, status=status, dossier=fact.dossier, aside=False, set_aside=frozenset(fact.set_aside))
        case CandidateSucceeded():
            return replace(state, dossier=state.dossier and replace_struct(state.dossier, applicant=fact.successor))
        case CandidateSetAside():
            return replace(state, aside=True)
        case CandidateWithdrawn():
            return replace(state, status="withdrawn")
        case AmountReserved() | ReservationRefused() | ReservationReleased() | MoneyReturned() | MovedUpFromReserve():
            return _money(state, fact)
        case GrantAwarded() | GrantRefused() | GrantDenied() | PlacedOnReserve():
            return _decided(state, fact)
        case _:
            return _afterwards(state, fact)


_Money: TypeAlias = AmountReserved | ReservationRefused | ReservationReleased | MoneyReturned | MovedUpFromReserve
_Outcome: TypeAlias = GrantAwarded | GrantRefused | GrantDenied | PlacedOnReserve
_After: TypeAlias = (
    ApplicantNotified
    | NoticeGiven
    | ReserveLapsed
    | AwardWaived
    | AwardAdjusted
    | DecisionSuperseded
    | DecisionRetracted
    | AppealLodged
    | AppealDismissed
    | DecisionSuspended
    | SuspensionLifted
    | DecisionAnnulled
)


def _money(state: Grant, fact: _Money) -> Grant:
    match fact:
        case AmountReserved():
            return replace(
                state,
                reserved_cents=fact.amount_cents,
                held_cents=state.held_cents + fact.amount_cents,
                attempt=fact.attempt,
                proposal_version=fact.proposal_version,
            )
        case ReservationRefused() | MovedUpFromReserve():
            # A refused attempt named a transfer that never was; the next one may carry the same number.
            return state
        case ReservationReleased():
            return replace(state, reserved_cents=0, held_cents=state.held_cents - fact.amount_cents)
        case MoneyReturned():
            held = state.held_cents - fact.amount_cents
            return replace(state, held_cents=held, returns=state.returns | {fact.source.event_id})
        case _:
            assert_never(fact)


def _decided(state: Grant, fact: _Outcome) -> Grant:
    state = replace(state, reference=fact.reference, rank=fact.rank, notified=False, suspended=False, until=None)
    match fact:
        case GrantAwarded():
            return replace(state, status="awarded", award_cents=fact.amount_cents, reserved_cents=0, ever_awarded=True)
        case GrantRefused() | GrantDenied():
            return replace(state, status="refused", award_cents=0)
        case PlacedOnReserve():
            return replace(state, status="reserve", advised_cents=fact.advised_cents, until=fact.until)
        case _:
            assert_never(fact)


def _afterwards(state: Grant, fact: _After) -> Grant:
    match fact:
        case ApplicantNotified() | NoticeGiven():
            return replace(state, notified=True, appeal_until=fact.appeal_until)
        case ReserveLapsed():
            return replace(state, status="lapsed", notified=False)
        case AwardWaived():
            return replace(state, status="waived")
        case AwardAdjusted():
            return replace(state, award_cents=fact.amount_cents)
        case DecisionRetracted():
            return replace(state, status="retracted", suspended=False, notified=False)
        case DecisionAnnulled():
            return replace(state, status="annulled", suspended=False)
        case AppealLodged():
            return replace(state, appeals=state.appeals | {fact.reference})
        case AppealDismissed():
            return replace(state, appeals=state.appeals - {fact.reference})
        case DecisionSuspended():
            return replace(state, suspended=True)
        case SuspensionLifted():
            return replace(state, suspended=False)
        case DecisionSuperseded():
            # The outcome that takes its place follows in the same commit.
            return state
        case _:
            assert_never(fact)
