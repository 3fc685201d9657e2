"""The fold of budget consumption, written without the ledger's help, so that comparing the two proves something.

Every cent of the envelope stands in exactly one of: available · reserved · committed and unspent · ordered · payable ·
executed · offset. Rows of scope `call` hold the sums of their rows of scope `case`; rows of scope `category` split the
award by cost category, rows of scope `year` what moved by booking year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from events import decision, payment
from events.codec import Event
from events.times import Instant
from events.vocabulary import BudgetLine
from projections.view import Key, Rows, View, names

Scope = Literal["call", "case", "category", "year"]


class BudgetRow(msgspec.Struct, kw_only=True):
    """Cents of a call, a case, a cost category or a year; `item` names which ("" for the call itself).

    `pending` holds what is set aside but not yet settled: reservations (``award/<attempt>``) and payment orders
    (``tranche:<code>/<attempt>``); `split` the award of a case by cost category.
    """

    call: str
    scope: Scope
    item: str
    budget_article: str | None = None
    organisation: str | None = None
    beneficiary: str | None = None
    project: str | None = None
    synthetic: bool = False
    envelope_cents: int = 0
    reserved_cents: int = 0
    awarded_cents: int = 0
    committed_cents: int = 0
    decommitted_cents: int = 0
    claimed_cents: int = 0
    ordered_cents: int = 0
    payable_cents: int = 0
    executed_cents: int = 0
    offset_cents: int = 0
    recovery_ordered_cents: int = 0
    recovered_cents: int = 0
    given_up_cents: int = 0
    pending: dict[str, int] = msgspec.field(default_factory=dict)
    split: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def available_cents(self) -> int:
        """What the envelope still holds; meaningful for a call."""
        return self.envelope_cents - self.reserved_cents - self.committed_cents

    @property
    def paid_cents(self) -> int:
        """What reached the beneficiary: by bank, or set off against a debt."""
        return self.executed_cents + self.offset_cents

    @property
    def unspent_cents(self) -> int:
        """Committed, and neither payable nor paid; payment orders that wait for release are part of it."""
        return self.committed_cents - self.payable_cents - self.executed_cents - self.offset_cents


def _row(rows: Rows[BudgetRow], call: str, scope: Scope, item: str) -> BudgetRow:
    key = (call, scope, item)
    # Nearly always there: asking for it and not whether it is there is a tenth of a fold.
    try:
        return rows[key]
    except KeyError:
        row = rows[key] = BudgetRow(call=call, scope=scope, item=item)
        return row


def _year(at: Instant) -> str:
    # The last hour of the year in UTC is the new year in Brussels: winter time is UTC+1.
    return str(int(at[:4]) + 1) if at[5:13] >= "12-31T23" else at[:4]


def _envelope_set(rows: Rows[BudgetRow], fact: decision.EnvelopeSet, _at: Instant) -> None:
    row = _row(rows, fact.call, "call", "")
    row.budget_article = fact.budget_article
    row.envelope_cents += fact.amount_cents


def _envelope_increased(rows: Rows[BudgetRow], fact: decision.EnvelopeIncreased, _at: Instant) -> None:
    _row(rows, fact.call, "call", "").envelope_cents += fact.increase_cents


def _envelope_decreased(rows: Rows[BudgetRow], fact: decision.EnvelopeDecreased, _at: Instant) -> None:
    _row(rows, fact.call, "call", "").envelope_cents -= fact.decrease_cents


def _reserved(rows: Rows[BudgetRow], fact: decision.AmountReserved, _at: Instant) -> None:
    case = _row(rows, fact.call, "case", fact.case)
    amount = fact.amount_cents
    case.pending[f"award/{fact.attempt}"] = amount
    case.reserved_cents += amount
    _row(rows, fact.call, "call", "").reserved_cents += amount


def _unreserve(rows: Rows[BudgetRow], call: str, case: BudgetRow, attempt: int) -> None:
    amount = case.pending.pop(f"award/{attempt}", 0)
    case.reserved_cents -= amount
    _row(rows, call, "call", "").reserved_cents -= amount


def _released(rows: Rows[BudgetRow], fact: decision.ReservationReleased, _at: Instant) -> None:
    _unreserve(rows, fact.call, _row(rows, fact.call, "case", fact.case), fact.attempt)


def _awarded(rows: Rows[BudgetRow], fact: decision.GrantAwarded, _at: Instant) -> None:
    case = _row(rows, fact.call, "case", fact.case)
    case.organisation, case.beneficiary = fact.beneficiary.ovo, fact.beneficiary.name
    case.project, case.synthetic = fact.project, fact.synthetic
    _worth(rows, fact, _at)


def _worth(rows: Rows[BudgetRow], fact: decision.GrantAwarded | decision.AwardAdjusted, _at: Instant) -> None:
    """The award is worth this now, whatever it was before: a decision can be followed by another one."""
    case = _row(rows, fact.call, "case", fact.case)
    _row(rows, fact.call, "call", "").awarded_cents += fact.amount_cents - case.awarded_cents
    case.awarded_cents = fact.amount_cents
    _divided(rows, case, fact.budget)


def _divided(rows: Rows[BudgetRow], case: BudgetRow, budget: Iterable[BudgetLine]) -> None:
    """The case's subsidy is divided so over the categories of the call, whatever it was before."""
    split: dict[str, int] = {}
    for line in budget:
        split[line.category] = split.get(line.category, 0) + line.subsidy_cents
    for category in split.keys() | case.split.keys():
        change = split.get(category, 0) - case.split.get(category, 0)
        _row(rows, case.call, "category", category).awarded_cents += change
    case.split = split


