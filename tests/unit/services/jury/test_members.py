"""Who sits in the jury changes: appointed, resigned, replaced; and the mix stays what the call asks (J2, J4)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from events.decision import EnvelopeDecreased, EnvelopeIncreased
from events.intake import JuryTerms
from events.jury import MemberAppointed, MemberLeftFile, MemberReplaced, MemberResigned, PanelComposed, QuorumLost
from events.vocabulary import Clear
from services.deciding import Issue
from services.jury.commands import (
    ApplyDeclaration,
    ApplyEnvelopeChange,
    AppointMember,
    RecordConsensus,
    RecordResignation,
    ReplaceMember,
    ReviewPresence,
    SuggestConflicts,
)
from services.jury.reactions import REACTIONS
from services.jury.rules.panel import J4
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
    REPORT,
    SEATS,
    SECRETARY,
    SOURCE,
    STRANGER,
    admitted,
    assign,
    assigned,
    chair,
    compose,
    composed,
    declare,
    declared,
    deliberated,
    evaluation,
    member,
    opened,
    panel_ready,
    present,
    score,
    scored,
    seat,
    terms_adopted,
)
from tests.unit.services.jury.terms import JURY_TERMS
from tests.unit.services.jury.told import given

NEW = seat(STRANGER, "external")
FILE = evaluation(GENT)


def sits() -> Given:
    return given(JURY).has(PANEL, terms_adopted(), composed())


def resign(who: str, reason: str | None = None) -> RecordResignation:
    return RecordResignation(member=who, reason=reason)


def appoint(chair: str | None = None, **changes: Any) -> AppointMember:
    return AppointMember.model_validate({"member": NEW, "chair": chair, **changes})


def substitute(leaving: str, chair: str | None = None, **changes: Any) -> ReplaceMember:
    return ReplaceMember.model_validate({"leaving": leaving, "member": NEW, "chair": chair, **changes})


def test_a_member_resigns_for_itself_once() -> None:
    then = sits().when("panel", CALL, resign(ANNA, "Ziek."), by=member(ANNA))
    fact = then.fact(MemberResigned)
    assert (fact.member, fact.reason) == (ANNA, Clear(subject=ANNA, clear="Ziek."))
    after = then.recorded()
    assert ANNA not in after.state(PANEL).members
    after.when("panel", CALL, resign(ANNA), by=member(ANNA)).nothing()
    sits().when("panel", CALL, resign(ANNA), by=member(BORIS)).refused("OWN", "other_member")
    sits().when("panel", CALL, resign(STRANGER), by=actor("jury_secretary")).refused("J3", "not_a_member")
    assert sits().when("panel", CALL, resign(ANNA), by=actor("jury_secretary")).fact(MemberResigned).reason is None


def test_j4_a_free_seat_is_taken_and_a_full_jury_takes_nobody() -> None:
    sits().when("panel", CALL, appoint()).refused("J4", "wrong_number")
    free = sits().has(PANEL, MemberResigned(call=CALL, member=ANNA, reason=None))
    then = free.when("panel", CALL, appoint())
    fact = then.fact(MemberAppointed)
    assert (fact.member.person, fact.chair) == (STRANGER, CHAIR)
    assert [(check.rule, check.outcome) for check in fact.checks] == [("J2", "pass"), ("J4", "pass")]
    after = then.recorded()
    after.when("panel", CALL, appoint()).nothing()
    assert set(after.state(PANEL).members) == {CHAIR, BORIS, CELIA, STRANGER}


def test_j2_nobody_is_appointed_who_keeps_the_secretariat_or_sits_already() -> None:
    free = sits().has(PANEL, MemberResigned(call=CALL, member=ANNA, reason=None))
    free.when("panel", CALL, appoint(member=seat(SECRETARY))).refused("J2", "secretary_is_member")
    free.when("panel", CALL, appoint(member=seat(BORIS))).refused("J2", "member_twice")
    free.when("panel", CALL, appoint(chair=ANNA)).refused("J2", "chair_is_no_member")
    sits().when("panel", CALL, substitute(ANNA, member=seat(SECRETARY))).refused("J2", "secretary_is_member")


def test_j2_when_the_chair_goes_another_is_named() -> None:
    sits().when("panel", CALL, substitute(CHAIR)).refused("J2", "chair_is_no_member")
    then = sits().when("panel", CALL, substitute(CHAIR, BORIS))
    assert then.fact(MemberReplaced).chair == BORIS
    assert then.recorded().state(PANEL).chair == BORIS
    free = sits().has(PANEL, MemberResigned(call=CALL, member=CHAIR, reason=None))
    free.when("panel", CALL, appoint()).refused("J2", "chair_is_no_member")
    assert free.when("panel", CALL, appoint(STRANGER)).recorded().state(PANEL).chair == STRANGER


def test_a_member_is_replaced_at_once_and_once() -> None:
    then = sits().when("panel", CALL, substitute(ANNA))
    fact = then.fact(MemberReplaced)
    assert (fact.leaving, fact.member.person, fact.chair) == (ANNA, STRANGER, CHAIR)
    after = then.recorded()
    assert set(after.state(PANEL).members) == {CHAIR, BORIS, CELIA, STRANGER}
    after.when("panel", CALL, substitute(ANNA)).nothing()
    after.when("panel", CALL, substitute(ANNA, member=seat(STRANGER, "government"))).refused("J3", "not_a_member")


def test_a_jury_that_was_not_composed_has_no_seats() -> None:
    bare = given(JURY).has(PANEL, terms_adopted())
    bare.when("panel", CALL, appoint()).refused("STATE", "panel_not_composed")
    bare.when("panel", CALL, substitute(ANNA)).refused("STATE", "panel_not_composed")


def test_j3_who_comes_new_declares_before_the_first_assignment() -> None:
    ready = panel_ready().when("panel", CALL, substitute(ANNA)).recorded()
    ready.when("evaluation", GENT, assign(STRANGER)).refused("J3", "not_declared")
    ready.when("evaluation", GENT, assign(ANNA)).refused("J3", "not_a_member")
    after = ready.when("panel", CALL, declare(STRANGER), by=member(STRANGER)).recorded()
    after.when("evaluation", GENT, assign(STRANGER)).recorded()


def test_points_of_a_member_who_left_stay_and_no_new_ones_come() -> None:
    before = panel_ready().has(FILE, assigned(CHAIR, ANNA, BORIS), scored(ANNA, 8, 15))
    left = before.has(PANEL, MemberResigned(call=CALL, member=ANNA, reason=None))
    assert set(left.state(FILE).scores) == {ANNA}
    left.has(PANEL, MemberResigned(call=CALL, member=BORIS, reason=None))
    left.when("evaluation", GENT, score(9, 9), by=member(BORIS)).refused("J3", "not_a_member")
    then = left.when("evaluation", GENT, ReviewPresence(call=CALL, source=SOURCE))
    assert [fact.member for fact in then.decision.facts] == [ANNA, BORIS]
    assert set(then.recorded().state(FILE).scores) == {ANNA}


def test_j4_a_departure_can_cost_the_quorum() -> None:
    before = panel_ready().has(FILE, assigned(CHAIR, ANNA, BORIS), scored(CHAIR, 8, 15), opened(CHAIR, ANNA, BORIS))
    review = ReviewPresence(call=CALL, source=SOURCE)
    before.when("evaluation", GENT, review).nothing()
    left = before.has(PANEL, MemberResigned(call=CALL, member=ANNA, reason=None))
    left.when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).refused("J4", "no_quorum")
    then = left.when("evaluation", GENT, review)
    assert then.fact(MemberLeftFile).member == ANNA
    fact = then.fact(QuorumLost)
    assert (fact.present, fact.cause, fact.checks[0].outcome) == ([CHAIR, BORIS], "departure", "fail")
    after = then.then_types(MemberLeftFile, QuorumLost)
    after.when("evaluation", GENT, review).nothing()
    after.when("evaluation", GENT, present(CHAIR, BORIS, CELIA)).recorded()


def test_j4_a_departure_that_leaves_enough_changes_nothing() -> None:
    table = (CHAIR, ANNA, BORIS, CELIA)
    before = panel_ready().has(FILE, assigned(*table), scored(CHAIR, 8, 15), opened(*table))
    left = before.has(PANEL, MemberResigned(call=CALL, member=ANNA, reason=None))
    after = left.when("evaluation", GENT, ReviewPresence(call=CALL, source=SOURCE)).then_types(MemberLeftFile)
    after.when("evaluation", GENT, ReviewPresence(call=CALL, source=SOURCE)).nothing()
    panel_ready().when("evaluation", GENT, ReviewPresence(call=CALL, source=SOURCE)).nothing()


def mixed(**changes: Any) -> JuryTerms:
    return replace(JURY_TERMS, **changes)


def test_j4_the_call_asks_for_members_from_the_administration_too() -> None:
    before = given(JURY).has(PANEL, terms_adopted(mixed(min_government=2)))
    before.when("panel", CALL, compose()).refused("J4", "too_few_government")
    enough = given(JURY).has(PANEL, terms_adopted(mixed(min_government=1)))
    assert enough.when("panel", CALL, compose()).fact(PanelComposed).checks[1].inputs["government"] == 1


def test_j4_every_expertise_that_the_call_asks_for_sits_in_the_jury() -> None:
    asks = given(JURY).has(PANEL, terms_adopted(mixed(required_expertise=["planning", "poverty"])))
    then = asks.when("panel", CALL, compose())
    then.refused("J4", "expertise_missing")
    knows = SEATS[1].model_copy(update={"expertise": "poverty"})
    asks.when("panel", CALL, compose([SEATS[0], knows, *SEATS[2:]])).recorded()
    asks.when("panel", CALL, substitute(ANNA)).refused("J4", "expertise_missing")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "quorum_present"),
        ({"government": 0}, "too_few_government"),
        ({"external": 0}, "too_few_external"),
        ({"present": 2}, "no_quorum"),
        ({"expertise": []}, "quorum_present"),
        ({"occasion": "composition", "present": 4}, "well_composed"),
        ({"occasion": "composition", "present": 3}, "wrong_number"),
        ({"occasion": "composition", "present": 4, "government": 0}, "too_few_government"),
        ({"occasion": "composition", "present": 4, "expertise": ["a"]}, "expertise_missing"),
    ],
)
def test_j4_numbers_and_mix_at_their_bounds(changed: dict[str, Any], code: str) -> None:
    params: dict[str, Any] = {
        "members": 4,
        "quorum": 3,
        "min_external": 1,
        "min_government": 1,
        "required_expertise": ["a", "b"],
    }
    inputs = {"occasion": "deliberation", "present": 3, "external": 1, "government": 1, "expertise": ["a", "b", "c"]}
    assert J4.test(params, inputs | changed).code == code


def reacting(fact: Any, before: Given) -> list[Issue]:
    found = [one for one in REACTIONS if one.on is type(fact)]
    state = before.state(PANEL)
    assert all(one.reads is not None and one.reads(fact) == PANEL for one in found)
    return [issue for one in found for issue in one.react(fact, SOURCE, state)]


def named(issues: list[Issue]) -> list[tuple[str, type]]:
    return [(issue.stream, type(issue.command)) for issue in issues]


def test_conflicts_are_looked_for_by_themselves_where_the_call_says_so() -> None:
    appointed = MemberAppointed(call=CALL, member=composed().members[0], chair=CHAIR, checks=[])
    for fact in (composed(), appointed, admitted()):
        assert reacting(fact, panel_ready()) == []
    looks = given(JURY).has(
        PANEL, terms_adopted(mixed(suggest_conflicts=True)), admitted(), admitted(GENK, CITY_OF_GENK)
    )
    both = [(evaluation(GENT), SuggestConflicts), (evaluation(GENK), SuggestConflicts)]
    assert named(reacting(composed(), looks)) == both
    assert named(reacting(appointed, looks)) == both
    assert named(reacting(admitted(GENK, CITY_OF_GENK), looks)) == both[1:]


def test_a_declaration_goes_to_the_files_that_it_concerns() -> None:
    before = panel_ready()
    assert named(reacting(declared(ANNA, CITY_OF_GENT.ovo), before)) == [(FILE, ApplyDeclaration)]
    assert reacting(declared(ANNA, "OVO999999"), before) == []
    partner = given(JURY).has(PANEL, terms_adopted(), admitted(partners=[CITY_OF_GENK]))
    assert named(reacting(declared(ANNA, CITY_OF_GENK.ovo), partner)) == [(FILE, ApplyDeclaration)]


def test_a_departure_goes_to_every_file() -> None:
    both = [(evaluation(GENT), ReviewPresence), (evaluation(GENK), ReviewPresence)]
    assert named(reacting(MemberResigned(call=CALL, member=ANNA, reason=None), deliberated())) == both
    replaced = MemberReplaced(call=CALL, leaving=ANNA, member=composed().members[0], chair=CHAIR, checks=[])
    assert named(reacting(replaced, deliberated())) == both


def test_a_changed_envelope_goes_to_the_ranking_where_the_call_says_so() -> None:
    raised = EnvelopeIncreased(
        call=CALL, previous_cents=1, increase_cents=1, amount_cents=2, reference="VR", reason=REPORT
    )
    cut = EnvelopeDecreased(
        call=CALL, previous_cents=2, decrease_cents=1, amount_cents=1, reference="VR", reason=REPORT
    )
    assert reacting(raised, panel_ready()) == reacting(cut, panel_ready()) == []
    reopens = given(JURY).has(PANEL, terms_adopted(mixed(reopens_with_envelope=True)))
    for changed in (raised, cut):
        assert named(reacting(changed, reopens)) == [(f"ranking-{CALL}", ApplyEnvelopeChange)]
    assert reacting(raised, given(JURY)) == []
    assert CELIA in reopens.has(PANEL, composed()).state(PANEL).members
