"""The right of reply (J6), the conditions of an advice (J8), points put right and files judged again (J7)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from events.envelope import Actor
from events.jury import (
    AdviceAdopted,
    ApplicantReplied,
    EvaluationReopened,
    ImposedCooperation,
    LateReplyRecorded,
    ProvisionalAdviceSent,
    RankingFixed,
    RankingReopened,
    Remark,
    ReplyTermLapsed,
    ScoreCorrected,
)
from events.times import deadline
from services.deciding import CancelTimer, Refused, SetTimer
from services.jury.commands import (
    ApplyEnvelopeChange,
    CorrectScore,
    FixRanking,
    InviteReply,
    LapseReply,
    RecordConsensus,
    RecordReply,
    ReopenEvaluation,
    ReopenRanking,
)
from services.jury.reactions import timers
from services.jury.rules.advice import J6, J8
from services.jury.worker import JURY
from tests.given import Given, actor
from tests.unit.services.jury.examples import (
    ANNA,
    BORIS,
    CALL,
    CHAIR,
    CITY_OF_GENK,
    CITY_OF_GENT,
    GENK,
    GENT,
    PANEL,
    RANKING,
    REPORT,
    SOURCE,
    WORDS,
    admitted,
    advise,
    advised,
    agreed,
    assigned,
    chair,
    composed,
    declared,
    deliberated,
    evaluation,
    member,
    opened,
    panel_ready,
    points,
    present,
    ranking_fixed,
    scored,
    terms_adopted,
)
from tests.unit.services.jury.terms import JURY_TERMS
from tests.unit.services.jury.told import given

FILE = evaluation(GENT)
TABLE = (CHAIR, ANNA, BORIS)
MAYOR = actor("applicant", CITY_OF_GENT.ovo)
LAPSE = LapseReply()
DUE = deadline("2021-05-17T23:59:59")
AFTER = "2021-05-18T08:00:00.000000Z"


def heard_first(outcome: str = "favourable") -> Given:
    """A call with a fortnight to reply; Gent was agreed on at noon on 3 May."""
    declarations = [declared(one) for one in TABLE]
    panel = given(JURY).has(PANEL, terms_adopted(replace(JURY_TERMS, reply_days=14)), composed(), *declarations)
    return panel.has(PANEL, admitted()).has(
        FILE, assigned(*TABLE), scored(CHAIR, 8, 15), scored(ANNA, 9, 14), opened(*TABLE), agreed(outcome)
    )


def invite(outcome: str = "favourable", proposed: int = 80_000_000, **changes: Any) -> InviteReply:
    said = advise(outcome, proposed, **changes)
    return InviteReply.model_validate(said.model_dump(exclude={"report", "answer"}))


def invited() -> Given:
    return heard_first().when("evaluation", GENT, invite(), by=chair()).recorded()


def remark(criterion: str | None = "quality") -> RecordReply:
    return RecordReply(remarks=[Remark(criterion=criterion, text=REPORT)])


def test_j6_the_applicant_hears_the_advice_first_and_has_a_term() -> None:
    then = heard_first().when("evaluation", GENT, invite(), by=chair())
    fact = then.fact(ProvisionalAdviceSent)
    assert (fact.due, fact.score_bp, fact.outcome) == (DUE, 8_000, "favourable")
    assert [(check.rule, check.outcome) for check in fact.checks] == [
        (rule, "pass") for rule in ("J4", "J5", "J6", "J8")
    ]
    after = then.recorded()
    after.when("evaluation", GENT, invite(), by=chair()).nothing()
    after.when("evaluation", GENT, invite(reasons=[]), by=chair()).refused("STATE")
    assert timers(fact) == (
        SetTimer(f"{FILE}/reply", DUE.utc, timers(fact)[0].issue),  # type: ignore[union-attr]
    )


def test_j6_without_the_reply_heard_there_is_no_advice() -> None:
    heard_first().when("evaluation", GENT, advise(), by=chair()).refused("J6", "reply_not_invited")
    invited().when("evaluation", GENT, advise(), by=chair()).refused("J6", "reply_awaited")


def test_j6_a_call_without_the_right_of_reply_sends_nothing_beforehand() -> None:
    deliberated().when("evaluation", GENT, invite(), by=chair()).refused("J6", "no_right_of_reply")


def test_j6_a_provisional_advice_is_held_to_the_same_rules() -> None:
    heard_first().when("evaluation", GENT, invite(reasons=[]), by=chair()).refused("J6", "reasons_incomplete")
    heard_first().when("evaluation", GENT, invite(proposed=80_000_001), by=chair()).refused("J8", "above_request")
    heard_first("unfavourable").when("evaluation", GENT, invite(), by=chair()).refused("J5", "other_outcome")
    open_ = panel_ready().has(PANEL, terms_adopted(replace(JURY_TERMS, reply_days=14)))
    open_.has(FILE, assigned(*TABLE), opened(*TABLE)).when("evaluation", GENT, invite(), by=chair()).refused("STATE")


def test_j6_a_reply_is_answered_in_the_advice() -> None:
    then = invited().when("evaluation", GENT, remark(), by=MAYOR)
    replied = then.then(ApplicantReplied(call=CALL, case=GENT, remarks=[Remark(criterion="quality", text=REPORT)]))
    replied.when("evaluation", GENT, remark(), by=MAYOR).nothing()
    replied.when("evaluation", GENT, remark(None), by=MAYOR).refused("STATE")
    replied.when("evaluation", GENT, advise(), by=chair()).refused("J6", "reply_not_answered")
    adopted = replied.when("evaluation", GENT, advise(answer=WORDS), by=chair())
    assert adopted.fact(AdviceAdopted).answer == WORDS
    after = adopted.recorded()
    after.when("evaluation", GENT, advise(answer=WORDS), by=chair()).nothing()
    after.when("evaluation", GENT, advise(), by=chair()).refused("STATE")


def test_j6_only_the_applicant_itself_replies_and_on_criteria_of_the_call() -> None:
    other = actor("applicant", CITY_OF_GENK.ovo)
    invited().when("evaluation", GENT, remark(), by=other).refused("OWN", "other_organisation")
    invited().when("evaluation", GENT, remark("beauty"), by=MAYOR).refused("J6", "unknown_criterion")
    invited().when("evaluation", GENT, remark(None), by=actor("case_handler")).recorded()
    heard_first().when("evaluation", GENT, remark(), by=MAYOR).refused("STATE")


@pytest.mark.parametrize(("at", "heard"), [(DUE.utc, True), ("2021-05-17T21:59:59.000001Z", False), (AFTER, False)])
def test_j6_a_reply_counts_until_the_last_second_of_its_term(at: str, heard: bool) -> None:
    then = invited().when("evaluation", GENT, remark(), by=MAYOR, at=at)
    if heard:
        then.then_types(ApplicantReplied)
    else:
        then.refused("J6", "reply_too_late")


def test_j6_a_late_reply_is_on_record_once_and_not_heard() -> None:
    then = invited().when("evaluation", GENT, remark(), by=MAYOR, at=AFTER)
    fact = then.fact(LateReplyRecorded)
    assert (fact.due, fact.received_at) == (DUE, AFTER)
    after = then.refused("J6", "reply_too_late")
    again = after.when("evaluation", GENT, remark(), by=MAYOR, at=AFTER)
    again.refused("J6", "reply_too_late")
    assert again.decision.facts == ()
    assert after.state(FILE).reply == "awaited"


def test_j6_the_term_lapses_when_it_is_over() -> None:
    invited().when("evaluation", GENT, LAPSE, at="2021-05-17T21:59:58.999999Z").nothing()
    then = invited().when("evaluation", GENT, LAPSE, at=DUE.utc)
    after = then.then(ReplyTermLapsed(call=CALL, case=GENT, due=DUE))
    after.when("evaluation", GENT, LAPSE, at=AFTER).nothing()
    assert isinstance(after.when("evaluation", GENT, remark(), by=MAYOR, at=DUE.utc).decision, Refused)
    after.when("evaluation", GENT, advise(), by=chair(), at=AFTER).then_types(AdviceAdopted)
    heard_first().when("evaluation", GENT, LAPSE, at=AFTER).nothing()


def test_j6_what_the_applicant_says_may_change_the_jurys_mind() -> None:
    replied = invited().when("evaluation", GENT, remark(), by=MAYOR).recorded()
    table = replied.when("evaluation", GENT, present(*TABLE)).recorded()
    table.when("evaluation", GENT, present(*TABLE)).nothing()
    other = table.when("evaluation", GENT, RecordConsensus(outcome="unfavourable"), by=chair()).recorded()
    other.when("evaluation", GENT, advise("unfavourable", 0, answer=WORDS), by=chair()).then_types(AdviceAdopted)


def test_the_term_to_reply_ends_with_the_reply_the_advice_or_a_new_beginning() -> None:
    reopened = EvaluationReopened(call=CALL, case=GENT, ground="error", reason=REPORT)
    for fact in (ApplicantReplied(call=CALL, case=GENT, remarks=[]), advised(GENT), reopened):
        assert timers(fact) == (CancelTimer(f"{FILE}/reply"),)
    assert timers(terms_adopted()) == ()


def test_j6_the_rule_says_what_is_missing_first() -> None:
    params: dict[str, Any] = {"criteria": ["a"], "reply_days": 14}
    inputs: dict[str, Any] = {"reasoned": ["a"], "scored_by": 1, "reply": "lapsed", "answered": False}
    assert J6.test(params, inputs) == ("pass", "reasoned")
    assert J6.test(params, inputs | {"reasoned": []}) == ("fail", "reasons_incomplete")
    assert J6.test(params, inputs | {"scored_by": 0}) == ("fail", "no_scores")
    assert J6.test(params, inputs | {"reply": "none"}) == ("fail", "reply_not_invited")
    assert J6.test(params | {"reply_days": 0}, inputs | {"reply": "none"}) == ("pass", "reasoned")
    assert J6.test(params, inputs | {"reply": "replied"}) == ("fail", "reply_not_answered")
    assert J6.test(params, inputs | {"reply": "replied", "answered": True}) == ("pass", "reasoned")


LESS = {"reduction": WORDS}
TOGETHER = {"cooperation": [ImposedCooperation(partner=CITY_OF_GENK, reason=WORDS)]}
CONDITIONAL = "favourable_with_conditions"


def test_j8_a_lower_amount_is_a_condition_with_its_reason() -> None:
    before = deliberated(CONDITIONAL)
    before.when("evaluation", GENT, advise(CONDITIONAL, 50_000_000), by=chair()).refused(
        "J8", "reduction_without_reason"
    )
    then = before.when("evaluation", GENT, advise(CONDITIONAL, 50_000_000, **LESS), by=chair())
    fact = then.fact(AdviceAdopted)
    assert (fact.proposed_cents, fact.reduction, fact.conditions) == (50_000_000, WORDS, [])
    plain = deliberated().when("evaluation", GENT, advise("favourable", 50_000_000, **LESS), by=chair())
    plain.refused("J8", "conditions_and_outcome_differ")
    whole = deliberated(CONDITIONAL).when("evaluation", GENT, advise(CONDITIONAL, **LESS, **TOGETHER), by=chair())
    whole.refused("J8", "reason_without_reduction")


def test_j8_the_jury_may_impose_cooperation() -> None:
    then = deliberated(CONDITIONAL).when("evaluation", GENT, advise(CONDITIONAL, **TOGETHER), by=chair())
    assert then.fact(AdviceAdopted).cooperation == TOGETHER["cooperation"]
    plain = deliberated().when("evaluation", GENT, advise("favourable", **TOGETHER), by=chair())
    plain.refused("J8", "conditions_and_outcome_differ")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "within_limits"),
        ({"score_bp": 5_999}, "below_threshold"),
        ({"proposed_cents": 0}, "no_amount"),
        ({"proposed_cents": 101}, "above_request"),
        ({"proposed_cents": 99, "reduction_reasoned": True, "outcome": CONDITIONAL}, "within_limits"),
        ({"proposed_cents": 99}, "reduction_without_reason"),
        ({"reduction_reasoned": True}, "reason_without_reduction"),
        ({"conditions": 1}, "conditions_and_outcome_differ"),
        ({"conditions": 1, "outcome": CONDITIONAL}, "within_limits"),
        ({"cooperation": 1, "outcome": CONDITIONAL}, "within_limits"),
        ({"cooperation": 1}, "conditions_and_outcome_differ"),
        ({"outcome": CONDITIONAL}, "conditions_and_outcome_differ"),
        ({"outcome": "unfavourable", "proposed_cents": 0, "score_bp": 0}, "nothing_proposed"),
        ({"outcome": "unfavourable"}, "amount_without_favour"),
    ],
)
def test_j8_an_advice_at_its_bounds(changed: dict[str, Any], code: str) -> None:
    inputs: dict[str, Any] = {
        "outcome": "favourable",
        "proposed_cents": 100,
        "requested_cents": 100,
        "score_bp": 6_000,
        "conditions": 0,
        "cooperation": 0,
        "reduction_reasoned": False,
    }
    assert J8.test({"cap_cents": 100, "threshold_bp": 6_000}, inputs | changed).code == code
    dear = {"cap_cents": 99, "threshold_bp": 6_000}
    assert J8.test(dear, inputs).code == "above_cap"


def correct(quality: int, feasibility: int) -> CorrectScore:
    return CorrectScore(scores=points(quality, feasibility), reason=REPORT)


def scoring() -> Given:
    return panel_ready().has(FILE, assigned(*TABLE), scored(CHAIR, 8, 15), scored(ANNA, 9, 14))


def test_j7_a_member_puts_its_own_points_right_before_the_advice() -> None:
    then = scoring().when("evaluation", GENT, correct(7, 15), by=member(CHAIR))
    fact = then.fact(ScoreCorrected)
    assert (fact.previous, fact.scores, fact.reason) == (points(8, 15), points(7, 15), REPORT)
    after = then.recorded()
    assert after.state(FILE).scores[CHAIR] == tuple(points(7, 15))
    after.when("evaluation", GENT, correct(7, 15), by=member(CHAIR)).nothing()
    scoring().has(FILE, opened(*TABLE)).when("evaluation", GENT, correct(7, 15), by=member(CHAIR)).recorded()


def test_j6_only_points_that_were_given_are_put_right_and_within_their_bounds() -> None:
    scoring().when("evaluation", GENT, correct(7, 15), by=member(BORIS)).refused("J6", "nothing_to_correct")
    scoring().when("evaluation", GENT, correct(11, 15), by=member(CHAIR)).refused("J6", "points_out_of_range")
    deliberated().when("evaluation", GENT, correct(7, 15), by=member(CHAIR)).refused("STATE")


def adopted() -> Given:
    return deliberated().when("evaluation", GENT, advise(), by=chair()).recorded()


def test_j7_points_do_not_change_once_the_ranking_is_fixed() -> None:
    ranked = adopted().has(RANKING, ranking_fixed(GENT))
    ranked.when("evaluation", GENT, correct(7, 15), by=member(CHAIR)).refused("J7", "ranking_fixed")
    again = ReopenEvaluation(ground="error", reason=REPORT)
    ranked.when("evaluation", GENT, again).refused("J7", "ranking_fixed")


def test_j7_a_file_is_judged_again_before_the_ranking() -> None:
    again = ReopenEvaluation(ground="annulment", reason=REPORT)
    deliberated().when("evaluation", GENT, again).refused("STATE")
    then = adopted().when("evaluation", GENT, again)
    after = then.then(EvaluationReopened(call=CALL, case=GENT, ground="annulment", reason=REPORT))
    after.when("ranking", CALL, FixRanking()).refused("J7", "advice_missing")
    corrected = after.when("evaluation", GENT, correct(7, 15), by=member(CHAIR)).recorded()
    table = corrected.when("evaluation", GENT, present(*TABLE)).recorded()
    voice = table.when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).recorded()
    second = voice.when("evaluation", GENT, advise(), by=chair()).fact(AdviceAdopted)
    assert second.score_bp < 8_000


SECRETARIAT: Actor = actor("jury_secretary")
REOPEN = ReopenRanking(ground="annulment", reason=REPORT)


def ranked() -> Given:
    return panel_ready().has(FILE, advised(GENT)).has(evaluation(GENK), advised(GENK, 9_000))


def test_j7_a_ranking_reopens_with_a_reason_and_is_fixed_again() -> None:
    first = ranked().when("ranking", CALL, FixRanking()).recorded()
    then = first.when("ranking", CALL, REOPEN, by=SECRETARIAT)
    open_ = then.then(RankingReopened(call=CALL, ordinal=1, ground="annulment", reason=REPORT, source=None))
    open_.when("ranking", CALL, REOPEN, by=SECRETARIAT).nothing()
    other = ReopenRanking(ground="error", reason=REPORT)
    open_.when("ranking", CALL, other, by=SECRETARIAT).refused("J7", "not_fixed")
    second = open_.when("ranking", CALL, FixRanking()).then_types(RankingFixed)
    assert second.state(RANKING).times == 2
    assert second.when("ranking", CALL, REOPEN, by=SECRETARIAT).fact(RankingReopened).ordinal == 2


def test_j7_a_changed_envelope_reopens_what_was_fixed_and_nothing_else() -> None:
    change = ApplyEnvelopeChange(source=SOURCE)
    ranked().when("ranking", CALL, change).nothing()
    first = ranked().when("ranking", CALL, FixRanking()).recorded()
    then = first.when("ranking", CALL, change)
    reopened = RankingReopened(call=CALL, ordinal=1, ground="envelope_changed", reason=None, source=SOURCE)
    then.then(reopened).when("ranking", CALL, change).nothing()
