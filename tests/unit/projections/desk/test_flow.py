"""The flow of the money as a drawing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.desk import flow
from projections.desk.data import Money
from projections.desk.flow import Box, Drawing
from tests.unit.projections.desk.sample import CLOSED, DECIDING, EARLY, MIDWAY

SHARES = st.lists(st.integers(0, 10**11), min_size=7, max_size=7)
LONGEST = 100.0
"""Width in the drawing of the longest figure, 7.600.000,00 in bold, with room to spare."""


def money_of(shares: list[int]) -> Money:
    """Consistent figures: every cent of the envelope in one of seven places."""
    free, undecided, uncommitted, spare, ordered, payable, paid = shares
    committed = spare + ordered + payable + paid
    return Money(
        envelope_cents=free + undecided + uncommitted + committed,
        reserved_cents=undecided + uncommitted,
        awarded_cents=uncommitted + committed,
        committed_cents=committed,
        ordered_cents=ordered,
        payable_cents=payable,
        paid_cents=paid,
    )


@given(SHARES)
def test_the_blocks_add_up_to_the_envelope(shares: list[int]) -> None:
    money = money_of(shares)
    found = flow.stages(money)
    free, undecided, uncommitted, spare, ordered, payable, paid = shares
    assert sum(stage.rest_cents for stage in found) == money.envelope_cents
    assert [stage.rest_cents for stage in found] == [free, undecided, uncommitted, spare, ordered + payable, paid]


@given(SHARES)
def test_no_stage_holds_more_than_the_one_before(shares: list[int]) -> None:
    reached = [stage.reached_cents for stage in flow.stages(money_of(shares))]
    assert reached == sorted(reached, reverse=True)


def test_what_is_decommitted_is_available_again_and_no_longer_awarded() -> None:
    by_name = {stage.name: stage for stage in flow.stages(CLOSED)}
    assert by_name["envelope"].rest_cents == CLOSED.available_cents == 2_400_000
    assert by_name["awarded"].reached_cents == by_name["committed"].reached_cents == 757_600_000


@given(st.builds(Money, *[], **{name: st.integers(0, 10**12) for name in ("envelope_cents", "committed_cents")}))
def test_figures_that_disagree_are_drawn_without_a_negative_shape(money: Money) -> None:
    for drawing in (flow.wide(money), flow.narrow(money)):
        assert all(box.height >= 0 and box.width >= 0 for box in (*drawing.blocks, *drawing.bands, *drawing.stages))


@given(SHARES)
def test_every_amount_above_zero_can_be_seen_and_zero_is_not_drawn(shares: list[int]) -> None:
    money = money_of(shares)
    expected = {stage.rest: stage.rest_cents for stage in flow.stages(money) if stage.rest_cents}
    for drawing in (flow.wide(money), flow.narrow(money)):
        assert {box.name: box.cents for box in drawing.blocks} == expected
        assert all(min(box.width, box.height) >= flow.LEAST for box in drawing.blocks)


@given(SHARES, st.booleans())
def test_everything_lies_inside_the_drawing(shares: list[int], back: bool) -> None:
    money = money_of(shares)
    if back:
        money = Money(envelope_cents=money.envelope_cents, decommitted_cents=5, recovery_ordered_cents=7)
    for drawing in (flow.wide(money), flow.narrow(money)):
        for box in (*drawing.blocks, *drawing.stages):
            assert box.x >= 0
            assert box.x + box.width <= drawing.width + 0.5
            assert 0 < box.label_y <= drawing.height
            assert box.y + box.height <= drawing.height
        assert all(0 < one.label_y <= drawing.height for one in drawing.returns)


def _label(box: Box, lines: int) -> tuple[float, float, float, float]:
    return box.label_x, box.label_y - 12, box.label_x + LONGEST, box.label_y + 18 * (lines - 1)


@pytest.mark.parametrize("money", [EARLY, DECIDING, MIDWAY, CLOSED])
def test_labels_do_not_overlap_in_the_wide_drawing(money: Money) -> None:
    drawing: Drawing = flow.wide(money)
    places = [_label(box, 2) for box in drawing.stages]
    places += [_label(box, 2) for box in drawing.blocks if box.name != "paid"]
    places += [
        (back.label_x, back.label_y - 12, back.label_x + 1.5 * LONGEST, back.label_y)
        for back in drawing.returns
        if back.name == "decommitted"
    ]
    for number, (left, top, right, bottom) in enumerate(places):
        for other_left, other_top, other_right, other_bottom in places[number + 1 :]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart, "two labels share a place"


@pytest.mark.parametrize("money", [EARLY, DECIDING, MIDWAY, CLOSED])
def test_rows_do_not_overlap_in_the_narrow_drawing(money: Money) -> None:
    drawing = flow.narrow(money)
    tops = sorted([(box.y - 22, box.y + box.height) for box in drawing.stages])
    assert all(bottom <= top for (_, bottom), (top, _) in pairwise(tops))
    for block in drawing.blocks:
        below = [top for top, _ in tops if top > block.y]
        assert block.name == "paid" or not below or block.label_y <= min(below)


def test_an_empty_envelope_draws_nothing_that_misleads() -> None:
    assert flow.wide(Money()).blocks == ()
    assert flow.narrow(Money()).returns == ()
