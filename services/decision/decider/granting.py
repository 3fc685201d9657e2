"""The outcome of a decision on one file, as facts: awarded, refused, or on the reserve list."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

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
    limits = {limit.category: limit.max_share_bp for limit in _terms(case).share_limits}
    return scaled(case.dossier.budget, amount_cents, limits)


def _terms(case: Case) -> EnvelopeSet:
    """The terms as they bind this file: what eligibility derogated from (E6) does not bind the award either."""
    terms, aside = case.terms, case.grant.set_aside
    own = replace(terms.cofinancing, min_rate_bp=0) if "E3" in aside else terms.cofinancing
    return replace(terms, cofinancing=own, share_limits=[] if "E2" in aside else terms.share_limits)


def within(case: Case, taken: Taken) -> Check:
    """D2: the award measured by the terms."""
    context = case.context
    registered = context.source(context.stream, CandidateRegistered)
    terms_at = context.source(stream_name("envelope", case.grant.call), EnvelopeSet)
    return measure(case, taken.amount_cents, terms_at, registered, taken.source)


def measure(case: Case, amount_cents: int, *sources: Source | None) -> Check:
    """D2 on an amount of which nothing is decided yet."""
    dossier = case.dossier
    budget = budget_of(case, amount_cents)
    financing = refinanced(dossier.financing, amount_cents, dossier.applicant.name)
    params = award_params(_terms(case))
    inputs = award_inputs(params, (amount_cents, dossier.requested_cents), budget, financing)
    return check(D2, params, inputs, list(sources))


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
