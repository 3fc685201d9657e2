"""What can be asked of intake: about a call (oproep), and about an application (aanvraag)."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.canonical import SAFE_INTEGER
from events.catalog import stream_name
from events.forms import FileFlaw, MediaType
from events.intake import Terms
from events.times import Day, Deadline
from events.vocabulary import (
    Attachment,
    BudgetLine,
    Cents,
    Code,
    FinancingLine,
    Name,
    Ovo,
    Partner,
    Party,
    Period,
    Sha256,
    Source,
    Uuid,
    Written,
)
from services.deciding import CommandSpec, Role, States
from services.fields import Command, Wire

MOST_APPLICANTS = 600
"""More than there are municipalities and districts in Flanders."""
MOST_LINES = 200
"""An application of more lines would not fit in one event."""

Email = Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Phone = Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9][0-9 ()/.-]{5,30}$")]


def _costs(lines: list[BudgetLine]) -> list[BudgetLine]:
    _summable(line.amount_cents for line in lines)
    _summable(line.subsidy_cents for line in lines)
    return lines


def _means(lines: list[FinancingLine]) -> list[FinancingLine]:
    _summable(line.amount_cents for line in lines)
    return lines


def _summable(amounts: Iterable[int]) -> None:
    # Each amount is within the log's integers; what a check says about their sum must be so too.
    if sum(amounts) > SAFE_INTEGER:
        raise PydanticCustomError("sum_too_large", "the lines together lie beyond 2^53−1 cents")


Budget = Annotated[list[Wire[BudgetLine]], Field(min_length=1, max_length=MOST_LINES), AfterValidator(_costs)]
Financing = Annotated[list[Wire[FinancingLine]], Field(min_length=1, max_length=MOST_LINES), AfterValidator(_means)]
AnswerText = Annotated[str, msgspec.Meta(max_length=20_000)]
Answers = Annotated[
    dict[Wire[Code], Wire[bool] | Wire[int] | Wire[AnswerText] | list[Wire[AnswerText]]], Field(max_length=MOST_LINES)
]
Codes = Annotated[list[Wire[Code]], Field(max_length=MOST_LINES)]
Attachments = Annotated[list[Wire[Attachment]], Field(max_length=MOST_LINES)]


class PublishCall(Command):
    """Publish a call with all its terms; they are judged as a whole."""

    terms: Wire[Terms]


class OpenCall(Command):
    """From now on applications can be submitted."""


class ExtendCallDeadline(Command):
    """Move the closing moment for everybody, to a later one."""

    deadline: Wire[Deadline]
    reason: Wire[Written]


class CorrectCallDeadline(Command):
    """Mend a closing moment that was set wrongly; nobody who was in time becomes late by it."""

    deadline: Wire[Deadline]
    reason: Wire[Written]


class GrantIndividualExtension(Command):
    """Give these applicants, by OVO code, more time than the others (individueel uitstel)."""

    applicants: Annotated[list[Wire[Ovo]], Field(min_length=1, max_length=MOST_APPLICANTS)]
    deadline: Wire[Deadline]
    reason: Wire[Written]


class CancelCall(Command):
    """Give the call up, before the Government decided on it."""

    reason: Wire[Written]


class NoteCase(Command):
    """A case of the call began."""

    case: Wire[Uuid]
    source: Wire[Source]


class NoteDecision(Command):
    """The Government decided on these cases."""

    reference: Wire[Name]
    cases: list[Wire[Uuid]]
    source: Wire[Source]


class CloseCall(Command):
    """The deadline has passed."""


class StartDraft(Command):
    """Begin an application for one neighbourhood (wijk); the case's uuid is the caller's choice."""

    call: Wire[Uuid]
    applicant: Wire[Party]
    neighbourhood: Wire[Name]


class SaveDraftStep(Command):
    """Save the answers of one step of the form, in place of those it had; they may still be incomplete.

    `person` is an opaque uuid: the data subject under whose key personal answers are sealed.
    """

    form_version: Wire[Name]
    step: Wire[Code]
    answers: Answers
    person: Wire[Uuid] | None = None


class StoreAttachment(Command):
    """Say what became of a file that the applicant uploaded; the route of uploads sends it, in the applicant's name.

    `organisation` is who uploaded. `declared` is the media type that the upload claimed, `found` the one that its
    content shows, `flaw` what is wrong with it.
    """

    organisation: Wire[Ovo]
    kind: Wire[Code]
    name: Wire[Name]
    sha256: Wire[Sha256]
    size_bytes: Wire[Cents]
    declared: Wire[Name]
    found: Wire[MediaType] | None
    flaw: Wire[FileFlaw] | None


class SubmitApplication(Command):
    """Hand in the application (indienen). Applicant, neighbourhood and what was saved stand in the draft.

    `contact_person` is an opaque uuid: the data subject under whose key the three contact fields, and personal answers,
    are sealed. `answers` add to what was saved of the form, or replace it.
    """

    project: Wire[Name]
    summary: Wire[Written]
    contact_person: Wire[Uuid]
    contact_name: Wire[Name]
    contact_email: Wire[Email]
    contact_phone: Wire[Phone]
    themes: Codes
    instruments: Codes
    requested_cents: Wire[Cents]
    budget: Budget
    financing: Financing
    partners: Annotated[list[Wire[Partner]], Field(max_length=MOST_LINES)]
    term: Wire[Period]
    attachments: Attachments
    form_version: Wire[Name] | None = None
    answers: Answers = Field(default_factory=dict)
    synthetic: bool = False


class RequestCompletion(Command):
    """Ask for what is missing (aanvulling vragen); `items` are codes of attachments or of questions of the form."""

    items: Annotated[list[Wire[Code]], Field(min_length=1, max_length=MOST_LINES)]
    reason: Wire[Written]


class SupplyCompletion(Command):
    """Hand in what was asked for, and nothing else; each item comes with its attachment or its answer.

    `person` is the data subject under whose key personal answers are sealed.
    """

    items: Annotated[list[Wire[Code]], Field(min_length=1, max_length=MOST_LINES)]
    attachments: Attachments = Field(default_factory=list)
    answers: Answers = Field(default_factory=dict)
    person: Wire[Uuid] | None = None


class LapseCompletion(Command):
    """The term for the supplement has passed."""


class WithdrawApplication(Command):
    """Take a submitted application back (intrekken)."""

    reason: Wire[Written]


class RegisterLateSubmission(Command):
    """Take a late application in after all, if the deadline that holds now had not passed when it came."""


class ReopenApplication(Command):
    """Open a file again on the agency's initiative (heropenen); `items` are as for a supplement."""

    items: Annotated[list[Wire[Code]], Field(min_length=1, max_length=MOST_LINES)]
    reason: Wire[Written]


