"""Synthetic signed logs, so that the proof is tested without the services that will use it.

Everything follows from a seed. The streams, types and rules are small, but every event is whole: canonical, chained,
signed by the owner of its stream, recorded in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from events import canonical
from events.envelope import GENESIS, Actor, Envelope, digest, to_bytes
from events.proof.keys import registration
from events.proof.signing import Signer
from events.store import Recorded
from events.times import instant

ORIGIN = "log.test.example/demo"
KINDS = {"application": "intake", "grant": "decision", "payment-order": "payment", "log": "log"}
SERVICES = ("log", "intake", "decision", "payment")
START = datetime(2021, 3, 11, 9, 0, tzinfo=UTC)


class KnownType(NamedTuple):
    """An event type as verification knows it."""

    kind: str
    schema_version: int


TYPES = {
    "KeyRegistered": KnownType("log", 1),
    "ApplicationSubmitted": KnownType("application", 2),
    "GrantDecided": KnownType("grant", 1),
    "PaymentOrdered": KnownType("payment-order", 1),
}
_TYPE_OF = {row.kind: name for name, row in TYPES.items()}


def at_most(params: Any, inputs: Any) -> tuple[str, str]:
    """A rule: the asked amount is not above the cap."""
    return ("pass", "within_cap") if inputs["asked_cents"] <= params["cap_cents"] else ("fail", "above_cap")


RULES = {("X1", 1): at_most}


def signers(tag: int = 0) -> dict[str, Signer]:
    """One key a service; another tag gives other keys."""
    return {name: Signer(name, bytes([tag, index]) * 16) for index, name in enumerate(SERVICES)}


def uuid(random: Random) -> str:
    """A uuid that looks like a version 7."""
    return str(UUID(int=random.getrandbits(128) & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62))


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has its place."""

    kind: str
    ident: str
    type: str
    data: dict[str, Any]
    command_id: str


class Forge:
    """Makes recorded events one after the other, `steps` microseconds apart (one of them by chance)."""

    steps: Sequence[int] = (0, 1, 250_000, 3_600_000_000)

    def __init__(self, seed: int = 0, keys: dict[str, Signer] | None = None, kinds: Mapping[str, str] = KINDS) -> None:
        self.random = Random(seed)
        self.keys = keys or signers()
        self.kinds = kinds
        self.made: list[Recorded] = []
        self._heads: dict[str, tuple[int, str]] = {}
        self._time = START

    def add(self, draft: Draft, **changes: Any) -> Recorded:
        """Record one event; `changes` replace fields of its envelope before it is signed."""
        stream = f"{draft.kind}-{draft.ident}"
        version, prev = self._heads.get(stream, (0, GENESIS))
        self._time += timedelta(microseconds=self.random.choice(self.steps))
        frame = Envelope(
            event_id=uuid(self.random),
            stream=stream,
            version=version + 1,
            type=draft.type,
            schema_version=1,
            occurred_at=instant(self._time),
            actor=Actor(role="case_handler", organisation="OVO000001", person="p-1"),
            on_behalf_of=None,
            correlation_id=draft.ident,
            causation_id=None,
            command_id=draft.command_id,
            rules=None,
            legal_basis=None,
            classification="disclosable",
            prev_hash=prev,
            data=msgspec.Raw(canonical.encode(draft.data)),
        )
        frame = msgspec.structs.replace(frame, **changes)
        signer = self.keys[self.kinds[draft.kind]]
        made = recorded(len(self.made) + 1, self._time, frame, signer)
        self._heads[stream] = (frame.version, digest(made.body))
        self.made.append(made)
        return made

    def log(self, events: int) -> list[Recorded]:
        """The keys first, then a mix of all kinds over a few streams, until there are so many events."""
        self.register(*self.keys.values())
        cases = [uuid(self.random) for _ in range(max(2, events // 8))]
        while len(self.made) < events:
            kind = self.random.choice(("application", "grant", "payment-order"))
            ident, command = self.random.choice(cases), uuid(self.random)
            for _ in range(self.random.choice((1, 1, 2))):
                self.add(Draft(kind, ident, _TYPE_OF[kind], self.data(kind), command))
        return self.made[:events]

    def register(self, *keys: Signer) -> None:
        """Register keys in the log's own stream."""
        ident = str(UUID(int=1))
        for key in keys:
            fact = registration(
                ORIGIN, key, instant(START - timedelta(days=90)), instant(START + timedelta(days=9_000))
            )
            data = msgspec.to_builtins(fact)
            self.add(Draft("log", ident, "KeyRegistered", data, uuid(self.random)))

    def data(self, kind: str) -> dict[str, Any]:
        """Some fields, for grants with a recorded check."""
        asked = self.random.randrange(1_000_000)
        plain = {"case": "c", "asked_cents": asked, "text": self.random.choice(("café", "wijk", 'een "naam", ja: 1.5'))}
        return plain | {"checks": [check(asked)]} if kind == "grant" else plain


def check(asked: int, **changes: Any) -> dict[str, Any]:
    """A recorded check as rule X1 answers it."""
    params, inputs = {"cap_cents": 500_000}, {"asked_cents": asked}
    outcome, code = at_most(params, inputs)
    made = {
        "rule": "X1",
        "version": 1,
        "params": params,
        "inputs": inputs,
        "source_events": [],
        "outcome": outcome,
        "code": code,
        "reason": {"nl": "bedrag", "en": "amount"},
    }
    return made | changes


def recorded(position: int, moment: datetime, frame: Envelope, signer: Signer) -> Recorded:
    """One event as the store gives it."""
    body = to_bytes(frame)
    return Recorded(
        position=position,
        recorded_at=moment,
        stream=frame.stream,
        version=frame.version,
        type=frame.type,
        schema_version=frame.schema_version,
        correlation_id=frame.correlation_id,
        body=body,
        key_id=signer.key_id,
        signature=signer.sign(body),
    )


class Shelf:
    """A log in memory, read as `EventStore.read_all` reads."""

    def __init__(self, events: Iterable[Recorded]) -> None:
        self.events = list(events)

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """Events after a position, by place in the list."""
        page = self.events[after_position : after_position + limit]
        return [event for event in page if types is None or event.type in types]


def moved(event: Recorded, position: int) -> Recorded:
    """The same event at another position."""
    return msgspec.structs.replace(event, position=position)
