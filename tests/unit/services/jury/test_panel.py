"""The panel: composition, interests, and the files put before it."""

from __future__ import annotations

import pytest

from events.intake import ApplicationWithdrawn
from events.jury import CaseAdmittedToPanel, CaseLeftPanel, InterestsDeclared, PanelComposed
from events.vocabulary import Clear
from services.deciding import Issue
from services.jury.commands import AdmitCase, AdoptPanelTerms, AssignApplication, DropCase, Seat
from services.jury.reactions import REACTIONS
from services.jury.worker import JURY
from tests.given import actor
from tests.unit.services.jury.examples import (
    ANNA,
    BORIS,
    CALL,
    CELIA,
    CHAIR,
    CITY_OF_GENT,
    GENT,
    PANEL,
    REPORT,
    SEATS,
    SECRETARY,
    SOURCE,
    STRANGER,
    admitted,
    compose,
    composed,
    declare,
    declared,
    eligible,
    member,
    panel_ready,
    seat,
    terms_adopted,
)
from tests.unit.services.jury.terms import CRITERIA, JURY_TERMS, call_published
from tests.unit.services.jury.told import given

ADOPT = AdoptPanelTerms(cap_cents=80_000_000, criteria=CRITERIA, jury=JURY_TERMS, source=SOURCE)


def test_terms_are_adopted_once() -> None:
    adopted = given(JURY).when("panel", CALL, ADOPT).then(terms_adopted())
    adopted.when("panel", CALL, ADOPT).nothing()


def test_adopted_terms_name_their_place_in_the_log() -> None:
    decision = given(JURY).when("panel", CALL, ADOPT).decision
    assert decision.rules == SOURCE.position


def test_a_panel_is_composed_with_the_checks_it_rests_on() -> None:
    then = given(JURY).has(PANEL, terms_adopted()).when("panel", CALL, compose())
    panel = then.fact(PanelComposed)
    assert [(check.rule, check.outcome) for check in panel.checks] == [("J2", "pass"), ("J4", "pass")]
    assert panel.members[1].name == Clear(subject=ANNA, clear="Naam")
    then.recorded().when("panel", CALL, compose()).nothing()


def test_a_composed_panel_is_not_composed_otherwise() -> None:
    other = [*SEATS[:3], seat(STRANGER, "external")]
    given(JURY).has(PANEL, terms_adopted(), composed()).when("panel", CALL, compose(other)).refused("STATE")


def test_a_panel_needs_the_terms_of_its_call() -> None:
    given(JURY).when("panel", CALL, compose()).refused("STATE", "terms_not_adopted")


@pytest.mark.parametrize(
    ("seats", "chair", "secretary", "code"),
    [
        (SEATS, CHAIR, ANNA, "secretary_is_member"),
        (SEATS, STRANGER, SECRETARY, "chair_is_no_member"),
        ([*SEATS[:3], SEATS[0]], CHAIR, SECRETARY, "member_twice"),
    ],
)
def test_j2_secretariat_and_members_are_apart(seats: list[Seat], chair: str, secretary: str, code: str) -> None:
    command = compose(seats, chair, secretary)
    given(JURY).has(PANEL, terms_adopted()).when("panel", CALL, command).refused("J2", code)


def test_j4_a_panel_has_the_number_of_members_of_its_call() -> None:
    given(JURY).has(PANEL, terms_adopted()).when("panel", CALL, compose(SEATS[:3])).refused("J4", "wrong_number")


def test_j4_a_panel_has_members_from_outside_the_administration() -> None:
    seats = [seat(person) for person in (CHAIR, ANNA, BORIS, CELIA)]
    then = given(JURY).has(PANEL, terms_adopted()).when("panel", CALL, compose(seats))
    then.refused("J4", "too_few_external")
    assert then.decision.inputs["min_external"] == 1


def test_j3_a_member_declares_interests_under_the_own_key() -> None:
    before = given(JURY).has(PANEL, terms_adopted(), composed())
    before.when("panel", CALL, declare(ANNA, CITY_OF_GENT.ovo), by=member(ANNA)).then(declared(ANNA, CITY_OF_GENT.ovo))


def test_own_a_member_speaks_for_no_other_member() -> None:
    before = given(JURY).has(PANEL, terms_adopted(), composed())
    before.when("panel", CALL, declare(ANNA), by=member(BORIS)).refused("OWN", "other_member")
    before.when("panel", CALL, declare(ANNA), by=actor("jury_secretary")).then_types(InterestsDeclared)


def test_j3_who_is_no_member_declares_nothing() -> None:
    before = given(JURY).has(PANEL, terms_adopted(), composed())
    before.when("panel", CALL, declare(STRANGER), by=member(STRANGER)).refused("J3", "not_a_member")


def test_j3_a_conflict_once_declared_stays() -> None:
    before = given(JURY).has(PANEL, terms_adopted(), composed(), declared(ANNA, CITY_OF_GENT.ovo), declared(ANNA))
    assert before.state(PANEL).interests[ANNA] == {CITY_OF_GENT.ovo}


def _reactions(fact: object) -> list[Issue]:
    found = [reaction for reaction in REACTIONS if reaction.on is type(fact)]
    return [issue for reaction in found for issue in reaction.react(fact, SOURCE, None)]


def test_j1_an_eligible_file_comes_before_the_jury_once() -> None:
    (issue,) = _reactions(eligible())
    assert (issue.stream, type(issue.command)) == (PANEL, AdmitCase)
    then = given(JURY).has(PANEL, terms_adopted()).when("panel", CALL, issue.command)
    then.then(admitted()).when("panel", CALL, issue.command).nothing()
    assert then.fact(CaseAdmittedToPanel).submission.position == 3


def test_a_withdrawn_file_leaves_the_jury_once() -> None:
    withdrawn = ApplicationWithdrawn(call=CALL, case=GENT, applicant=CITY_OF_GENT, neighbourhood="x", reason=REPORT)
    (issue,) = _reactions(withdrawn)
    left = panel_ready().when("panel", CALL, issue.command).then(CaseLeftPanel(call=CALL, case=GENT, source=SOURCE))
    left.when("panel", CALL, issue.command).nothing()
    assert GENT not in left.state(PANEL).before_jury()


def test_a_file_withdrawn_before_it_comes_stays_away() -> None:
    """The withdrawal may overtake the eligibility: either order ends in the same panel."""
    (admit,) = _reactions(eligible())
    drop = DropCase(case=GENT, source=SOURCE)
    gone = CaseLeftPanel(call=CALL, case=GENT, source=SOURCE)
    after = given(JURY).has(PANEL, terms_adopted()).when("panel", CALL, drop).then(gone)
    after.when("panel", CALL, drop).nothing()
    after.when("panel", CALL, admit.command).nothing()
    assert after.state(PANEL).before_jury() == ()


def test_j1_the_jury_looks_at_no_file_withdrawn_before_it_came() -> None:
    before = given(JURY).has(PANEL, terms_adopted(), composed(), CaseLeftPanel(call=CALL, case=GENT, source=SOURCE))
    assign = AssignApplication(call=CALL, members=[ANNA])
    before.when("evaluation", GENT, assign).refused("J1", "not_admitted")


def test_a_file_that_left_does_not_come_back() -> None:
    (admit,) = _reactions(eligible())
    panel_ready().has(PANEL, CaseLeftPanel(call=CALL, case=GENT, source=SOURCE)).when(
        "panel", CALL, admit.command
    ).nothing()


def test_the_published_call_brings_the_terms() -> None:
    (issue,) = _reactions(call_published(CALL))
    given(JURY).when("panel", CALL, issue.command).then(terms_adopted())
