"""The log against itself and against what clients heard: nothing lost, nothing invented, no hole, no effect twice.

It looks at one event after the other, so that a log of a million is no more trouble than one of ten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

import msgspec

from events.envelope import GENESIS
from events.store import CommandRecord, Recorded
from events.times import instant
from tests.soak.history import Acknowledged, Finding


class Frame(msgspec.Struct, frozen=True, gc=False):
    """The fields of the envelope that order and origin rest on."""

    event_id: str
    command_id: str
    stream: str
    version: int
    type: str
    prev_hash: str


frame_of = msgspec.json.Decoder(Frame).decode


def fingerprint(event: Recorded) -> bytes:
    """Everything of an event, place and time of recording too, in 32 bytes."""
    told = (event.position, instant(event.recorded_at), event.stream, event.version, event.type, event.schema_version)
    return sha256(repr((told, event.correlation_id, event.key_id)).encode() + event.signature + event.body).digest()


@dataclass(slots=True)
class Effect:
    """What one command left in the log: first and last position, and the stream's version after it."""

    stream: str
    first: int
    position: int
    version: int


@dataclass
class LogCheck:
    """Takes the log event by event; `findings` is what is wrong with it by itself."""

    findings: list[Finding] = field(default_factory=list)
    prints: list[bytes] = field(default_factory=list)
    effects: dict[str, Effect] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _streams: dict[str, tuple[int, str]] = field(default_factory=dict)
    _latest: datetime | None = None

    @property
    def events(self) -> int:
        """How many were taken."""
        return len(self.prints)

    def take(self, log: Iterable[Recorded]) -> None:
        """Look at more of the log."""
        for event in log:
            self._place(event)
            frame = frame_of(event.body)
            self._chain(event, frame)
            self._effect(event, frame)
            self.prints.append(fingerprint(event))

    def _place(self, event: Recorded) -> None:
        if event.position != len(self.prints) + 1:
            self._found("hole", f"{event.position} where {len(self.prints) + 1} should be")
        if self._latest is not None and event.recorded_at < self._latest:
            self._found("time-reversed", f"{event.position} was recorded at {event.recorded_at}, after {self._latest}")
        self._latest = event.recorded_at

    def _chain(self, event: Recorded, frame: Frame) -> None:
        version, before = self._streams.get(event.stream, (0, GENESIS))
        if (event.stream, event.version, event.type) != (frame.stream, frame.version, frame.type):
            self._found("altered", f"{event.position} is filed as what it is not")
        if event.version != version + 1:
            self._found("versions", f"{event.stream} goes from {version} to {event.version} at {event.position}")
        if frame.prev_hash != before:
            self._found("broken-chain", f"{event.stream}@{event.version} at {event.position}")
        self._streams[event.stream] = event.version, sha256(event.body).hexdigest()

    def _effect(self, event: Recorded, frame: Frame) -> None:
        if frame.event_id in self._ids:
            self._found("twice", f"event {frame.event_id} at {event.position}")
        self._ids.add(frame.event_id)
        effect = self.effects.get(frame.command_id)
        if effect is None:
            self.effects[frame.command_id] = Effect(event.stream, event.position, event.position, event.version)
        elif (effect.stream, effect.position + 1) != (event.stream, event.position):
            self._found("twice", f"command {frame.command_id} at {effect.position} and again at {event.position}")
        else:
            effect.position, effect.version = event.position, event.version

    def _found(self, kind: str, detail: str) -> None:
        self.findings.append(Finding(kind, detail))


def heard(check: LogCheck, acknowledged: Iterable[Acknowledged]) -> list[Finding]:
    """What clients were told and the log does not have, or has elsewhere. An answer without events is not about it."""
    found = []
    for one in acknowledged:
        effect = check.effects.get(one.command_id)
        if effect is None:
            found.append(Finding("lost", f"{one.command_id} was acknowledged at {one.position}"))
        elif (effect.stream, effect.version, effect.position) != (one.stream, one.version, one.position):
            found.append(Finding("moved", f"{one.command_id} was acknowledged as {one} and stands as {effect}"))
    return found


def two_answers(acknowledged: Iterable[Acknowledged]) -> list[Finding]:
    """Commands that were answered in two ways."""
    first: dict[str, Acknowledged] = {}
    return [
        Finding("two-answers", f"{one.command_id}: {first[one.command_id]} and {one}")
        for one in acknowledged
        if first.setdefault(one.command_id, one) != one
    ]


def remembered(check: LogCheck, records: Iterable[CommandRecord]) -> list[Finding]:
    """Commands that the store remembers otherwise than the log has them."""
    found, known = [], set()
    for record in records:
        known.add(record.command_id)
        effect = check.effects.get(record.command_id)
        there = (effect.first, effect.stream, effect.version) if effect else None
        if there != ((record.first_position, record.stream, record.version) if record.count else None):
            found.append(Finding("forgotten", f"{record.command_id} is remembered as {record}, the log has {effect}"))
    found += [Finding("forgotten", f"nobody remembers {name}") for name in check.effects if name not in known]
    return found
