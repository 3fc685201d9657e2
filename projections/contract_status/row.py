"""The row of contract status, and the states a case can be in."""

from __future__ import annotations

from typing import Literal

import msgspec

from events.times import Day, Instant

Status = Literal[
    "draft",
    "submitted",
    "late",
    "withdrawn",
    "inadmissible",
    "ineligible",
    "eligible",
    "advised",
    "proposed",
    "awarded",
    "refused",
    "reserve",
    "waived",
    "retracted",
    "annulled",
    "contract_drafted",
    "signed",
    "active",
    "completed",
    "closed",
]
ENDED: frozenset[Status] = frozenset({"late", "withdrawn", "inadmissible", "ineligible", "refused", "waived", "closed"})


class StatusRow(msgspec.Struct, kw_only=True):
    """One case. Amounts in cents; `organisations` may read the case (OVO codes), of the jury only the `sighted` may
    (person ids), and among those are none of the `recused`.

    `open_recoveries` maps a recovery to the cents still owed; `unsigned` lists mandatory partners without a signature.
    """

    case_id: str
    call: str
    status: Status = "draft"
    case_number: str | None = None
    applicant_ovo: str | None = None
    applicant: str | None = None
    beneficiary_ovo: str | None = None
    beneficiary: str | None = None
    successor_of: str | None = None
    neighbourhood: str | None = None
    project: str | None = None
    requested_cents: int | None = None
    awarded_cents: int | None = None
    final_subsidy_cents: int | None = None
    synthetic: bool = False
    rank: int | None = None
    score_bp: int | None = None
    started_at: Instant | None = None
    submitted_at: Instant | None = None
    decided_on: Day | None = None
    notified_at: Instant | None = None
    activated_at: Instant | None = None
    term_start: Day | None = None
    term_end: Day | None = None
    completed_at: Instant | None = None
    closed_at: Instant | None = None
    overdue_reports: list[str] = msgspec.field(default_factory=list)
    open_findings: list[int] = msgspec.field(default_factory=list)
    open_recoveries: dict[str, int] = msgspec.field(default_factory=dict)
    rejected_payments: list[str] = msgspec.field(default_factory=list)
    unsigned: list[str] = msgspec.field(default_factory=list)
    organisations: list[str] = msgspec.field(default_factory=list)
    recused: list[str] = msgspec.field(default_factory=list)
    sighted: list[str] = msgspec.field(default_factory=list)
    last_type: str = ""
    last_at: Instant | None = None
    last_position: int = 0
