"""What can be asked of the jury: about its panel, about one file, and about the ranking."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field

from events.catalog import stream_name
from events.intake import Criterion, JuryTerms
from events.jury import Ballots, ConflictGround, CriterionScore, ImposedCooperation, Remark
from events.vocabulary import Cents, Code, Name, Ovo, Part, Party, Source, Text, Uuid, Words, Written
from services.deciding import CommandSpec, Reads, Role, States
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


class AppointMember(Command):
    """Fill a seat that came free; `chair` names who presides from now on, if that changes."""

    member: Seat
    chair: Wire[Uuid] | None = None


class RecordResignation(Command):
    """A member leaves the jury (ontslag)."""

    member: Wire[Uuid]
    reason: Wire[Words] | None = None


class ReplaceMember(Command):
    """Somebody else takes a member's seat; `chair` names who presides from now on, if that changes."""

    leaving: Wire[Uuid]
    member: Seat
    chair: Wire[Uuid] | None = None


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
    partners: list[Wire[Party]]
    source: Wire[Source]


class DropCase(Command):
    """Take a withdrawn file away from the jury, or keep it away before it comes."""

    case: Wire[Uuid]
    source: Wire[Source]


class SetCaseAside(Command):
    """The assessment of a file is revised: the jury waits for what comes of it."""

    case: Wire[Uuid]
    source: Wire[Source]


class SucceedCase(Command):
    """A file is of a legal successor (rechtsopvolger)."""

    case: Wire[Uuid]
    previous: Wire[Party]
    successor: Wire[Party]
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


class SuggestConflicts(Command):
    """Lay the members' employers beside the applicant and the partners of this file."""

    call: Wire[Uuid]


class DismissConflict(Command):
    """Find, with reasons, that what was suggested is no conflict."""

    call: Wire[Uuid]
    member: Wire[Uuid]
    ground: Literal["employer_is_applicant", "employer_is_partner"]
    reason: Wire[Words]


class RecordConflict(Command):
    """Establish a conflict of interest (belangenconflict), whenever it comes to light; what the member gave falls."""

    call: Wire[Uuid]
    member: Wire[Uuid]
    ground: Wire[ConflictGround]
    reason: Wire[Words] | None = None


class ApplyDeclaration(Command):
    """A member declared an interest in this file: whoever has it in hands must let go of it."""

    call: Wire[Uuid]
    member: Wire[Uuid]
    source: Wire[Source]


class ReviewPresence(Command):
    """A member left the jury: are those who deliberate on this file still enough?"""

    call: Wire[Uuid]
    source: Wire[Source]


class SubmitScore(Command):
    """Give one's points, one number for every criterion."""

    scores: Annotated[list[Wire[CriterionScore]], Field(min_length=1, max_length=MOST)]


class CorrectScore(Command):
    """Put one's own points right, with the reason."""

    scores: Annotated[list[Wire[CriterionScore]], Field(min_length=1, max_length=MOST)]
    reason: Wire[Written]


class OpenDeliberation(Command):
    """Begin to discuss this file with the members who are present."""

    present: Members


class RecordConsensus(Command):
    """The members present agree on the outcome."""

    outcome: Outcome


class RecordVote(Command):
    """The count of a secret ballot (geheime stemming): how many for each outcome. Who voted what is nowhere."""

    ballots: Annotated[list[Wire[Ballots]], Field(min_length=1, max_length=3)]
    abstentions: Annotated[int, Field(ge=0, le=MOST)]


class UseCastingVote(Command):
    """The chair ends a tie."""

    outcome: Outcome


class Advice(Command):
    """What an advice says, provisional or adopted."""

    outcome: Outcome
    proposed_cents: Wire[Cents]
    reasons: Annotated[list[Wire[GivenReason]], Field(max_length=MOST)]
    conditions: Annotated[list[Wire[Text]], Field(max_length=MOST)]
    cooperation: Annotated[list[Wire[ImposedCooperation]], Field(max_length=MOST)] = Field(default_factory=list)
    reduction: Wire[Text] | None = None


