"""Contrast of the desk's colours, computed from its style sheet (WCAG 2.2: 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from projections.desk.routes import STYLE

CSS = STYLE.decode()
TEXT, SHAPE = 4.5, 3.0
READ = [
    ("ink", "paper"),
    ("ink", "panel"),
    ("quiet", "paper"),
    ("quiet", "panel"),
    ("link", "paper"),
    ("link", "panel"),
    ("on-brand", "brand"),
    ("on-brand-quiet", "brand"),
    ("past-ink", "past"),
    ("good", "panel"),
    ("good", "paper"),
    ("bad", "panel"),
    ("bad", "paper"),
    ("madeup", "madeup-paper"),
    ("ink", "madeup-paper"),
    ("link", "madeup-paper"),
    ("ink", "chip"),
    ("ink", "past"),
    ("quiet", "past"),
]  # fmt: skip -- pairs of text and ground
SEEN = [
    ("available", "panel"),
    ("undecided", "panel"),
    ("uncommitted", "panel"),
    ("unordered", "panel"),
    ("underway", "panel"),
    ("paid", "panel"),
    ("node", "panel"),
    ("edge", "panel"),
    ("edge", "paper"),
    ("focus", "paper"),
    ("focus", "panel"),
    ("node", "band"),
]  # fmt: skip -- pairs of shape and ground


def palette(dark: bool) -> dict[str, str]:
    """The colours by name; dark ones replace light ones."""
    light, _, rest = CSS.partition("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if dark:
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rest.partition("\n}\n")[0]))
    return colours


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_text_can_be_read(ink: str, ground: str, dark: bool) -> None:
    colours = palette(dark)
    assert contrast(colours[ink], colours[ground]) >= TEXT


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("shape", "ground"), SEEN)
def test_shapes_can_be_told_from_their_ground(shape: str, ground: str, dark: bool) -> None:
    colours = palette(dark)
    assert contrast(colours[shape], colours[ground]) >= SHAPE


def test_colours_stand_in_one_place_only() -> None:
    rules = CSS.partition("*, *::before")[2].partition("@media print")[0]
    assert re.findall(r"#[0-9a-f]{3,6}\b", rules) == []
    assert "url(" not in CSS
    assert "@import" not in CSS