class RecordApplicantSuccession(Command):
    """A legal successor (rechtsopvolger, after a merger) takes the application over."""

    successor: Wire[Party]
    merged: Annotated[list[Wire[Party]], Field(max_length=MOST_LINES)]
    effective_on: Wire[Day]
    reason: Wire[Written]


class LapseApplication(Command):
    """The call was cancelled; the case ends with it."""

    source: Wire[Source]


CallCommand = (
    PublishCall
    | OpenCall
    | ExtendCallDeadline
    | CorrectCallDeadline
    | GrantIndividualExtension
    | CloseCall
    | CancelCall
    | NoteCase
    | NoteDecision
)
ApplicationCommand = (
    StartDraft
    | SaveDraftStep
    | StoreAttachment
    | SubmitApplication
    | RegisterLateSubmission
    | RequestCompletion
    | SupplyCompletion
    | LapseCompletion
    | ReopenApplication
    | RecordApplicantSuccession
    | WithdrawApplication
    | LapseApplication
)
IntakeCommand = CallCommand | ApplicationCommand


def _named_call(command: StartDraft, _id: str, _state: object, _states: States) -> Sequence[str]:
    return (stream_name("call", command.call),)


def _its_call(_command: Command, _id: str, state: object, _states: States) -> Sequence[str]:
    call: str = getattr(state, "call", "")
    return (stream_name("call", call),) if call else ()