class InviteReply(Advice):
    """Send the applicant the advice that the jury means to adopt (voorlopig advies), and give it time to reply."""


class RecordReply(Command):
    """Reply to the provisional advice, on errors of fact only; no remarks is a reply too."""

    remarks: Annotated[list[Wire[Remark]], Field(max_length=MOST)]


class LapseReply(Command):
    """The term to reply is over."""


class AdoptAdvice(Advice):
    """Adopt the reasoned advice (gemotiveerd advies): report, proposed amount, a reason for every criterion."""

    report: Wire[Written]
    answer: Wire[Text] | None = None


class ReopenEvaluation(Command):
    """Set an adopted advice aside and judge the file again; not while the ranking is fixed."""

    ground: Literal["late_conflict", "annulment", "error"]
    reason: Wire[Written]


class FixRanking(Command):
    """Rank every file before the jury (rangschikking)."""


class ReopenRanking(Command):
    """Open a fixed ranking again, with the reason."""

    ground: Literal["late_conflict", "annulment", "error"]
    reason: Wire[Written]


class ApplyEnvelopeChange(Command):
    """The envelope changed, and the call says that the jury then looks at its ranking again."""

    source: Wire[Source]


PanelCommand: TypeAlias = (
    AdoptPanelTerms
    | ComposePanel
    | AppointMember
    | RecordResignation
    | ReplaceMember
    | DeclareInterests
    | AdmitCase
    | DropCase
    | SetCaseAside
    | SucceedCase
)
NamesCall: TypeAlias = (
    AssignApplication
    | RecuseMember
    | SuggestConflicts
    | DismissConflict
    | RecordConflict
    | ApplyDeclaration
    | ReviewPresence
)
"""Commands about a file that need not be in the jury's hands yet: they say themselves which call it belongs to."""

EvaluationCommand: TypeAlias = (
    NamesCall
    | SubmitScore
    | CorrectScore
    | OpenDeliberation
    | RecordConsensus
    | RecordVote
    | UseCastingVote
    | InviteReply
    | RecordReply
    | LapseReply
    | AdoptAdvice
    | ReopenEvaluation
)
RankingCommand: TypeAlias = FixRanking | ReopenRanking | ApplyEnvelopeChange
JuryCommand: TypeAlias = PanelCommand | EvaluationCommand | RankingCommand


def _panel_of_command(command: Any, _id: str, _state: Any, _states: States) -> Sequence[str]:
    return (stream_name("panel", command.call),)


def _order_of_command(command: Any, _id: str, _state: Any, _states: States) -> Sequence[str]:
    return (stream_name("panel", command.call), stream_name("ranking", command.call))


def _panel_of_file(_command: Command, _id: str, state: Any, _states: States) -> Sequence[str]:
    return (stream_name("panel", state.call),) if state.call else ()


def _order_of_file(_command: Command, _id: str, state: Any, _states: States) -> Sequence[str]:
    return (stream_name("panel", state.call), stream_name("ranking", state.call)) if state.call else ()


def _panel_of_call(_command: Command, call: str, _state: Any, _states: States) -> Sequence[str]:
    return (stream_name("panel", call),)


def _every_file(_command: Command, call: str, _state: Any, states: States) -> Sequence[str]:
    stream = stream_name("panel", call)
    cases = states[stream].before_jury() if stream in states else ()
    return (stream, *(stream_name("evaluation", case) for case in cases))


_HEAD: frozenset[Role] = frozenset({"admin", "case_handler"})
_SECRETARY: frozenset[Role] = frozenset({"jury_secretary"})
_MEMBER: frozenset[Role] = frozenset({"jury_member"})
_CHAIR: frozenset[Role] = frozenset({"jury_chair"})
_OWN: frozenset[Role] = _MEMBER | _SECRETARY
_REPLIES: frozenset[Role] = frozenset({"applicant", "case_handler"})
_SERVICE: frozenset[Role] = frozenset({"service"})

