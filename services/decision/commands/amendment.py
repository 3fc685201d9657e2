"""What can be asked about a change of a contract."""

from typing import Annotated, TypeAlias

from pydantic import Field

from events.decision import Amendment
from events.vocabulary import Written
from services.deciding import CommandSpec
from services.decision.commands.rows import APPLICANT, HANDLER, row, with_grant
from services.fields import Command, Wire

Number = Annotated[int, Field(ge=1)]


class ProposeAmendment(Command):
    """Ask for a change of the contract (addendum)."""

    changes: Wire[Amendment]
    reason: Wire[Written]


class ApproveAmendment(Command):
    """Let the contract read so from now on; nobody approves what they proposed."""

    amendment: Number


class RefuseAmendment(Command):
    """Leave the contract as it is, for a reason."""

    amendment: Number
    reason: Wire[Written]


class WithdrawAmendment(Command):
    """Take a proposed change back."""

    amendment: Number
    reason: Wire[Written]


AmendmentCommand: TypeAlias = ProposeAmendment | ApproveAmendment | RefuseAmendment | WithdrawAmendment

ROWS: tuple[CommandSpec, ...] = (
    row(ProposeAmendment, "contract", APPLICANT, ("C1", "D7", "D8", "OWN", "STATE"), with_grant),
    row(ApproveAmendment, "contract", HANDLER, ("C1", "C2", "D7", "D8", "STATE"), with_grant),
    row(RefuseAmendment, "contract", HANDLER, ("STATE",)),
    row(WithdrawAmendment, "contract", APPLICANT, ("OWN", "STATE")),
)
"""The rows of amendments in the registry."""
