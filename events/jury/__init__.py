"""Facts of the jury: the panel (`panel-…`, per call), evaluations (`evaluation-…`, per case), the ranking."""

from __future__ import annotations

from typing import Literal, TypeAlias

from events.jury.panel import CaseAdmittedToPanel as CaseAdmittedToPanel
from events.jury.panel import CaseLeftPanel as CaseLeftPanel
from events.jury.panel import CaseReadmitted as CaseReadmitted
from events.jury.panel import CaseSetAside as CaseSetAside
from events.jury.panel import CaseSucceeded as CaseSucceeded
from events.jury.panel import InterestsDeclared as InterestsDeclared
from events.jury.panel import MemberAppointed as MemberAppointed
from events.jury.panel import MemberReplaced as MemberReplaced
from events.jury.panel import MemberResigned as MemberResigned
from events.jury.panel import PanelComposed as PanelComposed
from events.jury.panel import PanelFacts as PanelFacts
from events.jury.panel import PanelMember as PanelMember
from events.jury.panel import PanelTermsAdopted as PanelTermsAdopted
from events.times import Deadline, Instant
from events.vocabulary import (
    BasisPoints,
    CaseFact,
    Cents,
    Check,
    Code,
    Fact,
    Part,
    Party,
    Personal,
    Source,
    Text,
    Written,
)

AdviceOutcome: TypeAlias = Literal["favourable", "favourable_with_conditions", "unfavourable"]
ConflictGround: TypeAlias = Literal[
    "employer_is_applicant", "employer_is_partner", "declared_interest", "interest_in_partner", "other"
]


class MemberRecused(CaseFact, frozen=True, kw_only=True):
    """A member takes no part in this file: no sight, score, vote or presence (onthouding wegens belangenconflict)."""

    member: str
    ground: Literal["declared_interest", "employer_is_applicant", "other"]
    checks: list[Check]


class ConflictSuggested(CaseFact, frozen=True, kw_only=True):
    """Employer and partner data point at a conflict; until it is dismissed the member is kept out of the file (J3)."""

    member: str
    ground: Literal["employer_is_applicant", "employer_is_partner"]
    organisation: str
    checks: list[Check]


class ConflictDismissed(CaseFact, frozen=True, kw_only=True):
    """The secretary looked into a suggestion and found no conflict, for these reasons."""

    member: str
    ground: ConflictGround
    reason: Personal


class ConflictRecorded(CaseFact, frozen=True, kw_only=True):
    """A conflict of interest stands. `late`: the member had the file in hands before it was known."""

    member: str
    ground: ConflictGround
    basis: Literal["suggestion", "declaration", "secretary"]
    late: bool
    reason: Personal | None
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


class ScoreRefused(CaseFact, frozen=True, kw_only=True):
    """A member in conflict tried to give points (J3). The points are not kept; that it was tried is."""

    member: str
    code: str
    checks: list[Check]


class ScoreCorrected(CaseFact, frozen=True, kw_only=True):
    """A member put its own points right, before the advice; both stand here."""

    member: str
    previous: list[CriterionScore]
    scores: list[CriterionScore]
    reason: Written


class ScoreVoided(CaseFact, frozen=True, kw_only=True):
    """Points given do not count any more, for a conflict came to light; they stay in sight where they were given."""

    member: str
    cause: Literal["late_conflict"]


class QuorumLost(CaseFact, frozen=True, kw_only=True):
    """Too few of those who deliberated are left (J4): the deliberation must be opened again."""

    present: list[str]
    cause: Literal["recusal", "departure"]
    checks: list[Check]


class MemberLeftFile(CaseFact, frozen=True, kw_only=True):
    """Who had this file in hand left the jury: no more sight of it, score, vote or presence. Points given stay."""

    member: str


class OutcomeVoided(CaseFact, frozen=True, kw_only=True):
    """What was agreed or voted falls: somebody in conflict had a part in it. None: a ballot that ended in a tie."""

    outcome: AdviceOutcome | None
    cause: Literal["late_conflict"]


class EvaluationReopened(CaseFact, frozen=True, kw_only=True):
    """An adopted advice is set aside and the file judged again, before the ranking is fixed."""

    ground: Literal["late_conflict", "annulment", "error"]
    reason: Written | None


class DeliberationOpened(CaseFact, frozen=True, kw_only=True):
    """The jury discusses this file with these members present (J4)."""

    present: list[str]
    checks: list[Check]


