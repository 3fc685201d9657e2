"""The fold of contract status: one row a case.

A case that has ended (withdrawn, late, inadmissible, ineligible, refused, closed) does not move any more: a fact that
another service recorded before it knew changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from events import decision, eligibility, intake, jury, payment
from events.application import Request
from events.catalog import call_of
from events.codec import Event
from events.times import Instant
from events.vocabulary import CaseFact, Party
from projections.contract_status.of_contract import CONTRACT_STEPS, Step, move, renew, without
from projections.contract_status.of_jury import SIGHT_STEPS
from projections.contract_status.row import ENDED, Status, StatusRow
from projections.view import Key, Rows, View, names


def _to(status: Status) -> Step:
    def step(row: StatusRow, _fact: object, _at: Instant) -> None:
        move(row, status)

    return step


def _only_seen(_row: StatusRow, _fact: object, _at: Instant) -> None:
    """The fact shows as the last event and changes nothing else."""


def _reader(row: StatusRow, *parties: Party) -> None:
    row.organisations = sorted({*row.organisations, *(party.ovo for party in parties)})


def _applicant(row: StatusRow, party: Party) -> None:
    row.applicant_ovo, row.applicant = party.ovo, party.name
    _reader(row, party)


def _started(row: StatusRow, fact: intake.DraftStarted, at: Instant) -> None:
    _applicant(row, fact.applicant)
    row.neighbourhood = fact.neighbourhood
    row.started_at = at


def _submitted(row: StatusRow, fact: intake.ApplicationSubmitted, at: Instant) -> None:
    _content(row, fact.content)
    row.submitted_at = at
    move(row, "submitted")


def _late(row: StatusRow, fact: intake.LateSubmissionRecorded, _at: Instant) -> None:
    _content(row, fact.content)
    row.submitted_at = fact.submitted_at
    move(row, "late")


def _registered(row: StatusRow, fact: intake.LateSubmissionRegistered, _at: Instant) -> None:
    _content(row, fact.content)
    # Late was no end after all: a deadline moved.
    row.status, row.submitted_at = "submitted", fact.submitted_at


def _passed_on(row: StatusRow, fact: intake.ApplicantSucceeded, _at: Instant) -> None:
    _applicant(row, fact.successor)


def _content(row: StatusRow, content: Request) -> None:
    _applicant(row, content.applicant)
    row.neighbourhood, row.project = content.neighbourhood, content.project
    row.requested_cents, row.synthetic = content.requested_cents, content.synthetic
    row.term_start, row.term_end = content.term.start, content.term.end
    _reader(row, *(partner.organisation for partner in content.partners))


def _numbered(row: StatusRow, fact: intake.ReceiptAcknowledged, _at: Instant) -> None:
    row.case_number = fact.case_number


def _revised(row: StatusRow, _fact: eligibility.AssessmentRevised, _at: Instant) -> None:
    # Once the Government has decided, its decision stands until that is taken back.
    if row.status in {"inadmissible", "ineligible", "eligible", "advised", "proposed"}:
        row.status = "submitted"


def _clarified(row: StatusRow, fact: eligibility.ClarificationReceived, _at: Instant) -> None:
    # The mark speaks of the amount asked for, not of the lines below it.
    row.synthetic = row.synthetic or (fact.synthetic and fact.requested_cents != row.requested_cents)
    row.requested_cents = fact.requested_cents


def _advised(row: StatusRow, fact: jury.AdviceAdopted, _at: Instant) -> None:
    row.score_bp = fact.score_bp
    move(row, "advised")


def _awarded(row: StatusRow, fact: decision.GrantAwarded, _at: Instant) -> None:
    _beneficiary(row, fact.beneficiary)
    row.project, row.neighbourhood = fact.project, fact.neighbourhood
    row.awarded_cents, row.rank, row.synthetic = fact.amount_cents, fact.rank, fact.synthetic
    row.decided_on = fact.meeting
    row.term_start, row.term_end = fact.term.start, fact.term.end
    if row.status in _UNDER_CONTRACT:
        return  # a new decision on an award whose contract goes on
    move(row, "active" if row.activated_at else "awarded")


_UNDER_CONTRACT: frozenset[Status] = frozenset({"contract_drafted", "signed", "active", "suspended", "completed"})


def _beneficiary(row: StatusRow, party: Party) -> None:
    row.beneficiary_ovo, row.beneficiary = party.ovo, party.name
    _reader(row, party)


def _refused(row: StatusRow, fact: decision.GrantRefused | decision.GrantDenied, _at: Instant) -> None:
    row.rank, row.decided_on = fact.rank, fact.meeting
    move(row, "refused")


def _reserve(row: StatusRow, fact: decision.PlacedOnReserve, _at: Instant) -> None:
    row.rank, row.decided_on = fact.rank, fact.meeting
    move(row, "reserve")


def _adjusted(row: StatusRow, fact: decision.AwardAdjusted, _at: Instant) -> None:
    row.awarded_cents = fact.amount_cents


def _undone(status: Status) -> Step:
    def step(row: StatusRow, _fact: object, _at: Instant) -> None:
        if row.status not in ENDED or row.status == "refused":
            row.status = status

    return step


def _superseded(row: StatusRow, _fact: decision.DecisionSuperseded, _at: Instant) -> None:
    # The new outcome follows at once; an award whose contract goes on stays where it is.
    if row.status == "refused":
        row.status = "advised"


def _notified(row: StatusRow, _fact: decision.ApplicantNotified | decision.NoticeGiven, at: Instant) -> None:
    row.notified_at = at


def _drafted(row: StatusRow, fact: decision.ContractDrafted, _at: Instant) -> None:
    _beneficiary(row, fact.beneficiary)
    row.unsigned = [partner.partner for partner in fact.partners if partner.mandatory]
    _reader(row, *(partner.organisation for partner in fact.partners))
    move(row, "contract_drafted")


def _redrafted(row: StatusRow, fact: decision.ContractRedrafted, _at: Instant) -> None:
    _beneficiary(row, fact.beneficiary)
    renew(row, fact)
    _reader(row, *(partner.organisation for partner in fact.partners))


def _active(row: StatusRow, fact: decision.ContractActivated, _at: Instant) -> None:
    row.activated_at = fact.effective_at
    row.term_start, row.term_end = fact.term.start, fact.term.end
    move(row, "active")


def _succeeded(row: StatusRow, fact: decision.BeneficiarySucceeded, _at: Instant) -> None:
    row.successor_of = fact.previous.name
    _beneficiary(row, fact.successor)


def _closed(row: StatusRow, fact: decision.ContractClosed, at: Instant) -> None:
    row.final_subsidy_cents, row.closed_at = fact.final_subsidy_cents, at
    move(row, "closed")


def _overdue(row: StatusRow, fact: payment.ReportOverdue, _at: Instant) -> None:
    row.overdue_reports = [*without(row.overdue_reports, fact.report), fact.report]


def _reported(row: StatusRow, fact: payment.ReportSubmitted, _at: Instant) -> None:
    row.overdue_reports = without(row.overdue_reports, fact.report)


def _found(row: StatusRow, fact: payment.AuditFindingRecorded, _at: Instant) -> None:
    row.open_findings = [*without(row.open_findings, fact.finding), fact.finding]


def _settled(row: StatusRow, fact: payment.FinalAccountSettled, _at: Instant) -> None:
    # The final account takes every finding in: what is left of one is a recovery.
    row.open_findings = []
    row.final_subsidy_cents = fact.final_subsidy_cents


def _owed(row: StatusRow, fact: payment.RecoveryOrdered, _at: Instant) -> None:
    row.open_recoveries = {**row.open_recoveries, fact.recovery: fact.amount_cents}
    row.open_findings = without(row.open_findings, fact.finding)


_Repaid = payment.RecoveryOffset | payment.RepaymentReceived | payment.RecoveryWaived


def _repaid(row: StatusRow, fact: _Repaid, _at: Instant) -> None:
    _less_owed(row, fact.recovery, fact.amount_cents)


def _reduced(row: StatusRow, fact: payment.ContestDecided, _at: Instant) -> None:
    _less_owed(row, fact.recovery, fact.reduced_cents)


def _less_owed(row: StatusRow, recovery: str, cents: int) -> None:
    owed = row.open_recoveries.get(recovery, 0) - cents
    others = {name: open_cents for name, open_cents in row.open_recoveries.items() if name != recovery}
    row.open_recoveries = {**others, recovery: owed} if owed > 0 else others


def _rejected(row: StatusRow, fact: payment.PaymentRejectedByBank | payment.PaymentReturned, _at: Instant) -> None:
    row.rejected_payments = [*without(row.rejected_payments, fact.tranche), fact.tranche]


def _executed(row: StatusRow, fact: payment.PaymentExecuted, _at: Instant) -> None:
    row.rejected_payments = without(row.rejected_payments, fact.tranche)


def _ranked(row: StatusRow, fact: jury.RankingFixed, _at: Instant) -> None:
    row.rank = next((entry.rank for entry in fact.entries if entry.case == row.case_id), row.rank)


def _proposed(row: StatusRow, fact: decision.AwardProposalDrafted, _at: Instant) -> None:
    fits = any(item.case == row.case_id and item.proposed_cents > 0 for item in fact.items)
    if row.status in ("eligible", "advised", "proposed"):
        row.status = "proposed" if fits else "advised"


_STEPS: dict[str, Step] = {
    **CONTRACT_STEPS,
    "DraftStarted": _started,
    "ApplicationSubmitted": _submitted,
    "ReceiptAcknowledged": _numbered,
    "LateSubmissionRecorded": _late,
    "LateSubmissionRegistered": _registered,
    "ApplicationWithdrawn": _to("withdrawn"),
    "ApplicationLapsed": _to("lapsed"),
    "ApplicantSucceeded": _passed_on,
    "ClarificationReceived": _clarified,
    "AssessmentRevised": _revised,
    "DeclaredInadmissible": _to("inadmissible"),
    "DeclaredEligible": _to("eligible"),
    "DeclaredIneligible": _to("ineligible"),
    **SIGHT_STEPS,
    "AdviceAdopted": _advised,
    "RankingFixed": _ranked,
    "AwardProposalDrafted": _proposed,
    "GrantAwarded": _awarded,
    "GrantRefused": _refused,
    "GrantDenied": _refused,
    "NoticeGiven": _notified,
    "PlacedOnReserve": _reserve,
    "ReserveLapsed": _to("refused"),
    "AwardWaived": _undone("waived"),
    "AwardAdjusted": _adjusted,
    "DecisionSuperseded": _superseded,
    "DecisionRetracted": _undone("retracted"),
    "DecisionAnnulled": _undone("annulled"),
    "ApplicantNotified": _notified,
    "ContractDrafted": _drafted,
    "ContractRedrafted": _redrafted,
    "ContractActivated": _active,
    "BeneficiarySucceeded": _succeeded,
    "ContractClosed": _closed,
    "ReportOverdue": _overdue,
    "ReportSubmitted": _reported,
    "AuditFindingRecorded": _found,
    "FinalAccountSettled": _settled,
    "RecoveryOrdered": _owed,
    "RecoveryOffset": _repaid,
    "RepaymentReceived": _repaid,
    "RecoveryWaived": _repaid,
    "ContestDecided": _reduced,
    "PaymentRejectedByBank": _rejected,
    "PaymentReturned": _rejected,
    "PaymentExecuted": _executed,
}

_LAST = names(
    """
    AttachmentStored AttachmentRefused
    DraftStepSaved FormFilled CaseNoted
    CompletionRequested CompletionSupplied CompletionTermLapsed ApplicationReopened WithdrawalRefused
    AssessmentStarted DossierSupplemented CheckRecorded ClarificationRequested DeclaredAdmissible AssessmentLapsed
    CaseAdmittedToPanel CaseLeftPanel ScoreSubmitted ConsensusReached
    ConflictDismissed ScoreRefused ScoreCorrected ScoreVoided QuorumLost OutcomeVoided SecretBallotHeld CastingVoteUsed
    ProvisionalAdviceSent ApplicantReplied LateReplyRecorded ReplyTermLapsed
    HumanCheckRecorded DerogationGranted CostsDeclared CostsRegistered ClarificationTermLapsed
    CaseSetAside CaseReadmitted CandidateSetAside AssessmentSucceeded CaseSucceeded CandidateSucceeded
    CandidateRegistered CandidateWithdrawn AmountReserved ReservationRefused ReservationReleased
    DepartureReasoned MovedUpFromReserve MoneyReturned AppealLodged AppealDismissed
    DecisionSuspended SuspensionLifted BudgetShifted BudgetShiftRefused AwardAdopted
    FundsCommitted CommitmentRefused AccountActivated BankAccountConfirmed AccountSucceeded FundsDecommitted
    CostDisallowed OverpaymentEstablished AccountClosed ReportExpected ReportAccepted
    ReportReminded ReportCorrectionRequested ReportRejected PaymentWithheld WithholdingReleased
    RecoveryContested InstalmentPlanAgreed InstalmentMissed RecoveryTransferred
    AwardChanged CommitmentRaised
    AccountTermExtended AccountSuspended AccountResumed AccountTerminated AccountReopened
    AccountRenewed RetentionTermSet RetentionTermLapsed
    InspectionRecorded InterimDecisionRecorded CostReinstated DefaultNoticeGiven ClaimTermSet ClaimTermLapsed
    ClaimSubmitted ClaimApproved ClaimPartiallyApproved ClaimRejected
    PaymentOrdered PaymentOrderCancelled PaymentFileReleased
