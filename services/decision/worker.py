"""Decision as the shell runs it."""

from __future__ import annotations

from services.deciding import Service
from services.decision.commands import COMMANDS
from services.decision.decider import decide, refused_by_guard
from services.decision.reactions import REACTIONS, timers
from services.decision.rules import RULES
from services.decision.state import evolve, initial

DECISION = Service(
    name="decision",
    commands=COMMANDS,
    initial=initial,
    evolve=evolve,
    decide=decide,
    refused_by_guard=refused_by_guard,
    reactions=REACTIONS,
    timers=timers,
    rules=RULES,
)
"""The service of envelopes, proposals, grants and contracts."""
