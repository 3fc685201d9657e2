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
    "lapsed",
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
    "suspended",
    "completed",
    "terminated",
    "expired",
    "closed",
]
ENDED: frozenset[Status] = frozenset(
    {"late", "withdrawn", "lapsed", "inadmissible", "ineligible", "refused", "waived", "closed"}
)


class IndicatorRow(msgspec.Struct, kw_only=True, frozen=True):
    """An indicator of an action: what was promised and what was last measured; `reached_bp` in basis points."""

    indicator: str
    unit: str
    baseline: int
    target: int
    value: int | None = None
    measured_on: Day | None = None
    reached_bp: int | None = None


class ActionRow(msgspec.Struct, kw_only=True, frozen=True):
    """An action of the contract; `owner` is its partner, None the beneficiary itself."""

    action: str
    title: str
    owner: str | None
    start: Day
    end: Day
    discontinued: bool
    indicators: list[IndicatorRow]


class StatusRow(msgspec.Struct, kw_only=True):
    """One case. Amounts in cents; `organisations` may read the case (OVO codes), of the jury only the `sighted` may
    (person ids), and among those are none of the `recused`.

    `open_recoveries` maps a recovery to the cents still owed; `unsigned` lists mandatory partners without a signature.
    `refused_pledges` and `left_partners` are partners that an amendment has not replaced or let go yet.
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
    ended_early: Literal["terminated", "expired"] | None = None
    closed_at: Instant | None = None
    overdue_reports: list[str] = msgspec.field(default_factory=list)
    open_findings: list[int] = msgspec.field(default_factory=list)
    open_recoveries: dict[str, int] = msgspec.field(default_factory=dict)
    rejected_payments: list[str] = msgspec.field(default_factory=list)
    unsigned: list[str] = msgspec.field(default_factory=list)
    refused_pledges: list[str] = msgspec.field(default_factory=list)
    left_partners: list[str] = msgspec.field(default_factory=list)
    open_amendment: int | None = None
    actions: list[ActionRow] = msgspec.field(default_factory=list)
    organisations: list[str] = msgspec.field(default_factory=list)
    recused: list[str] = msgspec.field(default_factory=list)
    sighted: list[str] = msgspec.field(default_factory=list)
    last_type: str = ""
    last_at: Instant | None = None
    last_position: int = 0
