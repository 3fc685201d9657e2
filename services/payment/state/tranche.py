"""A tranche: its claim, and the orders that pay it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from events.payment import (
    ClaimApproved,
    ClaimedCost,
    ClaimFacts,
    ClaimPartiallyApproved,
    ClaimRejected,
    ClaimSubmitted,
    ClaimTermLapsed,
    ClaimTermSet,
    OrderFacts,
    PaymentExecuted,
    PaymentFileReleased,
    PaymentOrderCancelled,
    PaymentOrdered,
    PaymentRejectedByBank,
    PaymentReturned,
)
from events.times import Deadline


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim (schuldvordering) for one tranche; `approver` is the official who found it due, in full or in part.

    `amount_cents` is what is claimed, then what was approved; of a rejected claim nothing.
    """

    status: Literal["none", "submitted", "approved", "rejected", "lapsed"] = "none"
    call: str = ""
    case: str = ""
    tranche: str = ""
    amount_cents: int = 0
    approver: str = ""
    costs: tuple[ClaimedCost, ...] = ()
    due: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A payment order. `spent_cents` is what it takes from the commitment, unless the bank gives it back."""

    status: Literal["none", "ordered", "released", "executed", "rejected", "returned", "cancelled"] = "none"
    fact: PaymentOrdered | None = None

    @property
    def case(self) -> str:
        """The case it pays; empty before it exists."""
        return self.fact.case if self.fact else ""

    @property
    def tranche(self) -> str:
        """The tranche it pays; empty before it exists."""
        return self.fact.tranche if self.fact else ""

    @property
    def attempt(self) -> int:
        """Which order of the tranche it is, from 1; 0 before it exists."""
        return self.fact.attempt if self.fact else 0

    @property
    def reopened(self) -> bool:
        """Whether the tranche is open again: the bank refused or returned the money, or the order was taken back."""
        return self.status in ("rejected", "returned", "cancelled")

    @property
    def spent_cents(self) -> int:
        """Gross amount; of an order that the bank rejected or returned what was set off, of a cancelled one nothing."""
        if self.fact is None or self.status == "cancelled":
            return 0
        return self.fact.offset_cents if self.reopened else self.fact.amount_cents

    @property
    def paid_cents(self) -> int:
        """What of it was paid or set off by now."""
        return 0 if self.status in ("none", "ordered", "released") else self.spent_cents


def evolve_claim(state: Claim, fact: ClaimFacts) -> Claim:
    """The claim after one more fact."""
    match fact:
        case ClaimTermSet():
            status = "none" if state.status == "lapsed" else state.status
            return replace(state, status=status, call=fact.call, case=fact.case, tranche=fact.tranche, due=fact.due)
        case ClaimTermLapsed():
            return replace(state, status="lapsed", amount_cents=0)
        case ClaimSubmitted():
            return Claim(
                "submitted",
                fact.call,
                fact.case,
                fact.tranche,
                fact.amount_cents,
                costs=tuple(fact.costs),
                due=state.due,
            )
        case ClaimApproved() | ClaimPartiallyApproved():
            return replace(state, status="approved", approver=fact.approver, amount_cents=fact.amount_cents)
        case ClaimRejected():
            return replace(state, status="rejected", amount_cents=0, costs=())
        case _:
            assert_never(fact)


def evolve_order(state: Order, fact: OrderFacts) -> Order:
    """The order after one more fact."""
    match fact:
        case PaymentOrdered():
            return Order("ordered", fact)
        case PaymentFileReleased():
            return replace(state, status="released")
        case PaymentExecuted():
            return replace(state, status="executed")
        case PaymentRejectedByBank():
            return replace(state, status="rejected")
        case PaymentReturned():
            return replace(state, status="returned")
        case PaymentOrderCancelled():
            return replace(state, status="cancelled")
        case _:
            assert_never(fact)
