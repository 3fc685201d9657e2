"""The gate of interests (J3): suggested, dismissed, established, declared late; and what falls with a member."""

from __future__ import annotations

from msgspec.structs import replace

from events.jury import (
    ConflictDismissed,
    ConflictRecorded,
    ConflictSuggested,
    DeliberationOpened,
    EvaluationReopened,
    MemberRecused,
    OutcomeVoided,
    QuorumLost,
    ScoreRefused,
    ScoreVoided,
)
from events.vocabulary import Clear, Party, Source
from services.deciding import Refused
from services.jury.commands import (
    ApplyDeclaration,
    CorrectScore,
    DismissConflict,
    FixRanking,
    RecordConflict,
    RecordConsensus,
    ReopenEvaluation,
    ReopenRanking,
    SuggestConflicts,
)
from services.jury.rules.interests import Suggestion, suggestions
from services.jury.worker import JURY
from tests.given import Given, Then, actor
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
    admitted,
    advise,
    assign,
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
    recuse,
    score,
    scored,
    terms_adopted,
)
from tests.unit.services.jury.told import given

PORT = Party(ovo="OVO900201", kbo="0999000327", name="Haven", nis=None)
"""The employer of everybody but Celia: as a partner of Gent, nearly the whole jury is suspect."""
SUGGEST = SuggestConflicts(call=CALL)
FILE = evaluation(GENT)


def with_partner() -> Given:
    """The port pledged to act in Gent's project; it employs Anna, and none of the others."""
    seats = [
        replace(seat, employer="OVO900299") if seat.person in (CHAIR, BORIS) else seat for seat in composed().members
    ]
    declarations = [declared(one) for one in (CHAIR, ANNA, BORIS, CELIA)]
    files = [admitted(partners=[PORT]), admitted(GENK, CITY_OF_GENK, 5)]
    return given(JURY).has(PANEL, terms_adopted(), replace(composed(), members=seats), *declarations, *files)


def dismiss(who: str, ground: str = "employer_is_partner") -> DismissConflict:
    return DismissConflict.model_validate({"call": CALL, "member": who, "ground": ground, "reason": "Andere dienst."})


def conflict(who: str, ground: str = "other", reason: str | None = "Verwant.") -> RecordConflict:
    return RecordConflict.model_validate({"call": CALL, "member": who, "ground": ground, "reason": reason})


def declaration(who: str) -> ApplyDeclaration:
    return ApplyDeclaration(call=CALL, member=who, source=SOURCE)


def suggested() -> Given:
    return with_partner().when("evaluation", GENT, SUGGEST).recorded()


def recording(before: Given, command: RecordConflict) -> Then:
    return before.when("evaluation", GENT, command)


def test_j3_an_employer_among_the_partners_is_suggested_as_a_conflict_once() -> None:
    then = with_partner().when("evaluation", GENT, SUGGEST)
    fact = then.fact(ConflictSuggested)
    assert (fact.member, fact.ground, fact.organisation) == (ANNA, "employer_is_partner", PORT.ovo)
    assert (fact.checks[0].outcome, fact.checks[0].code) == ("fail", "employer_is_partner")
    then.then_types(ConflictSuggested).when("evaluation", GENT, SUGGEST).nothing()


def test_j3_an_employer_who_applies_is_suggested_as_a_conflict() -> None:
    then = with_partner().when("evaluation", GENK, SUGGEST)
    fact = then.fact(ConflictSuggested)
    assert (fact.member, fact.ground, fact.organisation) == (CELIA, "employer_is_applicant", CITY_OF_GENK.ovo)


def test_j3_nothing_is_suggested_of_who_is_out_already() -> None:
    with_partner().when("evaluation", GENT, recuse(ANNA)).recorded().when("evaluation", GENT, SUGGEST).nothing()
    dismissed = suggested().when("evaluation", GENT, dismiss(ANNA)).recorded()
    dismissed.when("evaluation", GENT, SUGGEST).nothing()


