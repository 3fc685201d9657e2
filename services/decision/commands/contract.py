"""What can be asked about a contract."""

from typing import Annotated, TypeAlias

from pydantic import Field

from events.times import Day
from events.vocabulary import (
    BudgetLine,
    Cents,
    Code,
    Name,
    Partner,
    Party,
    Period,
    Source,
    Uuid,
    Written,
)
from services.deciding import CommandSpec
from services.decision.commands.rows import APPLICANT, HANDLER, SERVICE, Amount, row
from services.fields import Command, Wire


class DraftContract(Command):
    """Draw up the contract of an award; it waits for the pledges of the partners."""

    call: Wire[Uuid]
    beneficiary: Wire[Party]
    project: Wire[Name]
    neighbourhood: Wire[Name]
    amount_cents: Wire[Cents]
    budget: list[Wire[BudgetLine]]
    partners: list[Wire[Partner]]
    term: Wire[Period]
    synthetic: bool


class SignPledge(Command):
    """Sign a partner's pledge (engagementsverklaring). `signatory` is a uuid, under whose key the name is sealed."""

    partner: Wire[Code]
    signatory: Wire[Uuid]
    name: Wire[Name]


class ActivateContract(Command):
    """The term begins: the contract comes into force when every mandatory pledge is signed."""


class ShiftBudget(Command):
    """Move subsidy, and the cost it bears, from one cost category to another inside the award."""

    from_category: Wire[Code]
    to_category: Wire[Code]
    amount_cents: Wire[Amount]
    reason: Wire[Written]


class RecordBeneficiarySuccession(Command):
    """A legal successor (rechtsopvolger) takes the contract over on a day; `merged` are all who merged into it."""

    successor: Wire[Party]
    merged: Annotated[list[Wire[Party]], Field(max_length=200)]
    effective_on: Wire[Day]
    basis: Wire[Name]


class CompleteContract(Command):
    """The term has ended."""


class CloseContract(Command):
    """Payment has closed the account: nothing is open any more."""

    final_subsidy_cents: Wire[Cents]
    paid_cents: Wire[Cents]
    recovered_cents: Wire[Cents]
    source: Wire[Source]


ContractCommand: TypeAlias = (
    DraftContract
    | SignPledge
    | ActivateContract
    | ShiftBudget
    | RecordBeneficiarySuccession
    | CompleteContract
    | CloseContract
)

ROWS: tuple[CommandSpec, ...] = (
    row(DraftContract, "contract", SERVICE, ("STATE",), creates=True),
    row(SignPledge, "contract", frozenset({"partner", "applicant"}), ("D7", "OWN", "STATE"), past=True),
    row(ActivateContract, "contract", frozenset({"service", "case_handler"}), ("D7", "STATE")),
    row(ShiftBudget, "contract", APPLICANT, ("D8", "OWN", "STATE")),
    row(RecordBeneficiarySuccession, "contract", HANDLER, ("D9", "STATE")),
    row(CompleteContract, "contract", SERVICE, ("STATE",)),
    row(CloseContract, "contract", SERVICE, ("STATE",)),
)
"""The contract's rows of the registry."""