def _shifted(rows: Rows[BudgetRow], fact: decision.BudgetShifted, _at: Instant) -> None:
    case = _row(rows, fact.call, "case", fact.case)
    for category, change in ((fact.from_category, -fact.amount_cents), (fact.to_category, fact.amount_cents)):
        _row(rows, fact.call, "category", category).awarded_cents += change
        case.split = {**case.split, category: case.split.get(category, 0) + change}


def _amended(rows: Rows[BudgetRow], fact: decision.AmendmentApproved, _at: Instant) -> None:
    # The award stands as it was decided; what of it is not needed any more is decommitted.
    _divided(rows, _row(rows, fact.call, "case", fact.case), fact.budget)


def _committed(rows: Rows[BudgetRow], fact: payment.FundsCommitted, at: Instant) -> None:
    case, call = _row(rows, fact.call, "case", fact.case), _row(rows, fact.call, "call", "")
    _unreserve(rows, fact.call, case, fact.attempt)
    case.budget_article = fact.budget_article
    for row in (case, call, _row(rows, fact.call, "year", _year(at))):
        row.committed_cents += fact.amount_cents


def _raised(rows: Rows[BudgetRow], fact: payment.CommitmentRaised, at: Instant) -> None:
    case, call = _row(rows, fact.call, "case", fact.case), _row(rows, fact.call, "call", "")
    _unreserve(rows, fact.call, case, fact.attempt)
    for row in (case, call, _row(rows, fact.call, "year", _year(at))):
        row.committed_cents += fact.amount_cents


def _decommitted(rows: Rows[BudgetRow], fact: payment.FundsDecommitted, at: Instant) -> None:
    for row in _three(rows, fact.call, fact.case, _year(at)):
        row.committed_cents -= fact.amount_cents
        row.decommitted_cents += fact.amount_cents


def _three(rows: Rows[BudgetRow], call: str, case: str, year: str) -> tuple[BudgetRow, BudgetRow, BudgetRow]:
    return _row(rows, call, "case", case), _row(rows, call, "call", ""), _row(rows, call, "year", year)


def _succeeded(rows: Rows[BudgetRow], fact: payment.AccountSucceeded, _at: Instant) -> None:
    case = _row(rows, fact.call, "case", fact.case)
    case.organisation, case.beneficiary = fact.successor.ovo, fact.successor.name


