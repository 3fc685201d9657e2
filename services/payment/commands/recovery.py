"""Commands on a recovery."""

from typing import Annotated, Literal

from pydantic import Field

from events.times import Day
from events.vocabulary import Cents, Name, Source, Uuid
from services.fields import Command, Wire

Ground = Literal["conditions_not_met", "not_used_for_purpose", "control_obstructed", "not_accounted_for"]
"""Grounds for recovery: act of 16 May 2003, art. 13."""


class OrderRecovery(Command):
    """Claim back (terugvorderen) what a finding took off, or the overpayment; `number` counts the case's recoveries."""

    case: Wire[Uuid]
    number: Annotated[int, Field(ge=1)]
    ground: Ground
    finding: int | None = None


class OffsetRecovery(Command):
    """A payment was released of which this much is set off (verrekening)."""

    amount_cents: Wire[Cents]
    end_to_end_id: Wire[Name]
    source: Wire[Source]


class RecordRepayment(Command):
    """The debtor paid back; the same reference is recorded once."""

    amount_cents: Annotated[Wire[Cents], Field(gt=0)]
    reference: Wire[Name]
    value_date: Wire[Day]
