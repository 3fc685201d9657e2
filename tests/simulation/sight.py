"""What those who walk about can see: every stream as its service folds it, the time, and what chance offers them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from events import codec
from events.catalog import KINDS, split_stream, stream_name
from events.envelope import Actor
from events.store import Recorded
from events.times import Instant, day_of, instant, moment
from events.vocabulary import Party
from services.deciding import CommandSpec, Service, case_id
from services.fields import Command
from services.registry import SERVICES
from tests.simulation.actors import Dice, authority

SPECS: dict[type[Command], tuple[Service, CommandSpec]] = {
    model: (service, spec) for service in SERVICES.values() for model, spec in service.commands.items()
}
"""Command → its service and its row in the registry."""


@dataclass(frozen=True)
class Move:
    """Somebody wants something: a command on a stream, in this actor's name."""

    id: str
    command: Command
    actor: Actor

    @property
    def service(self) -> Service:
        """The service that decides on it."""
        return SPECS[type(self.command)][0]

    @property
    def spec(self) -> CommandSpec:
        """Its row in the registry."""
        return SPECS[type(self.command)][1]

    def __str__(self) -> str:
        return f"{self.actor.role} {self.actor.person[-4:]}: {self.command!r} on {self.spec.kind}-{self.id}"


@dataclass
class Sight:
    """Grows with the log. `counts` is how many events of each type there are; `supplements` the cases of which one was
    asked for or came after what eligibility concluded last."""

    states: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    supplements: dict[str, Literal["asked", "came"]] = field(default_factory=dict)

    def take(self, recorded: Recorded) -> None:
        """One more event."""
        kind, ident = split_stream(recorded.stream)
        self.counts[recorded.type] += 1
        if KINDS[kind] in SERVICES:
            service = SERVICES[KINDS[kind]]
            self.states[recorded.stream] = service.evolve(self.state(kind, ident), codec.read(recorded).fact)
        if kind in ("application", "assessment"):
            self._supplements(recorded.type, ident)

    def _supplements(self, name: str, case: str) -> None:
        concluded = self.state("assessment", case).status in ("inadmissible", "eligible", "ineligible")
        if name in ("CompletionRequested", "ApplicationReopened") and concluded:
            self.supplements.setdefault(case, "asked")
        elif name in ("CompletionSupplied", "DossierSupplemented") and concluded:
            self.supplements[case] = "came"
        elif name.startswith(("Declared", "AssessmentRevised")) or (
            name == "CompletionTermLapsed" and self.supplements.get(case) == "asked"
        ):
            self.supplements.pop(case, None)

    def state(self, kind: str, ident: str) -> Any:
        """A stream's state; its first one where nothing has happened."""
        known = self.states.get(stream_name(kind, ident))
        return SERVICES[KINDS[kind]].initial(kind) if known is None else known

    def all(self, kind: str) -> dict[str, Any]:
        """Every stream of a kind by its uuid."""
        found = ((split_stream(stream), state) for stream, state in self.states.items())
        return {ident: state for (one, ident), state in found if one == kind}


@dataclass
class Scene:
    """One moment of the walk, as somebody sees it who is about to act."""

    sight: Sight
    dice: Dice
    now: Instant
    step: int

    @property
    def today(self) -> str:
        """The day in Brussels."""
        return day_of(self.now)

    def day(self, days: int) -> str:
        """A day so many days from now."""
        return day_of(instant(moment(self.now) + timedelta(days=days)))

    def name(self, what: str) -> str:
        """A reference that nobody used before, or (sometimes) one of a while ago."""
        return f"{what} {self.step if self.dice.often(90) else self.step // 50}"

    def of(self, kind: str, ident: str) -> Any:
        """A stream's state."""
        return self.sight.state(kind, ident)

    def part(self, case: str, kind: str, ordinal: str | int) -> tuple[str, Any]:
        """The uuid and the state of a claim, order, report or recovery of a case."""
        ident = case_id(case, kind, ordinal)
        return ident, self.of(kind, ident)

    def applicant(self, case: str) -> Actor:
        """Who speaks for the case now: the applicant, or its successor."""
        contract = self.of("contract", case)
        if contract.status != "none":
            return authority(contract.beneficiary(self.now))
        application: Party | None = self.of("application", case).applicant
        assert application is not None, "a case without an applicant"
        return authority(application)

    def call_of(self, case: str) -> str:
        """The call of a case."""
        return str(self.of("application", case).call)
