"""The figures as a table for people, and as a document for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.measuring import Figure

FILE = Path(__file__).parents[2] / "build" / "bench.json"


def show(console: Console, machine: Mapping[str, object], figures: Sequence[Figure]) -> None:
    """One table a part: the median, the extremes, what was aimed at and whether it was reached."""
    console.print(
        f"{machine['cores']} cores, {machine['memoryMiB']} MiB, Python {machine['python']}, load {machine['load']} at"
        f" the start. The disk makes 8 KiB durable in {machine['flushP50Ms']} ms (p50), {machine['flushP99Ms']} (p99)."
    )
    for part, group in groupby(figures, key=lambda figure: figure.part):
        table = Table(title=part, title_justify="left", title_style="bold", min_width=100)
        for heading in ("", "median", "min … max", "", "target", ""):
            table.add_column(heading, justify="right" if heading in {"median", "min … max", "target"} else "left")
        for figure in group:
            table.add_row(*_cells(figure))
        console.print(table)
    reached = [figure.met for figure in figures if figure.met is not None]
    console.print(f"{sum(reached)} of {len(reached)} targets reached. {FILE.name} has every round.")


def _cells(figure: Figure) -> tuple[str, ...]:
    spread = f"{number(min(figure.values))} … {number(max(figure.values))}" if len(figure.values) > 1 else ""
    target = f"{figure.target.sense} {number(figure.target.value)}" if figure.target else ""
    verdict = {None: "", True: "[green]reached[/]", False: "[red]missed[/]"}[figure.met]
    name = f"{figure.name}\n[dim]{figure.note}[/]" if figure.note else figure.name
    return name, number(figure.median), spread, figure.unit, target, verdict


def number(value: float) -> str:
    """Three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def write(machine: Mapping[str, object], figures: Sequence[Figure]) -> None:
    """`build/bench.json`."""
    FILE.parent.mkdir(exist_ok=True)
    document = {"machine": machine, "figures": [figure.document() for figure in figures]}
    FILE.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
