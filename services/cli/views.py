"""`budget contracts timeline worklist`: the views at a terminal, now or at an earlier moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cyclopts import Parameter

from services.cli.asking import Asker
from services.cli.boundary import run
from services.cli.common import Common, moment_of, settings_of
from services.cli.output import Out, pairs, table
from services.cli.ports import Doors

_WIDE = 8


@Parameter(name="*")
@dataclass(frozen=True)
class Past:
    """At which moment.

    Parameters
    ----------
    as_of
        What was true then: a day, or a date-time with its zone.
    known_at
        What was on record then.
    """

    as_of: str | None = None
    known_at: str | None = None

    def query(self) -> dict[str, str | None]:
        """The query parameters of HTTP."""
        return {"asOf": moment_of(self.as_of, "--as-of"), "knownAt": moment_of(self.known_at, "--known-at")}


NOW, PLAIN = Past(), Common()


@dataclass(frozen=True)
class Views:
    """The commands, over the doors."""

    doors: Doors

    def budget(self, call: str, /, *, past: Past = NOW, common: Common = PLAIN) -> int:
        """What of a call's envelope is reserved, committed, paid and left.

        Parameters
        ----------
        call
            The call's uuid.
        """
        return self._show(common, past, ("calls", call, "budget"), f"Budget of {call}")

    def contracts(
        self, *, status: str | None = None, call: str | None = None, past: Past = NOW, common: Common = PLAIN
    ) -> int:
        """Cases and contracts with their state.

        Parameters
        ----------
        status
            Only those in this state.
        call
            Only those of this call.
        """
        return self._show(common, past, ("contracts",), "Contracts", status=status, call=call)

    def timeline(self, case: str, /, *, past: Past = NOW, common: Common = PLAIN) -> int:
        """Everything that happened in a case, with the reason of each step.

        Parameters
        ----------
        case
            The case's uuid.
        """
        return self._show(common, past, ("cases", case, "timeline"), f"Timeline of {case}")

    def worklist(self, *, call: str | None = None, past: Past = NOW, common: Common = PLAIN) -> int:
        """Who has the ball: every case with its next step and since when it waits.

        Parameters
        ----------
        call
            Only this call.
        """
        return self._show(common, past, ("worklist",), "Worklist", call=call)

    def _show(self, common: Common, past: Past, path: Sequence[str], title: str, **query: str | None) -> int:
        async def work(out: Out) -> None:
            settings = settings_of(common)
            moment = past.query()
            async with self.doors.shared(settings) as program:
                asker = Asker(program, settings.organisation)
                document = await asker.all(*path, **moment, **query)
            if not document["items"]:
                del document["items"]
            out.answer(document, *shown(title, document))

        return run(common, work)


def shown(title: str, document: dict[str, Any]) -> list[Any]:
    """A JSON answer for people: its plain members, then a table for each list of objects in it."""
    parts: list[Any] = [pairs(title, document)]
    for name, value in document.items():
        if isinstance(value, dict):
            parts += shown(name, value)
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            parts.append(table(name, value, _columns(value)))
    return parts


def _columns(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The columns worth their width: filled somewhere, and plain."""
    names = dict.fromkeys(name for row in rows for name in row)
    useful = [name for name in names if any(row.get(name) not in (None, "", [], {}, 0) for row in rows)]
    plain = [name for name in useful if not any(isinstance(row.get(name), (dict, list)) for row in rows)]
    return plain[:_WIDE] or useful[:_WIDE]
