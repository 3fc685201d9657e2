"""Where a rule of the jury turns, and which facts its checks name."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from events.canonical import Json
from events.jury import (
    AdviceAdopted,
    ApplicationAssigned,
    ConsensusReached,
    DeliberationOpened,
    PanelComposed,
    PanelTermsAdopted,
    ScoreSubmitted,
)
from events.vocabulary import Source
from services.jury.rules import RULES
from services.jury.rules.advice import J6_1, J8_1
from services.jury.rules.deliberation import J5_1, J7
from services.jury.rules.interests import J3, J3_1
from services.jury.rules.panel import J2, J4_1
from services.jury.worker import JURY
from tests.given import Given
from tests.unit.services.jury.examples import (
    ANNA,
    BORIS,
    CALL,
    CELIA,
    CHAIR,
    CITY_OF_GENK,
    GENK,
    GENT,
    PANEL,
    SOURCE,
    admitted,
    advise,
    assign,
    assigned,
    chair,
    compose,
    composed,
    declared,
    deliberated,
    evaluation,
    ident,
    panel_ready,
    present,
    scored,
    seat,
    terms_adopted,
)
from tests.unit.services.jury.terms import JURY_TERMS
from tests.unit.services.jury.told import given


def last(before: Given, stream: str, kind: type) -> str:
    """The event of the stream's last fact of a type."""
    return [event.envelope.event_id for event in before.streams[stream] if isinstance(event.fact, kind)][-1]


def test_the_checks_of_an_advice_name_what_they_rest_on() -> None:
    before = deliberated()
    checks = {check.rule: check.source_events for check in advice_of(before).checks}
    file = evaluation(GENT)
    assert checks["J4"] == [last(before, PANEL, PanelComposed), last(before, file, DeliberationOpened)]
    assert checks["J5"] == [last(before, file, ConsensusReached)]
    assert checks["J6"] == [last(before, file, ScoreSubmitted)]
    assert checks["J8"] == [SOURCE.event_id, last(before, file, ScoreSubmitted)]


def test_j3_j8_a_check_names_where_its_own_file_came_from_and_not_the_file_after_it() -> None:
    other = replace(admitted(GENK, CITY_OF_GENK), source=Source(event_id=ident("other"), position=99))
    before = deliberated().has(PANEL, other)
    (proposal,) = [check for check in advice_of(before).checks if check.rule == "J8"]
    assert proposal.source_events[0] == SOURCE.event_id
    fact = before.when("evaluation", GENK, assign(ANNA)).fact(ApplicationAssigned)
    assert fact.checks[0].source_events[-1] == other.source.event_id


def advice_of(before: Given) -> AdviceAdopted:
    fact: AdviceAdopted = before.when("evaluation", GENT, advise(), by=chair()).fact(AdviceAdopted)
    return fact


def test_j4_an_advice_counts_who_is_present_and_who_comes_from_outside() -> None:
    (quorum,) = [check for check in advice_of(deliberated()).checks if check.rule == "J4"]
    assert (quorum.inputs["occasion"], quorum.inputs["present"], quorum.inputs["external"]) == ("adoption", 3, 2)


def test_the_checks_of_a_composition_name_the_terms() -> None:
    before = given(JURY).has(PANEL, terms_adopted())
    panel = before.when("panel", CALL, compose()).fact(PanelComposed)
    terms = last(before, PANEL, PanelTermsAdopted)
    assert [check.source_events for check in panel.checks] == [[terms], [terms]]


def test_j4_as_many_from_outside_as_the_call_asks_are_enough() -> None:
    seats = [seat(CHAIR, "external"), seat(ANNA), seat(BORIS), seat(CELIA)]
    panel = given(JURY).has(PANEL, terms_adopted()).when("panel", CALL, compose(seats)).fact(PanelComposed)
    assert panel.checks[1].inputs["external"] == JURY_TERMS.min_external == 1


