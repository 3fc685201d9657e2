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
    Ballots,
    CaseAdmittedToPanel,
    CaseLeftPanel,
    CaseReadmitted,
    CaseSetAside,
    CastingVoteUsed,
    ConflictRecorded,
    ConsensusReached,
    DeliberationOpened,
    EvaluationReopened,
    InterestsDeclared,
    MemberRecused,
    MemberReplaced,
    MemberResigned,
    OutcomeVoided,
    QuorumLost,
    RankingFixed,
    RankingReopened,
    ScoreCorrected,
    ScoreSubmitted,
    ScoreVoided,
    SecretBallotHeld,
)
from services.fields import Command
from services.jury.commands import (
    AdmitCase,
    ApplyDeclaration,
    ApplyEnvelopeChange,
    CorrectScore,
    DeclareInterests,
    DropCase,
    FixRanking,
    RecordConflict,
    RecordConsensus,
    RecordResignation,
    RecordVote,
    ReopenEvaluation,
    ReopenRanking,
    ReplaceMember,
    ReviewPresence,
    SetCaseAside,
    SuggestConflicts,
    UseCastingVote,
)
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
    REPORT,
    SOURCE,
    STRANGER,
    advise,
    assign,
    chair,
    declare,
    evaluation,
    member,
    panel_ready,
    points,
    present,
    recuse,
    score,
    seat,
)
from tests.unit.services.jury.terms import CRITERIA, JURY_TERMS

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


def vote(favourable: int, unfavourable: int, abstentions: int = 0) -> RecordVote:
    counts = [
        Ballots(outcome="favourable", votes=favourable),
        Ballots(outcome="unfavourable", votes=unfavourable),
    ]
    return RecordVote(ballots=counts, abstentions=abstentions)


def conflict(who: str, ground: str = "other") -> RecordConflict:
    fields = {"call": CALL, "member": who, "ground": ground, "reason": "Verwant."}
    return RecordConflict.model_validate(fields)


def admit(case: str) -> AdmitCase:
    """The assessment lets it in, again."""
    return AdmitCase(
        case=case,
        applicant=CITY_OF_GENT if case == GENT else CITY_OF_GENK,
        project="Plein",
        requested_cents=80_000_000,
        synthetic=False,
        submission=SOURCE,
        partners=[],
        source=SOURCE,
    )


def unhappy(case: str) -> tuple[Step, ...]:
    """What can go otherwise with a file."""
    service = actor("service")
    again = ReopenEvaluation(ground="error", reason=REPORT)
    return (
        *(on(case, conflict(one)) for one in (ANNA, BORIS, CELIA)),
        *(on(case, ApplyDeclaration(call=CALL, member=one, source=SOURCE), service) for one in (ANNA, BORIS)),
        *(on(case, CorrectScore(scores=points(5, 17), reason=REPORT), member(one)) for one in (CHAIR, ANNA)),
        *(on(case, vote(*counts)) for counts in ((2, 2), (1, 1, 1), (3, 1), (2, 1))),
        *(on(case, UseCastingVote(outcome=outcome), chair()) for outcome in ("favourable", "unfavourable")),
        *(on(case, again) for _ in range(3)),
        on(case, ReviewPresence(call=CALL, source=SOURCE), service),
        on(case, SuggestConflicts(call=CALL)),
        *(on(case, RecordConsensus(outcome="favourable"), chair()) for _ in range(3)),
        *(on(case, advise(), chair()) for _ in range(3)),
    )


