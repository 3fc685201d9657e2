"""From values to HTML: one Jinja environment, and what every page knows about the visitor's language and time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from events.times import day_of
from projections.desk import figures, told, words
from projections.desk.monitor_words import MONITOR
from projections.desk.when import NOW, Asked
from projections.words import Language, accepted

LANGUAGES: tuple[Language, ...] = get_args(Language)
TABLES: Mapping[str, Mapping[str, words.Both]] = {
    "page": words.PAGE,
    "flow": words.FLOW,
    "note": words.MONEY_NOTES,
    "status": words.STATUS,
    "turn": words.TURN,
    "flag": words.FLAGS,
    "role": words.ROLE,
    "topic": words.TOPIC,
    "service": words.SERVICE,
    "monitor": MONITOR,
}

HEADERS = {
    # Nothing but our own style sheet: no script, no frame, no address outside this house.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Vary": "Accept-Language, Authorization, Cookie",
}

_environment = Environment(
    loader=PackageLoader("projections.desk"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(request: Request) -> Language:
    """`?lang=` if it is one of ours, else the best of Accept-Language, else Dutch."""
    asked = request.query_params.get("lang")
    for language in LANGUAGES:
        if asked == language:
            return language
    return accepted(request.headers.get("accept-language", ""))


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to one page: the language, the moment looked at, and links that carry both along."""

    path: str
    query: Mapping[str, str]
    language: Language
    asked: Asked = NOW

    def say(self, table: str, key: str, **values: object) -> str:
        """Words of a table with their values filled in."""
        text = words.phrase(TABLES[table], key, self.language)
        return text.format_map(values) if values else text

    def link(self, path: str, **changes: str | None) -> str:
        """An address of the desk that keeps the language and the moment; None or "" drops a parameter."""
        kept = {
            "asOf": self.asked.as_of,
            "knownAt": self.asked.known_at,
            "lang": self.query.get("lang", ""),
        }
        wanted = {name: value for name, value in {**kept, **changes}.items() if value}
        return f"{path}?{urlencode(wanted)}" if wanted else path

    def here(self, **changes: str | None) -> str:
        """This page with some parameters changed."""
        return self.link(self.path, **{**self.query, **changes})

    @property
    def other(self) -> Language:
        """The language one can change to."""
        return "en" if self.language == "nl" else "nl"


def visit(request: Request, asked: Asked = NOW) -> Visit:
    """What the request says about the visitor."""
    kept = {name: value for name, value in request.query_params.items() if name in _CARRIED}
    return Visit(request.url.path, kept, language_of(request), asked)


_CARRIED = ("lang", "asOf", "knownAt", "call", "status")


def render(
    template: str, visit_: Visit, status: int = 200, headers: Mapping[str, str] = {}, /, **values: Any
) -> HTMLResponse:
    """A page. Every value is escaped; a value the template misses is an error, not a blank."""
    language = visit_.language
    speak = {
        "amount": lambda cents: figures.amount(cents, language),
        "euro": lambda cents: figures.euro(cents, language),
        "share": lambda points: figures.share(points, language),
        "count": lambda number: figures.count(number, language),
        "day": lambda text: figures.day(text, language),
        "day_at": lambda text: figures.day_at(text, language),
        "time": lambda text: figures.time_of(text, language),
        "moment_day": day_of,
        "until": lambda deadline: figures.until(deadline, language),
        "text": lambda text: getattr(text, language),
        "title_of": lambda type_: told.title(type_, language),
        "value_of": lambda name, value: told.value_of(name, value, language),
        "label_of": lambda name: told.label(name, language),
    }
    page = _environment.get_template(template)
    html = page.render(v=visit_, say=visit_.say, lang=language, **speak, **values)
    return HTMLResponse(html, status, {**HEADERS, "Content-Language": language, **headers})
