"""What decision decides, as a table of cases per kind of stream."""

from __future__ import annotations

from typing import Any

from events.catalog import AnyFact
from services.deciding import Context, Decision
from services.decision.commands import (
    AwardGrant,
    DecideAnew,
    DecisionCommand,
    DecreaseEnvelope,
    DepartFromAdvice,
    DraftAwardProposal,
    HoldProposal,
    IncreaseEnvelope,
    LapseProposal,
    LapseReserve,
    LiftHold,
    LiftSuspension,
    NotifyApplicant,
    PlaceOnAgenda,
    PlaceOnReserve,
    PublishDecision,
    RecordAnnulment,
    RecordAppeal,
    RecordAppealDismissal,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    RecordSuspension,
    RedraftAwardProposal,
    RefuseGrant,
    RegisterCandidate,
    ReleaseReservation,
    ReserveAmount,
    RetractDecision,
    ReturnMoney,
    ReviseAwardProposal,
    SetCandidateAside,
    SetEnvelope,
    SucceedCandidate,
    SupersedeDecision,
    WaiveAward,
    WithdrawCandidate,
    WithdrawProposal,
)
from services.decision.decider.contract import decide_contract
from services.decision.decider.envelope import decide_envelope
from services.decision.decider.grant import decide_grant
from services.decision.decider.proposal import decide_proposal
from services.decision.decider.redress import decide_redress
from services.decision.decider.reserving import held_for_award, reservation_refused
from services.decision.state import Grant


def decide(state: Any, command: DecisionCommand, context: Context) -> Decision:
    """What follows from a command, given what was recorded."""
    match command:
        case SetEnvelope() | IncreaseEnvelope() | DecreaseEnvelope():
            return decide_envelope(state, command, context)
        case DraftAwardProposal() | RedraftAwardProposal() | RecordInspectorateAdvice() | RecordBudgetAgreement():
            return decide_proposal(state, command, context)
        case PlaceOnAgenda() | RecordGovernmentDecision() | ReviseAwardProposal() | DepartFromAdvice():
            return decide_proposal(state, command, context)
        case WithdrawProposal() | LapseProposal() | HoldProposal() | LiftHold() | PublishDecision():
            return decide_proposal(state, command, context)
        case RegisterCandidate() | WithdrawCandidate() | SetCandidateAside() | ReserveAmount() | ReleaseReservation():
            return decide_grant(state, command, context)
        case SucceedCandidate():
            return decide_grant(state, command, context)
        case AwardGrant() | RefuseGrant() | NotifyApplicant() | PlaceOnReserve() | LapseReserve() | ReturnMoney():
            return decide_grant(state, command, context)
        case WaiveAward() | SupersedeDecision() | DecideAnew() | RetractDecision() | RecordAnnulment():
            return decide_redress(state, command, context)
        case RecordAppeal() | RecordAppealDismissal() | RecordSuspension() | LiftSuspension():
            return decide_redress(state, command, context)
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
        case Grant(), SupersedeDecision() | DecideAnew():
            more = command.amount_cents - held_for_award(state, context)
            return (reservation_refused(state, more, context, code),) if more > 0 else ()
        case _:
            return ()
