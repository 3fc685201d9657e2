"""What can be asked about the envelope."""

from typing import Literal, TypeAlias

from events.intake import Coded, Cofinancing, DecisionTerms, ShareLimit, TermLimit
from events.vocabulary import (
    Cents,
    Name,
    Source,
    Written,
)
from services.deciding import CommandSpec, reads_nothing
from services.decision.commands.rows import BUDGET, SERVICE, Amount, row
from services.fields import Command, Wire


class SetEnvelope(Command):
    """Copy the money of the published call (beschikbaar krediet) and the terms that bind a decision."""

    amount_cents: Wire[Cents]
    budget_article: Wire[Name]
    cap_cents: Wire[Cents]
    cofinancing: Wire[Cofinancing]
    share_limits: list[Wire[ShareLimit]]
    cost_categories: list[Wire[Coded]]
    term: Wire[TermLimit]
    decision: Wire[DecisionTerms]
    partial_fit: Literal["stop_at_first_misfit", "skip_misfit", "cut_last"]
    source: Wire[Source]


class IncreaseEnvelope(Command):
    """Add money to the call; `reference` names the decision that gives it."""

    increase_cents: Wire[Amount]
    reference: Wire[Name]
    reason: Wire[Written]


class DecreaseEnvelope(Command):
    """Take money from the call; `reference` names the decision that takes it. What is set aside stays."""

    decrease_cents: Wire[Amount]
    reference: Wire[Name]
    reason: Wire[Written]


EnvelopeCommand: TypeAlias = SetEnvelope | IncreaseEnvelope | DecreaseEnvelope

ROWS: tuple[CommandSpec, ...] = (
    row(SetEnvelope, "envelope", SERVICE, reads=reads_nothing, creates=True),
    row(IncreaseEnvelope, "envelope", BUDGET, ("D1",), reads_nothing, past=True),
    row(DecreaseEnvelope, "envelope", BUDGET, ("D1",), reads_nothing, past=True),
)
"""The envelope's rows of the registry."""
