"""Commands on a report."""

from typing import Annotated

from pydantic import Field

from events.payment import ReportedCost
from events.times import Deadline
from events.vocabulary import Code, FinancingLine, Period, Sha256, Uuid, Written
from services.fields import Command, Wire
from services.payment.commands.account import MOST_LINES

LONGEST_CORRECTION_DAYS = 366


class ExpectReport(Command):
    """A report falls due on `due`."""

    call: Wire[Uuid]
    case: Wire[Uuid]
    report: Wire[Code]
    period: Wire[Period]
    due: Wire[Deadline]
    reminder_days: list[int] = Field(default_factory=list)


class SubmitReport(Command):
    """Hand in the narrative and financial report; until it is accepted, a later one takes its place."""

    costs: Annotated[list[Wire[ReportedCost]], Field(max_length=MOST_LINES)]
    financing: Annotated[list[Wire[FinancingLine]], Field(max_length=MOST_LINES)]
    narrative: Wire[Written]
    document_sha256: Wire[Sha256]
    synthetic: bool = False


class RequestReportCorrection(Command):
    """Send the report back: another one is due by the end of the day `days` days from now."""

    reason: Wire[Written]
    days: Annotated[int, Field(ge=1, le=LONGEST_CORRECTION_DAYS)]


class RejectReport(Command):
    """Do not accept the report, and ask for no other."""

    reason: Wire[Written]


class GiveDefaultNotice(Command):
    """Demand an overdue report a last time (ingebreke stellen), within so many days."""

    reason: Wire[Written]
    days: Annotated[int, Field(ge=1, le=LONGEST_CORRECTION_DAYS)]


class RemindReport(Command):
    """The day of a reminder came."""

    days: Annotated[int, Field(ge=1)]


class AcceptReport(Command):
    """Accept the costs as they stand in the report."""


class MarkReportOverdue(Command):
    """The term passed without the report."""
