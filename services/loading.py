"""From recorded facts to what a decider sees: the pure half of `services.handle`, used by tests as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from events.catalog import split_stream
from events.codec import Event
from events.vocabulary import Source
from services.deciding import CommandSpec, Context, Service
from services.fields import Command


@dataclass(frozen=True, slots=True)
class Loaded:
    """One stream, folded: its state, its version, and where its last fact of each type stands."""

    stream: str
    state: Any
    version: int
    sources: Mapping[str, Source]


def fold(service: Service, stream: str, events: Sequence[Event]) -> Loaded:
    """Fold a stream's events in order; an empty stream is the kind's initial state at version 0."""
    state = service.initial(split_stream(stream)[0])
    last: dict[str, Event] = {}
    for event in events:
        state = service.evolve(state, event.fact)
        last[event.envelope.type] = event
    sources = {name: Source(event_id=one.envelope.event_id, position=one.position) for name, one in last.items()}
    return Loaded(stream, state, len(events), sources)


def wanted(spec: CommandSpec, command: Command, target: str, loaded: Mapping[str, Loaded]) -> list[str]:
    """The streams the command reads that are not loaded yet; empty when everything is there."""
    ident = split_stream(target)[1]
    states = {stream: one.state for stream, one in loaded.items() if stream != target}
    named = spec.reads(command, ident, loaded[target].state, states)
    return [stream for stream in dict.fromkeys(named) if stream not in loaded]


def context(base: Context, loaded: Mapping[str, Loaded]) -> Context:
    """The decider's context from everything that was read."""
    return Context(
        at=base.at,
        actor=base.actor,
        stream=base.stream,
        id=base.id,
        version=loaded[base.stream].version,
        command_id=base.command_id,
        states={stream: one.state for stream, one in loaded.items() if stream != base.stream},
        sources={stream: one.sources for stream, one in loaded.items()},
    )
