"""Eligibility as the shell runs it."""

from __future__ import annotations

from services.deciding import Service
from services.eligibility.commands import COMMANDS
from services.eligibility.decider import decide, refused_by_guard
from services.eligibility.reactions import REACTIONS, timers
from services.eligibility.rules import RULES
from services.eligibility.state import evolve, initial

ELIGIBILITY = Service(
    name="eligibility",
    commands=COMMANDS,
    initial=initial,
    evolve=evolve,
    decide=decide,
    refused_by_guard=refused_by_guard,
    reactions=REACTIONS,
    timers=timers,
    rules=RULES,
)
"""The service that holds applications against the conditions of their call."""
