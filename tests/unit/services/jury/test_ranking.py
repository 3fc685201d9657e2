"""The ranking: J7 as examples, and as properties of the pure order."""

from __future__ import annotations

import itertools

from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from events.intake import Criterion
from events.jury import CaseLeftPanel, CriterionScore, RankingFixed
from events.vocabulary import Text
from services.jury.commands import FixRanking
from services.jury.ranking import Candidate, TieRule, ranked, weighted_score
from services.jury.worker import JURY
from tests.unit.services.jury.examples import (
    CALL,
    CITY_OF_GENK,
    CITY_OF_GENT,
    GENK,
    GENT,
    PANEL,
    RANKING,
    SOURCE,
    admitted,
    advised,
    composed,
    evaluation,
    ident,
    panel_ready,
    terms_adopted,
)
from tests.unit.services.jury.terms import JURY_TERMS
from tests.unit.services.jury.told import given

EARLIER_FIRST = replace(JURY_TERMS, tie_rule="earlier_submission_first")


def test_j7_files_are_ranked_by_score() -> None:
    before = panel_ready().has(evaluation(GENT), advised(GENT, 8_000)).has(evaluation(GENK), advised(GENK, 8_001))
    then = before.when("ranking", CALL, FixRanking())
    fact = then.fact(RankingFixed)
    assert [(entry.case, entry.rank, entry.placed_by) for entry in fact.entries] == [
        (GENK, 1, "score"),
        (GENT, 2, "score"),
    ]
    assert [(check.rule, check.outcome) for check in fact.checks] == [("J7", "pass")]
    assert len(fact.checks[0].source_events) == 3
    then.recorded().when("ranking", CALL, FixRanking()).nothing()


def test_j7_every_file_before_the_jury_needs_advice() -> None:
    before = panel_ready().has(evaluation(GENT), advised(GENT))
    then = before.when("ranking", CALL, FixRanking())
    then.refused("J7", "advice_missing")
    assert then.decision.inputs["without_advice"] == [GENK]


def test_j7_a_withdrawn_file_is_not_ranked() -> None:
    left = CaseLeftPanel(call=CALL, case=GENK, source=SOURCE)
    before = panel_ready().has(PANEL, left).has(evaluation(GENT), advised(GENT))
    fact = before.when("ranking", CALL, FixRanking()).fact(RankingFixed)
    assert [entry.case for entry in fact.entries] == [GENT]


def test_j7_no_file_no_ranking() -> None:
    given(JURY).when("ranking", CALL, FixRanking()).refused("J7", "nothing_to_rank")
    given(JURY).has(PANEL, terms_adopted(), composed()).when("ranking", CALL, FixRanking()).refused(
        "J7", "nothing_to_rank"
    )


def test_j7_equal_scores_the_lower_amount_first() -> None:
    before = (
        panel_ready()
        .has(evaluation(GENT), advised(GENT, proposed=80_000_000))
        .has(evaluation(GENK), advised(GENK, proposed=79_999_999))
    )
    fact = before.when("ranking", CALL, FixRanking()).fact(RankingFixed)
    assert [(entry.case, entry.placed_by) for entry in fact.entries] == [(GENK, "tie_rule"), (GENT, "tie_rule")]
    assert fact.tie_rule == "lower_amount_first"


def test_j7_equal_scores_the_earlier_submission_first() -> None:
    before = (
        given(JURY)
        .has(PANEL, terms_adopted(EARLIER_FIRST), composed())
        .has(PANEL, admitted(GENT, CITY_OF_GENT, submitted=9), admitted(GENK, CITY_OF_GENK, submitted=4))
        .has(evaluation(GENT), advised(GENT, proposed=1))
        .has(evaluation(GENK), advised(GENK, proposed=2))
    )
    fact = before.when("ranking", CALL, FixRanking()).fact(RankingFixed)
    assert [entry.case for entry in fact.entries] == [GENK, GENT]
    assert before.state(RANKING).fixed is None


candidates = st.lists(
    st.builds(
        Candidate,
        case=st.integers(0, 60).map(lambda number: ident(f"case {number}")),
        applicant=st.just(CITY_OF_GENT),
        outcome=st.sampled_from(["favourable", "unfavourable"]),
        score_bp=st.integers(0, 5),
        proposed_cents=st.integers(0, 3),
        requested_cents=st.integers(0, 3),
        submitted=st.integers(1, 5),
        synthetic=st.booleans(),
    ),
    unique_by=lambda candidate: candidate.case,
    max_size=25,
)
tie_rules = st.sampled_from(["lower_amount_first", "earlier_submission_first"])


@examples(candidates, tie_rules)
def test_j7_every_case_stands_in_the_ranking_exactly_once(files: list[Candidate], tie_rule: TieRule) -> None:
    entries = ranked(files, tie_rule)
    assert sorted(entry.case for entry in entries) == sorted(file.case for file in files)
    assert [entry.rank for entry in entries] == list(range(1, len(files) + 1))


@examples(candidates, tie_rules, st.randoms(use_true_random=False))
def test_j7_the_order_of_arrival_decides_nothing(files: list[Candidate], tie_rule: TieRule, chance: object) -> None:
    shuffled = list(files)
    chance.shuffle(shuffled)  # type: ignore[attr-defined] -- hypothesis gives a Random
    assert ranked(shuffled, tie_rule) == ranked(files, tie_rule)


@examples(candidates, tie_rules)
def test_j7_a_better_score_stands_higher_and_ties_follow_the_rule(files: list[Candidate], tie_rule: TieRule) -> None:
    by_case = {file.case: file for file in files}
    entries = ranked(files, tie_rule)
    for upper, lower in itertools.pairwise(entries):
        assert upper.score_bp >= lower.score_bp
        if upper.score_bp == lower.score_bp:
            assert {upper.placed_by, lower.placed_by} == {"tie_rule"}
            first, second = by_case[upper.case], by_case[lower.case]
            if tie_rule == "lower_amount_first":
                assert first.proposed_cents <= second.proposed_cents
            else:
                assert first.submitted <= second.submitted


@examples(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3)), min_size=1, max_size=9))
def test_j6_a_weighted_score_stays_within_the_scale_and_is_rounded_once(given_points: list[tuple[int, int]]) -> None:
    label = Text(nl="x", en="x")
    criteria = [
        Criterion(code="one", label=label, weight_bp=3_333, max_points=7),
        Criterion(code="two", label=label, weight_bp=6_667, max_points=3),
    ]
    scores = {
        str(place): [CriterionScore(criterion="one", points=one), CriterionScore(criterion="two", points=two)]
        for place, (one, two) in enumerate(given_points)
    }
    score = weighted_score(criteria, scores)
    exact = sum(3_333 * 3 * one + 6_667 * 7 * two for one, two in given_points)
    whole = 7 * 3 * len(given_points)
    assert score * whole <= exact < (score + 1) * whole
    assert 0 <= score <= 10_000
