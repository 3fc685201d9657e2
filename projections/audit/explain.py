"""Why a case was decided as it was, from the log's events of that case alone.

Every recorded check is shown with its parameters, its inputs and the events those came from, and is run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from events.canonical import Json
from events.envelope import Actor, Envelope, from_bytes
from events.store import Recorded
from events.times import Instant, instant
from projections.audit.replay import Rules, checks_in, difference


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """An event that an input came from; only its id is known when it is not among the events given."""

    event_id: str
    position: int | None
    stream: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class ExplainedCheck:
    """One application of a rule. `differs` says how its code answers otherwise today; None when it answers the same."""

    rule: str
    version: int
    params: dict[str, Json]
    inputs: dict[str, Json]
    sources: Sequence[SourceEvent]
    outcome: str
    code: str
    reason_nl: str
    reason_en: str
    differs: str | None

    @property
    def same(self) -> bool:
        """Whether running the rule again gives what was recorded."""
        return self.differs is None


@dataclass(frozen=True, slots=True)
class ExplainedFact:
    """One fact that rests on checks: where and when it was recorded, who acted, on which ground."""

    position: int
    recorded_at: Instant
    occurred_at: Instant
    event_id: str
    stream: str
    version: int
    type: str
    actor: Actor
    legal_basis: str | None
    checks: Sequence[ExplainedCheck]


def explain(events: Iterable[Recorded], rules: Rules, decision: str | None = None) -> list[ExplainedFact]:
    """Every fact with checks among these events, in their order. `decision` is a type or an event id to keep to."""
    read = [(event, from_bytes(event.body)) for event in events]
    sources = {
        frame.event_id: SourceEvent(frame.event_id, event.position, event.stream, event.type) for event, frame in read
    }
    explained = []
    for event, frame in read:
        if decision not in {None, frame.type, frame.event_id}:
            continue
        checks = [_check(found, rules, sources) for found in checks_in(msgspec.json.decode(frame.data))]
        if checks:
            explained.append(_fact(event, frame, checks))
    return explained


def _fact(event: Recorded, frame: Envelope, checks: Sequence[ExplainedCheck]) -> ExplainedFact:
    return ExplainedFact(
        position=event.position,
        recorded_at=instant(event.recorded_at),
        occurred_at=frame.occurred_at,
        event_id=frame.event_id,
        stream=frame.stream,
        version=frame.version,
        type=frame.type,
        actor=frame.actor,
        legal_basis=frame.legal_basis,
        checks=checks,
    )


def _check(found: dict[str, Any], rules: Rules, sources: dict[str, SourceEvent]) -> ExplainedCheck:
    reason = found.get("reason") or {}
    return ExplainedCheck(
        rule=found["rule"],
        version=found["version"],
        params=found["params"],
        inputs=found["inputs"],
        sources=[sources.get(name, SourceEvent(name, None, None, None)) for name in found.get("source_events", ())],
        outcome=found["outcome"],
        code=found["code"],
        reason_nl=reason.get("nl", ""),
        reason_en=reason.get("en", ""),
        differs=difference(found, rules),
    )