SEATS: tuple[Step, ...] = (
    ("panel", CALL, RecordResignation(member=ANNA), SECRETARIAT),
    ("panel", CALL, ReplaceMember(leaving=BORIS, member=seat(STRANGER)), actor("case_handler")),
    ("panel", CALL, declare(STRANGER), member(STRANGER)),
)
REOPEN: tuple[Step, ...] = (
    ("ranking", CALL, ReopenRanking(ground="annulment", reason=REPORT), SECRETARIAT),
    ("ranking", CALL, ApplyEnvelopeChange(source=SOURCE), actor("service")),
) * 3
RANK: Step = ("ranking", CALL, FixRanking(), SECRETARIAT)
STORY: tuple[Step, ...] = (*file(GENT), *file(GENK), RANK)
NOISE: tuple[Step, ...] = (
    *STORY,
    *unhappy(GENT),
    *unhappy(GENK),
    *SEATS,
    *REOPEN,
    RANK,
    RANK,
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
    *(("panel", CALL, SetCaseAside(case=case, source=SOURCE), actor("service")) for case in (GENT, GENK) * 4),
    *(("panel", CALL, admit(case), actor("service")) for case in (GENT, GENK) * 8),
)


def turns(case: str) -> tuple[tuple[Step, ...], ...]:
    """What happens to a file in one go: a ballot, a conflict at the table, a second judgement."""
    opened, again = on(case, present(*JURY_OF[case])), on(case, ReopenEvaluation(ground="error", reason=REPORT))
    agreed, adopted = on(case, RecordConsensus(outcome="favourable"), chair()), on(case, advise(), chair())
    tie = (on(case, vote(2, 2)), on(case, vote(1, 1, 1)), on(case, UseCastingVote(outcome="favourable"), chair()))
    correct = on(case, CorrectScore(scores=points(5, 17), reason=REPORT), member(ANNA))
    few = on(case, present(CHAIR, BORIS, CELIA if case == GENT else STRANGER))
    return (
        (opened, *tie, adopted),
        (opened, on(case, vote(3, 1)), on(case, vote(2, 1)), adopted),
        (opened, correct, agreed, on(case, conflict(ANNA)), few, agreed, adopted),
        (opened, SEATS[0], on(case, ReviewPresence(call=CALL, source=SOURCE), actor("service")), agreed, adopted),
        (again, correct, opened, *tie, adopted),
        (again, opened, agreed, adopted, again),
        (*REOPEN[:1], on(case, conflict(ANNA)), again, few, agreed, adopted, RANK),
        (on(case, conflict(BORIS)), RANK, *REOPEN[1:2], again, opened, agreed, adopted, RANK),
        (
            ("panel", CALL, declare(ANNA, CITIES[case]), member(ANNA)),
            on(case, ApplyDeclaration(call=CALL, member=ANNA, source=SOURCE), actor("service")),
        ),
        (*SEATS, on(case, present(CHAIR, ANNA, STRANGER))),
    )


TURNS: tuple[tuple[Step, ...], ...] = (*((one,) for one in NOISE), *(turns(GENT) + turns(GENK)) * 6)
PLACES = st.integers(0, len(STORY)) | st.just(len(STORY))
SPELLS = st.tuples(
    st.sets(PLACES, max_size=2), st.lists(st.tuples(PLACES, st.sampled_from(TURNS)), min_size=2, max_size=12)
)
"""The story of both files, up to two of its steps left out, and other steps in between."""
Spells: TypeAlias = tuple[set[int], list[tuple[int, tuple[Step, ...]]]]


