"""A file that passes to a legal successor is that one's for the jury too."""

from __future__ import annotations

from typing import Any

from events.eligibility import AssessmentSucceeded
from events.jury import CaseLeftPanel, CaseSucceeded, RankingFixed
from events.vocabulary import Party
from services.deciding import Issue
from services.jury.commands import FixRanking, SucceedCase, SuggestConflicts
from services.jury.reactions import REACTIONS
from tests.unit.services.jury.examples import (
    BORIS,
    CITY_OF_GENT,
    GENK,
    GENT,
    PANEL,
    SOURCE,
    advised,
    assign,
    declared,
    evaluation,
    panel_ready,
    terms_adopted,
)
from tests.unit.services.jury.test_members import mixed

CALL = terms_adopted().call
MERGED = Party(ovo="OVO900199", kbo="0999000228", name="Stad Groot-Gent", nis="44999")
SUCCEED = SucceedCase(case=GENT, previous=CITY_OF_GENT, successor=MERGED, source=SOURCE)
FACT = CaseSucceeded(call=CALL, case=GENT, previous=CITY_OF_GENT, successor=MERGED, source=SOURCE)


def follows(fact: Any, state: Any = None) -> list[Issue]:
    found = [reaction for reaction in REACTIONS if reaction.on is type(fact)]
    return [issue for reaction in found for issue in reaction.react(fact, SOURCE, state)]


def test_a_file_passes_to_the_successor_once() -> None:
    told = AssessmentSucceeded(call=CALL, case=GENT, previous=CITY_OF_GENT, successor=MERGED, source=SOURCE)
    assert follows(told) == [Issue("panel", CALL, SUCCEED)]
    after = panel_ready().when("panel", CALL, SUCCEED).then(FACT)
    after.when("panel", CALL, SUCCEED).nothing()
    assert after.state(PANEL).cases[GENT].applicant == MERGED


def test_what_the_jury_does_not_have_passes_to_nobody() -> None:
    left = panel_ready().has(PANEL, CaseLeftPanel(call=CALL, case=GENT, source=SOURCE))
    left.when("panel", CALL, SUCCEED).nothing()
    other = SucceedCase(case="0" * 8 + "-0000-4000-8000-" + "0" * 12, previous=MERGED, successor=MERGED, source=SOURCE)
    panel_ready().when("panel", CALL, other).nothing()


def test_j3_who_has_an_interest_in_the_successor_is_kept_out() -> None:
    before = panel_ready().has(PANEL, FACT, declared(BORIS, MERGED.ovo))
    before.when("evaluation", GENT, assign(BORIS)).refused("J3", "declared_interest")


def test_j3_conflicts_are_looked_for_again_with_the_successor() -> None:
    terms = terms_adopted(mixed(suggest_conflicts=True))
    panel = panel_ready().has(PANEL, terms).state(PANEL)
    assert follows(FACT, panel) == [Issue("evaluation", GENT, SuggestConflicts(call=CALL))]


def test_j7_the_ranking_names_the_successor() -> None:
    before = panel_ready().has(PANEL, FACT).has(evaluation(GENT), advised(GENT)).has(evaluation(GENK), advised(GENK))
    fact = before.when("ranking", CALL, FixRanking()).fact(RankingFixed)
    assert next(entry.applicant for entry in fact.entries if entry.case == GENT) == MERGED
