"""What intake needs to remember to decide: a call and its deadline, an application and what is open in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from events.intake import (
    ApplicationFacts,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallClosed,
    CallDeadlineExtended,
    CallFacts,
    CallOpened,
    CallPublished,
    CompletionRequested,
    CompletionSupplied,
    CompletionTermLapsed,
    DraftStarted,
    IntakeFact,
    LateSubmissionRecorded,
    ReceiptAcknowledged,
    Terms,
)
from events.times import Deadline
from events.vocabulary import Party


@dataclass(frozen=True, slots=True)
class Call:
    """A call (oproep). Before it is published it has neither terms nor deadline."""

    status: Literal["none", "published", "open", "closed"] = "none"
    terms: Terms | None = None
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An application (aanvraag). `missing` is what was asked for and has not come; `due` until when it may."""

    status: Literal["none", "draft", "late", "submitted", "incomplete", "withdrawn"] = "none"
    call: str = ""
    applicant: Party | None = None
    neighbourhood: str = ""
    version: int = 0
    content_sha256: str = ""
    missing: tuple[str, ...] = ()
    due: Deadline | None = None


State: TypeAlias = Call | Application


def initial(kind: str) -> State:
    """The state of a stream in which nothing has happened."""
    return Call() if kind == "call" else Application()


def evolve(state: State, fact: IntakeFact) -> State:
    """The state after one more fact."""
    match fact:
        case CallPublished() | CallOpened() | CallDeadlineExtended() | CallClosed():
            return _call(state if isinstance(state, Call) else Call(), fact)
        case _:
            return _application(state if isinstance(state, Application) else Application(), fact)


def _call(state: Call, fact: CallFacts) -> Call:
    match fact:
        case CallPublished():
            return Call("published", fact.terms, fact.terms.deadline)
        case CallOpened():
            return replace(state, status="open")
        case CallDeadlineExtended():
            return replace(state, deadline=fact.deadline)
        case CallClosed():
            return replace(state, status="closed")
        case _:
            assert_never(fact)


def _application(state: Application, fact: ApplicationFacts) -> Application:
    match fact:
        case DraftStarted():
            return Application("draft", fact.call, fact.applicant, fact.neighbourhood)
        case ApplicationSubmitted():
            return replace(
                state, status="submitted", version=fact.application_version, content_sha256=fact.content_sha256
            )
        case ReceiptAcknowledged():
            return state
        case LateSubmissionRecorded():
            return replace(state, status="late", content_sha256=fact.content_sha256)
        case CompletionRequested():
            return replace(state, status="incomplete", missing=tuple(fact.items), due=fact.due)
        case CompletionSupplied():
            # A supplement may come in parts; the request stays open for the rest.
            missing = tuple(item for item in state.missing if item not in fact.items)
            status: Literal["incomplete", "submitted"] = "incomplete" if missing else "submitted"
            return replace(state, status=status, version=fact.application_version, missing=missing)
        case CompletionTermLapsed():
            return replace(state, status="submitted", missing=())
        case ApplicationWithdrawn():
            return replace(state, status="withdrawn", missing=())
        case _:
            assert_never(fact)
