"""The jury as the shell runs it."""

from __future__ import annotations

from services.deciding import Service
from services.jury.commands import COMMANDS
from services.jury.decider import decide, refused_by_guard
from services.jury.reactions import REACTIONS, timers
from services.jury.rules import RULES
from services.jury.state import evolve, initial

JURY = Service(
    name="jury",
    commands=COMMANDS,
    initial=initial,
    evolve=evolve,
    decide=decide,
    refused_by_guard=refused_by_guard,
    reactions=REACTIONS,
    timers=timers,
    rules=RULES,
)
"""The service of panels, evaluations and rankings."""
