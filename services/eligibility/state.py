"""What eligibility needs to remember to decide: the adopted criteria, and one dossier with its latest checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias, assert_never

import msgspec
from msgspec.structs import replace

from events.eligibility import (
    AssessedDossier,
    AssessmentFacts,
    AssessmentLapsed,
    AssessmentRevised,
    AssessmentStarted,
    AssessmentSucceeded,
    CheckRecorded,
    ClarificationReceived,
    ClarificationRequested,
    ClarificationTermLapsed,
    CostsDeclared,
    CostsRegistered,
    CriteriaAdopted,
    DeclaredAdmissible,
    DeclaredCosts,
    DeclaredEligible,
    DeclaredInadmissible,
    DeclaredIneligible,
    DerogationGranted,
    DossierSupplemented,
    EligibilityFact,
    HumanCheckRecorded,
)
from events.vocabulary import Check


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of one call; None until they are adopted."""

    adopted: CriteriaAdopted | None = None


# A Struct: a case is folded anew for every command, and copies of a dataclass took three quarters of that time.
class Assessment(msgspec.Struct, frozen=True):
    """One application under examination.

    `checks` holds the latest record of each rule by its id, `judged` the latest human check of the file as it stands by
    its code, `derogations` what was set aside of either. `overdue`: the term of the open question has passed.
    `declared` is the latest word on what it asks subsidy for, where the call looks for double funding.
    """

    status: Literal["none", "open", "admissible", "inadmissible", "eligible", "ineligible", "lapsed"] = "none"
    call: str = ""
    dossier: AssessedDossier | None = None
    checks: Mapping[str, Check] = msgspec.field(default_factory=dict)
    judged: Mapping[str, HumanCheckRecorded] = msgspec.field(default_factory=dict)
    derogations: Mapping[str, DerogationGranted] = msgspec.field(default_factory=dict)
    question: ClarificationRequested | None = None
    overdue: bool = False
    declared: CostsDeclared | None = None

    def record_of(self, check: str) -> Check | None:
        """The record that counts: of a rule by its id, of a human check by its code."""
        judged = self.judged.get(check)
        return judged.check if judged else self.checks.get(check)


class Entry(NamedTuple):
    """What one case of an applicant asks subsidy for."""

    call: str
    costs: DeclaredCosts


@dataclass(frozen=True, slots=True)
class Register:
    """What one applicant asks subsidy for over all calls, case by case in the order in which they came first."""

    entries: Mapping[str, Entry] = field(default_factory=dict)


State: TypeAlias = Criteria | Assessment | Register

_INITIAL: Mapping[str, Callable[[], State]] = {"criteria": Criteria, "register": Register}


def initial(kind: str) -> State:
    """The state of a stream in which nothing has happened."""
    return _INITIAL.get(kind, Assessment)()


def evolve(state: State, fact: EligibilityFact) -> State:
    """The state after one more fact."""
    match fact:
        case CriteriaAdopted():
            return Criteria(fact)
        case CostsRegistered():
            return registered(state if isinstance(state, Register) else Register(), fact)
        case _:
            return _assessment(state if isinstance(state, Assessment) else Assessment(), fact)


def _assessment(state: Assessment, fact: AssessmentFacts) -> Assessment:
    match fact:
        case AssessmentStarted():
            return Assessment("open", fact.call, fact.dossier)
        case DossierSupplemented():
            return _changed(replace(state, dossier=state.dossier and supplemented(state.dossier, fact)))
        case CheckRecorded():
            # The latest record of a rule counts; the earlier ones stay in the log.
            state = replace(state, checks={**state.checks, fact.check.rule: fact.check})
            return _upheld(state, fact.check.rule, fact.check)
        case HumanCheckRecorded():
            return _upheld(replace(state, judged={**state.judged, fact.code: fact}), fact.code, fact.check)
        case DerogationGranted():
            return replace(state, derogations={**state.derogations, fact.of_check: fact})
        case CostsDeclared():
            return replace(state, declared=fact)
        case ClarificationRequested():
            return replace(state, question=fact, overdue=False)
        case ClarificationReceived():
            known = state.dossier and clarified(state.dossier, fact)
            return _changed(replace(state, dossier=known, question=None, overdue=False))
        case ClarificationTermLapsed():
            return replace(state, overdue=True)
        case DeclaredAdmissible():
            return replace(state, status="admissible")
        case DeclaredInadmissible():
            return replace(state, status="inadmissible")
        case DeclaredEligible():
            return replace(state, status="eligible")
        case DeclaredIneligible():
            return replace(state, status="ineligible")
        case AssessmentRevised():
            # A question that nobody answered belongs to the assessment that ended.
            return _changed(replace(state, status="open", question=None, overdue=False))
        case AssessmentSucceeded():
            return replace(state, dossier=state.dossier and passed_on(state.dossier, fact))
        case AssessmentLapsed():
            return replace(state, status="lapsed")
        case _:
            assert_never(fact)


def _changed(state: Assessment) -> Assessment:
    # A person judged the file as it stood; what has changed since can only be seen by looking again.
    return replace(state, judged={})


def _upheld(state: Assessment, name: str, record: Check) -> Assessment:
    """A derogation holds for the record that it set aside, and for another one that says the same of the same."""
    granted = state.derogations.get(name)
    if granted is None or (granted.set_aside.code, granted.set_aside.inputs) == (record.code, record.inputs):
        return state
    return replace(state, derogations={of: one for of, one in state.derogations.items() if of != name})


def registered(register: Register, fact: CostsRegistered) -> Register:
    """The register with what the case asks for now; a case that is there keeps its place."""
    if fact.costs is None:
        return Register({case: one for case, one in register.entries.items() if case != fact.case})
    return Register({**register.entries, fact.case: Entry(fact.call, fact.costs)})


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


def passed_on(dossier: AssessedDossier, fact: AssessmentSucceeded) -> AssessedDossier:
    """The dossier of the successor; what it asks for stays as it was handed in."""
    return msgspec.structs.replace(dossier, applicant=fact.successor)


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
