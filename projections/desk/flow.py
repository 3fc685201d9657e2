"""The flow of a call's money as a drawing: pure geometry, from cents to shapes.

Every cent of the envelope stands in exactly one block. Reading from the envelope to paid, each stage holds what has
come that far or further; what stays behind is the stage's own block. So the blocks add up to the envelope, always.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from projections.desk.data import Money

LEAST = 3.0
"""The smallest visible thickness: an amount above zero never vanishes."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: what reached it, and what of that stays there under the name `rest`."""

    name: str
    reached_cents: int
    rest: str
    rest_cents: int


def stages(money: Money) -> tuple[Stage, ...]:
    """From the envelope to paid. A stage never holds more than the one before it, whatever the figures say."""
    under_way = money.under_way_cents + money.paid_cents
    committed = money.committed_cents
    reached = [
        money.envelope_cents,
        committed + money.reserved_cents,
        # An award stands in the reservation until it is committed, and shrinks with what is decommitted.
        max(committed, money.awarded_cents - money.decommitted_cents),
        committed,
        under_way,
        money.paid_cents,
    ]
    falling = [max(0, min(reached[: place + 1])) for place in range(len(reached))]
    names = ("envelope", "reserved", "awarded", "committed", "ordered", "paid")
    rests = ("available", "undecided", "uncommitted", "unordered", "under_way", "paid")
    after = [*falling[1:], 0]
    return tuple(
        Stage(name, here, rest, here - then)
        for name, here, rest, then in zip(names, falling, rests, after, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with the name of what it stands for, and where its label begins."""

    name: str
    cents: int
    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Return:
    """Money that leaves the flow or goes back, as an arrow with its label."""

    name: str
    cents: int
    path: str
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in a view box of `width` by `height`. Stages carry their label above, blocks (what stays) below."""

    width: float
    height: float
    stages: tuple[Box, ...]
    bands: tuple[Box, ...]
    blocks: tuple[Box, ...]
    returns: tuple[Return, ...]


_NODE, _STEP, _WIDE, _TOP, _TALL, _LINE = 10.0, 142.0, 850.0, 56.0, 250.0, 19.0


def wide(money: Money) -> Drawing:
    """The flow from left to right, for a screen or a page of paper."""
    rows = stages(money)
    scale = _TALL / max(money.envelope_cents, 1)
    tall = [_thick(stage.reached_cents * scale) for stage in rows]
    nodes = tuple(
        Box(stage.name, stage.reached_cents, place * _STEP, _TOP, _NODE, tall[place], place * _STEP, 18)
        for place, stage in enumerate(rows)
    )
    returns = tuple(_returns(money, tall))
    # Below the tallest block stand two lines of label, below those the lane of what goes back.
    return Drawing(
        _WIDE,
        _TOP + _TALL + (84 if money.decommitted_cents else 2 * _LINE + 12),
        nodes,
        tuple(_band(stage, place, tall[place + 1]) for place, stage in enumerate(rows[1:])),
        tuple(_block(stage, place, tall) for place, stage in enumerate(rows) if stage.rest_cents),
        returns,
    )


def _thick(height: float) -> float:
    return round(max(height, LEAST), 2) if height > 0 else 0.0


def _band(stage: Stage, place: int, height: float) -> Box:
    left = place * _STEP + _NODE
    return Box(stage.name, stage.reached_cents, left, _TOP, _STEP - _NODE, height, 0, 0)


def _block(stage: Stage, place: int, tall: Sequence[float]) -> Box:
    # What stays behind hangs below the band that goes on, so that blocks of different stages never overlap.
    last = place == len(tall) - 1
    on = 0.0 if last else tall[place + 1]
    left = place * _STEP + _NODE
    width = _WIDE - left if last else _STEP - _NODE - 18
    height = max(tall[place] - on, LEAST)
    bottom = _TOP + on + height
    return Box(stage.rest, stage.rest_cents, left, _TOP + on, width, round(height, 2), place * _STEP, bottom + _LINE)


def _returns(money: Money, tall: Sequence[float]) -> Iterator[Return]:
    lane = _TOP + _TALL + 72
    if money.decommitted_cents:
        start, end = 3 * _STEP - 9, _NODE + 4
        path = f"M{start:g} {_TOP + tall[3] + 2:g}V{lane:g}H{end:g}V{_TOP + _TALL + 2 * _LINE + 12:g}"
        yield Return("decommitted", money.decommitted_cents, path, _STEP, lane - 8, "start")
    if money.recovery_ordered_cents:
        x, y = 5 * _STEP + _NODE / 2, _TOP + tall[5]
        yield Return("recovered", money.recovery_ordered_cents, f"M{x:g} {y + 3:g}v46", x + 12, y + 24, "start")


_NARROW, _BAR, _PITCH = 340.0, 20.0, 60.0


def narrow(money: Money) -> Drawing:
    """The same flow from top to bottom, for a telephone."""
    scale = _NARROW / max(money.envelope_cents, 1)
    nodes, bands, blocks = [], [], []
    top = 0.0
    for stage in stages(money):
        gone = stage.reached_cents - stage.rest_cents
        reached, on = _thick(stage.reached_cents * scale), _thick(gone * scale)
        bar = top + 22
        nodes.append(Box(stage.name, stage.reached_cents, 0, bar, _NARROW, _BAR, 0, top + 14))
        bands.append(Box(stage.name, gone, 0, bar, on, _BAR, 0, 0))
        last = stage.name == stage.rest
        if stage.rest_cents:
            width = max(reached - on, LEAST)
            left = min(on, _NARROW - width)
            blocks.append(
                Box(stage.rest, stage.rest_cents, left, bar, round(width, 2), _BAR, _NARROW, bar + _BAR + 16, "end")
            )
        top += _PITCH + (22 if stage.rest_cents and not last else 0)
    back = tuple(_listed(money, top))
    return Drawing(_NARROW, top + 24 * len(back), tuple(nodes), tuple(bands), tuple(blocks), back)


def _listed(money: Money, top: float) -> Iterator[Return]:
    rows = (("decommitted", money.decommitted_cents), ("recovered", money.recovery_ordered_cents))
    for place, (name, cents) in enumerate((name, cents) for name, cents in rows if cents):
        y = top + 24 * place + 8
        yield Return(name, cents, f"M14 {y - 6:g}v6H4", 22, y, "start")
