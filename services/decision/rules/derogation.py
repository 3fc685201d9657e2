"""What eligibility derogated from (afwijking, E6) does not bind the contract, as far as the award went."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from events.decision import EnvelopeSet
from events.intake import TermLimit
from events.times import months_between
from events.vocabulary import BudgetLine, Period
from services.awarded import own_contribution, share_limits


def bound(terms: EnvelopeSet, set_aside: frozenset[str], budget: Sequence[BudgetLine], term: Period) -> EnvelopeSet:
    """The terms as they bind a contract that was drawn up with this budget and term."""
    return replace(
        terms,
        cofinancing=own_contribution(terms.cofinancing, budget) if "E3" in set_aside else terms.cofinancing,
        share_limits=share_limits(terms.share_limits, budget) if "E2" in set_aside else terms.share_limits,
        term=_longest(terms.term, term) if "E4" in set_aside else terms.term,
    )


def _longest(limit: TermLimit, term: Period) -> TermLimit:
    months = max(limit.max_months, months_between(term.start, term.end))
    # Days have one written form, so they sort as text.
    return replace(limit, max_months=months, latest_end=max(limit.latest_end, term.end))
