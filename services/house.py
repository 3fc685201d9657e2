"""What the log says about itself: its origin and the public keys of the services, from the first event on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from events import codec, envelope
from events.catalog import stream_name
from events.envelope import GENESIS, Actor, Envelope
from events.log import KeyRegistered
from events.proof.keys import registration
from events.proof.signing import Signer
from events.store import AppendRequest, EventStore, Prepared
from events.times import Instant
from services.settings import DEMO_SUFFIX

FIRST_DAY = "2021-01-01T00:00:00.000000Z"
"""From when the keys of a demo log count, and where its clock begins (decisions.md 9)."""


class ForeignKeys(Exception):
    """The keys in the data folder are not the ones that this log registered; the message says what to do."""


@dataclass(frozen=True, slots=True)
class LogInfo:
    """The log's name, for ever, and whether the story drives its clock."""

    origin: str

    @property
    def demo(self) -> bool:
        """Whether this is a demo's log."""
        return self.origin.endswith(DEMO_SUFFIX)


async def read(store: EventStore) -> LogInfo | None:
    """What the first event says; None for an empty log."""
    first = await store.read_all(0, limit=1)
    if not first:
        return None
    fact = codec.read(first[0]).fact
    if not isinstance(fact, KeyRegistered):
        raise ForeignKeys("The log does not begin with the registration of its keys: it was not made by this program.")
    return LogInfo(fact.origin)


async def found(
    store: EventStore, signers: Mapping[str, Signer], origin: str, now: Instant, new_id: Callable[[], str]
) -> LogInfo:
    """Begin an empty log by registering every service's key, signed by the log's own; the keys count from `now`."""
    stream = stream_name("log", str(uuid5(NAMESPACE_URL, f"urn:wijkspoor:log:{origin}")))
    command_id = str(uuid5(NAMESPACE_URL, f"urn:wijkspoor:log:{origin}/found"))
    events, prev_hash = [], GENESIS
    # The log's own key first: it is the anchor under which the others are read.
    for version, service in enumerate(sorted(signers, key=lambda name: (name != "log", name)), 1):
        fact = registration(origin, signers[service], now)
        frame = _frame(fact, stream, version, prev_hash, command_id, new_id(), now)
        body = envelope.to_bytes(frame)
        prev_hash = envelope.digest(body)
        events.append(
            Prepared(
                event_id=frame.event_id,
                type=frame.type,
                schema_version=frame.schema_version,
                correlation_id=frame.correlation_id,
                body=body,
                key_id=signers["log"].key_id,
                signature=signers["log"].sign(body),
            )
        )
    await store.append(AppendRequest(stream=stream, expected_version=0, events=events, command_id=command_id))
    return LogInfo(origin)


async def check_keys(store: EventStore, signers: Mapping[str, Signer]) -> None:
    """ForeignKeys unless the log registered the keys we would sign with."""
    known = set()
    for recorded in await store.read_all(0, types=["KeyRegistered"]):
        fact = codec.read(recorded).fact
        if isinstance(fact, KeyRegistered):
            known.add(fact.key_id)
    if missing := [signer.key_id for signer in signers.values() if signer.key_id not in known]:
        raise ForeignKeys(
            f"The log does not know the key {missing[0]}: put the keys folder of this log back beside its database."
        )


def _frame(
    fact: KeyRegistered, stream: str, version: int, prev_hash: str, command_id: str, event_id: str, now: Instant
) -> Envelope:
    row = codec.row_of(fact)
    return Envelope(
        event_id=event_id,
        stream=stream,
        version=version,
        type="KeyRegistered",
        schema_version=row.schema_version,
        occurred_at=now,
        actor=Actor(role="service", organisation="OVO000000", person="service:log"),
        on_behalf_of=None,
        correlation_id=stream[-36:],
        causation_id=None,
        command_id=command_id,
        rules=None,
        legal_basis=None,
        classification=row.classification,
        prev_hash=prev_hash,
        data=codec.data_of(fact),
    )
