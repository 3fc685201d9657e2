"""What is not possible at a stage is refused with the stage, and leaves nothing on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from events.envelope import Actor
from services.deciding import Refused
from services.fields import Command
from services.jury.commands import RecordConsensus
from services.jury.worker import JURY
from tests.given import Given
from tests.unit.services.jury.examples import (
    ANNA,
    BORIS,
    CALL,
    CELIA,
    CHAIR,
    GENT,
    PANEL,
    SEATS,
    SECRETARY,
    STRANGER,
    advise,
    assign,
    assigned,
    chair,
    compose,
    composed,
    deliberated,
    evaluation,
    member,
    opened,
    panel_ready,
    present,
    recuse,
    score,
    scored,
    seat,
    terms_adopted,
)
from tests.unit.services.jury.told import given

AGREE = RecordConsensus(outcome="favourable")


def unassigned() -> Given:
    return panel_ready().when("evaluation", GENT, recuse(CELIA)).recorded()


def scoring() -> Given:
    return panel_ready().has(evaluation(GENT), assigned(CHAIR, ANNA, BORIS), scored(CHAIR, 8, 15))


def deliberating() -> Given:
    return scoring().has(evaluation(GENT), opened(CHAIR, ANNA, BORIS))


def advised() -> Given:
    return deliberated().when("evaluation", GENT, advise(), by=chair()).recorded()


IMPOSSIBLE: list[tuple[Callable[[], Given], str, Command, Actor | None]] = [
    (unassigned, "none", present(CHAIR, ANNA, BORIS), None),
    (unassigned, "none", AGREE, chair()),
    (unassigned, "none", advise(), chair()),
    (scoring, "assigned", score(9, 9), member(CHAIR)),
    (scoring, "assigned", AGREE, chair()),
    (scoring, "assigned", advise(), chair()),
    (deliberating, "deliberating", assign(CHAIR, ANNA), None),
    (deliberating, "deliberating", score(9, 9), member(ANNA)),
    (deliberating, "deliberating", advise(), chair()),
    (deliberated, "agreed", assign(CHAIR, ANNA), None),
    (deliberated, "agreed", score(9, 9), member(BORIS)),
    (deliberated, "agreed", present(CHAIR, ANNA, CELIA), None),
    (deliberated, "agreed", RecordConsensus(outcome="unfavourable"), chair()),
    (advised, "advised", assign(CHAIR, ANNA), None),
    (advised, "advised", recuse(BORIS), None),
    (advised, "advised", score(9, 9), member(BORIS)),
    (advised, "advised", present(CHAIR, ANNA, CELIA), None),
    (advised, "advised", RecordConsensus(outcome="unfavourable"), chair()),
    (advised, "advised", advise(proposed=1), chair()),
]


@pytest.mark.parametrize(("before", "status", "command", "by"), IMPOSSIBLE)
def test_what_a_stage_does_not_allow_is_refused_with_the_stage(
    before: Callable[[], Given], status: str, command: Command, by: Actor | None
) -> None:
    answer = before().when("evaluation", GENT, command, by=by)
    answer.refused("STATE", "not_in_this_stage")
    assert isinstance(answer.decision, Refused)
    assert answer.decision.inputs == {"status": status}
    assert answer.decision.facts == ()


SAME: list[tuple[Callable[[], Given], Command, Actor | None]] = [
    (scoring, assign(BORIS, CHAIR, ANNA), None),
    (scoring, score(8, 15), member(CHAIR)),
    (deliberating, assign(BORIS, CHAIR, ANNA), None),
    (deliberating, present(BORIS, CHAIR, ANNA), None),
    (deliberated, present(BORIS, CHAIR, ANNA), None),
    (deliberated, AGREE, chair()),
    (advised, assign(BORIS, CHAIR, ANNA), None),
    (advised, present(BORIS, CHAIR, ANNA), None),
    (advised, AGREE, chair()),
    (advised, advise(), chair()),
    (advised, score(9, 14), member(ANNA)),
]


@pytest.mark.parametrize(("before", "command", "by"), SAME)
def test_what_already_is_may_be_asked_for_at_any_later_stage(
    before: Callable[[], Given], command: Command, by: Actor | None
) -> None:
    before().when("evaluation", GENT, command, by=by).nothing()


@pytest.mark.parametrize(
    "other",
    [
        compose(chair=BORIS),
        compose(secretary=STRANGER),
        compose([*SEATS[:3], seat(STRANGER, "external")]),
        compose([seat(CHAIR), *SEATS[1:]]),
        compose(SEATS[::-1]),
    ],
)
def test_a_panel_once_composed_stays_as_it_is_seat_by_seat(other: Command) -> None:
    sits = given(JURY).has(PANEL, terms_adopted(), composed())
    sits.when("panel", CALL, other).refused("STATE", "panel_composed")
    sits.when("panel", CALL, compose(secretary=SECRETARY)).nothing()


def test_a_deliberation_under_way_may_be_opened_again_with_others() -> None:
    then = deliberating().when("evaluation", GENT, present(CHAIR, ANNA, CELIA))
    assert then.recorded().state(evaluation(GENT)).present == (CHAIR, ANNA, CELIA)


def test_members_may_be_added_while_scores_come_in() -> None:
    then = scoring().when("evaluation", GENT, assign(CHAIR, ANNA, BORIS, CELIA))
    after = then.recorded().state(evaluation(GENT))
    assert after.assigned == (CHAIR, ANNA, BORIS, CELIA)
    assert set(after.scores) == {CHAIR}
