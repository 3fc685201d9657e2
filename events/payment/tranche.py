"""Facts of a tranche: its claim (schuldvordering), and the orders that pay it."""

from __future__ import annotations

from typing import TypeAlias

from events.times import Day, Deadline
from events.vocabulary import CaseFact, Cents, Check, Code, Name, Part, Period, Sha256, Written


class ClaimedCost(Part, frozen=True, kw_only=True):
    """A line of a claim: a cost, when it was incurred, the part charged to the subsidy, and its evidence by digest.

    `other_subsidy_cents` is what another subsidy bears of the same cost.
    """

    category: Code
    description: Name
    incurred: Period
    amount_cents: Cents
    subsidy_cents: Cents
    other_subsidy_cents: Cents
    evidence_sha256: Sha256


class ClaimTermSet(CaseFact, frozen=True, kw_only=True):
    """The tranche can be claimed until `due`; an extension of the contract sets it anew."""

    tranche: str
    due: Deadline


class ClaimTermLapsed(CaseFact, frozen=True, kw_only=True):
    """The tranche was not claimed in time: it is not claimed any more."""

    tranche: str
    due: Deadline


class ClaimSubmitted(CaseFact, frozen=True, kw_only=True):
    """A claim (schuldvordering) for one tranche, whose conditions are met; `costs` where the call asks for them.

    A tranche whose claim was rejected can be claimed again.
    """

    tranche: str
    amount_cents: Cents
    costs: list[ClaimedCost]
    checks: list[Check]


class ClaimApproved(CaseFact, frozen=True, kw_only=True):
    """An official found the claim due; another one must release the money (P3)."""

    tranche: str
    amount_cents: Cents
    approver: str


class ClaimPartiallyApproved(CaseFact, frozen=True, kw_only=True):
    """An official found only `amount_cents` of the claim due; what is left can come with the balance."""

    tranche: str
    claimed_cents: Cents
    amount_cents: Cents
    reason: Written
    approver: str


class ClaimRejected(CaseFact, frozen=True, kw_only=True):
    """An official found the claim not due; the tranche can be claimed again, with the same `evidence` (digests) too."""

    tranche: str
    claimed_cents: Cents
    evidence: list[Sha256]
    reason: Written
    rejected_by: str


class PaymentOrdered(CaseFact, frozen=True, kw_only=True):
    """A payment order (ordonnancering): gross amount, what is set off against a recovery, and what goes to the bank.

    `attempt` counts the orders of the tranche; `amount_cents` is what moves from committed to payable.
    """

    tranche: str
    attempt: int
    amount_cents: Cents
    offset_cents: Cents
    net_cents: Cents
    recovery: str | None
    bank_account: int
    end_to_end_id: str
    ordered_by: str
    checks: list[Check]


class PaymentFileReleased(CaseFact, frozen=True, kw_only=True):
    """Vereffening: a second official released the order to the bank (P3).

    `net_cents` goes to the bank; `offset_cents` is set off against `recovery`. Together they are `amount_cents`.
    """

    tranche: str
    attempt: int
    amount_cents: Cents
    offset_cents: Cents
    net_cents: Cents
    recovery: str | None
    end_to_end_id: str
    released_by: str
    checks: list[Check]


class PaymentExecuted(CaseFact, frozen=True, kw_only=True):
    """The bank paid `amount_cents` (the net amount) on the value date."""

    tranche: str
    attempt: int
    amount_cents: Cents
    end_to_end_id: str
    value_date: Day


class PaymentRejectedByBank(CaseFact, frozen=True, kw_only=True):
    """The bank refused with an ISO 20022 reason code (AC04: closed account); the tranche is open again.

    `amount_cents` is the net amount, which returns to the commitment; what was set off stays set off.
    """

    tranche: str
    attempt: int
    amount_cents: Cents
    end_to_end_id: str
    code: str


class PaymentReturned(CaseFact, frozen=True, kw_only=True):
    """Money that the bank had paid came back, with an ISO 20022 reason code; the tranche is open again.

    `amount_cents` is the net amount, which returns to the commitment; what was set off stays set off.
    """

    tranche: str
    attempt: int
    amount_cents: Cents
    end_to_end_id: str
    code: str
    value_date: Day


class PaymentOrderCancelled(CaseFact, frozen=True, kw_only=True):
    """The order was taken back before it was released; the tranche is open again. `amount_cents` is gross."""

    tranche: str
    attempt: int
    amount_cents: Cents
    end_to_end_id: str
    reason: Written
    cancelled_by: str


ClaimFacts: TypeAlias = (
    ClaimTermSet | ClaimTermLapsed | ClaimSubmitted | ClaimApproved | ClaimPartiallyApproved | ClaimRejected
)
OrderFacts: TypeAlias = (
    PaymentOrdered
    | PaymentFileReleased
    | PaymentExecuted
    | PaymentRejectedByBank
    | PaymentReturned
    | PaymentOrderCancelled
)
