"""What intake needs to remember to decide: a call and its deadline, an application and what is open in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, assert_never

from events.intake import (
    ApplicantSucceeded,
    ApplicationFacts,
    ApplicationLapsed,
    ApplicationReopened,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    AttachmentRefused,
    AttachmentStored,
    CallCancelled,
    CallClosed,
    CallDeadlineCorrected,
    CallDeadlineExtended,
    CallFacts,
    CallOpened,
    CallPublished,
    CaseNoted,
    CompletionRequested,
    CompletionSupplied,
    CompletionTermLapsed,
    DecisionNoted,
    DraftStarted,
    DraftStepSaved,
    FormFilled,
    IndividualExtensionGranted,
    IntakeFact,
    LateSubmissionRecorded,
    LateSubmissionRegistered,
    ReceiptAcknowledged,
    Terms,
    WithdrawalRefused,
)
from events.times import Deadline
from events.vocabulary import Party


@dataclass(frozen=True, slots=True)
class Call:
    """A call (oproep). Before it is published it has neither terms nor deadline.

    `extensions` is more time by OVO code, `granted_last` who got some last; `moved` names the fact that set the
    deadline last. `cases` and `decided` (case → reference of the decision) are the register, kept where the terms ask
    for it.
    """

    status: Literal["none", "published", "open", "closed", "cancelled"] = "none"
    terms: Terms | None = None
    deadline: Deadline | None = None
    moved: type[CallFacts] = CallPublished
    extensions: Mapping[str, Deadline] = field(default_factory=dict)
    granted_last: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    decided: Mapping[str, str] = field(default_factory=dict)

    def deadline_for(self, ovos: Iterable[str]) -> Deadline | None:
        """The latest closing moment that holds for an authority of these OVO codes, its own and its predecessors'."""
        own = (self.extensions[ovo] for ovo in ovos if ovo in self.extensions)
        return max((one for one in (self.deadline, *own) if one), key=lambda one: one.utc, default=None)


@dataclass(frozen=True, slots=True)
class Application:
    """An application (aanvraag). `missing` is what was asked for and has not come; `due` until when it may;
    `overdue`: that moment passed without it.

    `former` are the OVO codes of the authorities it passed from. While it is late, `late` is what was handed in.
    `saved` is what was last saved of each step of the form, `filled` what was handed in of it. `stored` and
    `refused_files` are the files of this case, by kind and digest.
    """

    status: Literal["none", "draft", "late", "submitted", "incomplete", "withdrawn", "lapsed"] = "none"
    call: str = ""
    applicant: Party | None = None
    neighbourhood: str = ""
    version: int = 0
    content_sha256: str = ""
    missing: tuple[str, ...] = ()
    due: Deadline | None = None
    overdue: bool = False
    former: tuple[str, ...] = ()
    late: LateSubmissionRecorded | None = None
    withdrawal_refused: bool = False
    saved: Mapping[str, DraftStepSaved] = field(default_factory=dict)
    filled: FormFilled | None = None
    stored: frozenset[tuple[str, str]] = frozenset()
    refused_files: frozenset[tuple[str, str]] = frozenset()

    @property
    def ovos(self) -> tuple[str, ...]:
        """The OVO codes under which the applicant is known: its own and its predecessors'."""
        return (self.applicant.ovo, *self.former) if self.applicant else self.former


State: TypeAlias = Call | Application


def initial(kind: str) -> State:
    """The state of a stream in which nothing has happened."""
    return Call() if kind == "call" else Application()


def evolve(state: State, fact: IntakeFact) -> State:
    """The state after one more fact."""
    if isinstance(fact, CallFacts):
        return _call(state if isinstance(state, Call) else Call(), fact)
    return _application(state if isinstance(state, Application) else Application(), fact)


def _call(state: Call, fact: CallFacts) -> Call:
    match fact:
        case CallPublished():
            return Call("published", fact.terms, fact.terms.deadline)
        case CallOpened():
            return replace(state, status="open")
        case CallDeadlineExtended() | CallDeadlineCorrected():
            # A call that had closed is open again; its timer closes it at the new moment.
            status = "open" if state.status == "closed" else state.status
            return replace(state, status=status, deadline=fact.deadline, moved=type(fact))
        case IndividualExtensionGranted():
            extensions = {**state.extensions, **dict.fromkeys(fact.applicants, fact.deadline)}
            return replace(state, extensions=extensions, granted_last=tuple(fact.applicants))
        case CallClosed():
            return replace(state, status="closed")
        case CallCancelled():
            return replace(state, status="cancelled")
        case CaseNoted():
            return replace(state, cases=(*state.cases, fact.case))
        case DecisionNoted():
            return replace(state, decided={**state.decided, **dict.fromkeys(fact.cases, fact.reference)})
        case _:
            assert_never(fact)


def _application(state: Application, fact: ApplicationFacts) -> Application:
    match fact:
        case DraftStarted():
            return Application("draft", fact.call, fact.applicant, fact.neighbourhood)
        case AttachmentStored():
            return replace(state, stored=state.stored | {(fact.kind, fact.sha256)})
        case AttachmentRefused():
            return replace(state, refused_files=state.refused_files | {(fact.kind, fact.sha256)})
        case DraftStepSaved():
            return replace(state, saved={**state.saved, fact.step: fact})
        case FormFilled():
            # What a supplement answers adds to what was handed in, and replaces nothing of it.
            return replace(state, filled=state.filled if fact.application_version > 1 else fact)
        case ApplicationSubmitted():
            return replace(
                state,
                status="submitted",
                version=fact.application_version,
                content_sha256=fact.content_sha256,
                late=None,
            )
        case LateSubmissionRegistered():
            return replace(state, status="submitted", version=fact.application_version, late=None)
        case ReceiptAcknowledged():
            return state
        case WithdrawalRefused():
            return replace(state, withdrawal_refused=True)
        case LateSubmissionRecorded():
            return replace(state, status="late", content_sha256=fact.content_sha256, late=fact)
        case CompletionRequested() | ApplicationReopened():
            return replace(state, status="incomplete", missing=tuple(fact.items), due=fact.due, overdue=False)
        case CompletionSupplied():
            # A supplement may come in parts; the request stays open for the rest.
            missing = tuple(item for item in state.missing if item not in fact.items)
            status: Literal["incomplete", "submitted"] = "incomplete" if missing else "submitted"
            return replace(state, status=status, version=fact.application_version, missing=missing)
        case CompletionTermLapsed():
            return replace(state, status="submitted", missing=(), overdue=True)
        case ApplicationWithdrawn():
            return replace(state, status="withdrawn", missing=())
        case ApplicationLapsed():
            return replace(state, status="lapsed", missing=())
        case ApplicantSucceeded():
            return replace(state, applicant=fact.successor, former=(*state.former, fact.previous.ovo))
        case _:
            assert_never(fact)
