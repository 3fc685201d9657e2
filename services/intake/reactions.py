"""What intake does by itself: nothing follows from others' facts, but its own deadlines act."""

from __future__ import annotations

from collections.abc import Sequence

from events.catalog import AnyFact, stream_name
from events.intake import (
    ApplicationWithdrawn,
    CallDeadlineExtended,
    CallOpened,
    CallPublished,
    CompletionRequested,
)
from events.times import Deadline
from services.deciding import CancelTimer, Issue, Reaction, SetTimer, TimerChange
from services.intake.commands import CloseCall, LapseCompletion, OpenCall

REACTIONS: tuple[Reaction, ...] = ()
"""Intake stands at the beginning: it reacts to nobody."""


def timers(fact: AnyFact) -> Sequence[TimerChange]:
    """A call opens and closes, and the term for a supplement ends, when their moment comes."""
    match fact:
        case CallPublished():
            opening = SetTimer(_opening(fact.call), fact.terms.opens.utc, Issue("call", fact.call, OpenCall()))
            return (opening, _closing(fact.call, fact.terms.deadline))
        case CallOpened():
            # An official may have opened it by hand, just before the timer.
            return (CancelTimer(_opening(fact.call)),)
        case CallDeadlineExtended():
            return (_closing(fact.call, fact.deadline),)
        case CompletionRequested():
            lapse = Issue("application", fact.case, LapseCompletion())
            return (SetTimer(_completion(fact.case), fact.due.utc, lapse),)
        case ApplicationWithdrawn():
            return (CancelTimer(_completion(fact.case)),)
        case _:
            return ()


def _closing(call: str, deadline: Deadline) -> SetTimer:
    return SetTimer(f"{stream_name('call', call)}/close", deadline.utc, Issue("call", call, CloseCall()))


def _opening(call: str) -> str:
    return f"{stream_name('call', call)}/open"


def _completion(case: str) -> str:
    return f"{stream_name('application', case)}/completion"
