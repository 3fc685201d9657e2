"""One file before the jury: conflicts, points, deliberation, advice."""

from __future__ import annotations

import pytest

from events.jury import (
    AdviceAdopted,
    ApplicationAssigned,
    CaseLeftPanel,
    ConsensusReached,
    DeliberationOpened,
    MemberRecused,
    OutcomeVoided,
    QuorumLost,
    ScoreSubmitted,
)
from services.deciding import Accepted
from services.jury.commands import GivenReason, RecordConsensus, SubmitScore
from services.jury.worker import JURY
from services.rulebook import reason
from tests.given import Given, actor
from tests.unit.services.jury.examples import (
    ANNA,
    BORIS,
    CELIA,
    CHAIR,
    CITY_OF_GENK,
    GENK,
    GENT,
    PANEL,
    SOURCE,
    STRANGER,
    WORDS,
    admitted,
    advise,
    agreed,
    assign,
    assigned,
    chair,
    composed,
    declared,
    deliberated,
    evaluation,
    ident,
    member,
    opened,
    panel_ready,
    points,
    present,
    recuse,
    score,
    scored,
    terms_adopted,
)
from tests.unit.services.jury.told import given

CALL = terms_adopted().call
FAVOURABLE = RecordConsensus(outcome="favourable")


def test_j1_only_files_before_the_jury_are_assigned() -> None:
    panel_ready().when("evaluation", ident("other"), assign(CHAIR)).refused("J1", "not_admitted")
    given(JURY).when("evaluation", GENT, assign(CHAIR)).refused("J1", "not_admitted")


def test_j1_a_withdrawn_file_is_not_assessed_any_more() -> None:
    before = deliberated().has(PANEL, CaseLeftPanel(call=CALL, case=GENT, source=SOURCE))
    before.when("evaluation", GENT, advise(), by=chair()).refused("J1", "withdrawn")


def test_j3_members_without_a_conflict_are_assigned() -> None:
    then = panel_ready().when("evaluation", GENT, assign(CHAIR, ANNA))
    fact = then.fact(ApplicationAssigned)
    assert fact.members == [CHAIR, ANNA]
    assert [(check.rule, check.code) for check in fact.checks] == [("J3", "no_conflict")] * 2
    assert len(fact.checks[0].source_events) == 3
    then.recorded().when("evaluation", GENT, assign(ANNA, CHAIR)).nothing()


def test_j3_nobody_is_assigned_before_declaring_interests() -> None:
    before = given(JURY).has(PANEL, terms_adopted(), composed(), declared(CHAIR), admitted())
    then = before.when("evaluation", GENT, assign(CHAIR, ANNA))
    then.refused("J3", "not_declared")
    assert then.decision.inputs["member"] == ANNA


def test_j3_a_member_employed_by_the_applicant_is_not_assigned() -> None:
    then = panel_ready().when("evaluation", GENK, assign(CHAIR, CELIA))
    then.refused("J3", "employer_is_applicant")
    assert (then.decision.inputs["member"], then.decision.inputs["applicant"]) == (CELIA, "Stad Genk")


def test_j3_a_member_with_a_declared_interest_is_not_assigned() -> None:
    before = panel_ready().has(PANEL, declared(ANNA, CITY_OF_GENK.ovo))
    before.when("evaluation", GENK, assign(ANNA)).refused("J3", "declared_interest")


def test_j3_who_is_no_member_is_not_assigned() -> None:
    panel_ready().when("evaluation", GENT, assign(STRANGER)).refused("J3", "not_a_member")


def test_j3_a_check_does_not_tell_what_else_a_member_declared() -> None:
    before = panel_ready().has(PANEL, declared(ANNA, "OVO999999"))
    fact = before.when("evaluation", GENT, assign(ANNA)).fact(ApplicationAssigned)
    assert "OVO999999" not in repr(fact)


def test_j3_a_recusal_rests_on_the_employer() -> None:
    then = panel_ready().when("evaluation", GENK, recuse(CELIA, "employer_is_applicant"))
    fact = then.fact(MemberRecused)
    assert (fact.member, fact.checks[0].code) == (CELIA, "employer_is_applicant")
    after = then.recorded()
    after.when("evaluation", GENK, recuse(CELIA)).nothing()
    after.when("evaluation", GENK, assign(CHAIR, CELIA)).refused("J3", "recused")


