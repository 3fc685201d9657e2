"""Intake as the shell runs it."""

from __future__ import annotations

from services.deciding import Service
from services.intake.commands import COMMANDS
from services.intake.decider import decide, refused_by_guard
from services.intake.reactions import REACTIONS, timers
from services.intake.rules import RULES
from services.intake.state import evolve, initial

INTAKE = Service(
    name="intake",
    commands=COMMANDS,
    initial=initial,
    evolve=evolve,
    decide=decide,
    refused_by_guard=refused_by_guard,
    reactions=REACTIONS,
    timers=timers,
    rules=RULES,
)
"""The service of calls and applications."""
