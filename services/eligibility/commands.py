"""What can be asked of eligibility: about the criteria of a call, and about the assessment of one application."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.canonical import SAFE_INTEGER
from events.catalog import stream_name
from events.eligibility import AssessedDossier
from events.intake import Coded, Cofinancing, ShareLimit, TermLimit
from events.vocabulary import Attachment, BudgetLine, Cents, Code, FinancingLine, Name, Source, Uuid, Written
from services.deciding import CommandSpec, Role, States
from services.fields import Command, Wire

MOST_LINES = 200
"""A dossier of more lines would not fit in one event."""


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


class AdoptCriteria(Command):
    """Take over the part of a call's terms that applications are held against."""

    cap_cents: Wire[Cents]
    cofinancing: Wire[Cofinancing]
    share_limits: list[Wire[ShareLimit]]
    cost_categories: list[Wire[Code]]
    required_attachments: list[Wire[Coded]]
    term: Wire[TermLimit]
    completion_days: int
    source: Wire[Source]


class StartAssessment(Command):
    """Begin the examination of a submitted application (ontvankelijkheidsonderzoek)."""

    call: Wire[Uuid]
    dossier: Wire[AssessedDossier]


class SupplementDossier(Command):
    """Add what the applicant handed in on request."""

    attachments: list[Wire[Attachment]]
    application_version: int
    source: Wire[Source]


class RequestClarification(Command):
    """Ask the applicant to explain or mend what is in doubt; `rules` are the ids of rules that were checked."""

    rules: Annotated[list[Wire[Name]], Field(min_length=1, max_length=MOST_LINES)]
    question: Wire[Written]


class RecordClarification(Command):
    """The applicant's answer, with the whole budget and financing as they now stand."""

    answer: Wire[Written]
    requested_cents: Wire[Cents]
    budget: Budget
    financing: Financing
    synthetic: bool = False


class ConcludeAdmissibility(Command):
    """Say whether the formal conditions are met (ontvankelijk)."""


class ConcludeEligibility(Command):
    """Say whether all conditions of the call are met."""


class LapseAssessment(Command):
    """The application was withdrawn: there is nothing left to assess."""

    source: Wire[Source]


AssessmentCommand = (
    StartAssessment
    | SupplementDossier
    | RequestClarification
    | RecordClarification
    | ConcludeAdmissibility
    | ConcludeEligibility
    | LapseAssessment
)
EligibilityCommand = AdoptCriteria | AssessmentCommand


def _criteria(command: Command, _id: str, state: object, _states: States) -> Sequence[str]:
    call: str = command.call if isinstance(command, StartAssessment) else getattr(state, "call", "")
    return (stream_name("criteria", call),) if call else ()


_SERVICE: frozenset[Role] = frozenset({"service"})
_OFFICIAL: frozenset[Role] = frozenset({"case_handler"})
_EITHER_SIDE: frozenset[Role] = frozenset({"applicant", "case_handler"})

COMMANDS: dict[type[Command], CommandSpec] = {
    spec.model: spec
    for spec in (
        CommandSpec(AdoptCriteria, "criteria", _SERVICE, (), creates=True),
        CommandSpec(StartAssessment, "assessment", _SERVICE, ("STATE",), creates=True, reads=_criteria),
        CommandSpec(SupplementDossier, "assessment", _SERVICE, ("STATE",), reads=_criteria),
        CommandSpec(RequestClarification, "assessment", _OFFICIAL, ("STATE", "E7"), reads=_criteria),
        CommandSpec(
            RecordClarification,
            "assessment",
            _EITHER_SIDE,
            ("STATE", "OWN"),
            records_past_act=True,
            reads=_criteria,
        ),
        CommandSpec(ConcludeAdmissibility, "assessment", _OFFICIAL, ("STATE", "E7"), reads=_criteria),
        CommandSpec(ConcludeEligibility, "assessment", _OFFICIAL, ("STATE", "E7"), reads=_criteria),
        CommandSpec(LapseAssessment, "assessment", _SERVICE, (), reads=_criteria),
    )
}
"""The registry: every command of eligibility, its stream, who may send it, and the rules that can refuse it."""
