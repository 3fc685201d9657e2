"""What can be asked of decision: about the envelope, the proposal, a grant and a contract."""

from typing import TypeAlias

from services.deciding import CommandSpec
from services.decision.commands import contract, envelope, grant, proposal, redress
from services.decision.commands.contract import (
    ActivateContract,
    CloseContract,
    CompleteContract,
    ContractCommand,
    DraftContract,
    RecordBeneficiarySuccession,
    ShiftBudget,
    SignPledge,
)
from services.decision.commands.envelope import DecreaseEnvelope, EnvelopeCommand, IncreaseEnvelope, SetEnvelope
from services.decision.commands.grant import (
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
    WithdrawCandidate,
)
from services.decision.commands.proposal import (
    DepartFromAdvice,
    DraftAwardProposal,
    LapseProposal,
    PlaceOnAgenda,
    ProposalCommand,
    PublishDecision,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    RedraftAwardProposal,
    ReviseAwardProposal,
    WithdrawProposal,
)
from services.decision.commands.redress import (
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
from services.fields import Command

DecisionCommand: TypeAlias = EnvelopeCommand | ProposalCommand | GrantCommand | RedressCommand | ContractCommand

COMMANDS: dict[type[Command], CommandSpec] = {
    row.model: row for row in (*envelope.ROWS, *proposal.ROWS, *grant.ROWS, *redress.ROWS, *contract.ROWS)
}
"""Decision's rows of the registry of commands."""

__all__ = [
    "COMMANDS",
    "ActivateContract",
    "AwardGrant",
    "CloseContract",
    "CompleteContract",
    "ContractCommand",
    "DecideAnew",
    "DecisionCommand",
    "DecreaseEnvelope",
    "DepartFromAdvice",
    "DraftAwardProposal",
    "DraftContract",
    "EnvelopeCommand",
    "GrantCommand",
    "IncreaseEnvelope",
    "LapseProposal",
    "LapseReserve",
    "LiftSuspension",
    "NotifyApplicant",
    "PlaceOnAgenda",
    "PlaceOnReserve",
    "ProposalCommand",
    "PublishDecision",
    "RecordAnnulment",
    "RecordAppeal",
    "RecordAppealDismissal",
    "RecordBeneficiarySuccession",
    "RecordBudgetAgreement",
    "RecordGovernmentDecision",
    "RecordInspectorateAdvice",
    "RecordSuspension",
    "RedraftAwardProposal",
    "RedressCommand",
    "RefuseGrant",
    "RegisterCandidate",
    "ReleaseReservation",
    "ReserveAmount",
    "RetractDecision",
    "ReturnMoney",
    "ReviseAwardProposal",
    "SetEnvelope",
    "ShiftBudget",
    "SignPledge",
    "SupersedeDecision",
    "WaiveAward",
    "WithdrawCandidate",
    "WithdrawProposal",
]
