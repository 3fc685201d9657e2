"""The outcome of a decision on one file, as facts: awarded, refused, or on the reserve list."""

from __future__ import annotations

from typing import NamedTuple

from events.catalog import stream_name
from events.decision import CandidateRegistered, EnvelopeSet, GrantAwarded
from events.eligibility import AssessedDossier
from events.times import Day
from events.vocabulary import BudgetLine, Check, Source
from services.deciding import Context
from services.decision.ranking import refinanced, scaled
from services.decision.rules.money import D2, award_inputs, award_params
from services.decision.state import Grant
from services.rulebook import check


class Case(NamedTuple):
    """The file and the terms that bind a decision on it."""

    grant: Grant
    dossier: AssessedDossier
    terms: EnvelopeSet
    context: Context


class Taken(NamedTuple):
    """What was decided where: the amount, the decision's reference and meeting, and what it rests on."""

    amount_cents: int
    rank: int
    reference: str
    meeting: Day
    source: Source | None


def budget_of(case: Case, amount_cents: int) -> list[BudgetLine]:
    """The budget as this amount allows it."""
    limits = {limit.category: limit.max_share_bp for limit in case.terms.share_limits}
    return scaled(case.dossier.budget, amount_cents, limits)


def within(case: Case, taken: Taken) -> Check:
    """D2: the award measured by the terms."""
    dossier, context = case.dossier, case.context
    budget = budget_of(case, taken.amount_cents)
    financing = refinanced(dossier.financing, taken.amount_cents, dossier.applicant.name)
    params = award_params(case.terms)
    inputs = award_inputs(params, (taken.amount_cents, dossier.requested_cents), budget, financing)
    registered = context.source(context.stream, CandidateRegistered)
    terms_at = context.source(stream_name("envelope", case.grant.call), EnvelopeSet)
    return check(D2, params, inputs, [terms_at, registered, taken.source])


def awarded(case: Case, taken: Taken, attempt: int, checks: list[Check]) -> GrantAwarded:
    """The award; `attempt` names its reservation."""
    dossier = case.dossier
    return GrantAwarded(
        call=case.grant.call,
        case=case.context.id,
        beneficiary=dossier.applicant,
        project=dossier.project,
        neighbourhood=dossier.neighbourhood,
        amount_cents=taken.amount_cents,
        budget=budget_of(case, taken.amount_cents),
        financing=refinanced(dossier.financing, taken.amount_cents, dossier.applicant.name),
        partners=dossier.partners,
        term=dossier.term,
        attempt=attempt,
        rank=taken.rank,
        reference=taken.reference,
        meeting=taken.meeting,
        synthetic=dossier.synthetic,
        checks=checks,
    )
