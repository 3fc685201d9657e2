"""Commands on the claim for a tranche, and on the orders that pay it."""

from typing import Annotated

from pydantic import Field

from events.payment import ClaimedCost
from events.times import Day, Deadline
from events.vocabulary import Cents, Code, Uuid, Written
from services.fields import Command, Wire
from services.payment.commands.account import MOST_LINES

BankCode = Annotated[str, Field(pattern=r"^[A-Z]{2}\d{2}$")]
"""ISO 20022 external status or return reason: AC01, AC04, AM05, MD06 …"""


class SubmitClaim(Command):
    """Claim one tranche (schuldvordering); with cost lines where the call asks for them."""

    case: Wire[Uuid]
    tranche: Wire[Code]
    costs: list[Wire[ClaimedCost]] = Field(default_factory=list, max_length=MOST_LINES)


class SetClaimTerm(Command):
    """The tranche can be claimed until `due`."""

    call: Wire[Uuid]
    case: Wire[Uuid]
    tranche: Wire[Code]
    due: Wire[Deadline]


class LapseClaim(Command):
    """The last day to claim the tranche is over."""


class ApproveClaim(Command):
    """Find the claim due."""


class ApprovePartially(Command):
    """Find only a part of the claim due."""

    amount_cents: Annotated[Wire[Cents], Field(gt=0)]
    reason: Wire[Written]


class RejectClaim(Command):
    """Find the claim not due; the tranche can be claimed again."""

    reason: Wire[Written]


class OrderPayment(Command):
    """Order a tranche to be paid (ordonnanceren); `attempt` is 1, and one more each time the tranche is open again."""

    case: Wire[Uuid]
    tranche: Wire[Code]
    attempt: Annotated[int, Field(ge=1)]


class ReleasePaymentFile(Command):
    """Release the order to the bank (vereffenen), as a second official."""


class ConfirmExecution(Command):
    """The bank paid."""

    value_date: Wire[Day]


class RecordBankRejection(Command):
    """The bank refused the payment."""

    code: BankCode


class RecordReturn(Command):
    """Money that the bank had paid came back."""

    code: BankCode
    value_date: Wire[Day]


class CancelOrder(Command):
    """Take the order back before it is released."""

    reason: Wire[Written]