_OF_PANEL = (
    CommandSpec(AdoptPanelTerms, "panel", _SERVICE, (), creates=True),
    CommandSpec(ComposePanel, "panel", _HEAD, ("J2", "J4", "STATE")),
    CommandSpec(AppointMember, "panel", _HEAD, ("J2", "J4", "STATE")),
    CommandSpec(RecordResignation, "panel", _OWN, ("J3", "OWN")),
    CommandSpec(ReplaceMember, "panel", _HEAD, ("J2", "J3", "J4", "STATE")),
    CommandSpec(DeclareInterests, "panel", _OWN, ("J3", "OWN")),
    CommandSpec(AdmitCase, "panel", _SERVICE, ()),
    CommandSpec(DropCase, "panel", _SERVICE, ()),
    CommandSpec(SetCaseAside, "panel", _SERVICE, ()),
    CommandSpec(SucceedCase, "panel", _SERVICE, ()),
)


def _new(model: type[Command], roles: frozenset[Role], *rules: str, reads: Reads = _panel_of_command) -> CommandSpec:
    return CommandSpec(model, "evaluation", roles, rules, creates=True, reads=reads)


def _of(model: type[Command], roles: frozenset[Role], *rules: str, reads: Reads = _panel_of_file) -> CommandSpec:
    return CommandSpec(model, "evaluation", roles, rules, reads=reads)


_OF_FILE = (
    _new(AssignApplication, _SECRETARY, "J1", "J3", "STATE"),
    _new(RecuseMember, _SECRETARY, "J1", "J3", "STATE"),
    _new(SuggestConflicts, _SECRETARY | _SERVICE, "J1"),
    _new(DismissConflict, _SECRETARY, "J1", "J3"),
    _new(RecordConflict, _SECRETARY, "J1", "J3", reads=_order_of_command),
    _new(ApplyDeclaration, _SERVICE, "J1", reads=_order_of_command),
    _new(ReviewPresence, _SERVICE, "J1"),
    _of(SubmitScore, _MEMBER, "J1", "J3", "J6", "STATE"),
    _of(CorrectScore, _MEMBER, "J1", "J3", "J6", "J7", "STATE", reads=_order_of_file),
    _of(OpenDeliberation, _SECRETARY, "J1", "J3", "J4", "STATE"),
    _of(RecordConsensus, _CHAIR, "J1", "J4", "J5", "STATE"),
    _of(RecordVote, _SECRETARY, "J1", "J4", "J5", "STATE"),
    _of(UseCastingVote, _CHAIR, "J1", "J5", "STATE"),
    _of(InviteReply, _CHAIR, "J1", "J4", "J5", "J6", "J8", "STATE"),
    _of(RecordReply, _REPLIES, "J1", "J6", "OWN", "STATE"),
    _of(LapseReply, _SERVICE, "J1"),
    _of(AdoptAdvice, _CHAIR, "J1", "J4", "J5", "J6", "J8", "STATE"),
    _of(ReopenEvaluation, _SECRETARY, "J1", "J7", "STATE", reads=_order_of_file),
)

_OF_ORDER = (
    CommandSpec(FixRanking, "ranking", _SECRETARY, ("J7",), creates=True, reads=_every_file),
    CommandSpec(ReopenRanking, "ranking", _SECRETARY, ("J7",), reads=_panel_of_call),
    CommandSpec(ApplyEnvelopeChange, "ranking", _SERVICE, (), creates=True, reads=_panel_of_call),
)

COMMANDS: dict[type[Command], CommandSpec] = {spec.model: spec for spec in (*_OF_PANEL, *_OF_FILE, *_OF_ORDER)}
"""The jury's rows of the registry of commands."""
