"""One file with everything a decision on it looks at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from events.catalog import AnyFact
from events.eligibility import AssessedDossier, CheckRecorded, CriteriaAdopted
from events.vocabulary import Check
from services.deciding import Accepted, Context, Refused, accept, refuse
from services.eligibility.commands import (
    CheckRegister,
    ConcludeAdmissibility,
    ConcludeEligibility,
    GrantDerogation,
    LapseAssessment,
    LapseClarification,
    RecordCheck,
    RecordClarification,
    RequestClarification,
    ReviseAssessment,
    SucceedAssessment,
    SupplementDossier,
)
from services.eligibility.state import Assessment

LaterCommand: TypeAlias = (
    SupplementDossier
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
"""What can be sent once an assessment has started."""


class Case(NamedTuple):
    """An assessment that has started, its call's criteria, and the moment."""

    state: Assessment
    dossier: AssessedDossier
    criteria: CriteriaAdopted
    context: Context

    @property
    def call(self) -> str:
        """The call."""
        return self.state.call

    @property
    def id(self) -> str:
        """The case."""
        return self.context.id

    @property
    def under_way(self) -> bool:
        """Whether something is still to be concluded."""
        return self.state.status in {"open", "admissible"}

    @property
    def concluded(self) -> Literal["inadmissible", "eligible", "ineligible"] | None:
        """The last word of eligibility, once it was spoken."""
        match self.state.status:
            case "inadmissible" | "eligible" | "ineligible" as word:
                return word
            case _:
                return None

    def accept(self, *facts: AnyFact) -> Accepted:
        """These facts, under the call's terms."""
        return accept(*facts, rules=self.criteria.source.position)

    def recorded(self, checks: Iterable[Check]) -> list[CheckRecorded]:
        """A fact for each check."""
        return checks_recorded(self.call, self.id, checks)


def checks_recorded(call: str, case: str, checks: Iterable[Check]) -> list[CheckRecorded]:
    """A fact for each check."""
    return [CheckRecorded(call=call, case=case, check=one) for one in checks]


def wrong(state: Assessment, code: str = "not_in_this_state") -> Refused:
    """What is not possible as the assessment stands."""
    return refuse("STATE", code, status=state.status)