# A timer acts as its service, so what only a timer sends has the role `service`.
_PUBLISHER: frozenset[Role] = frozenset({"case_handler", "admin"})
_OPENER: frozenset[Role] = frozenset({"case_handler", "service"})
_OFFICIAL: frozenset[Role] = frozenset({"case_handler"})
_APPLICANT: frozenset[Role] = frozenset({"applicant"})
_TIMER: frozenset[Role] = frozenset({"service"})
_SERVICE: frozenset[Role] = frozenset({"service"})
_REGISTRAR: frozenset[Role] = frozenset({"case_handler", "service"})

COMMANDS: dict[type[Command], CommandSpec] = {
    spec.model: spec
    for spec in (
        CommandSpec(PublishCall, "call", _PUBLISHER, ("STATE", "TERMS"), creates=True),
        CommandSpec(OpenCall, "call", _OPENER, ("STATE",)),
        CommandSpec(ExtendCallDeadline, "call", _OFFICIAL, ("STATE", "I1")),
        CommandSpec(CorrectCallDeadline, "call", _OFFICIAL, ("STATE", "I1")),
        CommandSpec(GrantIndividualExtension, "call", _OFFICIAL, ("STATE", "I1")),
        CommandSpec(CloseCall, "call", _TIMER, ("STATE",)),
        CommandSpec(CancelCall, "call", _PUBLISHER, ("STATE",)),
        CommandSpec(NoteCase, "call", _SERVICE, ("STATE",)),
        CommandSpec(NoteDecision, "call", _SERVICE, ("STATE",)),
        CommandSpec(StartDraft, "application", _APPLICANT, ("STATE", "OWN"), creates=True, reads=_named_call),
        CommandSpec(SaveDraftStep, "application", _APPLICANT, ("STATE", "OWN", "FORM"), reads=_its_call),
        CommandSpec(StoreAttachment, "application", _SERVICE, ("STATE", "OWN", "TERMS", "FILE"), reads=_its_call),
        CommandSpec(
            SubmitApplication,
            "application",
            _APPLICANT,
            ("STATE", "OWN", "I1", "I2", "I3", "I6", "TERMS", "FORM", "FILE"),
            reads=_its_call,
        ),
        CommandSpec(
            RegisterLateSubmission,
            "application",
            _REGISTRAR,
            ("STATE", "I1", "I2", "I6", "TERMS", "FORM", "FILE"),
            reads=_its_call,
        ),
        CommandSpec(RequestCompletion, "application", _OFFICIAL, ("STATE", "TERMS"), reads=_its_call),
        CommandSpec(
            SupplyCompletion, "application", _APPLICANT, ("STATE", "OWN", "I3", "FORM", "FILE"), reads=_its_call
        ),
        CommandSpec(LapseCompletion, "application", _TIMER, ("STATE",), reads=_its_call),
        CommandSpec(ReopenApplication, "application", _PUBLISHER, ("STATE", "I4", "TERMS"), reads=_its_call),
        CommandSpec(RecordApplicantSuccession, "application", _OFFICIAL, ("STATE", "I2", "I6"), reads=_its_call),
        CommandSpec(WithdrawApplication, "application", _APPLICANT, ("STATE", "OWN", "I5"), reads=_its_call),
        CommandSpec(LapseApplication, "application", _SERVICE, ("STATE",), reads=_its_call),
    )
}
"""The registry: every command of intake, its stream, who may send it, and the rules that can refuse it."""
