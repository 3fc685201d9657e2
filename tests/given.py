"""given(…).when(…).then(…): a rule as an example, on the pure service alone.

    given(INTAKE).has("call-…", published()).when("application", CASE, submit(), at="…").then(ApplicationSubmitted(…))

Facts get positions in the order in which they are given; the expected facts are compared field by field. `Clear`
values are compared as they are: sealing is the shell's work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from events.catalog import FACT_TYPES, AnyFact, stream_name
from events.codec import Event
from events.envelope import Actor, Envelope
from events.times import moment
from services.deciding import Accepted, Context, Decision, Refused, Service, derived_id
from services.fields import Command
from services.loading import Loaded, context, fold, wanted

NOON = "2021-05-03T10:00:00.000000Z"
ROOT = "00000000-0000-0000-0000-000000000001"


def actor(role: str, organisation: str = "OVO000001", person: str = "person-1") -> Actor:
    """Somebody in a role."""
    return Actor(role=role, organisation=organisation, person=person)


@dataclass
class Given:
    """What was recorded before."""

    service: Service
    streams: dict[str, list[Event]] = field(default_factory=dict)
    position: int = 0

    def has(self, stream: str, *facts: AnyFact, at: str = NOON) -> Given:
        """The stream holds these facts (after those already given)."""
        events = self.streams.setdefault(stream, [])
        for fact in facts:
            self.position += 1
            events.append(recorded(stream, fact, self.position, len(events) + 1, at))
        return self

    def when(
        self, kind: str, ident: str, command: Command, *, at: str = NOON, by: Actor | None = None, id_: str = ROOT
    ) -> Then:
        """Somebody sends a command."""
        spec = self.service.commands[type(command)]
        assert spec.kind == kind, f"{type(command).__name__} goes to {spec.kind}, not {kind}"
        who = by or actor(sorted(spec.roles)[0])
        target = stream_name(kind, ident)
        loaded = {target: self._load(target)}
        while missing := wanted(spec, command, target, loaded):
            loaded.update({stream: self._load(stream) for stream in missing})
        base = Context(at=at, actor=who, stream=target, id=ident, version=0, command_id=id_)
        seen = context(base, loaded)
        return Then(self, target, self.service.decide(loaded[target].state, command, seen), command, seen)

    def state(self, stream: str) -> Any:
        """The folded state of a stream."""
        return self._load(stream).state

    def _load(self, stream: str) -> Loaded:
        return fold(self.service, stream, self.streams.get(stream, []))


@dataclass
class Then:
    """What the decider answered."""

    before: Given
    stream: str
    decision: Decision
    command: Command
    context: Context

    def then(self, *facts: AnyFact) -> Given:
        """Accepted with exactly these facts; goes on from there."""
        assert isinstance(self.decision, Accepted), self.decision
        assert list(self.decision.facts) == list(facts)
        return self.recorded()

    def then_types(self, *types: type[AnyFact]) -> Given:
        """Accepted with facts of exactly these types."""
        assert isinstance(self.decision, Accepted), self.decision
        assert [type(fact) for fact in self.decision.facts] == list(types)
        return self.recorded()

    def nothing(self) -> Given:
        """Accepted, and there is nothing new to record."""
        return self.then()

    def refused(self, rule: str, code: str | None = None, *facts: AnyFact) -> Given:
        """Refused by this rule, with exactly these facts on record."""
        assert isinstance(self.decision, Refused), self.decision
        assert self.decision.rule == rule, self.decision
        assert code is None or self.decision.code == code, self.decision
        if facts:
            assert list(self.decision.facts) == list(facts)
        return self.recorded()

    def recorded(self) -> Given:
        """What was decided is on record; the test goes on from there."""
        spec = self.before.service.commands[type(self.command)]
        for fact in self.decision.facts:
            assert FACT_TYPES[type(fact).__name__].kind == spec.kind, f"{type(fact).__name__} in a {spec.kind} stream"
            msgspec.convert(msgspec.to_builtins(fact), type(fact))
        return self.before.has(self.stream, *self.decision.facts, at=self.context.at)

    def fact(self, type_: type[Any], index: int = 0) -> Any:
        """The index-th fact of a type, to look inside."""
        return [fact for fact in self.decision.facts if isinstance(fact, type_)][index]


def given(service: Service) -> Given:
    """Nothing has happened yet."""
    return Given(service)


def recorded(stream: str, fact: AnyFact, position: int, version: int, at: str) -> Event:
    """A fact as an event, for tests that need one."""
    row = FACT_TYPES[type(fact).__name__]
    frame = Envelope(
        event_id=derived_id(ROOT, f"event/{position}"),
        stream=stream,
        version=version,
        type=type(fact).__name__,
        schema_version=row.schema_version,
        occurred_at=at,
        actor=actor("service"),
        on_behalf_of=None,
        correlation_id=stream[-36:],
        causation_id=None,
        command_id=ROOT,
        rules=None,
        legal_basis=None,
        classification=row.classification,
        prev_hash="0" * 64,
        data=msgspec.Raw(b"{}"),
    )
    return Event(position, moment(at), frame, fact)
