"""An exported log as plain values. Whether its bytes are whole is another question (`wijkspoor verify`)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Data = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One event: where it stands, who did it when, and what it says. `case` is empty for what concerns a call."""

    position: int
    stream: str
    version: int
    type: str
    at: str
    role: str
    organisation: str
    person: str
    data: Data

    @property
    def call(self) -> str:
        """The call it belongs to; empty for the house's own."""
        return str(self.data.get("call", ""))

    @property
    def case(self) -> str:
        """The case it is about."""
        return str(self.data.get("case", ""))


@dataclass(frozen=True)
class Finding:
    """Something that may not be: the rule's id in domain.md §6, where, in which case or call, and what."""

    rule: str
    position: int
    about: str
    detail: str


def read(folder: Path) -> Iterator[Event]:
    """Every event of an export, in its order."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        with (folder / file["name"]).open(encoding="utf-8") as lines:
            for line in lines:
                one = json.loads(line)
                yield event(one["position"], base64.b64decode(one["envelope"], validate=True))


def event(position: int, envelope: bytes) -> Event:
    """One event from its envelope's bytes."""
    frame = json.loads(envelope)
    actor = frame["actor"]
    return Event(
        position=position,
        stream=frame["stream"],
        version=frame["version"],
        type=frame["type"],
        at=frame["occurred_at"],
        role=actor["role"],
        organisation=actor["organisation"],
        person=actor["person"],
        data=frame["data"],
    )


def of_type(events: Iterable[Event], *names: str) -> Iterator[Event]:
    """Those of these types."""
    return (one for one in events if one.type in names)


def utc_of(deadline: Data) -> str:
    """The instant of a local date-time in its zone, worked out anew; the later one in an hour that occurs twice."""
    wall = datetime.strptime(deadline["local"], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=ZoneInfo(deadline["zone"]), fold=1)
    return wall.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
