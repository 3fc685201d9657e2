"""What decision remembers of the envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from events.decision import (
    EnvelopeDecreased,
    EnvelopeFacts,
    EnvelopeIncreased,
    EnvelopeSet,
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The money of a call and the terms that bind a decision. `increases` and `decreases`: reference → cents."""

    terms: EnvelopeSet | None = None
    amount_cents: int = 0
    increases: Mapping[str, int] = field(default_factory=dict)
    decreases: Mapping[str, int] = field(default_factory=dict)

    @property
    def rules(self) -> int | None:
        """Where the terms of the call stand in the log."""
        return self.terms.source.position if self.terms else None


def evolve_envelope(state: Envelope, fact: EnvelopeFacts) -> Envelope:
    """The envelope after one more fact."""
    match fact:
        case EnvelopeSet():
            return replace(state, terms=fact, amount_cents=fact.amount_cents)
        case EnvelopeIncreased():
            increases = {**state.increases, fact.reference: fact.increase_cents}
            return replace(state, amount_cents=fact.amount_cents, increases=increases)
        case EnvelopeDecreased():
            decreases = {**state.decreases, fact.reference: fact.decrease_cents}
            return replace(state, amount_cents=fact.amount_cents, decreases=decreases)
        case _:
            assert_never(fact)
