"""The public events, one model each: what `data` holds. Fixed for the life of the major version in their type.

Adding an optional field is possible at any time. Anything that a reader could stumble over (a field gone, a type or a
list of codes changed) needs a new major version beside the old one; `events.public.gate` finds it.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from events.public import contracts, redress
from events.public.values import (
    Advice,
    BasisPoints,
    CaseData,
    Cents,
    ClosingTime,
    Code,
    CostLine,
    Day,
    Instant,
    Organisation,
    PublicData,
    Reference,
    Term,
    Told,
    Uuid,
    Value,
)


class OwnShare(Value):
    """The own contribution (eigen inbreng) that the call asks for: at least this part of this base."""

    base: Literal["TOTAL_ELIGIBLE_COST", "SUBSIDY"]
    min_rate_bp: BasisPoints


class CallPublished(PublicData):
    """A call (oproep) was published with its terms; applications can be submitted between the two moments."""

    kind: ClassVar[str] = "calls.notify.published"
    title: Told
    legal_basis: str
    budget_article: str
    opens: ClosingTime
    deadline: ClosingTime
    envelope_cents: Cents
    cap_cents: Cents
    own_share: OwnShare
    longest_months: int
    latest_end: Day


class CallOpened(PublicData):
    """Applications can be submitted from now on, until the deadline."""

    kind: ClassVar[str] = "calls.notify.opened"
    deadline: ClosingTime


class CallExtended(PublicData):
    """The deadline moved for everybody."""

    kind: ClassVar[str] = "calls.notify.extended"
    previous_deadline: ClosingTime
    deadline: ClosingTime


class CallCorrected(PublicData):
    """The deadline had been set wrongly and was mended; nobody who was in time became late by it."""

    kind: ClassVar[str] = "calls.notify.corrected"
    previous_deadline: ClosingTime
    deadline: ClosingTime


class CallCancelled(PublicData):
    """The call was given up before a decision; all its cases end with it."""

    kind: ClassVar[str] = "calls.notify.cancelled"


class CallClosed(PublicData):
    """The deadline has passed."""

    kind: ClassVar[str] = "calls.notify.closed"
    deadline: ClosingTime


class EnvelopeSet(PublicData):
    """The money of the call (beschikbaar krediet) was fixed."""

    kind: ClassVar[str] = "envelopes.notify.set"
    amount_cents: Cents
    budget_article: str


class EnvelopeIncreased(PublicData):
    """More money came for the call."""

    kind: ClassVar[str] = "envelopes.notify.increased"
    previous_cents: Cents
    increase_cents: Cents
    amount_cents: Cents
    reference: Reference


class ApplicationSubmitted(CaseData):
    """An application (aanvraag) was submitted in time."""

    kind: ClassVar[str] = "applications.notify.submitted"
    application_version: int
    term: Term


class ApplicationAcknowledged(CaseData):
    """Receipt was acknowledged; the case has its number."""

    kind: ClassVar[str] = "applications.notify.acknowledged"
    submitted_at: Instant


class ApplicationWithdrawn(CaseData):
    """The applicant took the application back before the decision."""

    kind: ClassVar[str] = "applications.notify.withdrawn"


class DeclaredAdmissible(CaseData):
    """Ontvankelijk: the formal conditions are met."""

    kind: ClassVar[str] = "applications.notify.declaredAdmissible"


class FailedRule(Value):
    """A rule that the file does not meet, and the code of what it answered."""

    rule: str
    code: str


class DeclaredInadmissible(CaseData):
    """Onontvankelijk: a formal condition is not met."""

    kind: ClassVar[str] = "applications.notify.declaredInadmissible"
    failed: list[FailedRule]


class DeclaredEligible(CaseData):
    """The conditions of the call are met; the jury will advise."""

    kind: ClassVar[str] = "applications.notify.declaredEligible"


class DeclaredIneligible(CaseData):
    """A condition of the call is not met."""

    kind: ClassVar[str] = "applications.notify.declaredIneligible"
    failed: list[FailedRule]


class DecidedItem(Value):
    """One file of an approved decision: its rank, the jury's advice, and what was granted (0: nothing)."""

    case: Uuid
    applicant: Organisation
    rank: int
    advice: Advice
    requested_cents: Cents
    granted_cents: Cents


class DecisionTaken(PublicData):
    """The Flemish Government decided on the award proposal.

    `items` is empty unless the result is `goedgekeurd` (approved): what was postponed, withdrawn or noted is no
    decision on any file, and the jury's advice on it stays confidential.
    """

    kind: ClassVar[str] = "decisions.notify.taken"
    result: Literal["goedgekeurd", "uitgesteld", "ingetrokken", "akte_genomen"]
    reference: Reference
    meeting: Day
    items: list[DecidedItem]


