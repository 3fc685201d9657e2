"""Money of the envelope for one file: set aside, freed, moved up from the reserve list, returned."""

from __future__ import annotations

from typing import Literal

from events.catalog import AnyFact, stream_name
from events.decision import (
    AmountReserved,
    AwardProposalDrafted,
    EnvelopeSet,
    MoneyReturned,
    MovedUpFromReserve,
    ReservationRefused,
    ReservationReleased,
)
from services.deciding import Context, Decision, accept
from services.decision.commands import ReleaseReservation, ReserveAmount, ReturnMoney
from services.decision.rules import refused
from services.decision.rules.reasons import D5
from services.decision.state import Contract, Envelope, Grant
from services.rulebook import check


def moves(grant: Grant, proposal_version: int) -> bool:
    """Whether this version of the proposal may still move the file's money: undecided, and no later one has."""
    undecided = grant.status in ("candidate", "reserve") and not grant.aside
    return undecided and proposal_version >= grant.proposal_version


def held_for_award(grant: Grant, context: Context) -> int:
    """What the file holds of its award: less than was awarded once an amendment gave some of it back (D8)."""
    contract: Contract = context.states.get(stream_name("contract", context.id), Contract())
    # A contract that has not heard of the latest award says nothing about it.
    return contract.amount_cents if contract.award_cents == grant.award_cents else grant.award_cents


def released(
    grant: Grant,
    reason: Literal["refused", "withdrawn", "redrafted", "lapsed", "waived", "retracted", "set_aside"],
    context: Context,
) -> list[AnyFact]:
    """The open reservation is free again; nothing where there is none."""
    if not grant.reserved_cents:
        return []
    return [
        ReservationReleased(
            call=grant.call,
            case=context.id,
            amount_cents=grant.reserved_cents,
            attempt=grant.attempt,
            reason=reason,
        )
    ]


def reservation_refused(grant: Grant, amount_cents: int, context: Context, code: str) -> ReservationRefused:
    """What is on record when the ledger does not let the money be set aside."""
    return ReservationRefused(
        call=grant.call, case=context.id, amount_cents=amount_cents, attempt=grant.attempt + 1, code=code
    )


def reserved(grant: Grant, amount_cents: int, proposal_version: int, context: Context) -> AmountReserved:
    """Money set aside, under the next number."""
    return AmountReserved(
        call=grant.call,
        case=context.id,
        amount_cents=amount_cents,
        attempt=grant.attempt + 1,
        proposal_version=proposal_version,
    )


def reservation(grant: Grant, amount_cents: int, proposal_version: int, context: Context) -> list[AnyFact]:
    """What it takes to have exactly this amount set aside: nothing, or the old one freed and the new one reserved."""
    if grant.reserved_cents == amount_cents:
        return []
    return [*released(grant, "redrafted", context), reserved(grant, amount_cents, proposal_version, context)]


def reserve(grant: Grant, command: ReserveAmount, envelope: Envelope, context: Context) -> Decision:
    """Set money aside for what a version of the proposal gives the file."""
    if not moves(grant, command.proposal_version):
        return accept()
    facts = reservation(grant, command.amount_cents, command.proposal_version, context)
    if grant.status != "reserve" or not facts:
        return accept(*facts, rules=envelope.rules)
    moved = _moved_up(grant, command, context)
    if moved.checks[0].outcome == "fail":
        return refused(moved.checks[0])
    return accept(moved, *facts, rules=envelope.rules)


def _moved_up(grant: Grant, command: ReserveAmount, context: Context) -> MovedUpFromReserve:
    inputs = {
        "kind": "moved_up",
        "rank": grant.rank,
        "advised_cents": grant.advised_cents,
        "left_before_cents": command.left_before_cents,
        "decided_cents": command.amount_cents,
    }
    sources = [
        context.source(stream_name("envelope", grant.call), EnvelopeSet),
        context.source(stream_name("proposal", grant.call), AwardProposalDrafted),
    ]
    return MovedUpFromReserve(
        call=grant.call,
        case=context.id,
        rank=grant.rank,
        amount_cents=command.amount_cents,
        free_cents=command.left_before_cents,
        proposal_version=command.proposal_version,
        checks=[check(D5, {}, inputs, sources)],
    )


def release(grant: Grant, command: ReleaseReservation, envelope: Envelope, context: Context) -> Decision:
    """Free what an older version of the proposal set aside, or one that lapsed."""
    if not moves(grant, command.proposal_version):
        return accept()
    return accept(*released(grant, command.reason, context), rules=envelope.rules)


def take_back(grant: Grant, command: ReturnMoney, envelope: Envelope, context: Context) -> Decision:
    """Payment freed committed money of this file; the same event is noted once."""
    if command.source.event_id in grant.returns:
        return accept()
    fact = MoneyReturned(call=grant.call, case=context.id, amount_cents=command.amount_cents, source=command.source)
    return accept(fact, rules=envelope.rules)
