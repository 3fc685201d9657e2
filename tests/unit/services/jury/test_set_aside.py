"""J1: a file whose assessment is revised is not the jury's until it is found eligible again."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from events.eligibility import AssessmentRevised
from events.jury import CaseLeftPanel, CaseReadmitted, CaseSetAside, RankingFixed
from services.deciding import Issue
from services.jury.commands import AdmitCase, FixRanking, LapseReply, ReviewPresence, SetCaseAside, SuggestConflicts
from services.jury.reactions import REACTIONS
from tests.given import Given
from tests.unit.services.jury.examples import (
    CITY_OF_GENT,
    GENK,
    GENT,
    PANEL,
    REPORT,
    SOURCE,
    admitted,
    advise,
    advised,
    chair,
    deliberated,
    evaluation,
    panel_ready,
    terms_adopted,
)
from tests.unit.services.jury.test_members import mixed
from tests.unit.services.jury.test_panel import eligible

CALL = terms_adopted().call
ASIDE = SetCaseAside(case=GENT, source=SOURCE)


def revised(previous: Any = "eligible") -> AssessmentRevised:
    return AssessmentRevised(
        call=CALL,
        case=GENT,
        previous=previous,
        reference="Klacht 7",
        reasons=REPORT,
        revised_by="person-1",
        applicant=CITY_OF_GENT,
        neighbourhood="Rabot",
        claims_live_key=False,
    )


def follows(fact: Any, state: Any = None) -> list[Issue]:
    found = [reaction for reaction in REACTIONS if reaction.on is type(fact)]
    return [issue for reaction in found for issue in reaction.react(fact, SOURCE, state)]


def away(before: Given) -> Given:
    (issue,) = follows(revised())
    assert issue.command == ASIDE
    return before.when("panel", CALL, issue.command).then(CaseSetAside(call=CALL, case=GENT, source=SOURCE))


def back(before: Given, **changes: Any) -> Given:
    fact = eligible()
    fact = replace(fact, dossier=replace(fact.dossier, **changes))
    (issue,) = follows(fact)
    assert isinstance(issue.command, AdmitCase)
    return before.when("panel", CALL, issue.command).then_types(CaseReadmitted)


def test_j1_a_file_whose_assessment_is_revised_is_set_aside_once() -> None:
    after = away(panel_ready())
    after.when("panel", CALL, ASIDE).nothing()
    assert after.state(PANEL).before_jury() == (GENK,)


@pytest.mark.parametrize("previous", ["inadmissible", "ineligible"])
def test_a_file_that_the_jury_never_had_is_not_set_aside(previous: str) -> None:
    assert follows(revised(previous)) == []
    Given(panel_ready().service).has(PANEL, terms_adopted()).when("panel", CALL, ASIDE).nothing()
    left = panel_ready().has(PANEL, CaseLeftPanel(call=CALL, case=GENT, source=SOURCE))
    left.when("panel", CALL, ASIDE).nothing()


def test_j1_nobody_advises_on_a_file_that_is_set_aside() -> None:
    away(deliberated()).when("evaluation", GENT, advise(), by=chair()).refused("J1", "set_aside")


def test_j7_a_file_that_is_set_aside_is_not_ranked_and_what_the_jury_did_with_it_stays() -> None:
    before = away(panel_ready().has(evaluation(GENT), advised(GENT)).has(evaluation(GENK), advised(GENK)))
    fact = before.when("ranking", CALL, FixRanking()).fact(RankingFixed)
    assert [entry.case for entry in fact.entries] == [GENK]
    again = back(before)
    fact = again.when("ranking", CALL, FixRanking()).fact(RankingFixed)
    assert sorted(entry.case for entry in fact.entries) == sorted([GENK, GENT])


def test_a_file_comes_back_with_what_the_assessment_now_says_of_it() -> None:
    after = back(away(panel_ready()), requested_cents=70_000_000)
    file = after.state(PANEL).cases[GENT]
    assert (file.requested_cents, file.submission) == (70_000_000, admitted().submission)
    assert after.state(PANEL).before_jury() == (GENT, GENK)
    (issue,) = follows(eligible())
    after.when("panel", CALL, issue.command).nothing()


def test_a_file_that_was_withdrawn_meanwhile_does_not_come_back() -> None:
    gone = away(panel_ready()).has(PANEL, CaseLeftPanel(call=CALL, case=GENT, source=SOURCE))
    (issue,) = follows(eligible())
    gone.when("panel", CALL, issue.command).nothing()


def test_the_term_of_a_reply_runs_on_while_a_file_is_set_aside() -> None:
    away(deliberated()).when("evaluation", GENT, LapseReply()).nothing()


def test_j3_what_changed_while_a_file_was_away_is_looked_at_when_it_comes_back() -> None:
    terms = terms_adopted(mixed(suggest_conflicts=True))
    panel = away(panel_ready().has(PANEL, terms)).state(PANEL)
    issues = follows(back(away(panel_ready())).streams[PANEL][-1].fact, panel)
    assert issues == [
        Issue("evaluation", GENT, SuggestConflicts(call=CALL)),
        Issue("evaluation", GENT, ReviewPresence(call=CALL, source=SOURCE)),
    ]