def test_j3_suggestions_follow_from_codes_alone_and_in_the_order_of_the_seats() -> None:
    seats = composed().members
    assert suggestions(seats, CITY_OF_GENK.ovo, ()) == [Suggestion(CELIA, "employer_is_applicant", CITY_OF_GENK.ovo)]
    both = suggestions(seats, CITY_OF_GENK.ovo, {PORT.ovo, CITY_OF_GENK.ovo})
    assert [(one.member, one.ground) for one in both] == [
        (CHAIR, "employer_is_partner"),
        (ANNA, "employer_is_partner"),
        (BORIS, "employer_is_partner"),
        (CELIA, "employer_is_applicant"),
    ]
    assert suggestions(seats, CITY_OF_GENT.ovo, ()) == []


def test_j3_an_employer_among_the_partners_bars_the_gate_until_it_is_dismissed_with_reasons() -> None:
    suggested().when("evaluation", GENT, assign(CHAIR, ANNA)).refused("J3", "employer_is_partner")
    then = suggested().when("evaluation", GENT, dismiss(ANNA))
    fact = then.fact(ConflictDismissed)
    assert fact.reason == Clear(subject=ANNA, clear="Andere dienst.")
    after = then.recorded()
    after.when("evaluation", GENT, dismiss(ANNA)).nothing()
    after.when("evaluation", GENT, assign(CHAIR, ANNA)).recorded()
    after.when("evaluation", GENT, score(8, 15), by=member(ANNA)).recorded()


def test_j3_only_what_was_suggested_is_dismissed_and_never_the_applicant_as_employer() -> None:
    with_partner().when("evaluation", GENT, dismiss(ANNA)).refused("J3", "nothing_suggested")
    suspect = with_partner().when("evaluation", GENK, SUGGEST).recorded()
    suspect.when("evaluation", GENK, dismiss(CELIA)).refused("J3", "nothing_suggested")
    suspect.when("evaluation", GENK, dismiss(CELIA, "employer_is_applicant")).refused("J3", "cannot_be_dismissed")


def test_j3_a_suggestion_that_is_confirmed_keeps_the_member_out() -> None:
    then = recording(suggested(), conflict(ANNA, "employer_is_partner", None))
    fact = then.fact(ConflictRecorded)
    assert (fact.basis, fact.late, fact.ground, fact.reason) == ("suggestion", False, "employer_is_partner", None)
    after = then.then_types(ConflictRecorded, MemberRecused)
    assert then.fact(MemberRecused).ground == "other"
    assert after.state(FILE).suggested == frozenset()
    recording(after, conflict(ANNA, "employer_is_partner", None)).nothing()
    after.when("evaluation", GENT, assign(ANNA)).refused("J3", "recused")


def test_j3_a_conflict_rests_on_data_or_on_a_reason() -> None:
    recording(with_partner(), conflict(BORIS, "employer_is_partner")).refused("J3", "ground_not_borne_out")
    recording(with_partner(), conflict(BORIS, "declared_interest")).refused("J3", "ground_not_borne_out")
    recording(with_partner(), conflict(BORIS, "other", None)).refused("J3", "reason_missing")
    recording(with_partner(), conflict(STRANGER)).refused("J3", "not_a_member")
    fact = recording(with_partner(), conflict(BORIS)).fact(ConflictRecorded)
    assert (fact.basis, fact.reason) == ("secretary", Clear(subject=BORIS, clear="Verwant."))


def test_j3_a_declared_interest_in_a_partner_is_a_conflict() -> None:
    before = with_partner().has(PANEL, declared(BORIS, PORT.ovo))
    then = before.when("evaluation", GENT, assign(BORIS))
    then.refused("J3", "interest_in_partner")
    assert isinstance(then.decision, Refused)
    assert then.decision.inputs["partner"] == "Haven"
    assert recording(before, conflict(BORIS, "interest_in_partner")).fact(MemberRecused).ground == "declared_interest"


