"""What a play is made of: steps in time, each one command by somebody, as it would come over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from events import times
from events.envelope import Actor
from events.times import Instant


def ident(*parts: str) -> str:
    """An identifier of the play: the same name gives the same uuid."""
    return str(uuid5(NAMESPACE_URL, "urn:wijkspoor:story:" + "/".join(parts)))


@dataclass(frozen=True, slots=True)
class Step:
    """At this instant this actor sends this command; `body` is its JSON. `refused`: the play expects a refusal."""

    at: Instant
    actor: Actor
    service: str
    kind: str
    id: str
    command: str
    body: dict[str, Any]
    scene: str
    refused: bool = False

    @property
    def command_id(self) -> str:
        """The idempotency key: playing again changes nothing. Version 8, for HTTP keeps version 5 to reactions."""
        derived = ident("step", self.at, self.kind, self.id, self.command, self.actor.person)
        return f"{derived[:14]}8{derived[15:]}"

    def json(self) -> bytes:
        """The body as it goes over the wire."""
        return json.dumps(self.body, ensure_ascii=False).encode()


@dataclass
class Script:
    """Steps in the order in which they are sent; the clock never goes back."""

    data: dict[str, Any]
    steps: list[Step] = field(default_factory=list)
    scene: str = ""
    successors: dict[str, str] = field(default_factory=dict)
    _now: Instant = ""

    def at(self, local: str, *, plus_minutes: int = 0) -> None:
        """Go to a local time in Brussels, or some minutes after it."""
        base = times.moment(times.deadline(local).utc)
        self._now = max(self._now, times.instant(base + timedelta(minutes=plus_minutes)))

    def send(self, by: Actor, target: str, command: str, refused: bool = False, /, **body: Any) -> None:
        """Add a step; `target` is `service/kind/uuid`, the body's names are lowerCamelCase already."""
        service, kind, id_ = target.split("/")
        self.steps.append(Step(self._now, by, service, kind, id_, command, body, self.scene, refused))

    @property
    def criteria(self) -> list[str]:
        """The codes of the call's criteria."""
        return [str(row["code"]) for row in load("calls/2021.json")["criteria"]]

    @property
    def today(self) -> str:
        """The day of the next step, in Brussels."""
        return times.day_of(self._now)

    @property
    def call(self) -> str:
        """The call's uuid."""
        return ident("call", self.data["call"]["key"])

    def case(self, key: str) -> str:
        """The case of an applicant."""
        return ident("case", self.data["call"]["key"], key)

    def party(self, key: str) -> dict[str, Any]:
        """An applicant as an organisation."""
        row = next(row for row in self.data["applicants"] if row["key"] == key)
        return {name: row[name] for name in ("ovo", "kbo", "name", "nis")}

    def official(self, role: str, name: str) -> Actor:
        """Somebody of the agency."""
        return Actor(role=role, organisation=self.data["agency"]["ovo"], person=ident("person", name))

    def applicant(self, key: str) -> Actor:
        """Somebody of a local authority, or of its legal successor once there is one."""
        organisation = self.successors.get(key, self.party(key)["ovo"])
        return Actor(role="applicant", organisation=organisation, person=ident("person", "applicant", key))


def written(text: str, language: str = "nl") -> dict[str, str]:
    """Free text as a person wrote it."""
    return {"language": language, "text": text}


def load(name: str) -> dict[str, Any]:
    """A data file of the play, or a terms file of intake."""
    package = "services.intake" if name.startswith("calls/") else "services.story"
    value: dict[str, Any] = json.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    return value
