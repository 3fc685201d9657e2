"""The fold of the public log. Three kinds of rows stand in one table, so that one transaction moves them together:

- `event`: a public event, never changed afterwards;
- `case`: what the public knows of a case so far, for the state that the next event of it carries;
- `log`: how many events there are, and the source they carry.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from events.codec import Event
from events.log import KeyRegistered
from events.public.cloudevent import attributes_text, data_text, public_id, source_of, type_of
from events.public.state import CaseState, after
from events.public.translate import tell
from events.times import Instant, instant
from events.vocabulary import CaseFact
from projections.view import Key, Rows, View, names

LOG = ""
"""The key of the row of the log; the others have the uuid of their case, or the public id of their event."""

UNNAMED = source_of("unnamed")
"""The source of a log that does not say its name; every log that this program begins does."""


class PublicRow(msgspec.Struct, kw_only=True):
    """A row. `sequence` is the event's own, in the row of the log the latest given out, in a case's 0.

    `head` and `data` joined are the CloudEvent; in the row of the log `head` is the source.
    """

    key: str
    kind: Literal["log", "case", "event"]
    sequence: int = 0
    type: str = ""
    call: str = ""
    case_id: str | None = None
    position: int = 0
    recorded_at: Instant | None = None
    head: str = ""
    data: str = ""
    state: CaseState | None = None


def keys(event: Event) -> Iterable[Key]:
    """The log, the case, and the event to come."""
    yield (LOG,)
    if isinstance(event.fact, CaseFact):
        yield (event.fact.case,)
    yield (public_id(event.envelope.event_id),)


def evolve(rows: Rows[PublicRow], event: Event) -> None:
    """Know what the fact says, and tell it if it is to be told."""
    fact = event.fact
    if isinstance(fact, KeyRegistered):
        _log(rows).head = source_of(fact.origin)
        return
    state = _known(rows, fact) if isinstance(fact, CaseFact) else None
    told = tell(fact, event.envelope.occurred_at, state)
    if told is None:
        return
    log = _log(rows)
    log.sequence += 1
    ident = public_id(event.envelope.event_id)
    rows[(ident,)] = PublicRow(
        key=ident,
        kind="event",
        sequence=log.sequence,
        type=type_of(told.kind),
        call=told.call,
        case_id=fact.case if isinstance(fact, CaseFact) else None,
        position=event.position,
        recorded_at=instant(event.recorded_at),
        head=attributes_text(event, told, log.head, log.sequence),
        data=data_text(told),
    )


def _log(rows: Rows[PublicRow]) -> PublicRow:
    return rows.setdefault((LOG,), PublicRow(key=LOG, kind="log", head=UNNAMED))


def _known(rows: Rows[PublicRow], fact: CaseFact) -> CaseState | None:
    row = rows.get((fact.case,))
    state = after(row.state if row else None, fact)
    if state is not None:
        rows[(fact.case,)] = PublicRow(key=fact.case, kind="case", call=fact.call, case_id=fact.case, state=state)
    return state


_SILENT = names("""
    IndividualExtensionGranted CaseNoted DecisionNoted WithdrawalRefused ApplicationReopened ApplicantSucceeded
    AttachmentStored AttachmentRefused
    ApplicationLapsed DraftStepSaved FormFilled
    DraftStarted LateSubmissionRecorded CompletionRequested CompletionSupplied CompletionTermLapsed
    CriteriaAdopted AssessmentStarted DossierSupplemented CheckRecorded ClarificationRequested AssessmentLapsed
    HumanCheckRecorded DerogationGranted CostsDeclared CostsRegistered ClarificationTermLapsed
    PanelTermsAdopted PanelComposed InterestsDeclared CaseAdmittedToPanel CaseLeftPanel
    ApplicationAssigned MemberRecused ScoreSubmitted DeliberationOpened ConsensusReached AdviceAdopted RankingFixed
    MemberAppointed MemberResigned MemberReplaced MemberLeftFile RankingReopened
    ConflictSuggested ConflictDismissed ConflictRecorded ScoreRefused ScoreCorrected ScoreVoided QuorumLost
    OutcomeVoided SecretBallotHeld CastingVoteUsed ProvisionalAdviceSent ApplicantReplied LateReplyRecorded
    ReplyTermLapsed EvaluationReopened
    AwardProposalDrafted InspectorateAdviceRecorded BudgetAgreementRecorded ProposalAgendaed
    DepartureReasoned StandstillBegan ProposalLapsed ProposalHeld ProposalHoldLifted DecisionPublished
    CaseSetAside CaseReadmitted CandidateSetAside AssessmentSucceeded CaseSucceeded CandidateSucceeded
    CandidateRegistered CandidateWithdrawn AmountReserved ReservationRefused ReservationReleased
    NoticeGiven MovedUpFromReserve MoneyReturned AppealLodged AppealDismissed
    ContractDrafted ContractRedrafted PledgeSigned BudgetShiftRefused
    AwardAdopted ContractExpired
    PledgeRefused PartnerLeft ActionPlanned ActionDiscontinued IndicatorRecorded
    AmendmentProposed AmendmentRefused AmendmentWithdrawn
    ScheduleAdopted CommitmentRefused AccountActivated BankAccountConfirmed AccountSucceeded
    AuditFindingRecorded CostDisallowed OverpaymentEstablished AccountClosed
    PaymentWithheld WithholdingReleased
    RecoveryContested ContestDecided InstalmentPlanAgreed InstalmentMissed RecoveryWaived RecoveryTransferred
    AwardChanged CommitmentRaised
    AccountTermExtended AccountSuspended AccountResumed AccountTerminated AccountReopened
    AccountRenewed RetentionTermSet RetentionTermLapsed
    InspectionRecorded InterimDecisionRecorded CostReinstated DefaultNoticeGiven ClaimTermSet ClaimTermLapsed
    ReportExpected ReportReminded ReportOverdue ReportSubmitted ReportCorrectionRequested ReportRejected
    ClaimSubmitted ClaimApproved ClaimPartiallyApproved ClaimRejected
    PaymentOrdered PaymentOrderCancelled PaymentFileReleased PaymentRejectedByBank PaymentReturned
    BankFileMade BankFileHandedOver
