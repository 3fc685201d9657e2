"""The load: many calls played at once, each a copy of the call of 2021 with identifiers of its own, wave after wave.

A wave shares one story's clock. The next wave plays six years later, because that clock never goes back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from events.times import instant
from services.deciding import case_id
from services.story.before import LATE
from services.story.call_2021 import told
from services.story.payments import REPORTS
from services.story.script import Script, Step, load

YEARS = 6
"""How far a wave is from the one before: the call of 2021 ends in January 2026."""

SMALL = ("gent", "genk", "vilvoorde", "sint-niklaas", "hasselt", "zandbergen", LATE)
"""Applicants enough to make every service react: a recusal, an audit, a repayment, a merger, a withdrawal, one late."""

_DATE = re.compile(r"\b20\d\d(?=-\d\d-\d\d(?!\d))")
_APPLIED = "2021-07-19T20:48:00.000000Z"
_TRANCHES = ("start", "year_2022", "year_2023", "year_2024", "balance")


@dataclass(frozen=True)
class Chapter:
    """One instant of a wave: what each of its calls sends then, in its own order, side by side with the others."""

    at: str
    lanes: Sequence[Sequence[Step]]

    def __len__(self) -> int:
        return sum(map(len, self.lanes))


def wave(seed: int, number: int, small: int, whole: int = 0) -> list[Chapter]:
    """So many small and whole calls of one wave, chapter after chapter. The same seed and number give the same."""
    sizes = [SMALL] * small + [None] * whole
    calls = [_call(f"soak/{seed}/{number}/{place}", number * YEARS, keys) for place, keys in enumerate(sizes)]
    instants = sorted({step.at for steps in calls for step in steps})
    return [Chapter(at, [[step for step in steps if step.at == at] for steps in calls]) for at in instants]


def waves(seed: int, small: int, whole: int = 0) -> Iterator[list[Chapter]]:
    """Wave after wave, for as long as somebody asks."""
    number = 0
    while True:
        yield wave(seed, number, small, whole)
        number += 1


def _call(name: str, years: int, keys: Sequence[str] | None) -> list[Step]:
    """One call from its publication to its last euro, so many years later; `keys`: of these applicants alone."""
    play = _script(name)
    owners = _owners(play)
    kept = [step for step in play.steps if keys is None or owners.get(step.id, keys[0]) in keys]
    return [_later(_together(step, owners), years) for step in kept]


def _script(name: str) -> Script:
    """The whole play under another call's name: every identifier of call and cases follows from it."""
    data = load("2021.json")
    data["call"]["key"] = name
    return told(Script(data))


def _owners(play: Script) -> Mapping[str, str]:
    """Stream id → the applicant that it is about."""
    found = {}
    for row in play.data["applicants"]:
        key, case = str(row["key"]), play.case(row["key"])
        names = [
            *(("report", code) for code in REPORTS),
            ("recovery", 1),
            *(("claim", tranche) for tranche in _TRANCHES),
            *(("payment-order", f"{tranche}/{attempt}") for tranche in _TRANCHES for attempt in (1, 2)),
        ]
        found.update({case_id(case, kind, ordinal): key for kind, ordinal in names} | {case: key})
    return found


def _together(step: Step, owners: Mapping[str, str]) -> Step:
    """Applications come in all at once, just before the deadline, but for the one that is late."""
    if step.scene == "applications" and owners.get(step.id) != LATE:
        return replace(step, at=_APPLIED)
    return step


def _later(step: Step, years: int) -> Step:
    return replace(step, at=_moved(step.at, years), body=json.loads(_moved(json.dumps(step.body), years)))


def _moved(text: str, years: int) -> str:
    return _DATE.sub(lambda found: str(int(found[0]) + years), text)


def today(seed: int, number: int, now: datetime) -> list[Chapter]:
    """A call of real time: open since yesterday, for a month to come; all but the late one apply, and one withdraws."""
    steps = _call(f"soak/{seed}/real/{number}", 0, SMALL[:-1])
    opens, ends = ((now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S") for days in (-1, 30))
    first, *rest = [step for step in steps if step.scene in ("publication", "applications")]
    terms = first.body["terms"] | {
        "opens": first.body["terms"]["opens"] | {"local": opens},
        "deadline": first.body["terms"]["deadline"] | {"local": ends},
    }
    sent = [replace(first, body={**first.body, "terms": terms}), *(s for s in rest if s.scene == "applications")]
    return [Chapter(instant(now), [sent])]
