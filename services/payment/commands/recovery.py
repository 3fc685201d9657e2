"""Commands on a recovery."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from events.times import Day
from events.vocabulary import Cents, Name, Source, Uuid, Written
from services.fields import Command, Wire

MOST_INSTALMENTS = 60
"""Five years of months."""

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


class ContestRecovery(Command):
    """Contest the debt (bezwaar indienen)."""

    reason: Wire[Written]


class DecideContest(Command):
    """Answer the contest: how much lower the debt is from now on; 0 upholds it."""

    reduced_cents: Wire[Cents]
    reason: Wire[Written]


class PlannedInstalment(BaseModel):
    """A part of the debt and its last day."""

    model_config = Command.model_config
    day: Wire[Day]
    amount_cents: Annotated[Wire[Cents], Field(gt=0)]


class AgreeInstalments(Command):
    """Agree in which parts what is open is paid back, by ascending day."""

    instalments: Annotated[list[PlannedInstalment], Field(min_length=1, max_length=MOST_INSTALMENTS)]


class MissInstalment(Command):
    """The last day of an instalment is over."""

    plan: int
    number: int


class WaiveRecovery(Command):
    """Give up (kwijtschelden) what is open, or a part of it."""

    amount_cents: Annotated[Wire[Cents], Field(gt=0)]
    reason: Wire[Written]
    basis: Wire[Name]


class TransferToCollection(Command):
    """Hand what is open to who collects by force (gedwongen invordering)."""

    collector: Wire[Name]
    reference: Wire[Name]
