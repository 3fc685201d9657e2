"""The criteria of one call and one sound dossier, from which the tests vary one thing each."""

from __future__ import annotations

from typing import Any

import msgspec

from events.eligibility import AssessedDossier, AssessmentStarted, CriteriaAdopted
from events.intake import (
    Coded,
    Cofinancing,
    DerogationTerm,
    EligibilityTerms,
    HumanCheck,
    ShareLimit,
    TermLimit,
)
from events.vocabulary import Attachment, BudgetLine, FinancingLine, Party, Period, Source, Text, Written
from services.deciding import Refused
from services.eligibility.commands import StartAssessment
from services.eligibility.worker import ELIGIBILITY
from tests.given import Given, Then, actor, given

CALL = "01900000-0000-7000-8000-0000000000c1"
CASE = "01900000-0000-7000-8000-00000000ab0f"
CRITERIA_STREAM, CASE_STREAM = f"criteria-{CALL}", f"assessment-{CASE}"
PUBLISHED = Source(event_id="01900000-0000-7000-8000-000000000001", position=3)
SUBMITTED = Source(event_id="01900000-0000-7000-8000-000000000002", position=40)
LATER = Source(event_id="01900000-0000-7000-8000-000000000003", position=55)

DENDERLEEUW = Party(ovo="OVO900110", kbo="0999001020", name="Gemeente Denderleeuw", nis="41011")
APPLICANT = actor("applicant", DENDERLEEUW.ovo)
STRANGER = actor("applicant", "OVO900101")
OFFICIAL = actor("case_handler")

CRITERIA = CriteriaAdopted(
    call=CALL,
    cap_cents=80_000_000,
    cofinancing=Cofinancing(
        base="TOTAL_ELIGIBLE_COST",
        min_rate_bp=2_000,
        counts_partner_cash=True,
        counts_in_kind=False,
        excludes_other_flemish_subsidy=True,
    ),
    share_limits=[ShareLimit(category="infrastructure", max_share_bp=2_000)],
    cost_categories=["personnel", "operating", "infrastructure"],
    required_attachments=[
        Coded(code="council_decision", label=Text(nl="Beslissing", en="Decision")),
        Coded(code="financial_plan", label=Text(nl="Financieel plan", en="Financial plan")),
    ],
    term=TermLimit(max_months=48, earliest_start="2022-01-01", latest_end="2025-12-31"),
    completion_days=14,
    eligibility=EligibilityTerms(human_checks=[], derogations=[], double_funding="not_checked"),
    one_live_application=True,
    source=PUBLISHED,
)


def human(code: str, stage: Any = "eligibility", *, mandatory: bool = True) -> HumanCheck:
    """A check that the terms leave to people."""
    label = Text(nl=f"Vraag {code}", en=f"Question {code}")
    return HumanCheck(code=code, label=label, stage=stage, mandatory=mandatory)


def criteria_with(
    *checks: HumanCheck, derogations: dict[str, str] | None = None, double_funding: Any = "not_checked"
) -> CriteriaAdopted:
    """The criteria of a call that leaves these checks to people and allows derogation, check by check, on a ground."""
    allowed = [DerogationTerm(check=check, legal_basis=basis) for check, basis in (derogations or {}).items()]
    terms = EligibilityTerms(human_checks=list(checks), derogations=allowed, double_funding=double_funding)
    return msgspec.structs.replace(CRITERIA, eligibility=terms)


def with_cofinancing(**other: Any) -> CriteriaAdopted:
    """The criteria with another own-contribution rule."""
    return msgspec.structs.replace(CRITERIA, cofinancing=msgspec.structs.replace(CRITERIA.cofinancing, **other))


def in_dutch(text: str) -> Written:
    """What somebody wrote, in Dutch."""
    return Written(language="nl", text=text)


def papers(*kinds: str) -> list[Attachment]:
    """One attachment of each kind."""
    return [Attachment(kind=kind, name=f"{kind}.pdf", sha256="ab" * 32) for kind in kinds]


def line(category: str, amount: int, subsidy: int) -> BudgetLine:
    """A cost line."""
    return BudgetLine(category=category, amount_cents=amount, subsidy_cents=subsidy)


def money(source: Any, amount: int) -> FinancingLine:
    """A financing line."""
    return FinancingLine(source=source, party="Denderleeuw", amount_cents=amount)


def dossier(**other: Any) -> AssessedDossier:
    """A sound dossier: 500.000,00 euro of subsidy on a cost of 625.000,00 euro."""
    fields: dict[str, Any] = {
        "applicant": DENDERLEEUW,
        "neighbourhood": "Leeuwbrug",
        "project": "Leeuwbrug renoveert",
        "requested_cents": 50_000_000,
        "budget": [line("personnel", 52_500_000, 40_000_000), line("infrastructure", 10_000_000, 10_000_000)],
        "financing": [money("subsidy", 50_000_000), money("own", 12_500_000)],
        "partners": [],
        "term": Period(start="2022-01-01", end="2025-12-31"),
        "attachments": papers("council_decision", "financial_plan"),
        "application_version": 1,
        "synthetic": False,
        "source": SUBMITTED,
    }
    return AssessedDossier(**(fields | other))


def simple(total: int, subsidy: int, own: int) -> AssessedDossier:
    """A dossier of one cost line, paid by the subsidy and own means."""
    return dossier(
        requested_cents=subsidy,
        budget=[line("personnel", total, subsidy)],
        financing=[money("subsidy", subsidy), money("own", own)],
    )


LEEUWBRUG = simple(69_036_720, 57_530_600, 11_506_120)
"""Denderleeuw as it was told: the subsidy of 575.306,00 euro "enlarged by 20 %"."""


def start(one: AssessedDossier | None = None) -> StartAssessment:
    """Begin the examination."""
    return StartAssessment(call=CALL, dossier=one or dossier())


def adopted(criteria: CriteriaAdopted = CRITERIA) -> Given:
    """The criteria are there."""
    return given(ELIGIBILITY).has(CRITERIA_STREAM, criteria)


def started(one: AssessedDossier | None = None, criteria: CriteriaAdopted = CRITERIA) -> Given:
    """A dossier under examination, all its rules checked."""
    return adopted(criteria).when("assessment", CASE, start(one)).recorded()


def unchecked() -> Given:
    """A dossier whose rules were not checked."""
    return adopted().has(CASE_STREAM, AssessmentStarted(call=CALL, case=CASE, dossier=dossier()))


def inputs_of(answer: Then) -> dict[str, Any]:
    """What a refusal tells about itself."""
    assert isinstance(answer.decision, Refused), answer.decision
    return dict(answer.decision.inputs)