def test_j3_a_recusal_names_a_ground_that_is_borne_out() -> None:
    panel_ready().when("evaluation", GENK, recuse(ANNA, "declared_interest")).refused("J3", "ground_not_borne_out")
    panel_ready().when("evaluation", GENK, recuse(ANNA, "other")).then_types(MemberRecused)
    panel_ready().when("evaluation", GENK, recuse(STRANGER)).refused("J3", "not_a_member")


def test_j3_a_recused_member_has_no_score() -> None:
    before = panel_ready().has(evaluation(GENT), assigned(CHAIR, ANNA), scored(ANNA, 1, 1))
    after = before.when("evaluation", GENT, recuse(ANNA)).recorded()
    assert after.state(evaluation(GENT)).scores == {}
    assert after.state(evaluation(GENT)).assigned == (CHAIR,)
    after.when("evaluation", GENT, score(9, 9), by=member(ANNA)).refused("J3", "recused")


def test_j3_a_recused_member_is_not_present() -> None:
    then = deliberated().when("evaluation", GENT, recuse(BORIS))
    after = then.then_types(MemberRecused, OutcomeVoided, QuorumLost)
    assert after.state(evaluation(GENT)).present == (CHAIR, ANNA)
    after.when("evaluation", GENT, FAVOURABLE, by=chair()).refused("J4", "no_quorum")
    after.when("evaluation", GENT, advise(), by=chair()).refused("STATE")


def test_j3_a_score_falls_by_recusal_only() -> None:
    before = panel_ready().has(evaluation(GENT), assigned(CHAIR, ANNA), scored(ANNA, 1, 1))
    before.when("evaluation", GENT, assign(CHAIR, BORIS)).refused("J3", "scored_member_left_out")
    before.when("evaluation", GENT, assign(CHAIR, ANNA, BORIS)).then_types(ApplicationAssigned)


def test_j3_a_score_comes_from_an_assigned_member() -> None:
    before = panel_ready().has(evaluation(GENT), assigned(CHAIR, ANNA))
    before.when("evaluation", GENT, score(8, 15), by=member(ANNA)).then(scored(ANNA, 8, 15))
    before.when("evaluation", GENT, score(8, 15), by=member(BORIS)).refused("J3", "not_assigned")
    before.when("evaluation", GENT, score(8, 15), by=member(STRANGER)).refused("J3", "not_a_member")


def test_a_score_given_again_changes_nothing() -> None:
    before = panel_ready().has(evaluation(GENT), assigned(CHAIR), scored(CHAIR, 8, 15))
    before.when("evaluation", GENT, score(8, 15), by=member(CHAIR)).nothing()
    before.when("evaluation", GENT, score(9, 15), by=member(CHAIR)).refused("STATE")


@pytest.mark.parametrize("given_points", [points(8, 15)[:1], [*points(8, 15), points(8, 15)[0]]])
def test_j6_a_score_covers_every_criterion_once(given_points: list[object]) -> None:
    before = panel_ready().has(evaluation(GENT), assigned(CHAIR))
    command = SubmitScore.model_validate({"scores": given_points})
    then = before.when("evaluation", GENT, command, by=member(CHAIR))
    then.refused("J6", "scores_incomplete")


@pytest.mark.parametrize(("quality", "feasibility"), [(-1, 0), (11, 0), (0, 21)])
def test_j6_points_lie_between_zero_and_the_maximum(quality: int, feasibility: int) -> None:
    before = panel_ready().has(evaluation(GENT), assigned(CHAIR))
    then = before.when("evaluation", GENT, score(quality, feasibility), by=member(CHAIR))
    then.refused("J6", "points_out_of_range")


@pytest.mark.parametrize(("quality", "feasibility"), [(0, 0), (10, 20)])
def test_j6_the_bounds_themselves_are_points(quality: int, feasibility: int) -> None:
    before = panel_ready().has(evaluation(GENT), assigned(CHAIR))
    before.when("evaluation", GENT, score(quality, feasibility), by=member(CHAIR)).then_types(ScoreSubmitted)


def _scored() -> Given:
    return panel_ready().has(evaluation(GENT), assigned(CHAIR, ANNA, BORIS), scored(CHAIR, 8, 15))


