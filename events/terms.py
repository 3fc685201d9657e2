"""The terms (voorwaarden) of a call: every rule of it, as data."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from events.application import IntakeTerms
from events.times import Day, Deadline
from events.vocabulary import BasisPoints, Cents, Code, Name, Part, Period, Text

Days: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=3_660)]
"""A term in calendar days: at least one, at most ten years."""


class Coded(Part, frozen=True, kw_only=True):
    """A code of this call and what it stands for; an infrastructure-like category is told by its share limit."""

    code: Code
    label: Text


class Cofinancing(Part, frozen=True, kw_only=True):
    """Own contribution (eigen inbreng): at least `min_rate_bp` of the base. Which base is a choice of the call."""

    base: Literal["TOTAL_ELIGIBLE_COST", "SUBSIDY"]
    min_rate_bp: BasisPoints
    counts_partner_cash: bool
    counts_in_kind: bool
    excludes_other_flemish_subsidy: bool


class ShareLimit(Part, frozen=True, kw_only=True):
    """At most `max_share_bp` of the subsidy may go to this cost category."""

    category: Code
    max_share_bp: BasisPoints


class TermLimit(Part, frozen=True, kw_only=True):
    """How long a contract may run, in whole months, and the first and last day it may cover."""

    max_months: int
    earliest_start: Day
    latest_end: Day


class Criterion(Part, frozen=True, kw_only=True):
    """An assessment criterion; weights of a call add up to 10,000. Members give 0 … `max_points` points."""

    code: Code
    label: Text
    weight_bp: BasisPoints
    max_points: int


class JuryTerms(Part, frozen=True, kw_only=True):
    """How the jury (jury van deskundigen) must be made up and when it counts as favourable.

    `quorum` members, of whom `min_external` from outside the administration, must be present at adoption; a weighted
    score below `threshold_bp` of the maximum cannot be favourable. `min_government` members must come from the
    administration, and the panel must hold each `required_expertise`. `suggest_conflicts`: employers and partners are
    compared by themselves. `reply_days`: how long an applicant may reply to a provisional advice (0: there is none).
    `reopens_with_envelope`: a fixed ranking opens again when the envelope changes.
    """

    members: int
    quorum: int
    min_external: int
    min_government: int
    required_expertise: list[Name]
    suggest_conflicts: bool
    reply_days: int
    reopens_with_envelope: bool
    threshold_bp: BasisPoints
    tie_rule: Literal["lower_amount_first", "earlier_submission_first"]
    partial_fit: Literal["stop_at_first_misfit", "skip_misfit", "cut_last"]


class Tranche(Part, frozen=True, kw_only=True):
    """An instalment (schijf): its share of the award, and what must have happened before it can be claimed.

    `report` names the report that must be accepted when the condition is ``report_accepted``.
    """

    code: Code
    label: Text
    share_bp: BasisPoints
    condition: Literal["contract_active", "report_accepted", "final_account_settled"]
    report: Code | None


class ReportTerm(Part, frozen=True, kw_only=True):
    """A narrative and financial report: the period it covers and the last day to hand it in."""

    code: Code
    label: Text
    period: Period
    due: Day


class TrancheRule(Part, frozen=True, kw_only=True):
    """What else must be so before a tranche can be claimed, beside its own condition.

    `interim_continue`: the interim decision was to go on; `positive_inspection`: the last inspection on site was
    positive; `cost_lines`: the claim itself lists costs with their evidence. `min_realised_bp`: this share of the award
    is charged in accepted reports. `not_before_months` is reckoned from the first day of the contract,
    `claim_months_after_end` from its last: after that the tranche lapses.
    """

    tranche: Code
    requires: list[Literal["interim_continue", "positive_inspection", "cost_lines"]]
    min_realised_bp: BasisPoints
    not_before_months: int | None
    claim_months_after_end: int | None


class InterimTerms(Part, frozen=True, kw_only=True):
    """Half way it is decided whether a project goes on: it reached this share of its target, or earned it otherwise."""

    min_reached_bp: BasisPoints


class RetentionTerm(Part, frozen=True, kw_only=True):
    """How long the papers of a closed account are kept (bewaartermijn), by which selection rule, and what becomes of
    them then: a rule gives a reasoned term and destination for a series (Bestuursdecreet, art. III.87)."""

    years: Annotated[int, msgspec.Meta(ge=1, le=100)]
    selection_rule: Name
    destination: Literal["keep", "destroy", "sample"]


class PaymentTerms(Part, frozen=True, kw_only=True):
    """How tranches are claimed and reports are asked for: reminders so many days before a report is due.

    Without a `retention` term nothing tells when the papers of a closed account may go.
    """

    reminder_days: list[int]
    tranche_rules: list[TrancheRule]
    interim: InterimTerms | None
    retention: RetentionTerm | None


class DecisionTerms(Part, frozen=True, kw_only=True):
    """What must be in the file before the Government can decide, and how an applicant can appeal.

    Terms in calendar days: for appeal, from the notification; of the standstill of a postponed proposal, after which
    its reservations lapse; of the reserve list, from the decision. None: no such term, and no reserve list.
    """

    requires_inspectorate_advice: bool
    requires_budget_agreement: bool
    mandatory_pledge_levels: list[Literal["local", "supra_local", "flemish"]]
    appeal: Text
    appeal_days: Days | None
    postponement_days: Days | None
    reserve_days: Days | None


class HumanCheck(Part, frozen=True, kw_only=True):
    """A check that no rule can make: a person judges it (kwalitatief criteriumvereiste), before which conclusion.

    Without a `mandatory` one nobody concludes; another one counts once it was made.
    """

    code: Code
    label: Text
    stage: Literal["admissibility", "eligibility"]
    mandatory: bool


class DerogationTerm(Part, frozen=True, kw_only=True):
    """A check, by the id of its rule or its own code, that may be set aside in a case, and what allows it."""

    check: Name
    legal_basis: Name


class EligibilityTerms(Part, frozen=True, kw_only=True):
    """What people judge beside the rules, where a call allows derogation (afwijking), and whether costs that another
    case of the same applicant brings in already are looked for."""

    human_checks: list[HumanCheck]
    derogations: list[DerogationTerm]
    double_funding: Literal["not_checked", "same_neighbourhood_and_category"]


class Terms(Part, frozen=True, kw_only=True):
    """The rules of one call, as data. `synthetic` lists the fields whose real values were not found in any source."""

    title: Text
    legal_basis: Name
    budget_article: Name
    case_number_prefix: Name
    opens: Deadline
    deadline: Deadline
    envelope_cents: Cents
    cap_cents: Cents
    cofinancing: Cofinancing
    share_limits: list[ShareLimit]
    cost_categories: list[Coded]
    themes: list[Coded]
    instruments: list[Coded]
    required_attachments: list[Coded]
    completion_days: int
    one_live_application: bool
    term: TermLimit
    criteria: list[Criterion]
    jury: JuryTerms
    decision: DecisionTerms
    eligibility: EligibilityTerms
    tranches: list[Tranche]
    reports: list[ReportTerm]
    payment: PaymentTerms
    intake: IntakeTerms
    synthetic: list[str]
