"""The fold of the worklist: each fact takes a ball from somebody and gives it to somebody."""

from __future__ import annotations

from collections.abc import Iterable

from events import decision, jury
from events.catalog import call_of
from events.codec import Event
from events.vocabulary import CaseFact
from projections.view import Key, Rows, View, names
from projections.worklist.of_call import CALL_STEPS
from projections.worklist.of_case import CASE_STEPS
from projections.worklist.of_contract import CONTRACT_STEPS
from projections.worklist.of_jury import JURY_STEPS
from projections.worklist.of_money import MONEY_STEPS
from projections.worklist.tasks import WorkRow

_OF_CASE = CASE_STEPS | JURY_STEPS | CONTRACT_STEPS | MONEY_STEPS


def _cases(event: Event) -> Iterable[str]:
    if type(event.fact).__name__ not in _OF_CASE:
        return ()
    match event.fact:
        case CaseFact(case=case):
            return (case,)
        case jury.RankingFixed(entries=entries):
            return [entry.case for entry in entries]
        case decision.GovernmentDecisionRecorded(items=items):
            return [item.case for item in items]
        case _:
            return ()


def keys(event: Event) -> Iterable[Key]:
    """The call, if the fact concerns its balls, and the cases."""
    if type(event.fact).__name__ in CALL_STEPS:
        yield (call_of(event.fact) or "",)
    yield from ((case,) for case in _cases(event))


def evolve(rows: Rows[WorkRow], event: Event) -> None:
    """Move the balls of the call and of each case that the fact concerns."""
    fact, at = event.fact, event.envelope.occurred_at
    name, call = type(fact).__name__, call_of(fact) or ""
    if name in CALL_STEPS:
        row = rows.setdefault((call,), WorkRow(subject=call, call=call))
        CALL_STEPS[name](row, fact, at)
        row.show()
    for case in _cases(event):
        row = rows.setdefault((case,), WorkRow(subject=case, call=call, case_id=case))
        row.resumed()
        _OF_CASE[name](row, fact, at)
        row.show()


_FOLDS = frozenset(CALL_STEPS) | frozenset(_OF_CASE)

WORKLIST = View(
    name="worklist",
    version=4,
    row=WorkRow,
    key=("subject",),
    folds=_FOLDS,
    # After these, the ball lies where it lay.
    ignores=names(
        """
        AttachmentStored AttachmentRefused
        DraftStepSaved FormFilled IndividualExtensionGranted CaseNoted DecisionNoted WithdrawalRefused
        HumanCheckRecorded DerogationGranted CostsDeclared CostsRegistered
        ReceiptAcknowledged CriteriaAdopted AssessmentStarted CheckRecorded AssessmentLapsed
        PanelTermsAdopted ConsensusReached ScoreRefused ScoreCorrected ScoreVoided LateReplyRecorded
        EnvelopeIncreased EnvelopeDecreased DepartureReasoned DecisionPublished
        CandidateWithdrawn AwardAdjusted DecisionSuperseded ApplicantNotified NoticeGiven
        BudgetShifted BudgetShiftRefused ScheduleAdopted AccountSucceeded FundsDecommitted OverpaymentEstablished
        ReportReminded KeyRegistered CommitmentRaised AccountTermExtended AccountSuspended
        AccountResumed AccountReopened RetentionTermSet RetentionTermLapsed
        InspectionRecorded InterimDecisionRecorded ClaimTermSet InstalmentPlanAgreed
        ActionPlanned IndicatorRecorded AwardAdopted ProposalHeld ProposalHoldLifted
        CandidateSetAside AssessmentSucceeded CaseSucceeded CandidateSucceeded
        BankFileMade BankFileHandedOver
        """
    ),
    keys=keys,
    evolve=evolve,
)
