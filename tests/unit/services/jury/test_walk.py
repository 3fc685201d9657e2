"""Whatever is sent to the jury, in any order: who is in conflict leaves no trace, and every file is ranked once."""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.envelope import Actor
from events.jury import (
    AdviceAdopted,
    ApplicationAssigned,
    CaseAdmittedToPanel,
    CaseLeftPanel,
    DeliberationOpened,
    InterestsDeclared,
    MemberRecused,
    RankingFixed,
    ScoreSubmitted,
)
from services.fields import Command
from services.jury.commands import DeclareInterests, DropCase, FixRanking, RecordConsensus
from services.jury.ranking import weighted_score
from services.jury.worker import JURY
from tests.given import Given, actor
from tests.unit.services.jury.examples import (
    ANNA,
    BORIS,
    CALL,
    CELIA,
    CHAIR,
    CITY_OF_GENK,
    CITY_OF_GENT,
    GENK,
    GENT,
    PANEL,
    RANKING,
    SOURCE,
    STRANGER,
    advise,
    assign,
    chair,
    declare,
    evaluation,
    member,
    panel_ready,
    present,
    recuse,
    score,
)
from tests.unit.services.jury.terms import CRITERIA

CITIES = {GENT: CITY_OF_GENT.ovo, GENK: CITY_OF_GENK.ovo}
JURY_OF = {GENT: (CHAIR, ANNA, BORIS, CELIA), GENK: (CHAIR, ANNA, BORIS)}
MEMBERS = (CHAIR, ANNA, BORIS, CELIA, STRANGER)
SECRETARIAT = actor("jury_secretary")
Step: TypeAlias = tuple[str, str, Command, Actor]


def on(case: str, command: Command, who: Actor = SECRETARIAT) -> Step:
    return "evaluation", case, command, who


def file(case: str) -> tuple[Step, ...]:
    """How a file goes from its assignment to the advice."""
    members = JURY_OF[case]
    return (
        on(case, assign(*members)),
        *(on(case, score(6 + place, 16), member(one)) for place, one in enumerate(members)),
        on(case, present(*members)),
        on(case, RecordConsensus(outcome="favourable"), chair()),
        on(case, advise(), chair()),
    )


RANK: Step = ("ranking", CALL, FixRanking(), SECRETARIAT)
STORY: tuple[Step, ...] = (*file(GENT), *file(GENK), RANK)
NOISE: tuple[Step, ...] = (
    *STORY,
    *(
        on(case, recuse(one, ground))
        for case in CITIES
        for one in MEMBERS
        for ground in ("other", "employer_is_applicant")
    ),
    *(on(case, score(9, 9), member(one)) for case in CITIES for one in MEMBERS),
    *(on(case, assign(CHAIR, one)) for case in CITIES for one in MEMBERS),
    *(on(case, present(CHAIR, ANNA, BORIS, one)) for case in CITIES for one in MEMBERS),
    *(on(case, present(CHAIR, ANNA)) for case in CITIES),
    *(on(case, RecordConsensus(outcome="unfavourable"), chair()) for case in CITIES),
    *(on(case, advise("unfavourable", 0), chair()) for case in CITIES),
    *(("panel", CALL, declare(one, city), member(one)) for one in (ANNA, BORIS) for city in CITIES.values()),
    # Often, for it matters only between an advice and the ranking.
    *(("panel", CALL, DropCase(case=case, source=SOURCE), actor("service")) for case in (GENT, GENK) * 4),
)
PLACES = st.integers(0, len(STORY) - 1)
SPELLS = st.tuples(
    st.sets(PLACES, max_size=2), st.lists(st.tuples(PLACES, st.sampled_from(NOISE)), min_size=2, max_size=12)
)
"""The story of both files, up to two of its steps left out, and other steps in between."""
Spells: TypeAlias = tuple[set[int], list[tuple[int, Step]]]


def steps_of(spells: Spells) -> list[Step]:
    left_out, noise = spells
    steps: list[Step] = []
    for place, own in enumerate(STORY):
        steps += [step for at, step in noise if at == place]
        steps += [] if place in left_out else [own]
    return steps


