"""What can be asked of eligibility: about the criteria of a call, and about the assessment of one application."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.canonical import SAFE_INTEGER
from events.catalog import stream_name
from events.eligibility import AssessedDossier, DeclaredCosts, Overlap
from events.intake import Coded, Cofinancing, EligibilityTerms, ShareLimit, TermLimit
from events.vocabulary import (
    Attachment,
    BudgetLine,
    Cents,
    Code,
    FinancingLine,
    Name,
    Ovo,
    Party,
    Source,
    Uuid,
    Written,
)
from services.deciding import CommandSpec, Role, States, derived_id
from services.fields import Command, Wire

MOST_LINES = 200
"""A dossier of more lines would not fit in one event."""

REGISTER = "ca627be0-5863-54f7-8c79-a7bae490fdd1"
"""From this uuid and an OVO code follows the uuid of a register."""

MOST_WORDS = 5_000
"""Characters of the reasons for one check: a conclusion repeats those of all its checks in one event."""


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


def _brief(written: Written) -> Written:
    # Reasons stand in full in the sentence of the check that every letter repeats.
    if len(written.text) > MOST_WORDS:
        raise PydanticCustomError(
            "string_too_long", "the text has at most {max_length} characters", {"max_length": MOST_WORDS}
        )
    return written


Reasons = Annotated[Wire[Written], AfterValidator(_brief)]


class AdoptCriteria(Command):
    """Take over the part of a call's terms that applications are held against."""

    cap_cents: Wire[Cents]
    cofinancing: Wire[Cofinancing]
    share_limits: list[Wire[ShareLimit]]
    cost_categories: list[Wire[Code]]
    required_attachments: list[Wire[Coded]]
    term: Wire[TermLimit]
    completion_days: int
    eligibility: Wire[EligibilityTerms]
    one_live_application: bool
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


class LapseClarification(Command):
    """The term for an answer has passed."""


class RecordCheck(Command):
    """Judge what the call's terms leave to people: `check` is its code there, `reasons` why (motivering)."""

    check: Wire[Code]
    outcome: Literal["pass", "fail"]
    reasons: Reasons
    evidence: Annotated[list[Wire[Attachment]], Field(default_factory=list, max_length=MOST_LINES)]


class GrantDerogation(Command):
    """Set a failed check aside in this case (afwijking): a rule by its id, or a human check by its code."""

    check: Wire[Name]
    legal_basis: Wire[Name]
    reasons: Reasons


class RegisterCosts(Command):
    """Take over in the applicant's register what a case asks subsidy for; None: nothing any more."""

    call: Wire[Uuid]
    case: Wire[Uuid]
    applicant: Wire[Ovo]
    costs: Wire[DeclaredCosts] | None
    source: Wire[Source]


class CheckRegister(Command):
    """Check a file against what the register found (double funding)."""

    overlaps: list[Wire[Overlap]]
    source: Wire[Source]


class ConcludeAdmissibility(Command):
    """Say whether the formal conditions are met (ontvankelijk)."""


class ConcludeEligibility(Command):
    """Say whether all conditions of the call are met."""


class ReviseAssessment(Command):
    """Open the assessment again after its conclusion, because of a new fact; `reference` names where that stands."""

    reference: Wire[Name]
    reasons: Reasons


class SucceedAssessment(Command):
    """The applicant has a legal successor (rechtsopvolger)."""

    previous: Wire[Party]
    successor: Wire[Party]
    source: Wire[Source]


class LapseAssessment(Command):
    """The application was withdrawn: there is nothing left to assess."""

    source: Wire[Source]


AssessmentCommand = (
    StartAssessment
    | SupplementDossier
    | RequestClarification
    | RecordClarification
    | LapseClarification
    | RecordCheck
    | GrantDerogation
    | CheckRegister
    | ConcludeAdmissibility
    | ConcludeEligibility
    | ReviseAssessment
    | SucceedAssessment
    | LapseAssessment
)
EligibilityCommand = AdoptCriteria | AssessmentCommand | RegisterCosts


def _criteria(command: Command, _id: str, state: object, _states: States) -> Sequence[str]:
    call: str = command.call if isinstance(command, StartAssessment) else getattr(state, "call", "")
    return (stream_name("criteria", call),) if call else ()


def register_id(applicant: str) -> str:
    """The uuid of an applicant's register, from the OVO code."""
    return derived_id(REGISTER, applicant)


def _criteria_and_register(command: Command, ident: str, state: Any, states: States) -> Sequence[str]:
    """The register too, once the criteria are known to look into it."""
    streams = _criteria(command, ident, state, states)
    adopted = [states[stream].adopted for stream in streams if stream in states]
    if any(one and one.eligibility.double_funding != "not_checked" for one in adopted) and state.dossier:
        return (*streams, stream_name("register", register_id(state.dossier.applicant.ovo)))
    return streams


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
            reads=_criteria_and_register,
        ),
        CommandSpec(LapseClarification, "assessment", _SERVICE, (), reads=_criteria),
        CommandSpec(RecordCheck, "assessment", _OFFICIAL, ("STATE", "E7"), reads=_criteria),
        CommandSpec(GrantDerogation, "assessment", _OFFICIAL, ("STATE", "E6"), reads=_criteria),
        CommandSpec(RegisterCosts, "register", _SERVICE, (), creates=True),
        CommandSpec(CheckRegister, "assessment", _SERVICE, ("STATE",), reads=_criteria),
        CommandSpec(ConcludeAdmissibility, "assessment", _OFFICIAL, ("STATE", "E6", "E7"), reads=_criteria),
        CommandSpec(ConcludeEligibility, "assessment", _OFFICIAL, ("STATE", "E6", "E7"), reads=_criteria),
        CommandSpec(ReviseAssessment, "assessment", _OFFICIAL, ("STATE",), reads=_criteria_and_register),
        CommandSpec(SucceedAssessment, "assessment", _SERVICE, (), reads=_criteria),
        CommandSpec(LapseAssessment, "assessment", _SERVICE, (), reads=_criteria),
    )
}
"""The registry: every command of eligibility, its stream, who may send it, and the rules that can refuse it."""