"""
)
_STEPS.update(dict.fromkeys(_LAST, _only_seen))

# These concern a call as a whole, or the log.
_IGNORES = names(
    """
    CallPublished CallOpened CallDeadlineExtended CallDeadlineCorrected IndividualExtensionGranted CallClosed
    CallCancelled DecisionNoted CriteriaAdopted
    PanelTermsAdopted PanelComposed MemberAppointed MemberResigned MemberReplaced InterestsDeclared RankingReopened
    EnvelopeSet EnvelopeIncreased EnvelopeDecreased StandstillBegan ProposalLapsed DecisionPublished
    ProposalHeld ProposalHoldLifted
    InspectorateAdviceRecorded BudgetAgreementRecorded ProposalAgendaed
    GovernmentDecisionRecorded ScheduleAdopted KeyRegistered
    BankFileMade BankFileHandedOver
"""
)


def keys(event: Event) -> Iterable[Key]:
    """The case of the fact, or every case that a ranking or a proposal lists."""
    match event.fact:
        case CaseFact(case=case):
            return ((case,),)
        case jury.RankingFixed(entries=entries):
            return [(entry.case,) for entry in entries]
        case decision.AwardProposalDrafted(items=items):
            return [(item.case,) for item in items]
        case _:
            return ()


def evolve(rows: Rows[StatusRow], event: Event) -> None:
    """Apply the fact to each case it concerns; a case that is not there yet begins."""
    fact = event.fact
    step = _STEPS.get(type(fact).__name__)
    if step is None:
        return
    at = event.envelope.occurred_at
    for key in keys(event):
        row = rows.get(key)
        if row is None:
            row = rows[key] = StatusRow(case_id=str(key[0]), call=call_of(fact) or "")
        step(row, fact, at)
        # What the jury keeps to itself does not show, not even as the last thing that happened.
        if event.envelope.classification in ("public", "disclosable"):
            row.last_type, row.last_at, row.last_position = event.envelope.type, at, event.position


STATUS = View(
    name="contract_status",
    version=2,
    row=StatusRow,
    key=("case_id",),
    folds=frozenset(_STEPS),
    ignores=_IGNORES,
    keys=keys,
    evolve=evolve,
    # Services react side by side: which of them wrote last differs between plays.
    volatile=frozenset({"last_position", "last_type"}),
)
