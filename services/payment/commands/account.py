"""Commands on the schedule of a call and on the account of a case."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.intake import Cofinancing, PaymentTerms, ReportTerm, ShareLimit, Tranche
from events.times import Instant
from events.vocabulary import BudgetLine, Cents, Code, Name, Party, Period, Source, Uuid, Written
from services.fields import Command, Wire
from services.iban import compact

MOST_LINES = 200
"""More lines would not fit in one event."""


def _iban(text: str) -> str:
    try:
        return compact(text)
    except ValueError as error:
        raise PydanticCustomError("iban", "this is not a valid IBAN") from error


Iban = Annotated[str, Field(max_length=42), AfterValidator(_iban)]
"""An account number whose length, bank code form and check digits are right; kept without spaces."""


class AdoptSchedule(Command):
    """Copy the part of the call's terms that governs payment."""

    budget_article: Wire[Name]
    cofinancing: Wire[Cofinancing]
    share_limits: list[Wire[ShareLimit]]
    cost_categories: list[Wire[Code]]
    tranches: list[Wire[Tranche]]
    reports: list[Wire[ReportTerm]]
    payment: Wire[PaymentTerms]
    source: Wire[Source]


class CommitFunds(Command):
    """Charge an award to the commitment appropriation (vastleggen) and plan its tranches."""

    call: Wire[Uuid]
    beneficiary: Wire[Party]
    amount_cents: Wire[Cents]
    attempt: int
    budget: list[Wire[BudgetLine]]
    synthetic: bool
    source: Wire[Source]


class ActivateAccount(Command):
    """The contract is in force: tranches can be claimed."""

    term: Wire[Period]
    source: Wire[Source]


class ConfirmBankAccount(Command):
    """Record the account to pay to. `basis` says what it rests on: the letter of mayor and financial director."""

    iban: Iban
    basis: Wire[Name]


class SucceedAccount(Command):
    """Open rights and debts pass to the legal successor (rechtsopvolger)."""

    previous: Wire[Party]
    successor: Wire[Party]
    effective_at: Wire[Instant]
    source: Wire[Source]


class WithholdPayment(Command):
    """Hold back (inhouden) the payment of these tranches, or of every tranche if none is named."""

    tranches: list[Wire[Code]] = Field(default_factory=list, max_length=MOST_LINES)
    finding: int | None = None
    reason: Wire[Written]


class ReleaseWithholding(Command):
    """Lift a withholding by its number."""

    withholding: Annotated[int, Field(ge=1)]
    reason: Wire[Written]


class AdjustAward(Command):
    """The award is worth more or less from now on; `attempt` names the reservation of what is more."""

    amount_cents: Wire[Cents]
    budget: list[Wire[BudgetLine]]
    attempt: int | None
    ground: Wire[Name]
    source: Wire[Source]


class ExtendAccountTerm(Command):
    """The contract runs longer or, by an amendment, shorter: costs count until its end."""

    term: Wire[Period]
    source: Wire[Source]


class SuspendAccount(Command):
    """The contract is suspended, or the award has no effect: order and release nothing."""

    ground: Wire[Name]
    source: Wire[Source]


class ResumeAccount(Command):
    """The contract is in force again."""

    source: Wire[Source]


class FollowAward(Command):
    """The award has effect again."""

    source: Wire[Source]


class TerminateAccount(Command):
    """The contract ended before its time."""

    ground: Wire[Name]
    in_force: bool
    term: Wire[Period]
    source: Wire[Source]


class RenewAccount(Command):
    """A contract is drawn up again: the account begins anew with what is committed for it."""

    source: Wire[Source]


class DecommitFunds(Command):
    """Return to the envelope what the case will not need (vrijgeven)."""

    amount_cents: Annotated[Wire[Cents], Field(gt=0)]
    reason: Wire[Written]


class LapseRetention(Command):
    """The papers need not be kept any longer."""


class ReopenAccount(Command):
    """Money that had been paid came back."""

    end_to_end_id: Wire[Name]
    source: Wire[Source]
