"""What the command line says: its answer on stdout, everything else on stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from events.times import BRUSSELS, moment

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")

_WHOLE = ("Cents", "At", "Number", "position", "since", "due", "year")


class Out:
    """One command's two streams. With `as_json`, stdout gets exactly one JSON document."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        # Rich honours NO_COLOR and leaves colours out where the stream is no terminal.
        self._out = Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self._err = Console(file=sys.stderr, highlight=False, soft_wrap=True)

    def answer(self, document: Mapping[str, Any], *parts: Any) -> None:
        """The answer: the document for programs, the parts (texts and tables) for people."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, sort_keys=False), flush=True)
            return
        for part in parts:
            self._out.print(part, markup=False) if isinstance(part, str) else self._out.print(part)

    def say(self, text: str) -> None:
        """Something beside the answer."""
        self._err.print(text, markup=False)

    @contextmanager
    def progress(self, title: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on stderr; the function takes how much is done, and of how much."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._err, disable=not self._err.is_terminal, transient=True) as bar:
            task = bar.add_task(title, total=None)

            def move(done: int, of: int) -> None:
                bar.update(task, completed=done, total=of)

            yield move


def table(title: str | None, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Table:
    """Rows of a JSON answer as a table: amounts in euro, everything else as it is."""
    made = Table(title=title, title_justify="left")
    for name in columns:
        cells = [cell(name, _member(row, name)) for row in rows]
        # An amount, a number or a time broken over two lines, or cut, is misread: such a column keeps its width.
        whole = max(map(len, cells), default=0) if name.endswith(_WHOLE) else None
        made.add_column(
            _heading(name), justify="right" if name.endswith("Cents") else "left", min_width=whole, overflow="fold"
        )
    for row in rows:
        made.add_row(*(cell(name, _member(row, name)) for name in columns))
    return made


def pairs(title: str | None, values: Mapping[str, Any]) -> Table:
    """The plain members of an object, one a line."""
    made = Table(title=title, title_justify="left", show_header=False)
    made.add_column()
    made.add_column(justify="right", overflow="fold")
    for name, value in values.items():
        if not isinstance(value, (dict, list)):
            made.add_row(_heading(name), cell(name, value))
    return made


def cell(name: str, value: Any) -> str:
    """One value as text."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case int() if name.endswith("Cents"):
            return euro(value)
        case int() if name.endswith("Bp"):
            return f"{value / 100:g} %".replace(".", ",")
        case str() if _INSTANT.fullmatch(value):
            return f"{moment(value).astimezone(ZoneInfo(BRUSSELS)):%Y-%m-%d %H:%M}"
        case list():
            return ", ".join(cell("", item) for item in value)
        case dict():
            return ", ".join(f"{key} {cell(key, item)}" for key, item in value.items())
        case _:
            return str(value)


def euro(cents: int) -> str:
    """An amount as people in Flanders write it."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}€ {whole:,}".replace(",", ".") + f",{rest:02d}"


def _member(row: Mapping[str, Any], path: str) -> Any:
    """A member of an object, or of one inside it (`text.nl`)."""
    value: Any = row
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _heading(name: str) -> str:
    name = name.partition(".")[0]
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in name.removesuffix("Cents")).strip()
    return words.replace("_", " ")