""")

PUBLIC = View(
    name="public_events",
    version=1,
    row=PublicRow,
    key=("key",),
    folds=names("""
        KeyRegistered CallPublished CallOpened CallDeadlineExtended CallDeadlineCorrected CallClosed CallCancelled
        EnvelopeSet EnvelopeIncreased ApplicationSubmitted LateSubmissionRegistered ReceiptAcknowledged
        ApplicationWithdrawn ClarificationReceived AssessmentRevised
        DeclaredAdmissible DeclaredInadmissible DeclaredEligible DeclaredIneligible
        EnvelopeDecreased GrantDenied
        PlacedOnReserve ReserveLapsed AwardWaived AwardAdjusted DecisionSuperseded DecisionRetracted
        DecisionSuspended SuspensionLifted DecisionAnnulled
        GovernmentDecisionRecorded GrantAwarded GrantRefused ApplicantNotified
        ContractActivated BudgetShifted BeneficiarySucceeded ContractCompleted ContractClosed
        TermExtended ContractSuspended ContractResumed ContractTerminated AmendmentApproved
        FundsCommitted FundsDecommitted FinalAccountSettled PaymentExecuted ReportAccepted
        RecoveryOrdered RecoveryOffset RepaymentReceived
    """),
    ignores=_SILENT,
    keys=keys,
    evolve=evolve,
    # What differs between two plays of one story: the head (ids, times of recording, the sequence), and in the data the
    # state of the case, for facts of two services may be recorded in either order. The final state is a row of its own.
    volatile=frozenset({"key", "sequence", "position", "recorded_at", "head", "data"}),
    final=lambda row: row.kind == "event",
    promised=("sequence", "head", "data"),
)
