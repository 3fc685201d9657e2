"""The words in which every service is written: decisions, what a decider sees, reactions, timers, the registry row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid5

from events.canonical import Json
from events.catalog import AnyFact, stream_name
from events.envelope import Actor
from events.times import Instant
from events.vocabulary import Source
from services.fields import Command
from services.rulebook import Rule

Role: TypeAlias = Literal[
    "applicant",
    "partner",
    "case_handler",
    "jury_secretary",
    "jury_member",
    "jury_chair",
    "budget_officer",
    "finance_inspector",
    "government_secretary",
    "payment_approver",
    "payment_releaser",
    "inspector",
    "auditor",
    "privacy_officer",
    "admin",
    "subscriber",
    "service",
]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The facts to record, in order; none when the command asks for what already is.

    `rules` is the position of the fact that set the terms applied.
    """

    facts: tuple[AnyFact, ...]
    rules: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule says no. `facts` are recorded where the refusal concerns an applicant; then it is an answer for ever."""

    rule: str
    code: str
    inputs: Mapping[str, Json] = field(default_factory=dict)
    facts: tuple[AnyFact, ...] = ()
    rules: int | None = None


Decision: TypeAlias = Accepted | Refused


def accept(*facts: AnyFact, rules: int | None = None) -> Accepted:
    """Accept with these facts."""
    return Accepted(facts, rules)


def refuse(rule: str, code: str, *facts: AnyFact, rules: int | None = None, **inputs: Json) -> Refused:
    """Refuse by a rule; keyword arguments are the inputs that led to it."""
    return Refused(rule, code, inputs, facts, rules)


@dataclass(frozen=True, slots=True)
class Context:
    """What a decider may know beside the state: time, actor, the target, and the service's own other streams.

    `states` holds the folded states of the streams that the registry names for the command; `sources` maps a stream
    to its last event of each type, so that a check can name the events its inputs came from.
    """

    at: Instant
    actor: Actor
    stream: str
    id: str
    version: int
    command_id: str
    states: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Source]] = field(default_factory=dict)

    def source(self, stream: str, fact: type[AnyFact]) -> Source | None:
        """Where the stream's last event of this type stands."""
        return self.sources.get(stream, {}).get(fact.__name__)


States: TypeAlias = Mapping[str, Any]
Reads: TypeAlias = Callable[[Any, str, Any, States], Sequence[str]]
"""(command, target id, target state, states read so far) → own-service streams to read; asked until nothing new."""


def reads_nothing(_command: Command, _id: str, _state: object, _states: States) -> Sequence[str]:
    """For commands that are decided on their own stream alone."""
    return ()


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One row of the registry of commands: model, target kind, who may, and what else it reads.

    `creates`: the target stream need not exist. `records_past_act`: the body may say when it happened (`occurredAt`).
    `rules` lists the rule ids that can refuse it.
    """

    model: type[Command]
    kind: str
    roles: frozenset[Role]
    rules: tuple[str, ...]
    creates: bool = False
    records_past_act: bool = False
    reads: Reads = reads_nothing


@dataclass(frozen=True, slots=True)
class Issue:
    """A command that a reaction or a timer sends: target kind and uuid, and the command."""

    kind: str
    id: str
    command: Command

    @property
    def stream(self) -> str:
        """The target stream's name."""
        return stream_name(self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A fact of any service becomes commands of this one. `react(fact, source, state)` is pure.

    `reads` names the service's own stream whose folded state is handed in (None: no state is needed).
    """

    name: str
    on: type[AnyFact]
    react: Callable[[Any, Source, Any], Sequence[Issue]]
    reads: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class SetTimer:
    """At `due` send this command; a timer of the same id set earlier is replaced."""

    id: str
    due: Instant
    issue: Issue


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """The deadline no longer matters."""

    id: str


TimerChange: TypeAlias = SetTimer | CancelTimer


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the shell sees it: pure functions and one table of commands."""

    name: str
    commands: Mapping[type[Command], CommandSpec]
    initial: Callable[[str], Any]
    evolve: Callable[[Any, Any], Any]
    decide: Callable[[Any, Any, Context], Decision]
    refused_by_guard: Callable[[Any, Any, Context, str, str], tuple[AnyFact, ...]]
    reactions: tuple[Reaction, ...]
    timers: Callable[[AnyFact], Sequence[TimerChange]]
    rules: tuple[Rule, ...]


def derived_id(cause: str, purpose: str) -> str:
    """An identifier that follows from its cause (a uuid) and a purpose: uuid5, the same for ever."""
    return str(uuid5(UUID(cause), purpose))


def case_id(case: str, kind: str, ordinal: str | int) -> str:
    """The uuid of a claim, payment order, report or recovery of a case: uuid5(case, kind, ordinal)."""
    return derived_id(case, f"{kind}/{ordinal}")
