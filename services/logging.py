"""Log lines: JSON for machines, pretty on a terminal, and nothing secret or personal in either."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TextIO, TypeAlias

import structlog
from structlog.typing import Processor

Level: TypeAlias = Literal["debug", "info", "warning", "error"]

HIDDEN = "[hidden]"

_SECRET_WORDS = frozenset(
    [
        "authorization",
        "token",
        "password",
        "passwd",
        "secret",
        "seed",
        "cookie",
        "credential",
        "credentials",
        "jwt",
        "dsn",
        "name",
        "names",
        "email",
        "mail",
        "phone",
        "telephone",
        "mobile",
        "gsm",
        "iban",
        "bic",
        "address",
        "contact",
        "birthdate",
        "rrn",
        "clear",
    ]
)  # fmt: skip -- a list of words
_SECRET_KEYS = frozenset({"private_key", "api_key", "bank_account", "national_number"})

# Each form of value that must not pass, wherever it stands.
_VALUES = re.compile(
    r"""
      (?i:bearer)\s+[A-Za-z0-9._~+/=-]+                            # a token in a header
    | \beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*          # a token by itself
    | (?<=://)[^/\s:@]*:[^@/\s]+(?=@)                              # user and password of an address
    | [\w.+%-]+@[\w-]+(?:\.[\w-]+)+                                # e-mail
    | \b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,3})?\b   # IBAN
    | \b(?i:be)\d{2}(?:[ .-]?\d{4}){3}\b                           # Belgian IBAN in any case
    | (?<![\w.+-])(?:\+|00)32[ ./-]?(?:\(0\))?(?:[ ./-]?\d){8,9}(?![\w-])   # Belgian phone, international
    | (?<![\w.+-])0\d(?:[ ./-]?\d){7,8}(?![\w-])                   # Belgian phone, national
    """,
    re.VERBOSE,
)

# Most values of most lines: ids, routes and words. They hold nothing that could be hidden, and are told by one look.
_PLAIN = re.compile(r"(?:[a-z_]+-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:/v1/)?[A-Za-z_/{}-]*")

_PARTS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def scrub(text: str) -> str:
    """The text with everything that looks like a token, e-mail address, IBAN or Belgian phone number taken out."""
    return text if _PLAIN.fullmatch(text) else _VALUES.sub(HIDDEN, text)


def redact(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last processor before a line is written: hides by key, and by the form of the value."""
    return {key: _hide(key, value) for key, value in line.items()}


def _hide(key: str, value: Any) -> Any:
    return HIDDEN if _secret(key) and value is not None else _clean(value)


@lru_cache(maxsize=1_024)
def _secret(key: str) -> bool:
    parts = [part.lower() for part in _PARTS.findall(key)]
    return not _SECRET_WORDS.isdisjoint(parts) or "_".join(parts) in _SECRET_KEYS


def _clean(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return scrub(value)
        case Path():
            return scrub(str(value))
        case Mapping():
            return {str(key): _hide(str(key), item) for key, item in value.items()}
        case bytes() | bytearray():
            return f"[{len(value)} bytes]"
        case Sequence() | set() | frozenset():
            return [_clean(item) for item in value]
        case BaseException():
            return scrub(f"{type(value).__name__}: {value}")
        case _:
            # An unknown object's repr may hold anything: a command prints its fields.
            return f"[{type(value).__name__}]"


def configure(
    level: Level = "info",
    form: Literal["auto", "json", "pretty"] = "auto",
    stream: TextIO | None = None,
) -> None:
    """Set up structlog for the whole process. Lines go to stderr, so that stdout stays the program's answer."""
    out = stream or sys.stderr
    pretty = form == "pretty" or (form == "auto" and out.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.format_exc_info,
            redact,
            _renderer(pretty, colours=out.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )


def _renderer(pretty: bool, *, colours: bool) -> Processor:
    if pretty:
        return structlog.dev.ConsoleRenderer(colors=colours, timestamp_key="at")
    return structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True)


@contextmanager
def about(*, case: str | None = None, event: str | None = None, correlation: str | None = None) -> Iterator[None]:
    """Every line written inside names this case, event and correlation; what is None is left as it was."""
    known = {"case": case, "event_id": event, "correlation_id": correlation}
    with structlog.contextvars.bound_contextvars(**{key: value for key, value in known.items() if value is not None}):
        yield
