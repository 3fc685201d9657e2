"""One Dutch and one English sentence a fact. Total over the catalog: a new fact needs its sentence here.

A sentence names fields of the fact and how they are written (`projections.words`); it never names a sealed one.
"""

from __future__ import annotations

from projections.case_timeline.of_contract import CONTRACT
from projections.case_timeline.of_decision import DECISION
from projections.case_timeline.of_eligibility import ELIGIBILITY
from projections.case_timeline.of_intake import INTAKE
from projections.case_timeline.of_jury import JURY
from projections.case_timeline.of_payment import PAYMENT

SENTENCES: dict[str, tuple[str, str]] = {
    **INTAKE,
    **ELIGIBILITY,
    **JURY,
    **DECISION,
    **CONTRACT,
    **PAYMENT,
    "KeyRegistered": ("De sleutel van {service} is geregistreerd.", "The key of {service} was registered."),
}
"""Fact type → Dutch and English."""

IN_CASE: dict[str, tuple[str, str]] = {
    "RankingFixed": (
        "Gerangschikt als {entry.rank} van {fact.entries:count}, score {entry.score_bp:rate}.",
        "Ranked {entry.rank} of {fact.entries:count}, score {entry.score_bp:rate}.",
    ),
    "AwardProposalDrafted": (
        "Ontwerpbeslissing {fact.proposal_version}: {entry.proposed_cents:euro} voorgesteld ({entry.code:word}); "
        "vóór dit dossier was er nog {entry.left_before_cents:euro}.",
        "Award proposal {fact.proposal_version}: {entry.proposed_cents:euro} proposed ({entry.code:word}); "
        "{entry.left_before_cents:euro} was left before this file.",
    ),
    "GovernmentDecisionRecorded": (
        "De Vlaamse Regering besliste op {fact.meeting:day}: {fact.result:word}; "
        "in het voorstel: {entry.proposed_cents:euro}.",
        "The Flemish Government decided on {fact.meeting:day}: {fact.result:word}; "
        "in the proposal: {entry.proposed_cents:euro}.",
    ),
}
"""The same for a fact about a whole call, told of one of the cases it lists (`entry`)."""

MILESTONES = frozenset(
    [
        "CallPublished",
        "CallDeadlineExtended",
        "CallClosed",
        "ApplicationSubmitted",
        "LateSubmissionRecorded",
        "ApplicationWithdrawn",
        "DeclaredInadmissible",
        "DeclaredEligible",
        "DeclaredIneligible",
        "ProvisionalAdviceSent",
        "AdviceAdopted",
        "EvaluationReopened",
        "RankingFixed",
        "RankingReopened",
        "EnvelopeSet",
        "EnvelopeIncreased",
        "EnvelopeDecreased",
        "GovernmentDecisionRecorded",
        "GrantAwarded",
        "GrantRefused",
        "GrantDenied",
        "PlacedOnReserve",
        "AwardWaived",
        "DecisionSuperseded",
        "DecisionRetracted",
        "DecisionSuspended",
        "DecisionAnnulled",
        "FundsCommitted",
        "ContractActivated",
        "BudgetShiftRefused",
        "BeneficiarySucceeded",
        "PledgeRefused",
        "PartnerLeft",
        "AmendmentApproved",
        "AmendmentRefused",
        "ActionDiscontinued",
        "TermExtended",
        "ContractSuspended",
        "ContractResumed",
        "ContractTerminated",
        "ContractRedrafted",
        "ContractExpired",
        "ReportOverdue",
        "ReportAccepted",
        "PaymentExecuted",
        "PaymentRejectedByBank",
        "PaymentReturned",
        "ReportRejected",
        "ClaimRejected",
        "CostDisallowed",
        "CostReinstated",
        "AccountTerminated",
        "InterimDecisionRecorded",
        "FinalAccountSettled",
        "RecoveryOrdered",
        "RecoveryOffset",
        "RepaymentReceived",
        "RecoveryContested",
        "ContestDecided",
        "RecoveryWaived",
        "RecoveryTransferred",
        "ContractCompleted",
        "ContractClosed",
    ]
)  # fmt: skip -- a list of words
"""What the compact view of a history shows."""