def steps_of(spells: Spells) -> list[Step]:
    left_out, noise = spells
    steps: list[Step] = []
    for place, own in enumerate(STORY):
        steps += [step for at, turn in noise if at == place for step in turn]
        steps += [] if place in left_out else [own]
    return steps + [step for at, turn in noise if at == len(STORY) for step in turn]


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
    out: dict[str, set[str]] = {GENT: set(), GENK: set()}
    assigned: dict[str, set[str]] = {GENT: set(), GENK: set()}
    scores: dict[str, dict[str, Any]] = {GENT: {}, GENK: {}}
    for fact in in_order(walk(spells)):
        match fact:
            case InterestsDeclared():
                declared.setdefault(fact.member, set()).update(fact.organisations)
            case ConflictRecorded():
                out[fact.case].add(fact.member)
            case MemberRecused():
                out[fact.case].add(fact.member)
                assigned[fact.case].discard(fact.member)
                scores[fact.case].pop(fact.member, None)
            case ScoreVoided():
                assert fact.member in out[fact.case]
                assert fact.member not in scores[fact.case]
            case ApplicationAssigned() | DeliberationOpened():
                there = set(fact.members if isinstance(fact, ApplicationAssigned) else fact.present)
                assert not there & out[fact.case]
                assert not [one for one in there if CITIES[fact.case] in declared.get(one, set())]
                assigned[fact.case] = there if isinstance(fact, ApplicationAssigned) else assigned[fact.case]
            case ScoreSubmitted() | ScoreCorrected():
                assert fact.member in assigned[fact.case]
                assert fact.member not in out[fact.case]
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
    fixed = False
    for fact in in_order(walk(spells)):
        match fact:
            case CaseAdmittedToPanel():
                before_jury.append(fact.case)
            case CaseReadmitted():
                assert fact.case not in before_jury
                before_jury.append(fact.case)
            case CaseLeftPanel() | CaseSetAside():
                before_jury = [case for case in before_jury if case != fact.case]
            case AdviceAdopted():
                assert fact.case not in advice
                advice[fact.case] = fact
            case EvaluationReopened():
                assert not fixed
                del advice[fact.case]
            case ScoreCorrected():
                assert not fixed
            case RankingReopened():
                assert fixed
                fixed = False
            case RankingFixed():
                assert not fixed
                fixed = True
                _each_once(fact, before_jury, advice)
            case _:
                pass


def _each_once(fact: RankingFixed, before_jury: list[str], advice: dict[str, AdviceAdopted]) -> None:
    assert sorted(entry.case for entry in fact.entries) == sorted(before_jury) != []
    assert [entry.rank for entry in fact.entries] == list(range(1, len(fact.entries) + 1))
    for entry in fact.entries:
        assert (entry.score_bp, entry.outcome) == (advice[entry.case].score_bp, advice[entry.case].outcome)
    assert [entry.score_bp for entry in fact.entries] == sorted(
        (entry.score_bp for entry in fact.entries), reverse=True
    )


QUORUM = JURY_TERMS.quorum


@for_all(SPELLS)
@settings(max_examples=200, deadline=None)
def test_j4_j5_in_no_order_is_there_an_advice_without_a_quorum_or_one_voice(spells: Spells) -> None:
    sits = {CHAIR, ANNA, BORIS, CELIA}
    present: dict[str, set[str]] = {GENT: set(), GENK: set()}
    voice: dict[str, str | None] = {}
    tied: dict[str, bool] = {}
    for fact in in_order(walk(spells)):
        match fact:
            case MemberResigned():
                sits.discard(fact.member)
            case MemberReplaced():
                sits = sits - {fact.leaving} | {fact.member.person}
            case DeliberationOpened() | QuorumLost():
                present[fact.case], voice[fact.case], tied[fact.case] = set(fact.present), None, False
                assert len(fact.present) >= QUORUM or isinstance(fact, QuorumLost)
            case MemberRecused():
                present[fact.case].discard(fact.member)
            case OutcomeVoided() | EvaluationReopened():
                voice[fact.case], tied[fact.case] = None, False
            case ConsensusReached() | CastingVoteUsed():
                assert tied[fact.case] == isinstance(fact, CastingVoteUsed)
                assert voice[fact.case] is None
                voice[fact.case], tied[fact.case] = fact.outcome, False
            case SecretBallotHeld():
                assert not tied[fact.case]
                assert voice[fact.case] is None
                cast = sum(one.votes for one in fact.ballots)
                assert QUORUM <= cast + fact.abstentions == len(present[fact.case] & sits)
                voice[fact.case], tied[fact.case] = fact.outcome, fact.outcome is None
            case AdviceAdopted():
                assert len(present[fact.case] & sits) >= QUORUM
                assert voice[fact.case] == fact.outcome
            case _:
                pass


def test_the_story_alone_ends_in_a_ranking_of_both_files() -> None:
    after = walk((set(), []))
    assert [entry.case for entry in after.state(RANKING).fixed.entries] == [GENT, GENK]
    assert {after.state(evaluation(case)).status for case in CITIES} == {"advised"}
    assert after.state(PANEL).before_jury() == (GENT, GENK)
