"""What can be asked of decision: about the envelope, the proposal, a grant and a contract."""

from typing import TypeAlias

from services.deciding import CommandSpec
from services.decision.commands import contract, envelope, grant, proposal
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
from services.decision.commands.envelope import EnvelopeCommand, IncreaseEnvelope, SetEnvelope
from services.decision.commands.grant import (
    AwardGrant,
    GrantCommand,
    NotifyApplicant,
    RefuseGrant,
    RegisterCandidate,
    ReleaseReservation,
    ReserveAmount,
    WithdrawCandidate,
)
from services.decision.commands.proposal import (
    DraftAwardProposal,
    PlaceOnAgenda,
    ProposalCommand,
    RecordBudgetAgreement,
    RecordGovernmentDecision,
    RecordInspectorateAdvice,
    RedraftAwardProposal,
)
from services.fields import Command

DecisionCommand: TypeAlias = EnvelopeCommand | ProposalCommand | GrantCommand | ContractCommand

COMMANDS: dict[type[Command], CommandSpec] = {
    row.model: row for row in (*envelope.ROWS, *proposal.ROWS, *grant.ROWS, *contract.ROWS)
}
"""Decision's rows of the registry of commands."""

__all__ = [
    "COMMANDS",
    "ActivateContract",
    "AwardGrant",
    "CloseContract",
    "CompleteContract",
    "ContractCommand",
    "DecisionCommand",
    "DraftAwardProposal",
    "DraftContract",
    "EnvelopeCommand",
    "GrantCommand",
    "IncreaseEnvelope",
    "NotifyApplicant",
    "PlaceOnAgenda",
    "ProposalCommand",
    "RecordBeneficiarySuccession",
    "RecordBudgetAgreement",
    "RecordGovernmentDecision",
    "RecordInspectorateAdvice",
    "RedraftAwardProposal",
    "RefuseGrant",
    "RegisterCandidate",
    "ReleaseReservation",
    "ReserveAmount",
    "SetEnvelope",
    "ShiftBudget",
    "SignPledge",
    "WithdrawCandidate",
]
