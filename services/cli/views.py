"""`budget contracts timeline worklist`: the views at a terminal, now or at an earlier moment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cyclopts import Parameter

from services.cli.asking import Asker
from services.cli.boundary import run
from services.cli.common import Common, WrongUse, moment_of, settings_of
from services.cli.output import Out, pairs, table
from services.cli.ports import Doors

LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "budget": ("beneficiary", "awardedCents", "committedCents", "paidCents", "recoveredCents"),
    "contracts": ("caseNumber", "applicant", "project", "status", "awardedCents"),
    "timeline": ("position", "occurredAt", "actorRole", "text.nl"),
    "categories": ("category", "awardedCents"),
    "years": ("year", "committedCents", "paidCents", "recoveredCents"),
    "worklist": ("applicant", "party", "text.nl", "since", "due"),
}
"""View, or list in one → the members that people see; `--json` has them all."""

_CASE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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
        return self._show(common, past, ("calls", call, "budget"))

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
        return self._show(common, past, ("contracts",), status=status, call=call)

    def timeline(self, case: str, /, *, past: Past = NOW, common: Common = PLAIN) -> int:
        """Everything that happened in a case, with the reason of each step.

        Parameters
        ----------
        case
            The case's uuid, or its number (WVC-2021-D4F95B).
        """
        return self._show(common, past, ("cases", case, "timeline"))

    def worklist(self, *, call: str | None = None, past: Past = NOW, common: Common = PLAIN) -> int:
        """Who has the ball: every case with its next step and since when it waits.

        Parameters
        ----------
        call
            Only this call.
        """
        return self._show(common, past, ("worklist",), call=call)

    def _show(self, common: Common, past: Past, path: Sequence[str], **query: str | None) -> int:
        async def work(out: Out) -> None:
            settings = settings_of(common)
            moment = past.query()
            async with self.doors.shared(settings) as program:
                asker = Asker(program, settings.organisation)
                steps = [
                    await case_of(asker, path[1]) if path[0] == "cases" and one == path[1] else one for one in path
                ]
                document = await asker.all(*steps, **moment, **query)
            out.answer(document, *shown(path[-1], document))

        return run(common, work)


async def case_of(asker: Asker, text: str) -> str:
    """The uuid of a case that was named by uuid or by number; WrongUse if no case has the number."""
    if _CASE.fullmatch(text):
        return text
    for item in (await asker.all("contracts"))["items"]:
        if item.get("caseNumber") == text.upper():
            return str(item["id"])
    raise WrongUse(f"There is no case {text}: give its uuid or its number, as wijkspoor contracts shows them.")


def shown(view: str, document: dict[str, Any]) -> list[Any]:
    """A view for people: its plain members and totals, its items in the layout, other lists as they are."""
    parts: list[Any] = [pairs(view, document)]
    for name, value in document.items():
        if isinstance(value, dict):
            parts.append(pairs(name, value))
        elif name == "items":
            parts.append(table(None, value, LAYOUTS[view]) if value else "Nothing to show.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            parts.append(table(name, value, LAYOUTS.get(name, tuple(value[0]))))
    return parts