class ConsensusReached(CaseFact, frozen=True, kw_only=True):
    """The members present agree on the outcome; no ballot is needed (J5)."""

    outcome: AdviceOutcome


class Ballots(Part, frozen=True, kw_only=True):
    """How many voted for an outcome. Nobody's name stands beside a vote, here or anywhere."""

    outcome: AdviceOutcome
    votes: int


class SecretBallotHeld(CaseFact, frozen=True, kw_only=True):
    """No consensus, so a secret ballot by simple majority (J5): counts alone. `outcome` is None where it is a tie."""

    ballots: list[Ballots]
    abstentions: int
    outcome: AdviceOutcome | None
    checks: list[Check]


class CastingVoteUsed(CaseFact, frozen=True, kw_only=True):
    """A tie, which the chair's casting vote (beslissende stem) ends (J5)."""

    tied: list[AdviceOutcome]
    outcome: AdviceOutcome
    checks: list[Check]


class CriterionReason(Part, frozen=True, kw_only=True):
    """Mean points of a criterion in basis points of its maximum, and the jury's reason."""

    criterion: str
    score_bp: BasisPoints
    reason: Text


class ImposedCooperation(Part, frozen=True, kw_only=True):
    """The jury imposes working together with this organisation, and says why."""

    partner: Party
    reason: Text


class ProvisionalAdviceSent(CaseFact, frozen=True, kw_only=True):
    """The advice that the jury means to adopt: the applicant may point at errors of fact until `due`."""

    outcome: AdviceOutcome
    proposed_cents: Cents
    score_bp: BasisPoints
    reasons: list[CriterionReason]
    conditions: list[Text]
    cooperation: list[ImposedCooperation]
    reduction: Text | None
    due: Deadline
    checks: list[Check]


class Remark(Part, frozen=True, kw_only=True):
    """An error of fact that the applicant points at, in the reasons on a criterion or (None) elsewhere."""

    criterion: Code | None
    text: Written


class ApplicantReplied(CaseFact, frozen=True, kw_only=True):
    """The applicant used the right of reply (recht van antwoord); without remarks it has none."""

    remarks: list[Remark]


class LateReplyRecorded(CaseFact, frozen=True, kw_only=True):
    """A reply after its term: on record, not heard."""

    remarks: list[Remark]
    due: Deadline
    received_at: Instant


class ReplyTermLapsed(CaseFact, frozen=True, kw_only=True):
    """The applicant did not reply in time."""

    due: Deadline


class AdviceAdopted(CaseFact, frozen=True, kw_only=True):
    """The jury's reasoned advice (gemotiveerd advies): report, proposal, a reason for every criterion (J6, J8).

    Since version 2: `cooperation` the jury imposes, why the amount is lower than requested (`reduction`), and what it
    says to the applicant's reply (`answer`).
    """

    outcome: AdviceOutcome
    proposed_cents: Cents
    score_bp: BasisPoints
    reasons: list[CriterionReason]
    report: Written
    conditions: list[Text]
    cooperation: list[ImposedCooperation]
    reduction: Text | None
    answer: Text | None
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


class RankingReopened(Fact, frozen=True, kw_only=True):
    """The ranking that was fixed as the `ordinal`-th is open again; `source` is the fact that led to it, if one did."""

    ordinal: int
    ground: Literal["envelope_changed", "late_conflict", "annulment", "error"]
    reason: Written | None
    source: Source | None


ConflictFacts: TypeAlias = (
    ConflictSuggested
    | ConflictDismissed
    | ConflictRecorded
    | MemberRecused
    | MemberLeftFile
    | ScoreRefused
    | ScoreVoided
)
DeliberationFacts: TypeAlias = (
    DeliberationOpened | ConsensusReached | SecretBallotHeld | CastingVoteUsed | OutcomeVoided | QuorumLost
)
AdviceFacts: TypeAlias = (
    ProvisionalAdviceSent | ApplicantReplied | LateReplyRecorded | ReplyTermLapsed | AdviceAdopted | EvaluationReopened
)
EvaluationFacts: TypeAlias = (
    ApplicationAssigned | ScoreSubmitted | ScoreCorrected | ConflictFacts | DeliberationFacts | AdviceFacts
)
RankingFacts: TypeAlias = RankingFixed | RankingReopened
JuryFact: TypeAlias = PanelFacts | EvaluationFacts | RankingFacts
