"""Events as `services/handle` makes them: canonical bytes, chained by SHA-256, signed by Ed25519; about 600 bytes."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import uuid_utils

from events import codec, envelope
from events.catalog import FACT_TYPES, KINDS, LEGAL_BASIS, AnyFact
from events.envelope import GENESIS, Actor, Envelope
from events.ledger import transfers_of
from events.proof.signing import Signer
from events.store import AppendRequest, Prepared
from services.answers import EventRef

ACTOR = Actor(role="financial_officer", organisation="OVO900001", person="5b6e9a0c-3d55-4f0e-9c6f-9a8f0b1c2d3e")
AT = "2023-05-04T08:30:00.000000Z"
SECRET = b"a key of the vault, 32 bytes too"

_signers = {
    service: Signer(service, bytes([number]) * 32) for number, service in enumerate(sorted(set(KINDS.values())))
}


class _Answer(msgspec.Struct):
    events: list[EventRef]
    refusal: None = None


def fresh() -> str:
    """An identifier that nothing has yet."""
    return str(uuid4())


class Author:
    """Writes one stream: every request continues the chain of the one before."""

    def __init__(self, kind: str, ident: str) -> None:
        self.stream = f"{kind}-{ident}"
        self.version = 0
        self._prev = GENESIS
        self._signer = _signers[KINDS[kind]]

    def request(self, facts: Sequence[AnyFact], *, signed: bool = True, moves: bool = True) -> AppendRequest:
        """One command's effect, made as the shell makes it. `signed=False` leaves the signature out and `moves=False`
        the money, for logs that only a fold will read."""
        command_id, before = fresh(), self.version
        events = [self._prepared(fact, command_id, signed=signed) for fact in facts]
        refs = [
            EventRef(event_id=event.event_id, type=event.type, version=version)
            for version, event in enumerate(events, before + 1)
        ]
        return AppendRequest(
            stream=self.stream,
            expected_version=before,
            events=events,
            command_id=command_id,
            content_hash=hmac.digest(SECRET, events[0].body, "sha256"),
            answer=msgspec.json.encode(_Answer(refs)).decode(),
            transfers=[transfer for fact in facts for transfer in transfers_of(fact)] if moves else (),
        )

    def _prepared(self, fact: AnyFact, command_id: str, *, signed: bool) -> Prepared:
        self.version += 1
        frame = self._frame(fact, command_id)
        body = envelope.to_bytes(frame)
        self._prev = envelope.digest(body)
        return Prepared(
            event_id=frame.event_id,
            type=frame.type,
            schema_version=frame.schema_version,
            correlation_id=frame.correlation_id,
            body=body,
            key_id=self._signer.key_id,
            signature=self._signer.sign(body) if signed else bytes(64),
        )

    def _frame(self, fact: AnyFact, command_id: str) -> Envelope:
        row = codec.row_of(fact)
        return Envelope(
            event_id=str(uuid_utils.uuid7()),
            stream=self.stream,
            version=self.version,
            type=type(fact).__name__,
            schema_version=row.schema_version,
            occurred_at=AT,
            actor=ACTOR,
            on_behalf_of=None,
            correlation_id=getattr(fact, "case", None) or getattr(fact, "call"),  # noqa: B009 -- a house fact has neither, and is not made here
            causation_id=None,
            command_id=command_id,
            rules=None,
            legal_basis=LEGAL_BASIS.get(type(fact)),
            classification=row.classification,
            prev_hash=self._prev,
            data=codec.data_of(fact),
        )


def golden(name: str, **changes: Any) -> Any:
    """A real fact, as the tests keep one of each; `changes` replace fields of it."""
    return msgspec.structs.replace(_golden(name), **changes)


@cache
def _golden(name: str) -> Any:
    row = FACT_TYPES[name]
    path = Path(__file__).parents[1] / "golden" / "facts" / f"{name}.v{row.schema_version}.json"
    return msgspec.json.decode(path.read_bytes(), type=row.model)
