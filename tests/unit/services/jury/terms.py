"""The terms of a small call, for tests of services that copy parts of them."""

from __future__ import annotations

from typing import Any

import msgspec

from events.application import IntakeTerms
from events.intake import (
    CallPublished,
    Coded,
    Cofinancing,
    Criterion,
    DecisionTerms,
    JuryTerms,
    PaymentTerms,
    ShareLimit,
    TermLimit,
    Terms,
)
from events.times import deadline
from events.vocabulary import Text
from tests.unit.services.intake.examples import TERMS

CATEGORIES = [
    Coded(code="staff", label=Text(nl="personeelsmiddelen", en="staff costs")),
    Coded(code="operation", label=Text(nl="werkingsmiddelen", en="operating costs")),
    Coded(code="infrastructure", label=Text(nl="kleinschalige infrastructuur", en="small-scale infrastructure")),
]
COFINANCING = Cofinancing(
    base="TOTAL_ELIGIBLE_COST",
    min_rate_bp=2_000,
    counts_partner_cash=True,
    counts_in_kind=False,
    excludes_other_flemish_subsidy=True,
)
SHARE_LIMITS = [ShareLimit(category="infrastructure", max_share_bp=2_000)]
TERM_LIMIT = TermLimit(max_months=48, earliest_start="2022-01-01", latest_end="2025-12-31")
CRITERIA = [
    Criterion(code="quality", label=Text(nl="Kwaliteit", en="Quality"), weight_bp=6_000, max_points=10),
    Criterion(code="feasibility", label=Text(nl="Haalbaarheid", en="Feasibility"), weight_bp=4_000, max_points=20),
]
JURY_TERMS = JuryTerms(
    members=4,
    quorum=3,
    min_external=1,
    min_government=0,
    required_expertise=[],
    suggest_conflicts=False,
    reply_days=0,
    reopens_with_envelope=False,
    threshold_bp=6_000,
    tie_rule="lower_amount_first",
    partial_fit="stop_at_first_misfit",
)
DECISION = DecisionTerms(
    requires_inspectorate_advice=True,
    requires_budget_agreement=True,
    mandatory_pledge_levels=["local"],
    appeal=Text(nl="U kunt binnen 60 dagen beroep aantekenen.", en="You can appeal within 60 days."),
    appeal_days=60,
    postponement_days=None,
    reserve_days=None,
)


def call_terms(**changes: Any) -> Terms:
    """All terms of a call; `changes` replace some."""
    fields: dict[str, Any] = {
        "title": Text(nl="Oproep", en="Call"),
        "legal_basis": "Besluit",
        "budget_article": "SJ0-1SMC2GP-WT",
        "case_number_prefix": "WVC-2021",
        "opens": deadline("2021-03-11T09:00:00"),
        "deadline": deadline("2021-07-10T23:59:59"),
        "envelope_cents": 400_000_000,
        "cap_cents": 80_000_000,
        "cofinancing": COFINANCING,
        "share_limits": SHARE_LIMITS,
        "cost_categories": CATEGORIES,
        "themes": [],
        "instruments": [],
        "required_attachments": [],
        "completion_days": 14,
        "one_live_application": True,
        "term": TERM_LIMIT,
        "criteria": CRITERIA,
        "jury": JURY_TERMS,
        "decision": DECISION,
        "tranches": [],
        "reports": [],
        "payment": PaymentTerms(reminder_days=[], tranche_rules=[], interim=None, retention=None),
        "intake": IntakeTerms(register=False, reopening_roles=["case_handler"], form=None, attachments=[]),
        "synthetic": [],
    }
    # What the jury does not look at is that of the shipped call.
    return msgspec.structs.replace(TERMS, **{**fields, **changes})


def call_published(call: str, **changes: Any) -> CallPublished:
    """The call's publication, as other services hear of it."""
    return CallPublished(call=call, terms=call_terms(**changes))