def test_j3_a_recused_member_who_scores_is_refused_and_that_is_on_record_once() -> None:
    before = panel_ready().has(FILE, assigned(CHAIR, ANNA)).when("evaluation", GENT, recuse(ANNA)).recorded()
    then = before.when("evaluation", GENT, score(9, 9), by=member(ANNA))
    fact = then.fact(ScoreRefused)
    assert (fact.member, fact.code, fact.checks[0].code) == (ANNA, "recused", "recused")
    assert isinstance(then.decision, Refused)
    assert then.decision.rules == SOURCE.position
    after = then.refused("J3", "recused")
    assert after.state(FILE).scores == {}
    again = after.when("evaluation", GENT, score(1, 1), by=member(ANNA))
    again.refused("J3", "recused")
    assert again.decision.facts == ()


def test_j3_a_member_in_conflict_who_scores_is_on_record_even_before_a_recusal() -> None:
    before = panel_ready().has(evaluation(GENK), assigned(CHAIR, CELIA, case=GENK))
    then = before.when("evaluation", GENK, score(9, 9), by=member(CELIA))
    assert then.fact(ScoreRefused).code == "employer_is_applicant"
    correct = CorrectScore(scores=points(9, 9), reason=REPORT)
    corrected = before.when("evaluation", GENK, correct, by=member(CELIA))
    assert corrected.fact(ScoreRefused).code == "employer_is_applicant"


def test_j3_who_merely_has_not_declared_leaves_no_refusal_on_record() -> None:
    before = given(JURY).has(PANEL, terms_adopted(), composed(), admitted()).has(FILE, assigned(ANNA))
    then = before.when("evaluation", GENT, score(9, 9), by=member(ANNA))
    then.refused("J3", "not_declared")
    assert then.decision.facts == ()


def test_j3_a_late_conflict_voids_the_score_in_sight() -> None:
    before = panel_ready().has(FILE, assigned(CHAIR, ANNA), scored(CHAIR, 8, 15), scored(ANNA, 1, 1))
    then = recording(before, conflict(ANNA))
    assert then.fact(ConflictRecorded).late
    after = then.then_types(ConflictRecorded, MemberRecused, ScoreVoided)
    assert after.state(FILE).scores == {CHAIR: tuple(points(8, 15))}
    assert after.state(FILE).assigned == (CHAIR,)


def test_j3_a_declaration_made_late_takes_the_file_out_of_the_members_hands() -> None:
    before = panel_ready().has(FILE, assigned(CHAIR, ANNA), scored(ANNA, 1, 1))
    late = before.has(PANEL, declared(ANNA, CITY_OF_GENT.ovo))
    then = late.when("evaluation", GENT, declaration(ANNA))
    fact = then.fact(ConflictRecorded)
    assert (fact.basis, fact.ground, fact.late) == ("declaration", "declared_interest", True)
    then.then_types(ConflictRecorded, MemberRecused, ScoreVoided).when("evaluation", GENT, declaration(ANNA)).nothing()


def test_j3_a_declaration_before_anything_was_in_hand_is_met_at_the_gate() -> None:
    before = panel_ready().has(PANEL, declared(ANNA, CITY_OF_GENT.ovo))
    before.when("evaluation", GENT, declaration(ANNA)).nothing()
    held = panel_ready().has(FILE, assigned(CHAIR, ANNA))
    held.when("evaluation", GENT, declaration(ANNA)).nothing()


def test_j3_a_late_declaration_about_a_partner_counts_too() -> None:
    before = with_partner().has(FILE, assigned(CHAIR, BORIS)).has(PANEL, declared(BORIS, PORT.ovo))
    fact = before.when("evaluation", GENT, declaration(BORIS)).fact(ConflictRecorded)
    assert fact.ground == "interest_in_partner"