def test_j4_a_deliberation_opens_with_a_quorum() -> None:
    then = _scored().when("evaluation", GENT, present(CHAIR, ANNA, BORIS))
    fact = then.fact(DeliberationOpened)
    assert [(check.rule, check.outcome) for check in fact.checks] == [("J4", "pass"), *[("J3", "pass")] * 3]
    then.recorded().when("evaluation", GENT, present(BORIS, CHAIR, ANNA)).nothing()


def test_j4_one_member_less_than_the_quorum_is_too_few() -> None:
    then = _scored().when("evaluation", GENT, present(CHAIR, ANNA))
    then.refused("J4", "no_quorum")
    assert (then.decision.inputs["present"], then.decision.inputs["quorum"]) == (2, 3)


def test_j4_the_same_member_counts_once() -> None:
    _scored().when("evaluation", GENT, present(CHAIR, ANNA, ANNA, ANNA)).refused("J4", "no_quorum")


def test_j3_a_member_in_conflict_is_not_at_the_deliberation() -> None:
    before = panel_ready().has(evaluation(GENK), assigned(CHAIR, ANNA, case=GENK))
    command = present(CHAIR, ANNA, BORIS, CELIA)
    before.when("evaluation", GENK, command).refused("J3", "employer_is_applicant")


def test_a_file_is_assigned_before_it_is_discussed() -> None:
    panel_ready().has(evaluation(GENT), opened(CHAIR)).when("evaluation", GENT, score(1, 1), by=member(CHAIR)).refused(
        "J3", "not_assigned"
    )
    unassigned = panel_ready().when("evaluation", GENT, recuse(ANNA)).recorded()
    unassigned.when("evaluation", GENT, present(CHAIR, BORIS, CELIA)).refused("STATE")


def test_j5_consensus_is_recorded_by_a_chair_who_is_present() -> None:
    before = _scored().has(evaluation(GENT), opened(CHAIR, ANNA, BORIS))
    before.when("evaluation", GENT, FAVOURABLE, by=chair(CELIA)).refused("J5", "chair_absent")
    after = before.when("evaluation", GENT, FAVOURABLE, by=chair()).then(agreed())
    after.when("evaluation", GENT, FAVOURABLE, by=chair()).nothing()
    after.when("evaluation", GENT, RecordConsensus(outcome="unfavourable"), by=chair()).refused("STATE")


def test_j5_consensus_needs_a_deliberation() -> None:
    _scored().when("evaluation", GENT, FAVOURABLE, by=chair()).refused("STATE")


def test_j5_the_advice_is_what_was_agreed_on() -> None:
    then = deliberated("unfavourable").when("evaluation", GENT, advise(), by=chair())
    then.refused("J5", "other_outcome")
    deliberated().when("evaluation", GENT, advise(), by=chair(CELIA)).refused("J5", "chair_absent")


def test_j6_the_advice_rests_on_the_weighted_mean_of_the_points() -> None:
    then = deliberated().when("evaluation", GENT, advise(), by=chair())
    fact = then.fact(AdviceAdopted)
    # quality (8+9)/20 = 85 %, feasibility (15+14)/40 = 72.5 %; weighted 6:4 that is exactly 80 %.
    assert fact.score_bp == 8_000
    assert [(one.criterion, one.score_bp) for one in fact.reasons] == [("quality", 8_500), ("feasibility", 7_250)]
    assert [check.rule for check in fact.checks] == ["J4", "J5", "J6", "J8"]
    assert {check.outcome for check in fact.checks} == {"pass"}


def test_an_advice_adopted_again_changes_nothing() -> None:
    after = deliberated().when("evaluation", GENT, advise(), by=chair()).recorded()
    after.when("evaluation", GENT, advise(), by=chair()).nothing()
    after.when("evaluation", GENT, advise(proposed=1), by=chair()).refused("STATE")
    after.when("evaluation", GENT, recuse(ANNA)).refused("STATE")
    after.when("evaluation", GENT, present(CHAIR, ANNA, CELIA)).refused("STATE")
    after.when("evaluation", GENT, assign(CHAIR)).refused("STATE")


def test_an_advice_needs_consensus_first() -> None:
    before = _scored().has(evaluation(GENT), opened(CHAIR, ANNA, BORIS))
    before.when("evaluation", GENT, advise(), by=chair()).refused("STATE")