class GrantAwarded(CaseData):
    """A grant was awarded (toekenning)."""

    kind: ClassVar[str] = "grants.notify.awarded"
    amount_cents: Cents
    budget: list[CostLine]
    term: Term
    rank: int
    reference: Reference
    meeting: Day


class GrantRefused(CaseData):
    """A grant was refused (niet-toekenning); the reasons go to the applicant, the code is public."""

    kind: ClassVar[str] = "grants.notify.refused"
    rank: int
    code: Literal["envelope_exhausted", "unfavourable_advice"]
    reference: Reference
    meeting: Day


class ApplicantNotified(CaseData):
    """The applicant was told of the decision; the term for appeal starts here."""

    kind: ClassVar[str] = "grants.notify.notified"
    outcome: Literal["awarded", "refused"]


class ContractActivated(CaseData):
    """The contract (wijkverbeteringscontract) is signed by everybody who must, and in force."""

    kind: ClassVar[str] = "contracts.notify.activated"
    amount_cents: Cents
    term: Term
    effective_at: Instant


class ContractAmended(CaseData):
    """Subsidy moved between cost categories inside the award; `budget` is what holds now."""

    kind: ClassVar[str] = "contracts.notify.amended"
    from_category: Code
    to_category: Code
    amount_cents: Cents
    budget: list[CostLine]


class ContractTransferred(CaseData):
    """A legal successor took the contract over, with its rights and debts; `merged` are the bodies that merged."""

    kind: ClassVar[str] = "contracts.notify.transferred"
    previous: Organisation
    successor: Organisation
    merged: list[Organisation]
    effective_at: Instant


class ContractCompleted(CaseData):
    """The term has ended; accounts can be settled."""

    kind: ClassVar[str] = "contracts.notify.completed"
    term: Term


class ContractClosed(CaseData):
    """Nothing is open any more."""

    kind: ClassVar[str] = "contracts.notify.closed"
    final_subsidy_cents: Cents


class FundsCommitted(CaseData):
    """Vastlegging: the award is charged to the commitment appropriation."""

    kind: ClassVar[str] = "funds.notify.committed"
    amount_cents: Cents
    budget_article: str


class FundsDecommitted(CaseData):
    """What the case does not need any more returned to the envelope."""

    kind: ClassVar[str] = "funds.notify.decommitted"
    amount_cents: Cents
    reason: Literal["final_subsidy_below_award", "terminated"]


class PaymentExecuted(CaseData):
    """The bank paid this net amount; `endToEndId` is the reference on the statement."""

    kind: ClassVar[str] = "payments.notify.executed"
    tranche: Code
    amount_cents: Cents
    end_to_end_id: Reference
    value_date: Day


class ReportAccepted(CaseData):
    """A report was checked and its costs accepted."""

    kind: ClassVar[str] = "reports.notify.accepted"
    report: Code
    accepted_cents: Cents


class AccountSettled(CaseData):
    """The final account (eindafrekening): what the subsidy comes to on accepted costs, and what is left to pay."""

    kind: ClassVar[str] = "accounts.notify.settled"
    accepted_cents: Cents
    own_contribution_due_cents: Cents
    final_subsidy_cents: Cents
    balance_cents: Cents


Debt = Annotated[str, Field(description="The number of the recovery in its case: 1, 2 …")]


class RecoveryOrdered(CaseData):
    """Terugvordering: money is to come back, on a ground of article 13 of the act of 16 May 2003."""

    kind: ClassVar[str] = "recoveries.notify.ordered"
    recovery: Debt
    amount_cents: Cents
    ground: Literal["conditions_not_met", "not_used_for_purpose", "control_obstructed", "not_accounted_for"]
    debtor: Organisation


class RecoveryOffset(CaseData):
    """Verrekening: a debt was set off against a payment."""

    kind: ClassVar[str] = "recoveries.notify.offset"
    recovery: Debt
    amount_cents: Cents
    end_to_end_id: Reference


class RecoveryRepaid(CaseData):
    """The debtor paid back."""

    kind: ClassVar[str] = "recoveries.notify.repaid"
    recovery: Debt
    amount_cents: Cents
    value_date: Day


def _all(base: type[PublicData]) -> list[type[PublicData]]:
    return [found for one in base.__subclasses__() for found in ([one] if "kind" in vars(one) else _all(one))]


MODELS: dict[str, type[PublicData]] = {
    model.kind: model
    for model in _all(PublicData)
    if model.__module__ in (__name__, redress.__name__, contracts.__name__)
}
"""Kind → model, for every public event."""
