"""Commands of control, and of the end of an account."""

from typing import Annotated

from pydantic import Field

from events.vocabulary import Cents, Code, Name, Written
from services.fields import Command, Wire


class RecordAuditFinding(Command):
    """Record a finding of an inspection or audit; the same reference is recorded once."""

    reference: Wire[Name]
    description: Wire[Written]


class DisallowCost(Command):
    """Take a cost out of the accepted ones; `ground` is the rule it breaks, `evidence` where that is shown."""

    finding: Annotated[int, Field(ge=1)]
    category: Wire[Code]
    amount_cents: Wire[Cents]
    ground: Wire[Name]
    evidence: Wire[Name]


class SettleFinalAccount(Command):
    """Make the final account (eindafrekening)."""


class CloseAccount(Command):
    """Nothing is open any more."""
