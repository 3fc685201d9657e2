"""What eligibility needs to remember to decide: the adopted criteria, and one dossier with its latest checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, assert_never

import msgspec

from events.eligibility import (
    AssessedDossier,
    AssessmentFacts,
    AssessmentLapsed,
    AssessmentStarted,
    CheckRecorded,
    ClarificationReceived,
    ClarificationRequested,
    CriteriaAdopted,
    DeclaredAdmissible,
    DeclaredEligible,
    DeclaredInadmissible,
    DeclaredIneligible,
    DossierSupplemented,
    EligibilityFact,
)
from events.vocabulary import Check


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of one call; None until they are adopted."""

    adopted: CriteriaAdopted | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One application under examination. `checks` holds the latest record of each rule, by rule id."""

    status: Literal["none", "open", "admissible", "inadmissible", "eligible", "ineligible", "lapsed"] = "none"
    call: str = ""
    dossier: AssessedDossier | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    question: ClarificationRequested | None = None


State: TypeAlias = Criteria | Assessment


def initial(kind: str) -> State:
    """The state of a stream in which nothing has happened."""
    return Criteria() if kind == "criteria" else Assessment()


def evolve(state: State, fact: EligibilityFact) -> State:
    """The state after one more fact."""
    match fact:
        case CriteriaAdopted():
            return Criteria(fact)
        case _:
            return _assessment(state if isinstance(state, Assessment) else Assessment(), fact)


def _assessment(state: Assessment, fact: AssessmentFacts) -> Assessment:
    match fact:
        case AssessmentStarted():
            return Assessment("open", fact.call, fact.dossier)
        case DossierSupplemented():
            return replace(state, dossier=state.dossier and supplemented(state.dossier, fact))
        case CheckRecorded():
            # The latest record of a rule counts; the earlier ones stay in the log.
            return replace(state, checks={**state.checks, fact.check.rule: fact.check})
        case ClarificationRequested():
            return replace(state, question=fact)
        case ClarificationReceived():
            return replace(state, dossier=state.dossier and clarified(state.dossier, fact), question=None)
        case DeclaredAdmissible():
            return replace(state, status="admissible")
        case DeclaredInadmissible():
            return replace(state, status="inadmissible")
        case DeclaredEligible():
            return replace(state, status="eligible")
        case DeclaredIneligible():
            return replace(state, status="ineligible")
        case AssessmentLapsed():
            return replace(state, status="lapsed")
        case _:
            assert_never(fact)


def supplemented(dossier: AssessedDossier, fact: DossierSupplemented) -> AssessedDossier:
    """The dossier with new attachments in place of the old ones of the same kind."""
    kinds = {one.kind for one in fact.attachments}
    kept = [one for one in dossier.attachments if one.kind not in kinds]
    return msgspec.structs.replace(
        dossier,
        attachments=kept + fact.attachments,
        application_version=fact.application_version,
        source=fact.source,
    )


def clarified(dossier: AssessedDossier, fact: ClarificationReceived) -> AssessedDossier:
    """The dossier with the budget and the financing that the applicant restated.

    `synthetic` speaks of the amount asked for: invented lines below an unchanged amount do not make that invented.
    """
    invented = fact.synthetic and fact.requested_cents != dossier.requested_cents
    return msgspec.structs.replace(
        dossier,
        requested_cents=fact.requested_cents,
        budget=fact.budget,
        financing=fact.financing,
        synthetic=dossier.synthetic or invented,
    )
