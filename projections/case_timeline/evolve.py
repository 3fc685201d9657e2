"""The fold of the timeline: one row an event and case, never changed afterwards.

A fact about a whole call has a row of its own (`case_id` empty) and, where it lists cases, one in each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from events import catalog, decision, jury
from events.codec import Event
from events.envelope import Classification
from events.times import Instant, instant
from events.vocabulary import CaseFact, Check, Fact, Text
from projections.case_timeline.sentences import IN_CASE, SENTENCES
from projections.past import effective_at
from projections.view import Key, Rows, View, names
from projections.words import told


class Checked(msgspec.Struct, kw_only=True):
    """What a rule answered, and why."""

    rule: str
    version: int
    outcome: str
    code: str
    reason: Text


class TimelineRow(msgspec.Struct, kw_only=True):
    """One event as a case shows it. `nl` and `en` tell it in a sentence; the actor is a role and an organisation."""

    position: int
    case_id: str
    call: str
    recorded_at: Instant
    occurred_at: Instant
    effective_at: Instant
    type: str
    service: str
    stream: str
    version: int
    event_id: str
    classification: Classification
    actor_role: str
    actor_organisation: str
    on_behalf_of: str | None
    causation_id: str | None
    rules: int | None
    nl: str
    en: str
    checks: list[Checked]


def _entries(fact: object) -> Mapping[str, object]:
    match fact:
        case jury.RankingFixed(entries=entries):
            return {entry.case: entry for entry in entries}
        case decision.AwardProposalDrafted(items=items) | decision.GovernmentDecisionRecorded(items=items):
            return {item.case: item for item in items}
        case _:
            return {}


def _told(fact: Any) -> Iterator[tuple[str, Text]]:
    """Each case that the fact concerns ("" for the call) and what it is told there."""
    values = {name: getattr(fact, name) for name in fact.__struct_fields__}
    name = type(fact).__name__
    yield (fact.case if isinstance(fact, CaseFact) else ""), told(SENTENCES[name], values)
    for case, entry in _entries(fact).items():
        yield case, told(IN_CASE[name], {"fact": fact, "entry": entry})


def _checks(fact: object) -> list[Checked]:
    found: list[Check] = list(getattr(fact, "checks", ()))
    one = getattr(fact, "check", None)
    return [
        Checked(rule=check.rule, version=check.version, outcome=check.outcome, code=check.code, reason=check.reason)
        for check in (*found, *([one] if one is not None else []))
    ]


def keys(event: Event) -> Iterable[Key]:
    """The event's place in the call or the case, and in every case that it lists."""
    fact = event.fact
    yield event.position, fact.case if isinstance(fact, CaseFact) else ""
    yield from ((event.position, case) for case in _entries(fact))


def evolve(rows: Rows[TimelineRow], event: Event) -> None:
    """Tell the event where it belongs."""
    fact, frame = event.fact, event.envelope
    if not isinstance(fact, Fact):
        return
    own = fact.case if isinstance(fact, CaseFact) else ""
    for case, text in _told(fact):
        rows[event.position, case] = TimelineRow(
            position=event.position,
            case_id=case,
            call=fact.call,
            recorded_at=instant(event.recorded_at),
            occurred_at=frame.occurred_at,
            effective_at=effective_at(event),
            type=frame.type,
            service=catalog.FACT_TYPES[frame.type].service,
            stream=frame.stream,
            version=frame.version,
            event_id=frame.event_id,
            classification=frame.classification,
            actor_role=frame.actor.role,
            actor_organisation=frame.actor.organisation,
            on_behalf_of=frame.on_behalf_of.organisation if frame.on_behalf_of else None,
            causation_id=frame.causation_id,
            rules=frame.rules,
            nl=text.nl,
            en=text.en,
            # The checks of a whole call stand with the call.
            checks=_checks(fact) if case == own else [],
        )


TIMELINE = View(
    name="case_timeline",
    version=1,
    row=TimelineRow,
    key=("position", "case_id"),
    folds=frozenset(SENTENCES) - names("KeyRegistered"),
    # House facts belong to no call.
    ignores=names("KeyRegistered"),
    keys=keys,
    evolve=evolve,
    appends=True,
    volatile=frozenset({"position", "recorded_at", "event_id", "causation_id", "rules"}),
)
