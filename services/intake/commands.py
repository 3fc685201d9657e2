"""What can be asked of intake: about a call (oproep), and about an application (aanvraag)."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.canonical import SAFE_INTEGER
from events.catalog import stream_name
from events.intake import Terms
from events.times import Deadline
from events.vocabulary import (
    Attachment,
    BudgetLine,
    Cents,
    Code,
    FinancingLine,
    Name,
    Partner,
    Party,
    Period,
    Uuid,
    Written,
)
from services.deciding import CommandSpec, Role, States
from services.fields import Command, Wire

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


class CloseCall(Command):
    """The deadline has passed."""


class StartDraft(Command):
    """Begin an application for one neighbourhood (wijk); the case's uuid is the caller's choice."""

    call: Wire[Uuid]
    applicant: Wire[Party]
    neighbourhood: Wire[Name]


class SubmitApplication(Command):
    """Hand in the application (indienen). Applicant and neighbourhood stand in the draft.

    `contact_person` is an opaque uuid: the data subject under whose key the three contact fields are sealed.
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
    synthetic: bool = False


class RequestCompletion(Command):
    """Ask for missing attachments (aanvulling vragen); `items` are attachment codes of the call's terms."""

    items: Annotated[list[Wire[Code]], Field(min_length=1, max_length=MOST_LINES)]
    reason: Wire[Written]


class SupplyCompletion(Command):
    """Hand in what was asked for, and nothing else; each item comes with its attachment."""

    items: Annotated[list[Wire[Code]], Field(min_length=1, max_length=MOST_LINES)]
    attachments: Annotated[list[Wire[Attachment]], Field(min_length=1, max_length=MOST_LINES)]


class LapseCompletion(Command):
    """The term for the supplement has passed."""


class WithdrawApplication(Command):
    """Take a submitted application back (intrekken)."""

    reason: Wire[Written]


CallCommand = PublishCall | OpenCall | ExtendCallDeadline | CloseCall
ApplicationCommand = (
    StartDraft | SubmitApplication | RequestCompletion | SupplyCompletion | LapseCompletion | WithdrawApplication
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

COMMANDS: dict[type[Command], CommandSpec] = {
    spec.model: spec
    for spec in (
        CommandSpec(PublishCall, "call", _PUBLISHER, ("STATE", "TERMS"), creates=True),
        CommandSpec(OpenCall, "call", _OPENER, ("STATE",)),
        CommandSpec(ExtendCallDeadline, "call", _OFFICIAL, ("STATE", "I1")),
        CommandSpec(CloseCall, "call", _TIMER, ()),
        CommandSpec(StartDraft, "application", _APPLICANT, ("STATE", "OWN"), creates=True, reads=_named_call),
        CommandSpec(
            SubmitApplication,
            "application",
            _APPLICANT,
            ("STATE", "OWN", "I1", "I2", "I3", "I6", "TERMS"),
            reads=_its_call,
        ),
        CommandSpec(RequestCompletion, "application", _OFFICIAL, ("STATE", "TERMS"), reads=_its_call),
        CommandSpec(SupplyCompletion, "application", _APPLICANT, ("STATE", "OWN", "I3"), reads=_its_call),
        CommandSpec(LapseCompletion, "application", _TIMER, (), reads=_its_call),
        CommandSpec(WithdrawApplication, "application", _APPLICANT, ("STATE", "OWN"), reads=_its_call),
    )
}
"""The registry: every command of intake, its stream, who may send it, and the rules that can refuse it."""