def _claimed(rows: Rows[BudgetRow], fact: payment.ClaimSubmitted, _at: Instant) -> None:
    _row(rows, fact.call, "case", fact.case).claimed_cents += fact.amount_cents
    _row(rows, fact.call, "call", "").claimed_cents += fact.amount_cents


def _claim_cut(rows: Rows[BudgetRow], fact: payment.ClaimPartiallyApproved, _at: Instant) -> None:
    for row in (_row(rows, fact.call, "case", fact.case), _row(rows, fact.call, "call", "")):
        row.claimed_cents -= fact.claimed_cents - fact.amount_cents


def _claim_rejected(rows: Rows[BudgetRow], fact: payment.ClaimRejected, _at: Instant) -> None:
    for row in (_row(rows, fact.call, "case", fact.case), _row(rows, fact.call, "call", "")):
        row.claimed_cents -= fact.claimed_cents


def _ordered(rows: Rows[BudgetRow], fact: payment.PaymentOrdered, _at: Instant) -> None:
    case = _row(rows, fact.call, "case", fact.case)
    amount = fact.amount_cents
    case.pending[f"tranche:{fact.tranche}/{fact.attempt}"] = amount
    case.ordered_cents += amount
    _row(rows, fact.call, "call", "").ordered_cents += amount


def _cancelled(rows: Rows[BudgetRow], fact: payment.PaymentOrderCancelled, _at: Instant) -> None:
    case = _row(rows, fact.call, "case", fact.case)
    ordered = case.pending.pop(f"tranche:{fact.tranche}/{fact.attempt}", 0)
    case.ordered_cents -= ordered
    _row(rows, fact.call, "call", "").ordered_cents -= ordered


def _file_released(rows: Rows[BudgetRow], fact: payment.PaymentFileReleased, _at: Instant) -> None:
    case, call = _row(rows, fact.call, "case", fact.case), _row(rows, fact.call, "call", "")
    ordered = case.pending.pop(f"tranche:{fact.tranche}/{fact.attempt}", 0)
    case.ordered_cents -= ordered
    call.ordered_cents -= ordered
    case.payable_cents += fact.amount_cents
    call.payable_cents += fact.amount_cents


def _executed(rows: Rows[BudgetRow], fact: payment.PaymentExecuted, _at: Instant) -> None:
    case, call, year = _three(rows, fact.call, fact.case, fact.value_date[:4])
    amount = fact.amount_cents
    case.payable_cents -= amount
    call.payable_cents -= amount
    case.executed_cents += amount
    call.executed_cents += amount
    year.executed_cents += amount


def _rejected(rows: Rows[BudgetRow], fact: payment.PaymentRejectedByBank, _at: Instant) -> None:
    _row(rows, fact.call, "case", fact.case).payable_cents -= fact.amount_cents
    _row(rows, fact.call, "call", "").payable_cents -= fact.amount_cents


def _returned(rows: Rows[BudgetRow], fact: payment.PaymentReturned, _at: Instant) -> None:
    for row in _three(rows, fact.call, fact.case, fact.value_date[:4]):
        row.executed_cents -= fact.amount_cents


def _recovery_ordered(rows: Rows[BudgetRow], fact: payment.RecoveryOrdered, at: Instant) -> None:
    for row in _three(rows, fact.call, fact.case, _year(at)):
        row.recovery_ordered_cents += fact.amount_cents


def _offset(rows: Rows[BudgetRow], fact: payment.RecoveryOffset, at: Instant) -> None:
    case, call, year = _three(rows, fact.call, fact.case, _year(at))
    case.payable_cents -= fact.amount_cents
    call.payable_cents -= fact.amount_cents
    for row in (case, call, year):
        row.offset_cents += fact.amount_cents
        row.recovered_cents += fact.amount_cents


def _repaid(rows: Rows[BudgetRow], fact: payment.RepaymentReceived, _at: Instant) -> None:
    for row in _three(rows, fact.call, fact.case, fact.value_date[:4]):
        row.recovered_cents += fact.amount_cents


def _reduced(rows: Rows[BudgetRow], fact: payment.ContestDecided, at: Instant) -> None:
    for row in _three(rows, fact.call, fact.case, _year(at)):
        row.given_up_cents += fact.reduced_cents


