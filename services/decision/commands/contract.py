"""What can be asked about a contract."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from events.decision import SuspensionGround, TerminationGround
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
from services.deciding import CommandSpec, Role, States
from services.decision.commands import amendment, plan
from services.decision.commands.amendment import AmendmentCommand
from services.decision.commands.plan import PlanCommand
from services.decision.commands.rows import APPLICANT, HANDLER, SERVICE, Amount, envelope_of_case, row, with_grant
from services.fields import Command, Wire


class _OfAward(Command):
    """What a contract takes over from its award."""

    call: Wire[Uuid]
    beneficiary: Wire[Party]
    project: Wire[Name]
    neighbourhood: Wire[Name]
    amount_cents: Wire[Cents]
    budget: list[Wire[BudgetLine]]
    partners: list[Wire[Partner]]
    term: Wire[Period]
    synthetic: bool
    reference: Wire[Name]
    source: Wire[Source]


class DraftContract(_OfAward):
    """Draw up the contract of an award; it waits for the pledges of the partners."""


class RedraftContract(_OfAward):
    """Draw it up again: a decision taken anew awards, and the contract before it has ended."""


class AdoptAward(Command):
    """Follow a new decision on the award; of an award that is worth nothing any more the contract ends."""

    amount_cents: Wire[Cents]
    budget: list[Wire[BudgetLine]]
    reference: Wire[Name]
    renounced: bool
    source: Wire[Source]


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


class ExtendTerm(Command):
    """Let the contract run longer (verlenging), until `end`, as the decision that `reference` names allows."""

    end: Wire[Day]
    reference: Wire[Name]
    reason: Wire[Written]


class SuspendContract(Command):
    """Hold everything back (opschorting), to be looked at again by `review_on`."""

    ground: SuspensionGround
    reason: Wire[Written]
    review_on: Wire[Day] | None = None


class ResumeContract(Command):
    """Let a suspended contract go on."""

    reason: Wire[Written]


class TerminateContract(Command):
    """End the contract before its term (stopzetting), as the decision that `reference` names allows."""

    ground: TerminationGround
    reference: Wire[Name]
    reason: Wire[Written]


class CompleteContract(Command):
    """The term has ended: completed if the contract is in force, expired if it is not."""


class CloseContract(Command):
    """Payment has closed the account: nothing is open any more."""

    final_subsidy_cents: Wire[Cents]
    paid_cents: Wire[Cents]
    recovered_cents: Wire[Cents]
    source: Wire[Source]


ContractCommand: TypeAlias = (
    DraftContract
    | RedraftContract
    | AdoptAward
    | SignPledge
    | ActivateContract
    | ShiftBudget
    | RecordBeneficiarySuccession
    | ExtendTerm
    | SuspendContract
    | ResumeContract
    | TerminateContract
    | CompleteContract
    | CloseContract
    | PlanCommand
    | AmendmentCommand
)

_SERVICE_OR_HANDLER: frozenset[Role] = frozenset({"service", "case_handler"})


def _once_drafted(command: Command, case: str, state: Any, states: States) -> Sequence[str]:
    """A contract that is there looks at its award again; a new one was drawn up because of it."""
    reads = envelope_of_case if state.status == "none" else with_grant
    return reads(command, case, state, states)


ROWS: tuple[CommandSpec, ...] = (
    row(DraftContract, "contract", SERVICE, ("STATE",), _once_drafted, creates=True),
    row(RedraftContract, "contract", SERVICE, ("STATE",), with_grant),
    row(AdoptAward, "contract", SERVICE, ("STATE",), with_grant),
    row(SignPledge, "contract", frozenset({"partner", "applicant"}), ("D7", "OWN", "STATE"), with_grant, past=True),
    row(ActivateContract, "contract", _SERVICE_OR_HANDLER, ("D7", "STATE"), with_grant),
    row(ShiftBudget, "contract", APPLICANT, ("C1", "D8", "OWN", "STATE"), with_grant),
    row(RecordBeneficiarySuccession, "contract", HANDLER, ("D9", "STATE")),
    row(ExtendTerm, "contract", frozenset({"case_handler", "government_secretary"}), ("D7", "STATE")),
    row(SuspendContract, "contract", _SERVICE_OR_HANDLER, ("D7", "STATE")),
    row(ResumeContract, "contract", _SERVICE_OR_HANDLER, ("D7", "STATE"), with_grant),
    row(TerminateContract, "contract", _SERVICE_OR_HANDLER, ("STATE",)),
    row(CompleteContract, "contract", SERVICE, ("STATE",)),
    row(CloseContract, "contract", SERVICE, ("STATE",)),
    *plan.ROWS,
    *amendment.ROWS,
)
"""The contract's rows of the registry."""
