"""Facts of the envelope: how much money the call has."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.intake import Coded, Cofinancing, DecisionTerms, ShareLimit, TermLimit
from events.vocabulary import (
    Cents,
    Fact,
    Source,
    Written,
)


class EnvelopeSet(Fact, frozen=True, kw_only=True):
    """The money of the call (beschikbaar krediet) and the terms that bind a decision, copied from `source`."""

    amount_cents: Cents
    budget_article: str
    cap_cents: Cents
    cofinancing: Cofinancing
    share_limits: list[ShareLimit]
    cost_categories: list[Coded]
    term: TermLimit
    decision: DecisionTerms
    partial_fit: Literal["stop_at_first_misfit", "skip_misfit", "cut_last"]
    source: Source


class EnvelopeIncreased(Fact, frozen=True, kw_only=True):
    """More money for the call: what was, what came, what is."""

    previous_cents: Cents
    increase_cents: Cents
    amount_cents: Cents
    reference: str
    reason: Written


class EnvelopeDecreased(Fact, frozen=True, kw_only=True):
    """Less money for the call: what was, what went, what is. What is set aside or awarded cannot be taken."""

    previous_cents: Cents
    decrease_cents: Cents
    amount_cents: Cents
    reference: str
    reason: Written


EnvelopeFacts: TypeAlias = EnvelopeSet | EnvelopeIncreased | EnvelopeDecreased
