"""Facts of decision: the envelope and the proposal (per call), the grant and the contract (per case)."""

from __future__ import annotations

from typing import TypeAlias

from events.decision.contract import (
    BeneficiarySucceeded,
    BudgetShifted,
    BudgetShiftRefused,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractDrafted,
    ContractFacts,
    PledgeSigned,
)
from events.decision.envelope import EnvelopeFacts, EnvelopeIncreased, EnvelopeSet
from events.decision.grant import (
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
from events.decision.proposal import (
    AwardProposalDrafted,
    BudgetAgreementRecorded,
    GovernmentDecisionRecorded,
    GovernmentResult,
    InspectorateAdviceRecorded,
    ProposalAgendaed,
    ProposalFacts,
    ProposalItem,
)

DecisionFact: TypeAlias = EnvelopeFacts | ProposalFacts | GrantFacts | ContractFacts

__all__ = [
    "AmountReserved",
    "ApplicantNotified",
    "AwardProposalDrafted",
    "BeneficiarySucceeded",
    "BudgetAgreementRecorded",
    "BudgetShiftRefused",
    "BudgetShifted",
    "CandidateRegistered",
    "CandidateWithdrawn",
    "ContractActivated",
    "ContractClosed",
    "ContractCompleted",
    "ContractDrafted",
    "ContractFacts",
    "DecisionFact",
    "EnvelopeFacts",
    "EnvelopeIncreased",
    "EnvelopeSet",
    "GovernmentDecisionRecorded",
    "GovernmentResult",
    "GrantAwarded",
    "GrantFacts",
    "GrantRefused",
    "InspectorateAdviceRecorded",
    "PledgeSigned",
    "ProposalAgendaed",
    "ProposalFacts",
    "ProposalItem",
    "ReservationRefused",
    "ReservationReleased",
]
