"""A letter as PDF/A-3a and PDF/UA-1: the only place that knows Typst, which comes with the extra `letters`.

Its fonts are those inside the wheel; neither the machine's fonts nor the network nor the clock is asked, so that the
same facts give the same bytes.
"""

from __future__ import annotations

import re
from datetime import datetime
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Literal

import msgspec

from events.times import moment
from projections.letter.model import Letter
from projections.letter.tell import document
from projections.words import Language

STANDARDS: tuple[Literal["a-3a"], Literal["ua-1"]] = ("a-3a", "ua-1")
TEMPLATE = files("projections.letter").joinpath("letter.typ")

HOLLOW = "□"
"""Stands for a character that none of the fonts can show: PDF/A allows no missing glyph."""

_SILENT = re.compile(r"[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_UNSHOWN = re.compile(
    r"[^\n -~\u00a0-\u00ac\u00ae-\u024f\u0300-\u036f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff"
    r"\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u2044-\u2052\u20a0-\u20bf\u2116\u2122\u2190-\u22ff\u25a0-\u25ff]"
)


class NotInstalled(Exception):
    """Typst is not here; the message says what to install."""

    def __init__(self) -> None:
        super().__init__("Letters as PDF need Typst: install wijkspoor[letters].")


def render(letter: Letter, language: Language) -> bytes:
    """The letter as a PDF file, the letter itself enclosed as JSON; NotInstalled without Typst."""
    if find_spec("typst") is None:
        raise NotInstalled
    facts = msgspec.json.encode(letter).decode()
    made = moment(letter.dated)
    return _compiled(shown(document(letter, language)), facts, made)


def shown(value: Any) -> Any:
    """Texts with only what the fonts can show: Latin, Greek, Cyrillic and common signs. What turns the direction of
    reading or cannot be seen is left out, so that no name can make a page say something else than its letters do."""
    match value:
        case str():
            return _UNSHOWN.sub(HOLLOW, _SILENT.sub("", value.replace("\t", " ").replace("\r", "")))
        case dict():
            return {name: shown(one) for name, one in value.items()}
        case list() | tuple():
            return [shown(one) for one in value]
        case _:
            return value


def _compiled(told: dict[str, Any], facts: str, made: datetime) -> bytes:
    import typst  # noqa: PLC0415 -- an extra: who makes no letters need not have it

    compiler = typst.Compiler(
        input=TEMPLATE.read_bytes(),
        ignore_system_fonts=True,
        sys_inputs={"letter": msgspec.json.encode(told).decode(), "facts": facts},
    )
    file = compiler.compile(format="pdf", pdf_standards=[*STANDARDS], timestamp=made)
    if not isinstance(file, bytes):
        raise TypeError("a letter is one file")
    return file
