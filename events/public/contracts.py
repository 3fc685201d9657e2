"""The public events of what becomes of a contract: extended, suspended, resumed, amended, ended early.

None of them is a status of the case: the list of those is closed, so `case.status` is what it was before.
"""

from typing import ClassVar, Literal

from events.public.values import CaseData, Cents, CostLine, Day, Instant, Reference, Term


class ContractExtended(CaseData):
    """The term was made longer (verlenging) by the decision named; costs count until the new end."""

    kind: ClassVar[str] = "contracts.notify.extended"
    previous: Term
    term: Term
    reference: Reference


class ContractSuspended(CaseData):
    """Suspended (opschorting): nothing new is paid until it is resumed; looked at again by `reviewOn`, if any."""

    kind: ClassVar[str] = "contracts.notify.suspended"
    ground: Literal["award_suspended", "award_annulled", "not_performed", "report_missing", "partner_left", "inquiry"]
    review_on: Day | None
    effective_at: Instant


class ContractResumed(CaseData):
    """In force again; what was held back can be paid."""

    kind: ClassVar[str] = "contracts.notify.resumed"
    effective_at: Instant


class ContractTerminated(CaseData):
    """Ended before its term (stopzetting); what is not owed returns to the envelope.

    `amountCents` is what it was worth; `inForce` is whether it ever came into force: if not, nothing is owed. No cost
    after the last day of `term` counts.
    """

    kind: ClassVar[str] = "contracts.notify.terminated"
    ground: Literal["award_annulled", "award_withdrawn", "not_performed", "partner_left", "by_agreement", "renounced"]
    reference: Reference
    amount_cents: Cents
    in_force: bool
    term: Term
    effective_at: Instant


class AmendmentApproved(CaseData):
    """A change of the contract (wijziging) was approved: amount, budget and term are these from now on.

    `amendment` is its number in the case. What changes of partners and actions is not told. The award stands as it was
    decided, so `case.money` is what it was before.
    """

    kind: ClassVar[str] = "amendments.notify.approved"
    amendment: int
    previous_cents: Cents
    amount_cents: Cents
    budget: list[CostLine]
    previous: Term
    term: Term
