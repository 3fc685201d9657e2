"""Commands of control, and of the end of an account."""

from typing import Annotated, Literal

from pydantic import Field

from events.times import Day
from events.vocabulary import BasisPoints, Cents, Code, Name, Sha256, Written
from services.fields import Command, Wire


class RecordAuditFinding(Command):
    """Record a finding of an inspection or audit; the same reference is recorded once."""

    reference: Wire[Name]
    description: Wire[Written]


class RecordInspection(Command):
    """Record an inspection on site; the same reference is recorded once."""

    reference: Wire[Name]
    inspected_on: Wire[Day]
    outcome: Literal["positive", "remarks", "negative"]
    remarks: Wire[Written]
    document_sha256: Wire[Sha256]


class RecordInterimDecision(Command):
    """Record whether the project goes on or stops, and how far it came by then."""

    outcome: Literal["continue", "stop"]
    reached_bp: Wire[BasisPoints]
    positive_evaluation: bool
    reason: Wire[Written]


class ReinstateCost(Command):
    """Let a disallowed cost count again, before anything of the finding is claimed back."""

    finding: Annotated[int, Field(ge=1)]
    category: Wire[Code]
    amount_cents: Annotated[Wire[Cents], Field(gt=0)]
    reason: Wire[Written]


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
