"""What should have followed from the log, worked out from it anew: every reaction and every deadline, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from events import codec
from events.catalog import FACT_TYPES
from events.codec import Event
from events.store import Recorded
from events.timers import TimerRow
from events.times import Instant, instant
from events.vocabulary import Source
from services.deciding import Service, SetTimer
from services.loading import fold
from services.reacting import reaction_id
from services.registry import SERVICES
from services.timers import _row, timer_command_id
from tests.soak.history import Finding


@dataclass
class Following:
    """Command ids that follow from the log: those of reactions, of deadlines that must have fired, and of those that
    may have."""

    reactions: dict[str, str] = field(default_factory=dict)
    due: dict[str, str] = field(default_factory=dict)
    may: set[str] = field(default_factory=set)

    @property
    def all(self) -> set[str]:
        """Every id that the program may have sent by itself."""
        return {*self.reactions, *self.due, *self.may}


def following(log: Sequence[Recorded], now: Instant) -> Following:
    """All that follows, when the story has come to `now`."""
    found, events = Following(), [codec.read(recorded) for recorded in log]
    streams: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        streams[event.envelope.stream].append(event)
    for event in events:
        for command_id, why in _reactions(event, streams):
            found.reactions[command_id] = why
    _deadlines(events, now, found)
    return found


def _reactions(event: Event, streams: Mapping[str, Sequence[Event]]) -> Iterator[tuple[str, str]]:
    source = Source(event_id=event.envelope.event_id, position=event.position)
    for service in SERVICES.values():
        for reaction in service.reactions:
            if type(event.fact) is not reaction.on:
                continue
            state = None
            if reaction.reads is not None:
                stream = reaction.reads(event.fact)
                state = fold(service, stream, streams.get(stream, [])).state
            for issue in reaction.react(event.fact, source, state):
                why = f"{service.name}: {reaction.name} after {event.position} on {issue.stream}"
                yield reaction_id(source.event_id, reaction.name, issue), why


def _deadlines(events: Sequence[Event], now: Instant, found: Following) -> None:
    """A deadline must have fired if time passed it before something took it away or put another in its place.

    One that was over when it was set may have been taken away before anybody looked.
    """
    waiting: dict[str, tuple[TimerRow, Instant]] = {}

    def gone(timer_id: str, at: Instant) -> None:
        row, since = waiting.pop(timer_id, (None, at))
        if row is not None and since <= row.due < at:
            found.due[timer_command_id(row)] = timer_id
        elif row is not None:
            found.may.add(timer_command_id(row))

    for event in events:
        service, at = _owner(event), instant(event.recorded_at)
        for change in service.timers(event.fact) if service else ():
            gone(change.id, at)
            if isinstance(change, SetTimer) and service:
                waiting[change.id] = _row(change, service.name, event.envelope.event_id), at
    for row, _ in waiting.values():
        if row.due <= now:
            found.due[timer_command_id(row)] = row.timer_id
        else:
            found.may.add(timer_command_id(row))


def _owner(event: Event) -> Service | None:
    return SERVICES.get(FACT_TYPES[event.envelope.type].service)


def missing(found: Following, known: Collection[str]) -> list[Finding]:
    """Reactions and deadlines that should have acted and have not."""
    acts = [("no-reaction", found.reactions), ("no-deadline", found.due)]
    return [Finding(kind, why) for kind, rows in acts for command_id, why in rows.items() if command_id not in known]
