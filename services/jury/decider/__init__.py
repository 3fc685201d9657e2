"""What the jury decides, as a table of cases per kind of stream."""

from __future__ import annotations

from typing import Any

from events.catalog import AnyFact
from services.deciding import Context, Decision
from services.jury.commands import JuryCommand, PanelCommand, RankingCommand
from services.jury.decider.evaluation import decide_evaluation
from services.jury.decider.order import decide_ranking
from services.jury.decider.panel import decide_panel


def decide(state: Any, command: JuryCommand, context: Context) -> Decision:
    """What follows from a command, given what was recorded."""
    if isinstance(command, PanelCommand):
        return decide_panel(state, command, context)
    if isinstance(command, RankingCommand):
        return decide_ranking(state, command, context)
    return decide_evaluation(state, command, context)


def refused_by_guard(
    _state: Any, _command: JuryCommand, _context: Context, _guard: str, _code: str
) -> tuple[AnyFact, ...]:
    """No fact of the jury moves money or claims a key, so no guard can refuse one."""
    return ()