def _waived(rows: Rows[BudgetRow], fact: payment.RecoveryWaived, at: Instant) -> None:
    for row in _three(rows, fact.call, fact.case, _year(at)):
        row.given_up_cents += fact.amount_cents


_CASE = ("call", "case", "amount_cents")
_STEPS: dict[str, tuple[Callable[[Rows[BudgetRow], Any, Instant], None], tuple[str, ...]]] = {
    "EnvelopeSet": (_envelope_set, ("call", "amount_cents", "budget_article")),
    "EnvelopeIncreased": (_envelope_increased, ("call", "increase_cents")),
    "EnvelopeDecreased": (_envelope_decreased, ("call", "decrease_cents")),
    "AmountReserved": (_reserved, (*_CASE, "attempt")),
    "ReservationReleased": (_released, ("call", "case", "attempt")),
    "GrantAwarded": (_awarded, (*_CASE, "beneficiary", "project", "synthetic", "budget")),
    "AwardAdjusted": (_worth, (*_CASE, "budget")),
    "BudgetShifted": (_shifted, ("call", "case", "from_category", "to_category", "amount_cents")),
    "AmendmentApproved": (_amended, ("call", "case", "previous_budget", "budget")),
    "FundsCommitted": (_committed, (*_CASE, "attempt", "budget_article")),
    "CommitmentRaised": (_raised, (*_CASE, "attempt")),
    "FundsDecommitted": (_decommitted, _CASE),
    "AccountSucceeded": (_succeeded, ("call", "case", "successor")),
    "ClaimSubmitted": (_claimed, _CASE),
    "ClaimPartiallyApproved": (_claim_cut, (*_CASE, "claimed_cents")),
    "ClaimRejected": (_claim_rejected, ("call", "case", "claimed_cents")),
    "PaymentOrderCancelled": (_cancelled, ("call", "case", "tranche", "attempt")),
    "PaymentOrdered": (_ordered, (*_CASE, "tranche", "attempt")),
    "PaymentFileReleased": (_file_released, (*_CASE, "tranche", "attempt")),
    "PaymentExecuted": (_executed, (*_CASE, "value_date")),
    "PaymentRejectedByBank": (_rejected, _CASE),
    "PaymentReturned": (_returned, (*_CASE, "value_date")),
    "RecoveryOrdered": (_recovery_ordered, _CASE),
    "RecoveryOffset": (_offset, _CASE),
    "ContestDecided": (_reduced, ("call", "case", "reduced_cents")),
    "RecoveryWaived": (_waived, _CASE),
    "RepaymentReceived": (_repaid, (*_CASE, "value_date")),
}
"""Fact → its step, and the fields that the step reads."""

_FOLDS = {name: step for name, (step, _) in _STEPS.items()}


def evolve(rows: Rows[BudgetRow], event: Event) -> None:
    """Move the event's cents; a fact that moves none changes nothing."""
    step = _FOLDS.get(type(event.fact).__name__)
    if step is not None:
        step(rows, event.fact, event.envelope.occurred_at)


def keys(event: Event) -> Iterable[Key]:
    """The rows of the event's call, case, years and categories."""
    fact: Any = event.fact
    yield fact.call, "call", ""
    if hasattr(fact, "case"):
        yield fact.call, "case", fact.case
    yield fact.call, "year", getattr(fact, "value_date", _year(event.envelope.occurred_at))[:4]
    # By name: a rebuild reads only some fields of a fact, into a type of its own.
    name = type(fact).__name__
    if name in ("GrantAwarded", "AwardAdjusted"):
        yield from ((fact.call, "category", line.category) for line in fact.budget)
    if name == "AmendmentApproved":
        yield from ((fact.call, "category", line.category) for line in (*fact.previous_budget, *fact.budget))
    if name == "BudgetShifted":
        yield fact.call, "category", fact.from_category
        yield fact.call, "category", fact.to_category


