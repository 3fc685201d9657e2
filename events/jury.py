"""Facts of the jury: the panel (`panel-…`, per call), evaluations (`evaluation-…`, per case), the ranking."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.intake import Criterion, JuryTerms
from events.vocabulary import BasisPoints, CaseFact, Cents, Check, Fact, Part, Party, Personal, Source, Text, Written

AdviceOutcome: TypeAlias = Literal["favourable", "favourable_with_conditions", "unfavourable"]


class PanelTermsAdopted(Fact, frozen=True, kw_only=True):
    """The part of the call's terms that binds the jury, copied from `source` (CallPublished)."""

    cap_cents: Cents
    criteria: list[Criterion]
    jury: JuryTerms
    source: Source


class PanelMember(Part, frozen=True, kw_only=True):
    """A member: opaque id, sealed name, employer by OVO code (or another public code), and in which capacity."""

    person: str
    name: Personal
    employer: str
    capacity: Literal["external", "government"]
    expertise: str


class PanelComposed(Fact, frozen=True, kw_only=True):
    """The head of the agency composed the jury for this call; the secretary is no member (J2)."""

    chair: str
    secretary: str
    members: list[PanelMember]
    checks: list[Check]


class InterestsDeclared(Fact, frozen=True, kw_only=True):
    """A member declared interests before the first assignment; `organisations` are OVO codes of the conflict."""

    member: str
    statement: Personal
    organisations: list[str]


class CaseAdmittedToPanel(CaseFact, frozen=True, kw_only=True):
    """An eligible file is put before the jury (J1), copied from `source` (DeclaredEligible).

    `submission` is where the version that was judged was handed in: what was submitted earlier stands earlier there.
    """

    applicant: Party
    project: str
    requested_cents: Cents
    synthetic: bool
    submission: Source
    source: Source


class CaseLeftPanel(CaseFact, frozen=True, kw_only=True):
    """The application was withdrawn, before or after it came to the jury: it has nothing to rank here."""

    source: Source


class MemberRecused(CaseFact, frozen=True, kw_only=True):
    """A member takes no part in this file: no sight, score, vote or presence (onthouding wegens belangenconflict)."""

    member: str
    ground: Literal["declared_interest", "employer_is_applicant", "other"]
    checks: list[Check]


class ApplicationAssigned(CaseFact, frozen=True, kw_only=True):
    """The members who will score this file, all without a conflict."""

    members: list[str]
    requested_cents: Cents
    checks: list[Check]


class CriterionScore(Part, frozen=True, kw_only=True):
    """Points on one criterion."""

    criterion: str
    points: int


class ScoreSubmitted(CaseFact, frozen=True, kw_only=True):
    """One member's points; confidential (deliberations are)."""

    member: str
    scores: list[CriterionScore]


class DeliberationOpened(CaseFact, frozen=True, kw_only=True):
    """The jury discusses this file with these members present (J4)."""

    present: list[str]
    checks: list[Check]


class ConsensusReached(CaseFact, frozen=True, kw_only=True):
    """The members present agree on the outcome; no ballot is needed (J5)."""

    outcome: AdviceOutcome


class CriterionReason(Part, frozen=True, kw_only=True):
    """Mean points of a criterion in basis points of its maximum, and the jury's reason."""

    criterion: str
    score_bp: BasisPoints
    reason: Text


class AdviceAdopted(CaseFact, frozen=True, kw_only=True):
    """The jury's reasoned advice (gemotiveerd advies): report, proposal, a reason for every criterion (J6, J8)."""

    outcome: AdviceOutcome
    proposed_cents: Cents
    score_bp: BasisPoints
    reasons: list[CriterionReason]
    report: Written
    conditions: list[Text]
    checks: list[Check]


class RankingEntry(Part, frozen=True, kw_only=True):
    """One file's place (1 = first) and what placed it there."""

    case: str
    rank: int
    score_bp: BasisPoints
    outcome: AdviceOutcome
    proposed_cents: Cents
    requested_cents: Cents
    applicant: Party
    synthetic: bool
    placed_by: Literal["score", "tie_rule"]


class RankingFixed(Fact, frozen=True, kw_only=True):
    """Every file before the jury exactly once, best first (rangschikking); ties by the declared rule (J7)."""

    entries: list[RankingEntry]
    tie_rule: str
    checks: list[Check]


PanelFacts: TypeAlias = PanelTermsAdopted | PanelComposed | InterestsDeclared | CaseAdmittedToPanel | CaseLeftPanel
EvaluationFacts: TypeAlias = (
    ApplicationAssigned | MemberRecused | ScoreSubmitted | DeliberationOpened | ConsensusReached | AdviceAdopted
)
RankingFacts: TypeAlias = RankingFixed
JuryFact: TypeAlias = PanelFacts | EvaluationFacts | RankingFacts