@pytest.mark.parametrize("criteria", [["quality"], ["quality", "quality", "feasibility"], ["quality", "other"]])
def test_j6_the_advice_gives_a_reason_for_every_criterion_once(criteria: list[str]) -> None:
    reasons = [GivenReason(criterion=one, reason=WORDS) for one in criteria]
    then = deliberated().when("evaluation", GENT, advise(reasons=reasons), by=chair())
    then.refused("J6", "reasons_incomplete")


def test_j6_without_points_there_is_no_advice() -> None:
    before = panel_ready().has(
        evaluation(GENT), assigned(CHAIR, ANNA, BORIS), opened(CHAIR, ANNA, BORIS), agreed("unfavourable")
    )
    then = before.when("evaluation", GENT, advise("unfavourable", 0), by=chair())
    then.refused("J6", "no_scores")


@pytest.mark.parametrize(
    ("proposed", "code"), [(80_000_001, "above_request"), (0, "no_amount"), (90_000_000, "above_request")]
)
def test_j8_the_proposed_amount_is_within_the_request(proposed: int, code: str) -> None:
    deliberated().when("evaluation", GENT, advise(proposed=proposed), by=chair()).refused("J8", code)


def test_j8_the_proposed_amount_is_within_the_cap() -> None:
    rule = next(rule for rule in JURY.rules if rule.id == "J8")
    params = {"cap_cents": 100, "threshold_bp": 5_000}
    inputs = {"outcome": "favourable", "requested_cents": 200, "score_bp": 5_000, "conditions": 0}
    assert rule.test(params, {**inputs, "proposed_cents": 100}) == ("pass", "within_limits")
    assert rule.test(params, {**inputs, "proposed_cents": 101}) == ("fail", "above_cap")


def test_j8_below_the_threshold_nothing_is_favourable() -> None:
    before = panel_ready().has(
        evaluation(GENT),
        assigned(CHAIR, ANNA, BORIS),
        scored(CHAIR, 5, 14),
        opened(CHAIR, ANNA, BORIS),
        agreed(),
    )
    then = before.when("evaluation", GENT, advise(), by=chair())
    then.refused("J8", "below_threshold")
    assert (then.decision.inputs["score_bp"], then.decision.inputs["threshold_bp"]) == (5_800, 6_000)


def test_j8_an_unfavourable_advice_proposes_nothing() -> None:
    before = deliberated("unfavourable")
    before.when("evaluation", GENT, advise("unfavourable", 1), by=chair()).refused("J8", "amount_without_favour")
    before.when("evaluation", GENT, advise("unfavourable", 0), by=chair()).then_types(AdviceAdopted)


def test_j8_conditions_stand_in_a_conditional_advice_only() -> None:
    conditional = deliberated("favourable_with_conditions")
    outcome = "favourable_with_conditions"
    conditional.when("evaluation", GENT, advise(outcome), by=chair()).refused("J8", "conditions_and_outcome_differ")
    then = conditional.when("evaluation", GENT, advise(outcome, conditions=[WORDS]), by=chair())
    assert then.fact(AdviceAdopted).conditions == [WORDS]
    plain = deliberated().when("evaluation", GENT, advise(conditions=[WORDS]), by=chair())
    plain.refused("J8", "conditions_and_outcome_differ")


def test_every_accepted_fact_names_the_terms_it_was_decided_under() -> None:
    decision = panel_ready().when("evaluation", GENT, assign(CHAIR), by=actor("jury_secretary")).decision
    assert isinstance(decision, Accepted)
    assert decision.rules == SOURCE.position


def test_a_refusal_can_be_told_in_both_languages() -> None:
    decision = panel_ready().when("evaluation", GENK, assign(CELIA)).decision
    rule = next(rule for rule in JURY.rules if rule.id == "J3")
    told = reason(rule, "employer_is_applicant", decision.inputs)
    assert told.nl == f"Jurylid {CELIA} werkt bij de aanvrager Stad Genk en kan deze aanvraag niet beoordelen."
    assert told.en == f"Jury member {CELIA} is employed by the applicant Stad Genk and cannot assess this application."


def test_consensus_stands_in_the_log_without_names() -> None:
    assert set(ConsensusReached.__struct_fields__) == {"call", "case", "outcome"}
