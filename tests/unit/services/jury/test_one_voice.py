"""Consensus, a secret ballot, a casting vote (J5): counts alone, and nobody's name beside a vote."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from events.jury import Ballots, CastingVoteUsed, EvaluationFacts, MemberResigned, SecretBallotHeld
from services.jury.commands import CorrectScore, RecordConsensus, RecordVote, UseCastingVote
from services.jury.rules.deliberation import J5
from services.jury.state import leading
from tests.given import Given, actor
from tests.unit.services.jury.examples import (
    ANNA,
    BORIS,
    CALL,
    CELIA,
    CHAIR,
    GENT,
    PANEL,
    REPORT,
    WORDS,
    advise,
    assigned,
    chair,
    evaluation,
    member,
    opened,
    panel_ready,
    points,
    present,
    scored,
)

FILE = evaluation(GENT)
TABLE = (CHAIR, ANNA, BORIS, CELIA)


def at_the_table() -> Given:
    return panel_ready().has(FILE, assigned(*TABLE), scored(CHAIR, 8, 15), opened(*TABLE))


def vote(abstentions: int = 0, **votes: int) -> RecordVote:
    ballots = [Ballots(outcome=outcome, votes=count) for outcome, count in votes.items()]  # type: ignore[arg-type]
    return RecordVote(ballots=ballots, abstentions=abstentions)


def cast(outcome: str) -> UseCastingVote:
    return UseCastingVote.model_validate({"outcome": outcome})


def tied() -> Given:
    return at_the_table().when("evaluation", GENT, vote(favourable=2, unfavourable=2)).recorded()


def test_j5_a_simple_majority_decides() -> None:
    then = at_the_table().when("evaluation", GENT, vote(unfavourable=1, favourable=2, abstentions=1))
    fact = then.fact(SecretBallotHeld)
    assert (fact.outcome, fact.abstentions) == ("favourable", 1)
    assert [(one.outcome, one.votes) for one in fact.ballots] == [("favourable", 2), ("unfavourable", 1)]
    assert [(check.rule, check.code) for check in fact.checks] == [("J4", "quorum_present"), ("J5", "majority")]
    after = then.recorded()
    after.when("evaluation", GENT, vote(favourable=2, unfavourable=1, abstentions=1)).nothing()
    after.when("evaluation", GENT, vote(favourable=3, unfavourable=1)).refused("STATE")
    advice = after.when("evaluation", GENT, advise(), by=chair())
    assert [check.code for check in advice.decision.facts[0].checks if check.rule == "J5"] == ["majority"]  # type: ignore[union-attr]


def test_j5_what_was_voted_binds_the_advice() -> None:
    after = at_the_table().when("evaluation", GENT, vote(favourable=1, unfavourable=3)).recorded()
    after.when("evaluation", GENT, advise(), by=chair()).refused("J5", "other_outcome")


def test_j5_in_a_tie_the_chair_decides_among_the_tied() -> None:
    assert tied().state(FILE).tied == ("favourable", "unfavourable")
    tied().when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).refused("STATE")
    tied().when("evaluation", GENT, vote(favourable=4)).refused("STATE")
    tied().when("evaluation", GENT, cast("favourable_with_conditions"), by=chair()).refused("J5", "not_among_tied")
    tied().when("evaluation", GENT, cast("favourable"), by=actor("jury_chair", person="x")).refused(
        "J5", "chair_absent"
    )
    then = tied().when("evaluation", GENT, cast("favourable"), by=chair())
    fact = then.fact(CastingVoteUsed)
    assert (fact.tied, fact.outcome, fact.checks[0].code) == (
        ["favourable", "unfavourable"],
        "favourable",
        "casting_vote",
    )
    after = then.recorded()
    after.when("evaluation", GENT, cast("favourable"), by=chair()).nothing()
    after.when("evaluation", GENT, cast("unfavourable"), by=chair()).refused("STATE")
    advice = after.when("evaluation", GENT, advise(), by=chair())
    assert [check.code for check in advice.decision.facts[0].checks if check.rule == "J5"] == ["casting_vote"]  # type: ignore[union-attr]


@pytest.mark.parametrize("command", [RecordConsensus(outcome="favourable"), advise()])
def test_j5_who_chairs_another_jury_does_not_chair_this_one(command: Any) -> None:
    before = at_the_table()
    if not isinstance(command, RecordConsensus):
        before = before.when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).recorded()
    before.when("evaluation", GENT, command, by=chair(ANNA)).refused("J5", "chair_absent")
    before.when("evaluation", GENT, command, by=chair()).recorded()
    tied().when("evaluation", GENT, cast("favourable"), by=chair(ANNA)).refused("J5", "chair_absent")


def test_j5_where_the_chair_is_not_at_the_table_a_member_sits_in_for_it() -> None:
    without = panel_ready().has(FILE, assigned(*TABLE), scored(CHAIR, 8, 15), opened(ANNA, BORIS, CELIA))
    without.when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).refused("J5", "chair_absent")
    without.when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair(ANNA)).recorded()


def test_j5_who_left_the_jury_does_not_adopt_its_advice() -> None:
    agreed = at_the_table().when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).recorded()
    left = agreed.has(PANEL, MemberResigned(call=CALL, member=CHAIR, reason=None))
    left.when("evaluation", GENT, advise(), by=chair()).refused("J5", "chair_absent")
    left.when("evaluation", GENT, advise(), by=chair(ANNA)).recorded()


def test_j5_without_a_tie_there_is_no_casting_vote() -> None:
    at_the_table().when("evaluation", GENT, cast("favourable"), by=chair()).refused("J5", "no_tie")


def test_j5_a_tie_is_no_outcome_to_advise_on() -> None:
    tied().when("evaluation", GENT, advise(), by=chair()).refused("STATE")


def test_j5_votes_and_members_add_up() -> None:
    for count in (vote(favourable=3), vote(favourable=5), vote(favourable=3, abstentions=2)):
        at_the_table().when("evaluation", GENT, count).refused("J5", "ballots_and_members_differ")
    at_the_table().when("evaluation", GENT, vote(favourable=0, abstentions=4)).refused("J5", "nobody_voted")
    twice = RecordVote(ballots=[Ballots(outcome="favourable", votes=2)] * 2, abstentions=0)
    at_the_table().when("evaluation", GENT, twice).refused("J5", "outcome_twice")


def test_j5_a_ballot_after_consensus_is_too_late() -> None:
    agreed = at_the_table().when("evaluation", GENT, RecordConsensus(outcome="favourable"), by=chair()).recorded()
    agreed.when("evaluation", GENT, vote(favourable=4)).refused("STATE")


def test_j4_a_ballot_needs_the_quorum() -> None:
    few = panel_ready().has(FILE, assigned(*TABLE), scored(CHAIR, 8, 15), opened(CHAIR, ANNA))
    few.when("evaluation", GENT, vote(favourable=2)).refused("J4", "no_quorum")


def test_j5_a_new_deliberation_begins_without_the_old_ballot() -> None:
    again = tied().when("evaluation", GENT, present(CHAIR, ANNA, BORIS)).recorded()
    assert (again.state(FILE).tied, again.state(FILE).ballot) == ((), None)
    again.when("evaluation", GENT, vote(favourable=3)).recorded()


def test_j5_points_do_not_move_between_a_tie_and_the_casting_vote() -> None:
    correct = CorrectScore(scores=points(9, 9), reason=REPORT)
    tied().when("evaluation", GENT, correct, by=member(CHAIR)).refused("STATE")


def test_j5_no_fact_of_a_ballot_can_hold_a_voters_name() -> None:
    assert set(SecretBallotHeld.__struct_fields__) == {"call", "case", "ballots", "abstentions", "outcome", "checks"}
    assert set(Ballots.__struct_fields__) == {"outcome", "votes"}
    then = at_the_table().when("evaluation", GENT, vote(favourable=2, unfavourable=2))
    written = msgspec.json.encode(then.decision.facts).decode()
    assert not [who for who in TABLE if who in written]
    cast_ = then.recorded().when("evaluation", GENT, cast("favourable"), by=chair())
    assert not [who for who in TABLE if who in msgspec.json.encode(cast_.decision.facts).decode()]
    assert {"SecretBallotHeld", "CastingVoteUsed"} <= {one.__name__ for one in get_args(EvaluationFacts)}


def test_j5_the_count_says_nothing_of_the_order_in_which_ballots_came_out() -> None:
    one = at_the_table().when("evaluation", GENT, vote(unfavourable=1, favourable=3)).decision.facts
    other = at_the_table().when("evaluation", GENT, vote(favourable=3, unfavourable=1)).decision.facts
    assert one == other


@pytest.mark.parametrize(
    ("votes", "found"),
    [
        ({"favourable": 2, "unfavourable": 1}, ("favourable",)),
        ({"favourable": 1, "favourable_with_conditions": 1, "unfavourable": 1}, None),
        ({"favourable": 2, "favourable_with_conditions": 1, "unfavourable": 2}, ("favourable", "unfavourable")),
    ],
)
def test_j5_most_votes_lead(votes: Any, found: tuple[str, ...] | None) -> None:
    assert leading(votes) == (found or tuple(votes))


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"occasion": "ballot", "present": 3, "votes": {"a": 2}, "abstentions": 1}, "majority"),
        ({"occasion": "ballot", "present": 2, "votes": {"a": 1, "b": 1}, "abstentions": 0}, "tied"),
        ({"occasion": "ballot", "present": 1, "votes": {"a": 0}, "abstentions": 1}, "nobody_voted"),
        ({"occasion": "casting_vote", "chair_present": True, "tied": ["a", "b"], "outcome": "b"}, "casting_vote"),
        ({"occasion": "casting_vote", "chair_present": False, "tied": [], "outcome": "b"}, "chair_absent"),
        (
            {"occasion": "adoption", "chair_present": True, "agreed": "a", "outcome": "a", "way": "consensus"},
            "consensus",
        ),
        ({"occasion": "adoption", "chair_present": False, "agreed": "a", "outcome": "b", "way": "x"}, "chair_absent"),
    ],
)
def test_j5_the_rule_at_each_occasion(inputs: dict[str, Any], code: str) -> None:
    assert J5.test({}, inputs).code == code
    assert WORDS.nl
