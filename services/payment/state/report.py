"""A report: owed, in, sent back, accepted or rejected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, assert_never

from events.payment import (
    DefaultNoticeGiven,
    ReportAccepted,
    ReportCorrectionRequested,
    ReportExpected,
    ReportFacts,
    ReportOverdue,
    ReportRejected,
    ReportReminded,
    ReportSubmitted,
)
from events.times import Deadline, start_of_day
from events.vocabulary import Period


@dataclass(frozen=True, slots=True)
class Report:
    """A report (verslag). `due` is its last day, or that of its correction; `reminded` says which reminders went."""

    status: Literal["none", "expected", "overdue", "submitted", "correction", "accepted", "rejected"] = "none"
    call: str = ""
    case: str = ""
    report: str = ""
    period: Period | None = None
    due: Deadline | None = None
    reminder_days: tuple[int, ...] = ()
    reminded: tuple[int, ...] = ()
    noticed: bool = False
    submitted: ReportSubmitted | None = None
    accepted_by: str = ""


def reminder_at(due: Deadline, days: int) -> Deadline:
    """When a reminder goes: as the day begins that lies so many days before the last one."""
    return start_of_day((date.fromisoformat(due.local[:10]) - timedelta(days=days)).isoformat(), due.zone)


def evolve_report(state: Report, fact: ReportFacts) -> Report:
    """The report after one more fact."""
    match fact:
        case ReportExpected():
            return Report(
                "expected", fact.call, fact.case, fact.report, fact.period, fact.due, tuple(fact.reminder_days)
            )
        case ReportReminded():
            return replace(state, reminded=(*state.reminded, fact.days))
        case ReportOverdue():
            return replace(state, status="overdue")
        case DefaultNoticeGiven():
            return replace(state, noticed=True)
        case ReportSubmitted():
            return replace(state, status="submitted", submitted=fact)
        case ReportCorrectionRequested():
            return replace(state, status="correction", due=fact.due)
        case ReportAccepted():
            return replace(state, status="accepted", accepted_by=fact.accepted_by)
        case ReportRejected():
            return replace(state, status="rejected")
        case _:
            assert_never(fact)
