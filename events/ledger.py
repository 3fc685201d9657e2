"""The chart of accounts, and the pure function from facts to transfers of money.

Double entry inside the append, with TigerBeetle's semantics in integer euro cents: a transfer is posted at once, or
pending and later posted (in full or in part) or voided, at most once. An account other than CONTROL and RECOVERABLE
never has more debits (posted and pending) than posted credits; the store enforces it in the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from events.decision import AmountReserved, EnvelopeDecreased, EnvelopeIncreased, EnvelopeSet, ReservationReleased
from events.payment import (
    CommitmentRaised,
    ContestDecided,
    FundsCommitted,
    FundsDecommitted,
    PaymentExecuted,
    PaymentFileReleased,
    PaymentOrderCancelled,
    PaymentOrdered,
    PaymentRejectedByBank,
    PaymentReturned,
    RecoveryOffset,
    RecoveryOrdered,
    RecoveryWaived,
    RepaymentReceived,
)

UNLIMITED = ("CONTROL", "RECOVERABLE")


@dataclass(frozen=True, slots=True)
class Transfer:
    """A movement of cents. `posted` and `pending` name both accounts; `post` and `void` only the pending one's id.

    `post` may take less than was pending; the rest returns to the debit account. `amount_cents` of a void is 0.
    """

    kind: Literal["posted", "pending", "post", "void"]
    amount_cents: int
    debit: str | None = None
    credit: str | None = None
    pending_id: str | None = None


def limited(account: str) -> bool:
    """Whether the account must stay covered: every kind but CONTROL and RECOVERABLE."""
    return account.partition(":")[0] not in UNLIMITED


def pending_id(call: str, case: str, purpose: str, attempt: int) -> str:
    """The id of a pending transfer, from what it is for: the same attempt can never be pending twice."""
    return str(uuid5(NAMESPACE_URL, f"urn:wijkspoor:pending:{call}/{case}/{purpose}/{attempt}"))


def transfers_of(fact: object) -> tuple[Transfer, ...]:
    """The movements of money that a fact stands for; none for a fact that moves no money.

    Accounts: CONTROL, AVAILABLE, RECOVERABLE, RECOVERED, WAIVED by call; COMMITTED, PAYABLE, BANK, OFFSET, RECEIVABLE
    by case.
    """
    match fact:
        case EnvelopeSet(call=call, amount_cents=amount):
            return (_posted(f"CONTROL:{call}", f"AVAILABLE:{call}", amount),)
        case EnvelopeIncreased(call=call, increase_cents=amount):
            return (_posted(f"CONTROL:{call}", f"AVAILABLE:{call}", amount),)
        case EnvelopeDecreased(call=call, decrease_cents=amount):
            return (_posted(f"AVAILABLE:{call}", f"CONTROL:{call}", amount),)
        case AmountReserved() | FundsCommitted() | CommitmentRaised() | ReservationReleased():
            return (_award(fact),)
        case PaymentOrdered() | PaymentFileReleased() | PaymentOrderCancelled():
            return (_tranche(fact),)
        case PaymentExecuted(case=case, amount_cents=amount):
            return (_posted(f"PAYABLE:{case}", f"BANK:{case}", amount),) if amount else ()
        case PaymentRejectedByBank(case=case, amount_cents=amount):
            return (_posted(f"PAYABLE:{case}", f"COMMITTED:{case}", amount),)
        case PaymentReturned(case=case, amount_cents=amount):
            return (_posted(f"BANK:{case}", f"COMMITTED:{case}", amount),)
        case FundsDecommitted(call=call, case=case, amount_cents=amount):
            return (_posted(f"COMMITTED:{case}", f"AVAILABLE:{call}", amount),)
        case RecoveryOrdered(call=call, case=case, amount_cents=amount):
            return (_posted(f"RECOVERABLE:{call}", f"RECEIVABLE:{case}", amount),)
        case ContestDecided(call=call, case=case, reduced_cents=amount):
            return (_posted(f"RECEIVABLE:{case}", f"RECOVERABLE:{call}", amount),) if amount else ()
        case RecoveryWaived(call=call, case=case, amount_cents=amount):
            return (_posted(f"RECEIVABLE:{case}", f"WAIVED:{call}", amount),)
        case RepaymentReceived(call=call, case=case, amount_cents=amount):
            return (_posted(f"RECEIVABLE:{case}", f"RECOVERED:{call}", amount),)
        case RecoveryOffset(call=call, case=case, amount_cents=amount):
            return (
                _posted(f"RECEIVABLE:{case}", f"RECOVERED:{call}", amount),
                _posted(f"PAYABLE:{case}", f"OFFSET:{case}", amount),
            )
        case _:
            return ()


def _posted(debit: str, credit: str, amount: int) -> Transfer:
    return Transfer(kind="posted", debit=debit, credit=credit, amount_cents=amount)


def _award(fact: AmountReserved | FundsCommitted | CommitmentRaised | ReservationReleased) -> Transfer:
    pending = pending_id(fact.call, fact.case, "award", fact.attempt)
    match fact:
        case AmountReserved():
            debit, credit = f"AVAILABLE:{fact.call}", f"COMMITTED:{fact.case}"
            return Transfer("pending", fact.amount_cents, debit, credit, pending)
        case FundsCommitted() | CommitmentRaised():
            return Transfer("post", fact.amount_cents, pending_id=pending)
        case ReservationReleased():
            return Transfer("void", 0, pending_id=pending)


def _tranche(fact: PaymentOrdered | PaymentFileReleased | PaymentOrderCancelled) -> Transfer:
    pending = pending_id(fact.call, fact.case, f"tranche:{fact.tranche}", fact.attempt)
    match fact:
        case PaymentOrdered():
            return Transfer("pending", fact.amount_cents, f"COMMITTED:{fact.case}", f"PAYABLE:{fact.case}", pending)
        case PaymentFileReleased():
            return Transfer("post", fact.amount_cents, pending_id=pending)
        case PaymentOrderCancelled():
            return Transfer("void", 0, pending_id=pending)
