"""Columns side by side for a drawing: numbers in, rectangles out. What lies below zero hangs from the zero line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720.0, 160.0
GAP = 0.25
"""The part of a group's place that stays empty."""


@dataclass(frozen=True, slots=True)
class Column:
    """One rectangle; `name` is the series it belongs to."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """A drawing of WIDTH by HEIGHT; `zero` is where nothing is, `top` and `bottom` the outermost numbers."""

    columns: Sequence[Column]
    zero: float
    top: int
    bottom: int
    width: float = WIDTH
    height: float = HEIGHT


def columns(series: Mapping[str, Sequence[int]]) -> Columns:
    """A group of columns for each place of the series, which are equally long."""
    numbers = [number for one in series.values() for number in one]
    top, bottom = max([0, *numbers]), min([0, *numbers])
    scale = HEIGHT / ((top - bottom) or 1)
    zero = top * scale
    places = max((len(one) for one in series.values()), default=0)
    room = WIDTH / (places or 1)
    width = room * (1 - GAP) / (len(series) or 1)
    return Columns(
        [
            Column(
                name,
                x=round(place * room + room * GAP / 2 + order * width, 2),
                y=round(zero - max(number, 0) * scale, 2),
                width=round(width, 2),
                height=round(abs(number) * scale, 2),
            )
            for order, (name, one) in enumerate(series.items())
            for place, number in enumerate(one)
            if number
        ],
        zero=round(zero, 2),
        top=top,
        bottom=bottom,
    )