# These neither move, set aside, grant nor claim money.
_IGNORES = names(
    """
    CallPublished CallOpened CallDeadlineExtended CallClosed DraftStarted ApplicationSubmitted ReceiptAcknowledged
    LateSubmissionRecorded CompletionRequested CompletionSupplied CompletionTermLapsed ApplicationWithdrawn
    CriteriaAdopted AssessmentStarted DossierSupplemented CheckRecorded ClarificationRequested ClarificationReceived
    DeclaredAdmissible DeclaredInadmissible DeclaredEligible DeclaredIneligible AssessmentLapsed PanelTermsAdopted
    PanelComposed InterestsDeclared CaseAdmittedToPanel CaseLeftPanel ApplicationAssigned MemberRecused
    ScoreSubmitted DeliberationOpened ConsensusReached AdviceAdopted RankingFixed MemberAppointed MemberResigned
    MemberReplaced MemberLeftFile RankingReopened ConflictSuggested ConflictDismissed ConflictRecorded ScoreRefused
    ScoreCorrected ScoreVoided QuorumLost OutcomeVoided SecretBallotHeld CastingVoteUsed ProvisionalAdviceSent
    ApplicantReplied LateReplyRecorded ReplyTermLapsed EvaluationReopened AwardProposalDrafted
    InspectorateAdviceRecorded BudgetAgreementRecorded ProposalAgendaed GovernmentDecisionRecorded
    CandidateRegistered CandidateWithdrawn ReservationRefused GrantRefused ApplicantNotified DepartureReasoned
    StandstillBegan ProposalLapsed DecisionPublished GrantDenied NoticeGiven PlacedOnReserve MovedUpFromReserve
    ReserveLapsed MoneyReturned AwardWaived DecisionSuperseded DecisionRetracted AppealLodged AppealDismissed
    DecisionSuspended SuspensionLifted DecisionAnnulled ContractDrafted PledgeSigned ContractActivated
    BudgetShiftRefused BeneficiarySucceeded ContractCompleted ContractClosed ScheduleAdopted CommitmentRefused
    AccountActivated BankAccountConfirmed AuditFindingRecorded CostDisallowed FinalAccountSettled
    OverpaymentEstablished AccountClosed ReportExpected ReportOverdue ReportSubmitted ReportAccepted ReportReminded
    ReportCorrectionRequested ReportRejected ClaimApproved PaymentWithheld WithholdingReleased RecoveryContested
    InstalmentPlanAgreed InstalmentMissed RecoveryTransferred AwardChanged AccountTermExtended AccountSuspended
    AccountResumed AccountTerminated AccountReopened
    RetentionTermSet RetentionTermLapsed InspectionRecorded InterimDecisionRecorded CostReinstated
    DefaultNoticeGiven ClaimTermSet ClaimTermLapsed KeyRegistered AwardAdopted TermExtended ContractSuspended
    ContractResumed ContractTerminated ContractExpired PledgeRefused PartnerLeft ActionPlanned ActionDiscontinued
    IndicatorRecorded AmendmentProposed AmendmentRefused AmendmentWithdrawn
    AttachmentStored AttachmentRefused DraftStepSaved FormFilled CallDeadlineCorrected IndividualExtensionGranted
    CallCancelled CaseNoted DecisionNoted LateSubmissionRegistered ApplicationReopened ApplicantSucceeded
    ApplicationLapsed WithdrawalRefused
    HumanCheckRecorded DerogationGranted CostsDeclared CostsRegistered
    ClarificationTermLapsed AssessmentRevised
    BankFileMade BankFileHandedOver
    ContractRedrafted AccountRenewed ProposalHeld ProposalHoldLifted CaseSetAside CaseReadmitted CandidateSetAside
    AssessmentSucceeded CaseSucceeded CandidateSucceeded
"""
)

BUDGET = View(
    name="budget_consumption",
    version=2,
    row=BudgetRow,
    key=("call", "scope", "item"),
    folds=frozenset(_STEPS),
    ignores=_IGNORES,
    keys=keys,
    evolve=evolve,
    needs={name: fields for name, (_, fields) in _STEPS.items()},
)
