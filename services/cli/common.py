"""What every command shares: its options, and the three ways in which it can end badly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from events.times import Instant, NoSuchTime, end_of_day
from services.settings import Settings
from services.web.reading import read_instant


class WrongUse(Exception):
    """Exit 2: what was asked makes no sense; the message says how to ask."""


class Finding(Exception):
    """Exit 1: the check ran, and something is wrong. Its answer has been given already."""


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """Options of every command.

    Parameters
    ----------
    data
        Folder of the data and of the embedded database.
    dsn
        A PostgreSQL database instead of the embedded one.
    json
        Print one JSON document on stdout, and everything else on stderr.
    debug
        Show where an unexpected error came from.
    """

    data: Path | None = None
    dsn: str | None = None
    json: Annotated[bool, Parameter(negative="")] = False
    debug: Annotated[bool, Parameter(negative="")] = False


def settings_of(common: Common, **other: object) -> Settings:
    """The settings from the environment with the command line over them; WrongUse names each that is wrong."""
    given: dict[str, Any] = {"data": common.data, "dsn": common.dsn, **other}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = [
            f"WIJKSPOOR_{'_'.join(str(step) for step in one['loc']).upper()}: {one['msg']}" for one in error.errors()
        ]
        raise WrongUse("These settings are wrong: " + "; ".join(wrong) + ".") from error


def moment_of(text: str | None, option: str) -> Instant | None:
    """A day (its very end in Brussels) or an RFC 3339 date-time as an instant; WrongUse otherwise."""
    if text is None:
        return None
    try:
        if len(text) == len("2021-07-15"):
            # Recorded times have microseconds: the whole last second belongs to the day.
            return end_of_day(date.fromisoformat(text).isoformat()).utc.replace("59.000000Z", "59.999999Z")
        return read_instant(text)
    except (ValueError, NoSuchTime, PydanticCustomError) as error:
        raise WrongUse(f"{option} takes a day (2021-07-15) or a date-time with its zone (RFC 3339).") from error


def one_of(name: str, known: Sequence[str], what: str) -> str:
    """The name if it is known; WrongUse lists what is."""
    if name not in known:
        raise WrongUse(f"There is no {what} {name}; choose from {', '.join(sorted(known))}.")
    return name
