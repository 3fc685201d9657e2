"""What decision remembers of one file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from events.decision import (
    AmountReserved,
    ApplicantNotified,
    CandidateRegistered,
    CandidateWithdrawn,
    GrantAwarded,
    GrantFacts,
    GrantRefused,
    ReservationRefused,
    ReservationReleased,
)
from events.eligibility import AssessedDossier


@dataclass(frozen=True, slots=True)
class Grant:
    """An eligible file on its way to a decision. `attempt` counts the reservations; `reserved_cents` is the open one.

    `proposal_version` is the latest version of the proposal that moved money here: older ones come too late.
    """

    status: Literal["none", "candidate", "withdrawn", "awarded", "refused"] = "none"
    call: str = ""
    dossier: AssessedDossier | None = None
    reserved_cents: int = 0
    attempt: int = 0
    proposal_version: int = 0
    reference: str = ""
    notified: bool = False


def evolve_grant(state: Grant, fact: GrantFacts) -> Grant:
    """The file after one more fact."""
    state = replace(state, call=fact.call)
    match fact:
        case CandidateRegistered():
            return replace(state, status="candidate", dossier=fact.dossier)
        case CandidateWithdrawn():
            return replace(state, status="withdrawn")
        case AmountReserved():
            return replace(
                state,
                reserved_cents=fact.amount_cents,
                attempt=fact.attempt,
                proposal_version=fact.proposal_version,
            )
        case ReservationRefused():
            # The attempt named a transfer that never was; the next one may carry the same number.
            return state
        case ReservationReleased():
            return replace(state, reserved_cents=0)
        case GrantAwarded():
            return replace(state, status="awarded", reference=fact.reference)
        case GrantRefused():
            return replace(state, status="refused", reference=fact.reference)
        case ApplicantNotified():
            return replace(state, notified=True)
        case _:
            assert_never(fact)
