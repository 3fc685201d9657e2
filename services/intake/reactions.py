"""What intake does by itself: it keeps the call's register, acts on it when the call changes, and its deadlines act."""

from __future__ import annotations

from collections.abc import Sequence

from events.catalog import AnyFact, stream_name
from events.decision import GovernmentDecisionRecorded
from events.intake import (
    ApplicationLapsed,
    ApplicationReopened,
    ApplicationWithdrawn,
    CallCancelled,
    CallDeadlineCorrected,
    CallDeadlineExtended,
    CallOpened,
    CallPublished,
    CaseNoted,
    CompletionRequested,
    DraftStarted,
    IndividualExtensionGranted,
)
from events.times import Deadline
from events.vocabulary import Fact, Source
from services.deciding import CancelTimer, Issue, Reaction, SetTimer, TimerChange
from services.intake.commands import (
    CloseCall,
    LapseApplication,
    LapseCompletion,
    NoteCase,
    NoteDecision,
    OpenCall,
    RegisterLateSubmission,
)
from services.intake.state import Call


def _its_call(fact: Fact) -> str:
    return stream_name("call", fact.call)


def _registers(call: Call) -> bool:
    return call.terms is not None and call.terms.intake.register


def _note_case(fact: DraftStarted, source: Source, call: Call) -> Sequence[Issue]:
    return (Issue("call", fact.call, NoteCase(case=fact.case, source=source)),) if _registers(call) else ()


def _note_decision(fact: GovernmentDecisionRecorded, source: Source, call: Call) -> Sequence[Issue]:
    # Postponed, withdrawn from the agenda and noted decide nothing about a case.
    if fact.result != "goedgekeurd" or not _registers(call):
        return ()
    cases = [item.case for item in fact.items]
    return (Issue("call", fact.call, NoteDecision(reference=fact.reference, cases=cases, source=source)),)


def _reconsider(_fact: object, _source: Source, call: Call) -> Sequence[Issue]:
    return [Issue("application", case, RegisterLateSubmission()) for case in call.cases]


def _end_cases(_fact: CallCancelled, source: Source, call: Call) -> Sequence[Issue]:
    return [Issue("application", case, LapseApplication(source=source)) for case in call.cases]


def _catch_up(fact: CaseNoted, source: Source, call: Call) -> Sequence[Issue]:
    # The call may have changed between the beginning of the case and its note in the register.
    if call.status == "cancelled":
        return (Issue("application", fact.case, LapseApplication(source=source)),)
    if call.moved is CallPublished and not call.extensions:
        return ()
    return (Issue("application", fact.case, RegisterLateSubmission()),)


REACTIONS: tuple[Reaction, ...] = (
    Reaction("note-case", DraftStarted, _note_case, _its_call),
    Reaction("note-decision", GovernmentDecisionRecorded, _note_decision, _its_call),
    Reaction("reconsider-extended", CallDeadlineExtended, _reconsider, _its_call),
    Reaction("reconsider-corrected", CallDeadlineCorrected, _reconsider, _its_call),
    Reaction("reconsider-individual", IndividualExtensionGranted, _reconsider, _its_call),
    Reaction("end-cases", CallCancelled, _end_cases, _its_call),
    Reaction("catch-up", CaseNoted, _catch_up, _its_call),
)
"""Only a call that keeps a register (`Terms.intake`) makes anything of them."""


def timers(fact: AnyFact) -> Sequence[TimerChange]:
    """A call opens and closes, and the term for a supplement ends, when their moment comes."""
    match fact:
        case CallPublished():
            opening = SetTimer(_opening(fact.call), fact.terms.opens.utc, Issue("call", fact.call, OpenCall()))
            return (opening, _closing(fact.call, fact.terms.deadline))
        case CallOpened():
            # An official may have opened it by hand, just before the timer.
            return (CancelTimer(_opening(fact.call)),)
        case CallDeadlineExtended() | CallDeadlineCorrected():
            return (_closing(fact.call, fact.deadline),)
        case CallCancelled():
            return (CancelTimer(_opening(fact.call)), CancelTimer(_closing_name(fact.call)))
        case CompletionRequested() | ApplicationReopened():
            lapse = Issue("application", fact.case, LapseCompletion())
            return (SetTimer(_completion(fact.case), fact.due.utc, lapse),)
        case ApplicationWithdrawn() | ApplicationLapsed():
            return (CancelTimer(_completion(fact.case)),)
        case _:
            return ()


def _closing(call: str, deadline: Deadline) -> SetTimer:
    return SetTimer(_closing_name(call), deadline.utc, Issue("call", call, CloseCall()))


def _closing_name(call: str) -> str:
    return f"{stream_name('call', call)}/close"


def _opening(call: str) -> str:
    return f"{stream_name('call', call)}/open"


def _completion(case: str) -> str:
    return f"{stream_name('application', case)}/completion"
