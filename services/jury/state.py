"""What the jury needs to remember to decide: the panel, one file's evaluation, the ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, assert_never

from events.jury import (
    AdviceAdopted,
    AdviceOutcome,
    ApplicationAssigned,
    CaseAdmittedToPanel,
    CaseLeftPanel,
    ConsensusReached,
    CriterionScore,
    DeliberationOpened,
    EvaluationFacts,
    InterestsDeclared,
    JuryFact,
    MemberRecused,
    PanelComposed,
    PanelFacts,
    PanelMember,
    PanelTermsAdopted,
    RankingFixed,
    ScoreSubmitted,
)


@dataclass(frozen=True, slots=True)
class Panel:
    """The jury of a call, its members' interests, and the files put before it.

    `interests` holds, per member who declared, every organisation ever declared: a conflict told once stays.
    """

    terms: PanelTermsAdopted | None = None
    composed: PanelComposed | None = None
    members: Mapping[str, PanelMember] = field(default_factory=dict)
    interests: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cases: Mapping[str, CaseAdmittedToPanel] = field(default_factory=dict)
    left: frozenset[str] = frozenset()

    @property
    def rules(self) -> int | None:
        """Where the terms of the call stand in the log."""
        return self.terms.source.position if self.terms else None

    def before_jury(self) -> tuple[str, ...]:
        """The files still before the jury, in the order in which they came."""
        return tuple(case for case in self.cases if case not in self.left)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One file before the jury. `scores` keeps a recused member's points out; the log keeps them in sight."""

    status: Literal["none", "assigned", "deliberating", "agreed", "advised"] = "none"
    call: str = ""
    assigned: tuple[str, ...] = ()
    recused: frozenset[str] = frozenset()
    scores: Mapping[str, tuple[CriterionScore, ...]] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    consensus: AdviceOutcome | None = None
    advice: AdviceAdopted | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking of a call, once it is fixed."""

    fixed: RankingFixed | None = None


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
    match fact:
        case RankingFixed():
            return Ranking(fixed=fact)
        case PanelTermsAdopted() | PanelComposed() | InterestsDeclared() | CaseAdmittedToPanel() | CaseLeftPanel():
            return _panel(state if isinstance(state, Panel) else Panel(), fact)
        case _:
            return _evaluation(state if isinstance(state, Evaluation) else Evaluation(), fact)


def _panel(state: Panel, fact: PanelFacts) -> Panel:
    match fact:
        case PanelTermsAdopted():
            return replace(state, terms=fact)
        case PanelComposed():
            return replace(state, composed=fact, members={member.person: member for member in fact.members})
        case InterestsDeclared():
            known = state.interests.get(fact.member, frozenset())
            return replace(state, interests={**state.interests, fact.member: known | set(fact.organisations)})
        case CaseAdmittedToPanel():
            return replace(state, cases={**state.cases, fact.case: fact})
        case CaseLeftPanel():
            return replace(state, left=state.left | {fact.case})
        case _:
            assert_never(fact)


def _evaluation(state: Evaluation, fact: EvaluationFacts) -> Evaluation:
    state = replace(state, call=fact.call)
    match fact:
        case ApplicationAssigned():
            return replace(state, status="assigned", assigned=tuple(fact.members))
        case MemberRecused():
            return _without(state, fact.member)
        case ScoreSubmitted():
            return replace(state, scores={**state.scores, fact.member: tuple(fact.scores)})
        case DeliberationOpened():
            return replace(state, status="deliberating", present=tuple(fact.present))
        case ConsensusReached():
            return replace(state, status="agreed", consensus=fact.outcome)
        case AdviceAdopted():
            return replace(state, status="advised", advice=fact)
        case _:
            assert_never(fact)


def _without(state: Evaluation, member: str) -> Evaluation:
    return replace(
        state,
        recused=state.recused | {member},
        assigned=tuple(other for other in state.assigned if other != member),
        present=tuple(other for other in state.present if other != member),
        scores={other: points for other, points in state.scores.items() if other != member},
    )
