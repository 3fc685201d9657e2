"""`whatif`: a call's facts under other terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from events import codec
from events.codec import Event
from events.intake import Terms
from events.store import EventStore
from services.cli.boundary import run
from services.cli.common import Common, WrongUse, settings_of
from services.cli.output import Out, pairs, table
from services.cli.ports import Doors
from services.intake.rules import read_terms
from services.whatif.facts import TYPES, UnknownCall, known
from services.whatif.moves import Move, Report, compared, total
from services.whatif.replay import Outcome

PLAIN = Common()
PAGE = 1_000


@dataclass(frozen=True)
class WhatIf:
    """The command, over the doors."""

    doors: Doors

    def whatif(self, call: str, /, *, terms: Path, common: Common = PLAIN) -> int:
        """Who would have come out otherwise under other terms, and why. Nothing is recorded.

        Parameters
        ----------
        call
            The call's uuid.
        terms
            The other terms, as JSON: those of the call with what should differ.
        """

        async def work(out: Out) -> None:
            other = _terms(terms)
            async with self.doors.shared(settings_of(common)) as program:
                events = await everything(program.store)
            try:
                report = compared(known(call, events), other)
            except UnknownCall as error:
                raise WrongUse(f"The log knows no published call {call}: check the uuid.") from error
            out.answer(document(report), *_shown(report))

        return run(common, work)


def _terms(file: Path) -> Terms:
    """The terms in a file; WrongUse with every mistake, OSError if it cannot be read."""
    terms, mistakes = read_terms(file.read_bytes())
    if terms is None or mistakes:
        told = "; ".join(f"{one.pointer or '/'}: {one.message.en}" for one in mistakes)
        raise WrongUse(f"{file} holds no terms of a call: {told}")
    return terms


async def everything(store: EventStore) -> list[Event]:
    """The events of all calls that a replay looks at, in their order."""
    found: list[Event] = []
    after = 0
    while page := await store.read_all(after, types=TYPES, limit=PAGE):
        found += [codec.read(one) for one in page]
        after = page[-1].position
    return found


def document(report: Report) -> dict[str, Any]:
    """The report for programs."""
    moved = [_move(one) for one in report.moves if not one.only_rank]
    return {
        "call": report.call.id,
        "changes": [{"pointer": one.pointer, "was": one.was, "would": one.would} for one in report.changes],
        "files": len(report.call.files),
        "proposedCents": {"was": total(report.was), "would": total(report.would)},
        "moved": moved,
        "onlyRank": [_move(one) for one in report.moves if one.only_rank],
    }


def _move(move: Move) -> dict[str, Any]:
    file = move.file
    return {
        "case": file.case,
        "caseNumber": file.number or None,
        "applicant": file.dossier.applicant.name,
        "project": file.dossier.project,
        "was": _outcome(move.was),
        "would": _outcome(move.would),
        "why": [{"rule": one.rule, "code": one.code, "nl": one.text.nl, "en": one.text.en} for one in move.why],
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {"status": one.status, "rank": one.rank, "scoreBp": one.score_bp, "amountCents": one.amount_cents}


def _shown(report: Report) -> list[Any]:
    told = document(report)
    money = {"wasCents": told["proposedCents"]["was"], "wouldCents": told["proposedCents"]["would"]}
    terms = table("Other terms", told["changes"], ("pointer", "was", "would"))
    parts: list[Any] = [
        terms if told["changes"] else "The terms are equal.",
        pairs(None, {"files": told["files"], "moved": len(told["moved"]), **money}),
    ]
    if told["moved"]:
        parts.append(table("Who moves, and why", [_row(one) for one in told["moved"]], _COLUMNS))
    if told["onlyRank"]:
        parts.append(f"{len(told['onlyRank'])} more files change place in the ranking alone: --json lists them.")
    return parts if told["moved"] or told["onlyRank"] else [*parts, "Nobody moves."]


_COLUMNS = ("applicant", "was", "wasCents", "would", "wouldCents", "why")


def _row(move: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "applicant": move["applicant"],
        "was": _place(move["was"]),
        "wasCents": move["was"]["amountCents"],
        "would": _place(move["would"]),
        "wouldCents": move["would"]["amountCents"],
        "why": "\n".join(f"{one['rule']}: {one['nl']}" for one in move["why"]),
    }


WORDS: Mapping[str, str] = {
    "withdrawn": "ingetrokken",
    "late": "te laat",
    "inadmissible": "onontvankelijk",
    "ineligible": "voldoet niet",
    "not_judged": "niet beoordeeld",
    "not_scored": "geen punten",
    "unfavourable": "ongunstig",
    "not_funded": "past niet",
    "funded_in_part": "past deels",
    "funded": "past",
}
"""Outcome → the word that people see."""


def _place(outcome: Mapping[str, Any]) -> str:
    word = WORDS[outcome["status"]]
    return word if outcome["rank"] is None else f"{outcome['rank']}: {word}"