def test_j4_a_deliberation_without_anybody_from_outside_is_refused() -> None:
    seats = [replace(one, capacity="external" if one.person == CELIA else "government") for one in composed().members]
    panel = replace(composed(), members=seats)
    before = given(JURY).has(PANEL, terms_adopted(), panel, *map(declared, (CHAIR, ANNA, BORIS, CELIA)), admitted())
    before.has(evaluation(GENT), assigned(CHAIR, ANNA, BORIS, CELIA), scored(CHAIR, 8, 15))
    before.when("evaluation", GENT, present(CHAIR, ANNA, BORIS)).refused("J4", "too_few_external")
    with_celia = before.when("evaluation", GENT, present(CHAIR, ANNA, CELIA)).fact(DeliberationOpened)
    assert with_celia.checks[0].inputs["external"] == 1


@pytest.mark.parametrize(
    ("occasion", "there", "external", "code"),
    [
        ("composition", 4, 1, "well_composed"),
        ("composition", 3, 1, "wrong_number"),
        ("composition", 5, 1, "wrong_number"),
        ("composition", 4, 0, "too_few_external"),
        ("deliberation", 3, 1, "quorum_present"),
        ("deliberation", 2, 2, "no_quorum"),
        ("deliberation", 3, 0, "too_few_external"),
        ("adoption", 3, 1, "quorum_present"),
        ("adoption", 2, 1, "no_quorum"),
    ],
)
def test_j4_number_quorum_and_externals_at_their_bounds(occasion: str, there: int, external: int, code: str) -> None:
    params: dict[str, Json] = {"members": 4, "quorum": 3, "min_external": 1}
    assert J4_1.test(params, {"occasion": occasion, "present": there, "external": external}).code == code


def test_j2_the_first_fault_of_a_composition_is_told() -> None:
    whole: dict[str, Json] = {"members": ["a", "b"], "chair": "a", "secretary": "c"}
    assert J2.test({}, whole) == ("pass", "separate")
    assert J2.test({}, whole | {"members": ["a", "b", "a"], "secretary": "a"}) == ("fail", "member_twice")
    assert J2.test({}, whole | {"secretary": "b", "chair": "x"}) == ("fail", "secretary_is_member")
    assert J2.test({}, whole | {"chair": "x"}) == ("fail", "chair_is_no_member")


def test_j5_j6_the_first_fault_of_an_advice_is_told() -> None:
    agreed: dict[str, Json] = {"chair_present": True, "consensus": "favourable", "outcome": "favourable"}
    assert J5_1.test({}, agreed) == ("pass", "consensus")
    assert J5_1.test({}, agreed | {"outcome": "unfavourable", "chair_present": False}) == ("fail", "chair_absent")
    assert J5_1.test({}, agreed | {"consensus": None}) == ("fail", "other_outcome")
    criteria: dict[str, Json] = {"criteria": ["a", "b"]}
    assert J6_1.test(criteria, {"reasoned": ["b", "a"], "scored_by": 1}) == ("pass", "reasoned")
    assert J6_1.test(criteria, {"reasoned": ["a"], "scored_by": 0}) == ("fail", "reasons_incomplete")
    assert J6_1.test(criteria, {"reasoned": ["a", "b"], "scored_by": 0}) == ("fail", "no_scores")


