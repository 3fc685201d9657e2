"""Every unhappy branch of a real life cycle stands in a story over HTTP.

The tables are domain.md §2.7, written out by hand, and the bad input and abuse that the house has to stand: each branch
with the fact or the refusal by which it is known, and the story that brings it about. A story holds its own log against
what it publishes, so a branch that is taken out of a story fails there, and one that is no longer published fails here.
"""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.e2e import (
    test_contract_paths,
    test_decision_unhappy,
    test_eligibility_branches,
    test_intake_unhappy,
    test_jury_unhappy,
    test_over_http,
    test_payment_unhappy,
)

INTAKE = {
    "call: deadline extended for all": "CallDeadlineExtended",
    "call: deadline extended for one applicant": "IndividualExtensionGranted",
    "call: deadline corrected": "CallDeadlineCorrected",
    "call: budget raised": "EnvelopeIncreased",
    "call: budget cut": "EnvelopeDecreased",
    "call: cancelled": "CallCancelled",
    "submitted late": "LateSubmissionRecorded",
    "incomplete, completion requested": "CompletionRequested",
    "completed in time": "CompletionSupplied",
    "completion term lapsed": "CompletionTermLapsed",
    "withdrawn": "ApplicationWithdrawn",
    "duplicate": "unique key_taken",
    "reopened on the agency's initiative": "ApplicationReopened",
    "submitted by the wrong legal person: somebody else's": "OWN other_organisation",
    "submitted by the wrong legal person: no municipality": "I6 not_a_municipality",
    "submitted by the wrong legal person: passed on": "ApplicantSucceeded",
}
ELIGIBILITY = {
    "inadmissible, with reasons": "DeclaredInadmissible=attachment_missing",
    "condition failed": "DeclaredIneligible=judged_not_met",
    "clarification requested": "ClarificationRequested",
    "double funding found": "DeclaredIneligible=costs_overlap",
    "assessment revised after a new fact": "AssessmentRevised",
    "exception granted": "DerogationGranted",
}
JURY = {
    "conflict declared": "ConflictRecorded",
    "member recused": "MemberRecused",
    "member replaced": "MemberReplaced",
    "member resigned": "MemberResigned",
    "quorum lost": "QuorumLost",
    "tie, secret vote": "SecretBallotHeld",
    "tie, casting vote": "CastingVoteUsed",
    "score corrected": "ScoreCorrected",
    "applicant's reply on a factual error": "ApplicantReplied",
    "conditional advice: amount reduced, cooperation imposed": "AdviceAdopted=favourable_with_conditions",
    "negative advice": "AdviceAdopted=unfavourable",
    "scored anew after an error": "EvaluationReopened",
}
DECISION = {
    "Inspectorate of Finance adverse": "InspectorateAdviceRecorded=False",
    "budget agreement refused": "BudgetAgreementRecorded=False",
    "budget agreement refused: nothing passes": "D3 agreement_withheld",
    "budget agreement missing": "D3 agreement_missing",
    "postponed": "GovernmentDecisionRecorded=uitgesteld",
    "withdrawn from the agenda": "GovernmentDecisionRecorded=ingetrokken",
    "decided contrary to the jury, for reasons of its own": "GrantDenied=departed_refused",
    "partial award": "GrantAwarded=awarded_in_part",
    "reserve list": "PlacedOnReserve",
    "reserve list that moves up": "MovedUpFromReserve",
    "non-award": "GrantRefused",
    "superseded": "DecisionSuperseded",
    "withdrawn (retracted)": "DecisionRetracted",
    "annulment application": "AppealLodged",
    "suspension": "DecisionSuspended",
    "annulled": "DecisionAnnulled",
    "jury: scored anew after the annulment": "EvaluationReopened=annulment",
    "decided again": "GrantAwarded=anew_awarded",
    # The credit of an award is charged when it is set aside, before the commitment that posts it: it is refused there.
    "payment: commitment refused (credit)": "ReservationRefused",
}
CONTRACT = {
    "partner refuses": "PledgeRefused",
    "partner leaves": "PartnerLeft",
    "action stopped": "ActionDiscontinued",
    "budget shifted between categories": "BudgetShifted",
    "extension": "TermExtended",
    "municipal merger": "BeneficiarySucceeded",
    "suspended": "ContractSuspended",
    "terminated early": "ContractTerminated",
    "expired": "ContractExpired",
    "amended": "AmendmentApproved",
}
PAYMENT = {
    "decommitted": "FundsDecommitted",
    "claim rejected": "ClaimRejected",
    "claim partly accepted": "ClaimPartiallyApproved",
    "bank rejects: wrong account": "PaymentRejectedByBank=AC01",
    "returned": "PaymentReturned",
    "duplicate": "P4 already_paid",
    "wrong IBAN": "/iban iban",
    "payment withheld": "PaymentWithheld",
    "overpayment found": "OverpaymentEstablished",
    "recovery ordered": "RecoveryOrdered",
    "contested": "RecoveryContested",
    "repaid by instalment": "InstalmentPlanAgreed",
    "waived, written off": "RecoveryWaived",
    "sent to forced collection": "RecoveryTransferred",
    "control: late report": "ReportOverdue",
    "control: reminder": "ReportReminded",
    "control: default notice": "DefaultNoticeGiven",
    "control: on-site inspection": "InspectionRecorded",
    "control: audit finding": "AuditFindingRecorded",
    "control: ineligible cost": "CostDisallowed",
    "control: fraud suspicion": "AuditFindingRecorded=FR-1",
    "control: correction decided": "RecoveryOrdered=conditions_not_met",
}
STORIES: dict[ModuleType, dict[str, str]] = {
    test_intake_unhappy: INTAKE,
    test_eligibility_branches: ELIGIBILITY,
    test_jury_unhappy: JURY,
    test_decision_unhappy: DECISION,
    test_contract_paths: CONTRACT,
    test_payment_unhappy: PAYMENT,
    test_over_http: {"payment: offset": "RecoveryOffset"},
}
ABUSE: dict[ModuleType, dict[str, str]] = {
    test_intake_unhappy: {
        "an attachment that lies about its type": "FILE lies_about_its_kind",
        "an attachment that is a bomb": "FILE bomb",
        "either is on record": "AttachmentRefused",
        "a deadline in the hour that a clock change skips": "/terms/deadline no_such_time",
        "an application of a call that was cancelled": "STATE call_cancelled",
    },
    test_jury_unhappy: {"a recused member scores": "ScoreRefused"},
    test_contract_paths: {
        "a budget shift that passes 20 % by a cent": "D8 ceiling_exceeded",
        "a budget shift that passes 20 %, on record": "BudgetShiftRefused=ceiling_exceeded",
        "two officials decide at once": "STATE amendment_answered",
        "who lost the contract in a merger goes on": "OWN other_organisation",
    },
    test_payment_unhappy: {
        "an official approves and releases": "P3 releaser_approved",
        "an account number with a wrong checksum": "/iban iban",
        "a tranche ordered a second time": "P4 already_paid",
    },
}


def published(story: ModuleType) -> set[str]:
    """What a story brings about, and is refused."""
    expected: str = story.EXPECTED
    # Which of two requests at once is refused is not known beforehand, so that one stands beside the list in order.
    return {*expected.split(), *getattr(story, "REFUSED", ()), getattr(story, "AT_ONCE", "")}


@pytest.mark.parametrize(
    ("story", "branch", "sign"),
    [
        pytest.param(story, branch, sign, id=branch)
        for table in (STORIES, ABUSE)
        for story, branches in table.items()
        for branch, sign in branches.items()
    ],
)
def test_every_branch_stands_in_a_story_over_http(story: ModuleType, branch: str, sign: str) -> None:
    assert sign in published(story), f"no story over HTTP shows this: {branch}"
