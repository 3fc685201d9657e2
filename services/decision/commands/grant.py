"""What can be asked about one file."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from events.decision import ProposalItem
from events.eligibility import AssessedDossier
from events.times import Day
from events.vocabulary import (
    Cents,
    Name,
    Party,
    Source,
    Uuid,
)
from services.deciding import CommandSpec
from services.decision.commands.rows import HANDLER, SERVICE, Amount, envelope_and_proposal, row
from services.fields import Command, Wire


class RegisterCandidate(Command):
    """Remember an eligible file that a decision will be taken on."""

    call: Wire[Uuid]
    dossier: Wire[AssessedDossier]
    set_aside: list[Wire[Name]]
    source: Wire[Source]


class WithdrawCandidate(Command):
    """The applicant withdrew: free what was set aside, and let nobody become a candidate afterwards."""

    call: Wire[Uuid]
    source: Wire[Source]


class SetCandidateAside(Command):
    """The assessment of the file is revised: free what was set aside, and award nothing meanwhile."""

    call: Wire[Uuid]
    source: Wire[Source]


class SucceedCandidate(Command):
    """The applicant has a legal successor (rechtsopvolger)."""

    previous: Wire[Party]
    successor: Wire[Party]
    source: Wire[Source]


class ReserveAmount(Command):
    """Set money aside for a proposed award; `left_before_cents` was left of the envelope at its turn."""

    amount_cents: Wire[Amount]
    proposal_version: Annotated[int, Field(ge=1)]
    left_before_cents: Wire[Cents] = 0


class ReleaseReservation(Command):
    """A version of the proposal has nothing for this file any more, or lapsed: free what was set aside."""

    proposal_version: Annotated[int, Field(ge=1)]
    reason: Literal["redrafted", "lapsed"] = "redrafted"


class AwardGrant(Command):
    """Award what the Government approved (toekenning)."""

    item: Wire[ProposalItem]
    reference: Wire[Name]
    meeting: Wire[Day]
    source: Wire[Source]


class RefuseGrant(Command):
    """Refuse a file that the approved proposal has no money for, with its reasons (niet-toekenning)."""

    item: Wire[ProposalItem]
    reference: Wire[Name]
    meeting: Wire[Day]
    source: Wire[Source]


class PlaceOnReserve(Command):
    """Put a file that the approved proposal has no money for on the reserve list (reservelijst)."""

    item: Wire[ProposalItem]
    reference: Wire[Name]
    meeting: Wire[Day]
    source: Wire[Source]


class LapseReserve(Command):
    """The reserve list is no longer valid."""


class ReturnMoney(Command):
    """Committed money of this file went back to the envelope."""

    amount_cents: Wire[Amount]
    source: Wire[Source]


class NotifyApplicant(Command):
    """Tell the applicant what was decided and how to appeal (kennisgeving)."""

    outcome: Literal["awarded", "refused", "reserve", "retracted", "lapsed"]


GrantCommand: TypeAlias = (
    RegisterCandidate
    | WithdrawCandidate
    | SetCandidateAside
    | SucceedCandidate
    | ReserveAmount
    | ReleaseReservation
    | AwardGrant
    | RefuseGrant
    | PlaceOnReserve
    | LapseReserve
    | ReturnMoney
    | NotifyApplicant
)

ROWS: tuple[CommandSpec, ...] = (
    row(RegisterCandidate, "grant", SERVICE, creates=True),
    row(WithdrawCandidate, "grant", SERVICE, ("D6",), creates=True),
    row(SetCandidateAside, "grant", SERVICE, creates=True),
    row(SucceedCandidate, "grant", SERVICE),
    row(ReserveAmount, "grant", SERVICE),
    row(ReleaseReservation, "grant", SERVICE),
    row(AwardGrant, "grant", SERVICE, ("D2", "D5", "D6", "STATE"), envelope_and_proposal),
    row(RefuseGrant, "grant", SERVICE, ("D5", "D6", "STATE"), envelope_and_proposal),
    row(PlaceOnReserve, "grant", SERVICE, ("D5", "D6", "STATE"), envelope_and_proposal),
    row(LapseReserve, "grant", HANDLER | SERVICE, ("STATE",)),
    row(ReturnMoney, "grant", SERVICE),
    row(NotifyApplicant, "grant", SERVICE, ("D6",)),
)
"""The grant's rows of the registry."""
