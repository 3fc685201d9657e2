"""What decision decides, as a table of cases per kind of stream."""

from __future__ import annotations

from typing import Any

from events.catalog import AnyFact
from services.deciding import Context, Decision
from services.decision.commands import (
    AwardGrant,
    DecisionCommand,
    DraftAwardProposal,
    IncreaseEnvelope,
    NotifyApplicant,
    PlaceOnAgenda,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    RedraftAwardProposal,
    RefuseGrant,
    RegisterCandidate,
    ReleaseReservation,
    ReserveAmount,
    SetEnvelope,
    WithdrawCandidate,
)
from services.decision.decider.contract import decide_contract
from services.decision.decider.envelope import decide_envelope
from services.decision.decider.grant import decide_grant, reservation_refused
from services.decision.decider.proposal import decide_proposal
from services.decision.state import Grant


def decide(state: Any, command: DecisionCommand, context: Context) -> Decision:
    """What follows from a command, given what was recorded."""
    match command:
        case SetEnvelope() | IncreaseEnvelope():
            return decide_envelope(state, command, context)
        case DraftAwardProposal() | RedraftAwardProposal() | RecordInspectorateAdvice() | RecordBudgetAgreement():
            return decide_proposal(state, command, context)
        case PlaceOnAgenda() | RecordGovernmentDecision():
            return decide_proposal(state, command, context)
        case RegisterCandidate() | WithdrawCandidate() | ReserveAmount() | ReleaseReservation():
            return decide_grant(state, command, context)
        case AwardGrant() | RefuseGrant() | NotifyApplicant():
            return decide_grant(state, command, context)
        case _:
            return decide_contract(state, command, context)


def refused_by_guard(
    state: Any, command: DecisionCommand, context: Context, _guard: str, code: str
) -> tuple[AnyFact, ...]:
    """The envelope does not hold a reservation (D1): that is on record, and nothing else happened."""
    match state, command:
        case Grant(), ReserveAmount():
            return (reservation_refused(state, command.amount_cents, context, code),)
        case Grant(), AwardGrant():
            return (reservation_refused(state, command.item.proposed_cents, context, code),)
        case _:
            return ()
