"""What intake decides: a table of cases for the call, and one for the application."""

from __future__ import annotations

from events.catalog import AnyFact
from services.deciding import Context, Decision
from services.intake.commands import ApplicationCommand, CallCommand, IntakeCommand
from services.intake.decider.application import on_application
from services.intake.decider.call import on_call
from services.intake.state import Application, Call, State


def decide(state: State, command: IntakeCommand, context: Context) -> Decision:
    """What a command leads to."""
    if isinstance(state, Call) and isinstance(command, CallCommand):
        return on_call(state, command, context)
    if isinstance(state, Application) and isinstance(command, ApplicationCommand):
        return on_application(state, command, context)
    raise TypeError(f"{type(command).__name__} does not go to {type(state).__name__}")


def refused_by_guard(
    _state: State, _command: IntakeCommand, _context: Context, _guard: str, _code: str
) -> tuple[AnyFact, ...]:
    """A second live application (I2) leaves no fact: the first one stands."""
    return ()
