"""Two outcomes of one call side by side: which terms differ, who moves, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from events.intake import Terms
from events.vocabulary import Check, Text
from services.rulebook import Rule, Verdict, reason
from services.whatif.facts import File, KnownCall
from services.whatif.replay import BOUND, Outcome, replayed


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the terms that differs; the pointer is into the terms file."""

    pointer: str
    was: Any
    would: Any


@dataclass(frozen=True, slots=True)
class Why:
    """A rule that answers otherwise, or the place in the ranking; the sentence is the one under the other terms."""

    rule: str
    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Move:
    """A file that comes out otherwise."""

    file: File
    was: Outcome
    would: Outcome
    why: tuple[Why, ...]

    @property
    def only_rank(self) -> bool:
        """Whether neither its state nor its amount changes."""
        return (self.was.status, self.was.amount_cents) == (self.would.status, self.would.amount_cents)


@dataclass(frozen=True, slots=True)
class Report:
    """What other terms would have changed. Moves that change state or amount come first."""

    call: KnownCall
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    was: Mapping[str, Outcome]
    would: Mapping[str, Outcome]


def compared(call: KnownCall, terms: Terms) -> Report:
    """The call's facts under the terms it had and under others."""
    was, would = replayed(call, call.terms), replayed(call, terms)
    moves = [
        Move(call.files[case], was[case], would[case], tuple(_why(was[case], would[case])))
        for case in call.files
        if _place(was[case]) != _place(would[case])
    ]
    moves.sort(key=lambda one: (one.only_rank, one.would.rank or len(call.files) + 1, one.file.case))
    return Report(call, tuple(_changes(call.terms, terms)), tuple(moves), was, would)


def total(outcomes: Mapping[str, Outcome]) -> int:
    """Cents proposed together."""
    return sum(one.amount_cents for one in outcomes.values())


def _place(one: Outcome) -> tuple[str, int, int | None]:
    return one.status, one.amount_cents, one.rank


def _why(was: Outcome, would: Outcome) -> Iterator[Why]:
    for name in dict.fromkeys((*was.checks, *would.checks)):
        before, after = was.checks.get(name), would.checks.get(name)
        if after is None and before is not None and before.outcome == "fail":
            yield _told("not_asked", {"check": name})
        elif after is not None and _differs(before, after):
            yield Why(name, after.code, after.reason)
    if would.status == "not_scored" != was.status:
        yield _told("no_points", {})
    if would.status == "not_judged" != was.status:
        yield _told("no_judgement", {})
    if would.rank is not None and would.status != "unfavourable":
        yield _told(would.status, _values(would))


def _differs(before: Check | None, after: Check) -> bool:
    """Whether the rule is a reason to come out otherwise: it says something else, or says no where it was not asked."""
    if before is None:
        return after.outcome == "fail"
    # J8 passes an unfavourable advice too: there the code tells which it was.
    told = after.rule == BOUND.id and before.code != after.code
    return told or before.outcome != after.outcome


def _values(one: Outcome) -> dict[str, Any]:
    return {
        "rank": one.rank,
        "left_before_cents": one.left_before_cents,
        "advised_cents": one.advised_cents,
        "amount_cents": one.amount_cents,
    }


def _told(code: str, values: Mapping[str, Any]) -> Why:
    return Why(PLACE.id, code, reason(PLACE, code, values))


PLACE = Rule(
    "PLACE",
    1,
    lambda _params, inputs: Verdict("pass" if inputs["amount_cents"] else "fail", inputs["code"]),
    {
        "funded": (
            "Op rang {rank} is nog {left_before_cents} over; {advised_cents} past volledig.",
            "At rank {rank} {left_before_cents} is left; {advised_cents} fits in full.",
        ),
        "funded_in_part": (
            "Op rang {rank} is nog {left_before_cents} over; van {advised_cents} past {amount_cents}.",
            "At rank {rank} {left_before_cents} is left; of {advised_cents} {amount_cents} fits.",
        ),
        "not_funded": (
            "Op rang {rank} is nog {left_before_cents} over; {advised_cents} past niet meer.",
            "At rank {rank} {left_before_cents} is left; {advised_cents} does not fit any more.",
        ),
        "not_asked": (
            "Controle {check} wordt onder deze voorwaarden niet gevraagd.",
            "Check {check} is not asked under these terms.",
        ),
        "no_points": (
            "De jury gaf geen punten op deze criteria: wat zij zou zeggen, weet niemand.",
            "The jury gave no points on these criteria: nobody knows what it would say.",
        ),
        "no_judgement": (
            "Een controle door een behandelaar ontbreekt: wat die zou zeggen, weet niemand.",
            "A check by a case handler is missing: nobody knows what it would say.",
        ),
    },
)
"""How a file's place is told. It decides nothing: the ranking does."""


def _changes(was: Terms, would: Terms) -> Iterator[Change]:
    yield from _differing("", msgspec.to_builtins(was), msgspec.to_builtins(would))


def _differing(pointer: str, was: Any, would: Any) -> Iterator[Change]:
    match was, would:
        case dict(), dict():
            for name in dict.fromkeys((*was, *would)):
                yield from _differing(f"{pointer}/{_camel(name)}", was.get(name), would.get(name))
        case list(), list() if len(was) == len(would):
            for index, (one, other) in enumerate(zip(was, would, strict=True)):
                yield from _differing(f"{pointer}/{index}", one, other)
        case _ if was != would:
            yield Change(pointer, was, would)
        case _:
            return


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
