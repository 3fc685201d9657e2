"""Payment as the shell runs it."""

from __future__ import annotations

from services.deciding import Service
from services.payment.commands import COMMANDS
from services.payment.decider import decide, refused_by_guard
from services.payment.reactions import REACTIONS, timers
from services.payment.rules import RULES
from services.payment.state import evolve, initial

PAYMENT = Service(
    name="payment",
    commands=COMMANDS,
    initial=initial,
    evolve=evolve,
    decide=decide,
    refused_by_guard=refused_by_guard,
    reactions=REACTIONS,
    timers=timers,
    rules=RULES,
)
"""The service of accounts, reports, claims, payments and recoveries."""