def walk(spells: Spells) -> Given:
    """Send all, and each again; a command to a stream that is not there is a 404."""
    before = panel_ready()
    for kind, ident, command, who in steps_of(spells):
        if JURY.commands[type(command)].creates or f"{kind}-{ident}" in before.streams:
            before = before.when(kind, ident, command, by=who).recorded()
            # A statement is sealed: made again it is another declaration.
            if not isinstance(command, DeclareInterests):
                assert before.when(kind, ident, command, by=who).decision.facts == ()
    return before


def in_order(before: Given) -> list[Any]:
    """Every fact of the jury in the order of the log."""
    events = [event for stream in before.streams.values() for event in stream]
    return [event.fact for event in sorted(events, key=lambda event: event.position)]


@for_all(SPELLS)
@settings(max_examples=200, deadline=None)
def test_j3_in_no_order_does_a_member_in_conflict_score_or_sit_or_weigh(spells: Spells) -> None:
    declared: dict[str, set[str]] = {CELIA: {CITY_OF_GENK.ovo}}
    recused: dict[str, set[str]] = {GENT: set(), GENK: set()}
    assigned: dict[str, set[str]] = {GENT: set(), GENK: set()}
    scores: dict[str, dict[str, Any]] = {GENT: {}, GENK: {}}
    for fact in in_order(walk(spells)):
        match fact:
            case InterestsDeclared():
                declared.setdefault(fact.member, set()).update(fact.organisations)
            case MemberRecused():
                recused[fact.case].add(fact.member)
                assigned[fact.case].discard(fact.member)
                scores[fact.case].pop(fact.member, None)
            case ApplicationAssigned() | DeliberationOpened():
                there = set(fact.members if isinstance(fact, ApplicationAssigned) else fact.present)
                assert not there & recused[fact.case]
                assert not [one for one in there if CITIES[fact.case] in declared.get(one, set())]
                assigned[fact.case] = there if isinstance(fact, ApplicationAssigned) else assigned[fact.case]
            case ScoreSubmitted():
                assert fact.member in assigned[fact.case]
                assert fact.member not in recused[fact.case]
                assert CITIES[fact.case] not in declared.get(fact.member, set())
                scores[fact.case][fact.member] = fact.scores
            case AdviceAdopted():
                assert fact.score_bp == weighted_score(CRITERIA, scores[fact.case])
            case _:
                pass


@for_all(SPELLS)
@settings(max_examples=200, deadline=None)
def test_j7_in_no_order_is_a_ranking_without_one_file_or_with_one_too_many(spells: Spells) -> None:
    before_jury: list[str] = []
    advice: dict[str, AdviceAdopted] = {}
    rankings = 0
    for fact in in_order(walk(spells)):
        match fact:
            case CaseAdmittedToPanel():
                before_jury.append(fact.case)
            case CaseLeftPanel():
                before_jury = [case for case in before_jury if case != fact.case]
            case AdviceAdopted():
                assert fact.case not in advice
                advice[fact.case] = fact
            case RankingFixed():
                rankings += 1
                assert sorted(entry.case for entry in fact.entries) == sorted(before_jury) != []
                assert [entry.rank for entry in fact.entries] == list(range(1, len(fact.entries) + 1))
                for entry in fact.entries:
                    assert (entry.score_bp, entry.outcome) == (advice[entry.case].score_bp, advice[entry.case].outcome)
                assert [entry.score_bp for entry in fact.entries] == sorted(
                    (entry.score_bp for entry in fact.entries), reverse=True
                )
            case _:
                pass
    assert rankings <= 1


def test_the_story_alone_ends_in_a_ranking_of_both_files() -> None:
    after = walk((set(), []))
    assert [entry.case for entry in after.state(RANKING).fixed.entries] == [GENT, GENK]
    assert {after.state(evaluation(case)).status for case in CITIES} == {"advised"}
    assert after.state(PANEL).before_jury() == (GENT, GENK)
