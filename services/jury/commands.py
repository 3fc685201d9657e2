"""What can be asked of the jury: about its panel, about one file, and about the ranking."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field

from events.catalog import stream_name
from events.intake import Criterion, JuryTerms
from events.jury import CriterionScore
from events.vocabulary import Cents, Code, Name, Ovo, Part, Party, Source, Text, Uuid, Words, Written
from services.deciding import CommandSpec, Role, States
from services.fields import Command, Wire

MOST = 200
"""More members, criteria or conditions than this would not fit in one event."""

Outcome: TypeAlias = Literal["favourable", "favourable_with_conditions", "unfavourable"]
Members = Annotated[list[Wire[Uuid]], Field(min_length=1, max_length=MOST)]


class Seat(BaseModel):
    """A member as proposed. `person` is an opaque uuid, under whose key the name is sealed."""

    model_config = Command.model_config

    person: Wire[Uuid]
    name: Wire[Name]
    employer: Wire[Name]
    capacity: Literal["external", "government"]
    expertise: Wire[Name]


class GivenReason(Part, frozen=True, kw_only=True):
    """The jury's reason on one criterion; the score beside it follows from the points given."""

    criterion: Code
    reason: Text


class AdoptPanelTerms(Command):
    """Copy what binds the jury from the published call."""

    cap_cents: Wire[Cents]
    criteria: list[Wire[Criterion]]
    jury: Wire[JuryTerms]
    source: Wire[Source]


class ComposePanel(Command):
    """Compose the jury (jury van deskundigen) of this call and appoint its chair and its secretary."""

    chair: Wire[Uuid]
    secretary: Wire[Uuid]
    members: Annotated[list[Seat], Field(min_length=1, max_length=MOST)]


class DeclareInterests(Command):
    """Declare a member's interests; `organisations` are the OVO codes with which there is a conflict."""

    member: Wire[Uuid]
    statement: Wire[Words]
    organisations: Annotated[list[Wire[Ovo]], Field(max_length=MOST)]


class AdmitCase(Command):
    """Put an eligible file before the jury."""

    case: Wire[Uuid]
    applicant: Wire[Party]
    project: Wire[Name]
    requested_cents: Wire[Cents]
    synthetic: bool
    submission: Wire[Source]
    source: Wire[Source]


class DropCase(Command):
    """Take a withdrawn file away from the jury, or keep it away before it comes."""

    case: Wire[Uuid]
    source: Wire[Source]


class AssignApplication(Command):
    """Say which members score this file."""

    call: Wire[Uuid]
    members: Members


class RecuseMember(Command):
    """Keep a member out of this file (onthouding): no sight, score, vote or presence."""

    call: Wire[Uuid]
    member: Wire[Uuid]
    ground: Literal["declared_interest", "employer_is_applicant", "other"]


class SubmitScore(Command):
    """Give one's points, one number for every criterion."""

    scores: Annotated[list[Wire[CriterionScore]], Field(min_length=1, max_length=MOST)]


class OpenDeliberation(Command):
    """Begin to discuss this file with the members who are present."""

    present: Members


class RecordConsensus(Command):
    """The members present agree on the outcome."""

    outcome: Outcome


class AdoptAdvice(Command):
    """Adopt the reasoned advice (gemotiveerd advies): report, proposed amount, a reason for every criterion."""

    outcome: Outcome
    proposed_cents: Wire[Cents]
    reasons: Annotated[list[Wire[GivenReason]], Field(max_length=MOST)]
    report: Wire[Written]
    conditions: Annotated[list[Wire[Text]], Field(max_length=MOST)]


class FixRanking(Command):
    """Rank every file before the jury (rangschikking), once and for all."""


PanelCommand: TypeAlias = AdoptPanelTerms | ComposePanel | DeclareInterests | AdmitCase | DropCase
EvaluationCommand: TypeAlias = (
    AssignApplication | RecuseMember | SubmitScore | OpenDeliberation | RecordConsensus | AdoptAdvice
)
JuryCommand: TypeAlias = PanelCommand | EvaluationCommand | FixRanking


def _panel_of_command(command: Any, _id: str, _state: Any, _states: States) -> Sequence[str]:
    return (stream_name("panel", command.call),)


def _panel_of_file(_command: Command, _id: str, state: Any, _states: States) -> Sequence[str]:
    return (stream_name("panel", state.call),) if state.call else ()


def _every_file(_command: Command, call: str, _state: Any, states: States) -> Sequence[str]:
    stream = stream_name("panel", call)
    cases = states[stream].before_jury() if stream in states else ()
    return (stream, *(stream_name("evaluation", case) for case in cases))


_SECRETARY: frozenset[Role] = frozenset({"jury_secretary"})
_CHAIR: frozenset[Role] = frozenset({"jury_chair"})
_SERVICE: frozenset[Role] = frozenset({"service"})

COMMANDS: dict[type[Command], CommandSpec] = {
    spec.model: spec
    for spec in (
        CommandSpec(AdoptPanelTerms, "panel", _SERVICE, (), creates=True),
        CommandSpec(ComposePanel, "panel", frozenset({"admin", "case_handler"}), ("J2", "J4", "STATE")),
        CommandSpec(DeclareInterests, "panel", frozenset({"jury_member", "jury_secretary"}), ("J3", "OWN")),
        CommandSpec(AdmitCase, "panel", _SERVICE, ()),
        CommandSpec(DropCase, "panel", _SERVICE, ()),
        CommandSpec(
            AssignApplication,
            "evaluation",
            _SECRETARY,
            ("J1", "J3", "STATE"),
            creates=True,
            reads=_panel_of_command,
        ),
        CommandSpec(
            RecuseMember, "evaluation", _SECRETARY, ("J1", "J3", "STATE"), creates=True, reads=_panel_of_command
        ),
        CommandSpec(
            SubmitScore, "evaluation", frozenset({"jury_member"}), ("J1", "J3", "J6", "STATE"), reads=_panel_of_file
        ),
        CommandSpec(OpenDeliberation, "evaluation", _SECRETARY, ("J1", "J3", "J4", "STATE"), reads=_panel_of_file),
        CommandSpec(RecordConsensus, "evaluation", _CHAIR, ("J1", "J5", "STATE"), reads=_panel_of_file),
        CommandSpec(AdoptAdvice, "evaluation", _CHAIR, ("J1", "J4", "J5", "J6", "J8", "STATE"), reads=_panel_of_file),
        CommandSpec(FixRanking, "ranking", _SECRETARY, ("J7",), creates=True, reads=_every_file),
    )
}
"""The jury's rows of the registry of commands."""