@pytest.mark.parametrize(
    ("before_jury", "without", "ranked", "code"),
    [
        (["a", "b"], [], ["b", "a"], "complete"),
        (["a", "b"], ["a"], ["b"], "advice_missing"),
        ([], [], [], "nothing_to_rank"),
        (["a", "b"], [], ["a"], "not_each_once"),
        (["a", "b"], [], ["a", "a", "b"], "not_each_once"),
        (["a", "b"], [], ["a", "c"], "not_each_once"),
    ],
)
def test_j7_every_file_exactly_once(before_jury: Json, without: Json, ranked: Json, code: str) -> None:
    inputs: dict[str, Json] = {"before_jury": before_jury, "without_advice": without, "ranked": ranked}
    assert J7.test({}, inputs).code == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "within_limits"),
        ({"score_bp": 5_999}, "below_threshold"),
        ({"proposed_cents": 80}, "within_limits"),
        ({"proposed_cents": 81}, "above_cap"),
        ({"proposed_cents": 1}, "within_limits"),
        ({"proposed_cents": 0}, "no_amount"),
        ({"proposed_cents": 71, "requested_cents": 70}, "above_request"),
        ({"proposed_cents": 70, "requested_cents": 70}, "within_limits"),
        ({"conditions": 1}, "conditions_and_outcome_differ"),
        ({"outcome": "favourable_with_conditions"}, "conditions_and_outcome_differ"),
        ({"outcome": "favourable_with_conditions", "conditions": 2}, "within_limits"),
        ({"outcome": "unfavourable", "proposed_cents": 0, "score_bp": 0}, "nothing_proposed"),
        ({"outcome": "unfavourable", "proposed_cents": 1}, "amount_without_favour"),
    ],
)
def test_j8_an_advice_at_its_bounds(changed: dict[str, Json], code: str) -> None:
    inputs: dict[str, Json] = {
        "outcome": "favourable",
        "proposed_cents": 50,
        "requested_cents": 100,
        "score_bp": 6_000,
        "conditions": 0,
    }
    assert J8_1.test({"cap_cents": 80, "threshold_bp": 6_000}, inputs | changed).code == code


def test_a_member_who_never_declared_is_not_at_the_deliberation() -> None:
    before = given(JURY).has(PANEL, terms_adopted(), composed(), *map(declared, (CHAIR, ANNA)), admitted())
    before.has(evaluation(GENT), assigned(CHAIR, ANNA))
    before.when("evaluation", GENT, present(CHAIR, ANNA, BORIS)).refused("J3", "not_declared")


def test_a_file_that_nobody_assigned_is_not_discussed() -> None:
    panel_ready().when("evaluation", GENT, present(CHAIR, ANNA, BORIS)).refused("J1", "not_admitted")


def test_a_rule_on_record_keeps_its_version() -> None:
    versions = {"J1": 1, "J2": 1, "J3": 2, "J4": 2, "J5": 2, "J6": 2, "J7": 1, "J8": 2}
    known = [(name, version) for name, latest in versions.items() for version in range(1, latest + 1)]
    assert [(rule.id, rule.version) for rule in RULES] == known


def test_j3_version_1_told_the_first_reason_that_holds() -> None:
    reasons = ("not_a_member", "recused", "not_declared", "employer_is_applicant", "declared_interest")
    clear: dict[str, Json] = dict.fromkeys(reasons, False)
    assert J3_1.test({}, clear) == ("pass", "no_conflict")
    for place, reason in enumerate(reasons):
        assert J3_1.test({}, clear | {reason: True}) == ("fail", reason)
        assert J3_1.test({}, clear | dict.fromkeys(reasons[place:], True)) == ("fail", reason)


def test_j3_the_first_reason_that_holds_is_told() -> None:
    reasons = ("not_a_member", "recused", "employer_is_applicant", "declared_interest", "interest_in_partner")
    clear: dict[str, Json] = dict.fromkeys((*reasons, "employer_is_partner", "dismissed", "not_declared"), False)
    assert J3.test({}, clear) == ("pass", "no_conflict")
    for place, reason in enumerate(reasons):
        others = dict.fromkeys((*reasons[place:], "employer_is_partner", "not_declared"), True)
        assert J3.test({}, clear | others) == ("fail", reason)
        assert J3.test({}, clear | {reason: True, "dismissed": True}) == ("fail", reason)
    suspect = clear | {"employer_is_partner": True, "not_declared": True}
    assert J3.test({}, suspect) == ("fail", "employer_is_partner")
    assert J3.test({}, suspect | {"dismissed": True}) == ("fail", "not_declared")
    assert J3.test({}, clear | {"employer_is_partner": True, "dismissed": True}) == ("pass", "no_conflict")