def test_j3_j5_what_was_agreed_with_a_member_in_conflict_falls() -> None:
    before = panel_ready().has(
        FILE, assigned(CHAIR, ANNA, BORIS, CELIA), scored(CHAIR, 8, 15), opened(CHAIR, ANNA, BORIS, CELIA)
    )
    agreed = before.when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).recorded()
    then = recording(agreed, conflict(ANNA))
    assert then.fact(OutcomeVoided).outcome == "favourable"
    after = then.then_types(ConflictRecorded, MemberRecused, OutcomeVoided)
    assert (after.state(FILE).status, after.state(FILE).outcome) == ("deliberating", None)
    after.when("evaluation", GENT, advise(), by=chair()).refused("STATE")
    after.when("evaluation", GENT, RecordConsensus(outcome="unfavourable"), by=chair()).recorded()


def test_j3_who_was_not_at_the_table_takes_no_outcome_along() -> None:
    recording(deliberated(), conflict(CELIA)).then_types(ConflictRecorded, MemberRecused)


def test_j4_with_a_late_conflict_the_quorum_may_be_lost_and_is_found_again() -> None:
    before = panel_ready().has(FILE, assigned(CHAIR, ANNA, BORIS), scored(CHAIR, 8, 15), opened(CHAIR, ANNA, BORIS))
    then = recording(before, conflict(ANNA))
    fact = then.fact(QuorumLost)
    assert (fact.present, fact.cause, fact.checks[0].code) == ([CHAIR, BORIS], "recusal", "no_quorum")
    after = then.then_types(ConflictRecorded, MemberRecused, QuorumLost)
    after.when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).refused("J4", "no_quorum")


def test_j3_a_conflict_after_the_advice_sets_the_advice_aside() -> None:
    advised = deliberated().when("evaluation", GENT, advise(), by=chair()).recorded()
    then = recording(advised, conflict(ANNA))
    assert then.fact(EvaluationReopened).ground == "late_conflict"
    after = then.then_types(ConflictRecorded, MemberRecused, ScoreVoided, EvaluationReopened)
    state = after.state(FILE)
    assert (state.status, state.advice, state.present) == ("assigned", None, ())


def test_j3_an_advice_stands_when_the_conflict_is_of_somebody_who_had_no_part_in_it() -> None:
    advised = deliberated().when("evaluation", GENT, advise(), by=chair()).recorded()
    assert recording(advised, conflict(CELIA)).then_types(ConflictRecorded, MemberRecused).state(FILE).advice


def test_j7_a_conflict_after_the_ranking_is_on_record_and_takes_effect_when_it_is_reopened() -> None:
    advised = deliberated().when("evaluation", GENT, advise(), by=chair()).recorded()
    ranked = advised.has(RANKING, ranking_fixed(GENT))
    after = recording(ranked, conflict(ANNA)).then_types(ConflictRecorded)
    recording(after, conflict(ANNA)).nothing()
    again = ReopenEvaluation(ground="late_conflict", reason=REPORT)
    after.when("evaluation", GENT, again).refused("J7", "ranking_fixed")
    secretary = actor("jury_secretary")
    open_ = after.when("ranking", CALL, ReopenRanking(ground="late_conflict", reason=REPORT), by=secretary).recorded()
    then = open_.when("evaluation", GENT, again)
    reopened = then.then_types(EvaluationReopened, MemberRecused, ScoreVoided)
    assert reopened.state(FILE).recused == {ANNA}
    reopened.when("evaluation", GENT, present(CHAIR, ANNA, BORIS)).refused("J3", "recused")
    table = reopened.when("evaluation", GENT, present(CHAIR, BORIS, CELIA)).then_types(DeliberationOpened)
    table.when("ranking", CALL, FixRanking()).refused("J7", "advice_missing")


def test_j3_a_ranking_of_other_files_keeps_nobody_with_a_conflict_at_the_table_of_this_one() -> None:
    others = deliberated().has(RANKING, ranking_fixed(GENK))
    after = recording(others, conflict(ANNA)).recorded()
    assert after.state(FILE).recused == {ANNA}
    assert ANNA not in after.state(FILE).scores


def test_j3_the_source_of_a_declaration_is_what_the_service_saw() -> None:
    assert declaration(ANNA).source == Source(event_id=SOURCE.event_id, position=SOURCE.position)
