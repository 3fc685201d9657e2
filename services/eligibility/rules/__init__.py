"""Rules of eligibility: formal ones (`formal`), ones about money (`money`, `own_contribution`, `funding`), what people
do (`people`), and here how each is put to a dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from events.canonical import Json
from events.eligibility import AssessedDossier, CriteriaAdopted
from events.intake import ShareLimit
from events.vocabulary import Check
from services.eligibility.rules.formal import ATTACHMENTS_PRESENT, FORM_IN_ORDER, TERM_FITS, months_of
from services.eligibility.rules.funding import NO_DOUBLE_FUNDING, looked_for
from services.eligibility.rules.money import SHARES_HELD, SUMS_AGREE, WHOLE_BP, WITHIN_CAP
from services.eligibility.rules.own_contribution import (
    OWN_CONTRIBUTION,
    OWN_CONTRIBUTION_1,
    counted_cents,
    readings,
    required_cents,
)
from services.eligibility.rules.people import CAN_CONCLUDE, DEROGATION, HUMAN_CHECK
from services.rulebook import Rule, check

__all__ = [
    "CAN_CONCLUDE",
    "DEROGATION",
    "FORMAL",
    "HUMAN_CHECK",
    "LOOKED_UP",
    "MANDATORY",
    "MONEY",
    "RULES",
    "checks_of",
    "mandatory_of",
]

RULES: tuple[Rule, ...] = (
    ATTACHMENTS_PRESENT,
    FORM_IN_ORDER,
    WITHIN_CAP,
    SHARES_HELD,
    OWN_CONTRIBUTION_1,
    OWN_CONTRIBUTION,
    TERM_FITS,
    SUMS_AGREE,
    NO_DOUBLE_FUNDING,
    HUMAN_CHECK,
    DEROGATION,
    CAN_CONCLUDE,
)
"""Every version of every rule that eligibility records or tells."""


def _attachments(criteria: CriteriaAdopted, dossier: AssessedDossier) -> Check:
    required = [one.code for one in criteria.required_attachments]
    present = sorted({one.kind for one in dossier.attachments})
    missing = [code for code in required if code not in present]
    return _checked(ATTACHMENTS_PRESENT, criteria, dossier, {"required": required}, present=present, missing=missing)


def _form(criteria: CriteriaAdopted, dossier: AssessedDossier) -> Check:
    return _checked(
        FORM_IN_ORDER,
        criteria,
        dossier,
        {"cost_categories": criteria.cost_categories},
        requested_cents=dossier.requested_cents,
        categories=[line.category for line in dossier.budget],
    )


def _cap(criteria: CriteriaAdopted, dossier: AssessedDossier) -> Check:
    params = {"cap_cents": criteria.cap_cents}
    return _checked(WITHIN_CAP, criteria, dossier, params, requested_cents=dossier.requested_cents)


def _shares(criteria: CriteriaAdopted, dossier: AssessedDossier) -> Check:
    limits = [{"category": one.category, "max_share_bp": one.max_share_bp} for one in criteria.share_limits]
    category, spent, allowed = _tightest(criteria.share_limits, dossier)
    return _checked(
        SHARES_HELD,
        criteria,
        dossier,
        {"limits": limits},
        subsidy_cents=dossier.requested_cents,
        lines=[{"category": line.category, "subsidy_cents": line.subsidy_cents} for line in dossier.budget],
        category=category,
        category_cents=spent,
        allowed_cents=allowed,
    )


def _tightest(limits: Iterable[ShareLimit], dossier: AssessedDossier) -> tuple[str, int, int]:
    """The limit with the least room: its category, what it takes of the subsidy, and what it may take."""
    found = []
    for limit in limits:
        spent = sum(line.subsidy_cents for line in dossier.budget if line.category == limit.category)
        found.append((limit.category, spent, limit.max_share_bp * dossier.requested_cents // WHOLE_BP))
    return min(found, key=lambda one: one[2] - one[1], default=("", 0, 0))


def _own(criteria: CriteriaAdopted, dossier: AssessedDossier) -> Check:
    terms = criteria.cofinancing
    params = {
        "base": terms.base,
        "min_rate_bp": terms.min_rate_bp,
        "counts_partner_cash": terms.counts_partner_cash,
        "counts_in_kind": terms.counts_in_kind,
        "excludes_other_flemish_subsidy": terms.excludes_other_flemish_subsidy,
    }
    inputs = {
        "total_cost_cents": sum(line.amount_cents for line in dossier.budget),
        "subsidy_cents": dossier.requested_cents,
        "own_cents": _from(dossier, "own"),
        "partner_cash_cents": _from(dossier, "partner_cash"),
        "in_kind_cents": _from(dossier, "in_kind"),
        "other_flemish_cents": _from(dossier, "other_flemish"),
    }
    told = {
        "present_cents": counted_cents(params, inputs),
        "required_cents": required_cents(params, inputs),
        "readings": readings(params, inputs),
    }
    return _checked(OWN_CONTRIBUTION, criteria, dossier, params, **inputs, **told)


def _term(criteria: CriteriaAdopted, dossier: AssessedDossier) -> Check:
    limit, term = criteria.term, dossier.term
    params = {
        "max_months": limit.max_months,
        "earliest_start": limit.earliest_start,
        "latest_end": limit.latest_end,
    }
    months = months_of(term.start, term.end)
    return _checked(TERM_FITS, criteria, dossier, params, start=term.start, end=term.end, months=months)


def _sums(criteria: CriteriaAdopted, dossier: AssessedDossier) -> Check:
    return _checked(
        SUMS_AGREE,
        criteria,
        dossier,
        {},
        budget_cents=sum(line.amount_cents for line in dossier.budget),
        financing_cents=sum(line.amount_cents for line in dossier.financing),
        requested_cents=dossier.requested_cents,
        subsidy_financing_cents=_from(dossier, "subsidy"),
        subsidy_budget_cents=sum(line.subsidy_cents for line in dossier.budget),
        lines_over=[line.category for line in dossier.budget if line.subsidy_cents > line.amount_cents],
    )


def _from(dossier: AssessedDossier, source: str) -> int:
    return sum(line.amount_cents for line in dossier.financing if line.source == source)


def _checked(
    rule: Rule, criteria: CriteriaAdopted, dossier: AssessedDossier, params: Mapping[str, Json], **inputs: Json
) -> Check:
    # The parameters come from the call's publication, the inputs from the application's latest version; what a
    # clarification restates stands in the fact just before its checks.
    return check(rule, params, inputs, [criteria.source, dossier.source])


_APPLIED: dict[str, Callable[[CriteriaAdopted, AssessedDossier], Check]] = {
    "A1": _attachments,
    "A2": _form,
    "E1": _cap,
    "E2": _shares,
    "E3": _own,
    "E4": _term,
    "E5": _sums,
}
FORMAL = ("A1", "A2")
"""What admissibility (ontvankelijkheid) rests on."""
MANDATORY = tuple(_APPLIED)
"""What eligibility rests on."""
LOOKED_UP = (NO_DOUBLE_FUNDING.id,)
"""What eligibility rests on too, where the call looks for it: the dossier alone cannot answer it."""
MONEY = ("A2", "E1", "E2", "E3", "E5")
"""What is checked again when the applicant restates the budget."""


def mandatory_of(criteria: CriteriaAdopted) -> tuple[str, ...]:
    """The rules that a conclusion on eligibility needs under these criteria."""
    return MANDATORY + LOOKED_UP if looked_for(criteria) else MANDATORY


def checks_of(rules: Iterable[str], criteria: CriteriaAdopted, dossier: AssessedDossier) -> list[Check]:
    """Put these rules to a dossier."""
    return [_APPLIED[rule](criteria, dossier) for rule in rules]
