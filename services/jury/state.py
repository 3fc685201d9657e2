"""What the jury needs to remember to decide: the panel, one file's evaluation, the ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, assert_never

from msgspec.structs import replace as replace_struct

from events.jury import (
    AdviceAdopted,
    AdviceFacts,
    AdviceOutcome,
    ApplicantReplied,
    ApplicationAssigned,
    CaseAdmittedToPanel,
    CaseLeftPanel,
    CaseReadmitted,
    CaseSetAside,
    CaseSucceeded,
    CastingVoteUsed,
    ConflictDismissed,
    ConflictFacts,
    ConflictGround,
    ConflictRecorded,
    ConflictSuggested,
    ConsensusReached,
    CriterionScore,
    DeliberationFacts,
    DeliberationOpened,
    EvaluationFacts,
    EvaluationReopened,
    InterestsDeclared,
    JuryFact,
    LateReplyRecorded,
    MemberAppointed,
    MemberLeftFile,
    MemberRecused,
    MemberReplaced,
    MemberResigned,
    OutcomeVoided,
    PanelComposed,
    PanelFacts,
    PanelMember,
    PanelTermsAdopted,
    ProvisionalAdviceSent,
    QuorumLost,
    RankingFacts,
    RankingFixed,
    RankingReopened,
    Remark,
    ReplyTermLapsed,
    ScoreCorrected,
    ScoreRefused,
    ScoreSubmitted,
    ScoreVoided,
    SecretBallotHeld,
)

Way: TypeAlias = Literal["consensus", "majority", "casting_vote"]
Reply: TypeAlias = Literal["none", "awaited", "replied", "lapsed"]


@dataclass(frozen=True, slots=True)
class Panel:
    """The jury of a call, its members' interests, and the files put before it.

    `members` sit now, `gone` are those who left; `interests` holds, per member who declared, every organisation ever
    declared: a conflict told once stays. `left` are files that were withdrawn, `aside` those whose
    assessment is revised.
    """

    terms: PanelTermsAdopted | None = None
    composed: PanelComposed | None = None
    chair: str = ""
    gone: frozenset[str] = frozenset()
    members: Mapping[str, PanelMember] = field(default_factory=dict)
    interests: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cases: Mapping[str, CaseAdmittedToPanel] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()

    @property
    def rules(self) -> int | None:
        """Where the terms of the call stand in the log."""
        return self.terms.source.position if self.terms else None

    def before_jury(self) -> tuple[str, ...]:
        """The files still before the jury, in the order in which they came."""
        return tuple(case for case in self.cases if case not in self.left | self.aside)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One file before the jury. `scores` keeps a recused member's points out; the log keeps them in sight.

    `suggested` and `dismissed` hold (member, ground); `conflicted` maps members with a conflict on record to its
    ground, `tried` are those whose points were refused, `departed` those who left the jury. `outcome` is what the jury
    agreed on or voted, `way` how; `tied` waits for the chair.
    """

    status: Literal["none", "assigned", "deliberating", "agreed", "advised"] = "none"
    call: str = ""
    assigned: tuple[str, ...] = ()
    recused: frozenset[str] = frozenset()
    conflicted: Mapping[str, ConflictGround] = field(default_factory=dict)
    suggested: frozenset[tuple[str, str]] = frozenset()
    dismissed: frozenset[tuple[str, str]] = frozenset()
    tried: frozenset[str] = frozenset()
    departed: frozenset[str] = frozenset()
    scores: Mapping[str, tuple[CriterionScore, ...]] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    outcome: AdviceOutcome | None = None
    way: Way | None = None
    tied: tuple[AdviceOutcome, ...] = ()
    ballot: SecretBallotHeld | None = None
    provisional: ProvisionalAdviceSent | None = None
    reply: Reply = "none"
    remarks: tuple[Remark, ...] = ()
    late_remarks: tuple[Remark, ...] | None = None
    advice: AdviceAdopted | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking of a call: `fixed` while it stands; `times` it was fixed, and why it was last reopened."""

    fixed: RankingFixed | None = None
    times: int = 0
    reopened: RankingReopened | None = None


State: TypeAlias = Panel | Evaluation | Ranking


def initial(kind: str) -> State:
    """The state of a stream in which nothing has happened."""
    match kind:
        case "panel":
            return Panel()
        case "evaluation":
            return Evaluation()
        case _:
            return Ranking()


def evolve(state: State, fact: JuryFact) -> State:
    """The state after one more fact."""
    if isinstance(fact, RankingFacts):
        return _ranking(state if isinstance(state, Ranking) else Ranking(), fact)
    if isinstance(fact, PanelFacts):
        return _panel(state if isinstance(state, Panel) else Panel(), fact)
    return _evaluation(state if isinstance(state, Evaluation) else Evaluation(), fact)


def _ranking(state: Ranking, fact: RankingFacts) -> Ranking:
    match fact:
        case RankingFixed():
            return replace(state, fixed=fact, times=state.times + 1)
        case RankingReopened():
            return replace(state, fixed=None, reopened=fact)
        case _:
            assert_never(fact)


def _panel(state: Panel, fact: PanelFacts) -> Panel:
    match fact:
        case PanelTermsAdopted():
            return replace(state, terms=fact)
        case PanelComposed():
            members = {member.person: member for member in fact.members}
            return replace(state, composed=fact, chair=fact.chair, members=members)
        case MemberAppointed():
            return _joined(replace(state, chair=fact.chair), fact.member)
        case MemberReplaced():
            return _joined(_left(replace(state, chair=fact.chair), fact.leaving), fact.member)
        case MemberResigned():
            return _left(state, fact.member)
        case InterestsDeclared():
            known = state.interests.get(fact.member, frozenset())
            return replace(state, interests={**state.interests, fact.member: known | set(fact.organisations)})
        case CaseAdmittedToPanel():
            return replace(state, cases={**state.cases, fact.case: fact})
        case CaseLeftPanel():
            return replace(state, left=state.left | {fact.case})
        case CaseSetAside():
            return replace(state, aside=state.aside | {fact.case})
        case CaseSucceeded():
            passed = replace_struct(state.cases[fact.case], applicant=fact.successor)
            return replace(state, cases={**state.cases, fact.case: passed})
        case CaseReadmitted():
            return _readmitted(state, fact)
        case _:
            assert_never(fact)


def _readmitted(state: Panel, fact: CaseReadmitted) -> Panel:
    known = replace_struct(
        state.cases[fact.case],
        applicant=fact.applicant,
        project=fact.project,
        requested_cents=fact.requested_cents,
        synthetic=fact.synthetic,
        partners=fact.partners,
        source=fact.source,
    )
    return replace(state, cases={**state.cases, fact.case: known}, aside=state.aside - {fact.case})


def _joined(state: Panel, seat: PanelMember) -> Panel:
    return replace(state, members={**state.members, seat.person: seat}, gone=state.gone - {seat.person})


def _left(state: Panel, leaving: str) -> Panel:
    others = {person: seat for person, seat in state.members.items() if person != leaving}
    return replace(state, members=others, gone=state.gone | {leaving})


def _evaluation(state: Evaluation, fact: EvaluationFacts) -> Evaluation:
    state = replace(state, call=fact.call)
    match fact:
        case ApplicationAssigned():
            return replace(state, status="assigned", assigned=tuple(fact.members))
        case ScoreSubmitted() | ScoreCorrected():
            return replace(state, scores={**state.scores, fact.member: tuple(fact.scores)})
        case (
            ConflictSuggested()
            | ConflictDismissed()
            | ConflictRecorded()
            | MemberRecused()
            | MemberLeftFile()
            | ScoreRefused()
            | ScoreVoided()
        ):
            return _interests(state, fact)
        case (
            DeliberationOpened()
            | ConsensusReached()
            | SecretBallotHeld()
            | CastingVoteUsed()
            | OutcomeVoided()
            | QuorumLost()
        ):
            return _deliberation(state, fact)
        case _:
            return _advice(state, fact)


def _interests(state: Evaluation, fact: ConflictFacts) -> Evaluation:
    match fact:
        case ConflictSuggested():
            return replace(state, suggested=state.suggested | {(fact.member, fact.ground)})
        case ConflictDismissed():
            told = (fact.member, fact.ground)
            return replace(state, suggested=state.suggested - {told}, dismissed=state.dismissed | {told})
        case ConflictRecorded():
            return replace(_settled(state, fact.member), conflicted={**state.conflicted, fact.member: fact.ground})
        case MemberRecused():
            return _without(_settled(state, fact.member), fact.member)
        case MemberLeftFile():
            return replace(state, departed=state.departed | {fact.member})
        case ScoreRefused():
            return replace(state, tried=state.tried | {fact.member})
        case ScoreVoided():
            return replace(state, scores={who: got for who, got in state.scores.items() if who != fact.member})
        case _:
            assert_never(fact)


def _settled(state: Evaluation, member: str) -> Evaluation:
    return replace(state, suggested=frozenset(told for told in state.suggested if told[0] != member))


def _without(state: Evaluation, member: str) -> Evaluation:
    return replace(
        state,
        recused=state.recused | {member},
        assigned=tuple(other for other in state.assigned if other != member),
        present=tuple(other for other in state.present if other != member),
        scores={other: points for other, points in state.scores.items() if other != member},
    )


def _deliberation(state: Evaluation, fact: DeliberationFacts) -> Evaluation:
    match fact:
        case DeliberationOpened():
            return replace(_undecided(state), present=tuple(fact.present))
        case ConsensusReached():
            return replace(state, status="agreed", outcome=fact.outcome, way="consensus")
        case SecretBallotHeld(outcome=None):
            return replace(state, ballot=fact, tied=leading({one.outcome: one.votes for one in fact.ballots}))
        case SecretBallotHeld():
            return replace(state, status="agreed", ballot=fact, outcome=fact.outcome, way="majority", tied=())
        case CastingVoteUsed():
            return replace(state, status="agreed", outcome=fact.outcome, way="casting_vote", tied=())
        case OutcomeVoided():
            return _undecided(state)
        case QuorumLost():
            return replace(_undecided(state), present=tuple(fact.present))
        case _:
            assert_never(fact)


def leading(votes: Mapping[AdviceOutcome, int]) -> tuple[AdviceOutcome, ...]:
    """The outcomes that got the most votes: one by simple majority (gewone meerderheid), several in a tie."""
    most = max(votes.values())
    return tuple(outcome for outcome, count in votes.items() if count == most)


def _undecided(state: Evaluation) -> Evaluation:
    return replace(state, status="deliberating", outcome=None, way=None, tied=(), ballot=None)


def _advice(state: Evaluation, fact: AdviceFacts) -> Evaluation:
    match fact:
        case ProvisionalAdviceSent():
            return replace(state, provisional=fact, reply="awaited")
        case ApplicantReplied():
            return replace(state, reply="replied", remarks=tuple(fact.remarks))
        case ReplyTermLapsed():
            return replace(state, reply="lapsed")
        case LateReplyRecorded():
            return replace(state, late_remarks=tuple(fact.remarks))
        case AdviceAdopted():
            return replace(state, status="advised", advice=fact)
        case EvaluationReopened():
            again = replace(_undecided(state), status="assigned", present=(), advice=None)
            return replace(again, provisional=None, reply="none", remarks=(), late_remarks=None)
        case _:
            assert_never(fact)
