"""Facts of a report (verslag): owed, reminded of, handed in, sent back, accepted or rejected."""

from __future__ import annotations

from typing import TypeAlias

from events.times import Deadline
from events.vocabulary import CaseFact, Cents, Check, FinancingLine, Part, Period, Written


class ReportExpected(CaseFact, frozen=True, kw_only=True):
    """A report falls due; the next move is the beneficiary's. Reminders go so many days before: `reminder_days`."""

    report: str
    period: Period
    due: Deadline
    reminder_days: list[int]


class ReportOverdue(CaseFact, frozen=True, kw_only=True):
    """The term passed without the report; payments that depend on it wait."""

    report: str
    due: Deadline


class ReportedCost(Part, frozen=True, kw_only=True):
    """Cost made in the period, by category, and the part charged to the subsidy."""

    category: str
    amount_cents: Cents
    subsidy_cents: Cents


class ReportSubmitted(CaseFact, frozen=True, kw_only=True):
    """Narrative and financial report (inhoudelijk en financieel verslag); documents by digest."""

    report: str
    costs: list[ReportedCost]
    financing: list[FinancingLine]
    narrative: Written
    document_sha256: str
    synthetic: bool


class ReportAccepted(CaseFact, frozen=True, kw_only=True):
    """The report was checked and its costs are accepted as they stand; who did so releases nothing on it (P3)."""

    report: str
    accepted_cents: Cents
    accepted_by: str
    checks: list[Check]


class ReportReminded(CaseFact, frozen=True, kw_only=True):
    """A reminder: the report is due in `days` days, and has not come."""

    report: str
    days: int
    due: Deadline


class ReportCorrectionRequested(CaseFact, frozen=True, kw_only=True):
    """The report as handed in cannot be accepted; another one is due. The next move is the beneficiary's."""

    report: str
    reason: Written
    due: Deadline


class DefaultNoticeGiven(CaseFact, frozen=True, kw_only=True):
    """Default notice (ingebrekestelling): the overdue report is demanded a last time, by `due`."""

    report: str
    reason: Written
    due: Deadline


class ReportRejected(CaseFact, frozen=True, kw_only=True):
    """The report is not accepted and none takes its place: its costs are not accounted for."""

    report: str
    rejected_cents: Cents
    reason: Written
    rejected_by: str


ReportFacts: TypeAlias = (
    ReportExpected
    | ReportReminded
    | ReportOverdue
    | DefaultNoticeGiven
    | ReportSubmitted
    | ReportCorrectionRequested
    | ReportAccepted
    | ReportRejected
)
