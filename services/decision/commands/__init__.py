"""What can be asked of decision: about the envelope, the proposal, a grant and a contract."""

from typing import TypeAlias

from services.deciding import CommandSpec
from services.decision.commands import contract, envelope, grant, proposal, redress
from services.decision.commands.amendment import (
    AmendmentCommand,
    ApproveAmendment,
    ProposeAmendment,
    RefuseAmendment,
    WithdrawAmendment,
)
from services.decision.commands.contract import (
    ActivateContract,
    AdoptAward,
    CloseContract,
    CompleteContract,
    ContractCommand,
    DraftContract,
    ExtendTerm,
    RecordBeneficiarySuccession,
    RedraftContract,
    ResumeContract,
    ShiftBudget,
    SignPledge,
    SuspendContract,
    TerminateContract,
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
from services.decision.commands.plan import (
    DiscontinueAction,
    PlanAction,
    PlanCommand,
    RecordIndicator,
    RecordPartnerLeft,
    RefusePledge,
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
    "AdoptAward",
    "AmendmentCommand",
    "ApproveAmendment",
    "AwardGrant",
    "CloseContract",
    "CompleteContract",
    "ContractCommand",
    "DecideAnew",
    "DecisionCommand",
    "DecreaseEnvelope",
    "DepartFromAdvice",
    "DiscontinueAction",
    "DraftAwardProposal",
    "DraftContract",
    "EnvelopeCommand",
    "ExtendTerm",
    "GrantCommand",
    "IncreaseEnvelope",
    "LapseProposal",
    "LapseReserve",
    "LiftSuspension",
    "NotifyApplicant",
    "PlaceOnAgenda",
    "PlaceOnReserve",
    "PlanAction",
    "PlanCommand",
    "ProposalCommand",
    "ProposeAmendment",
    "PublishDecision",
    "RecordAnnulment",
    "RecordAppeal",
    "RecordAppealDismissal",
    "RecordBeneficiarySuccession",
    "RecordBudgetAgreement",
    "RecordGovernmentDecision",
    "RecordIndicator",
    "RecordInspectorateAdvice",
    "RecordPartnerLeft",
    "RecordSuspension",
    "RedraftAwardProposal",
    "RedraftContract",
    "RedressCommand",
    "RefuseAmendment",
    "RefuseGrant",
    "RefusePledge",
    "RegisterCandidate",
    "ReleaseReservation",
    "ReserveAmount",
    "ResumeContract",
    "RetractDecision",
    "ReturnMoney",
    "ReviseAwardProposal",
    "SetEnvelope",
    "ShiftBudget",
    "SignPledge",
    "SupersedeDecision",
    "SuspendContract",
    "TerminateContract",
    "WaiveAward",
    "WithdrawAmendment",
    "WithdrawCandidate",
    "WithdrawProposal",
]
