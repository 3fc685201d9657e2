"""Verification of a log that is no folder: the same walk over the same lines, with the keys that the log registered.

There is no manifest and no checkpoint to hold it against, so a missing end shows only to whoever knows where it ended.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

import msgspec

from events.catalog import KINDS
from events.envelope import from_bytes
from events.history import History
from events.log import KeyRegistered
from events.proof.keys import Keyring, PublicKey, registered
from events.proof.signing import key_id
from events.store import Recorded
from events.times import instant
from projections.audit import places
from projections.audit.findings import Faults, Sign
from projections.audit.format import Line, LineSignature
from projections.audit.replay import Rules
from projections.audit.verify import Level, LogHead, Report, public_key_of, trusted_keys
from projections.audit.walk import Knowledge, KnownType, Walk

_fact = msgspec.json.Decoder(KeyRegistered)

NO_ANCHOR = "The keys were taken from the log itself; give the log's key to prove whose log this is."


async def verify_history(
    history: History,
    *,
    level: Level = "full",
    types: Mapping[str, KnownType] | None = None,
    rules: Rules | None = None,
    log_key: str | None = None,
    workers: int | None = None,
) -> Report:
    """Check every event as an export's are checked; the arguments are those of `verify`. The level `chain` looks at no
    signature, so a `log_key` says nothing there. ValueError if `log_key` is no key, and what the history raises."""
    workers = workers or len(os.sched_getaffinity(0))
    anchor = public_key_of(log_key) if log_key else None
    faults = Faults()
    keys = keys_of(await history.house(), faults)
    with ThreadPoolExecutor(workers) as pool:
        knowledge = Knowledge(Keyring(keys, KINDS), types, rules) if level == "full" else None
        walk = Walk(faults, knowledge, (), pool, workers)
        async with aclosing(history.pages()) as pages:
            async for page in pages:
                walk.lines([_line(event) for event in page])
        walk.settle()
    for lack in history.unread:
        faults.at(Sign(lack.kind, lack.detail, lack.position))
    places.judge(faults, walk.positions, max(walk.positions, default=0))
    if level == "full":
        _origin(faults, walk)
        if anchor is not None:
            _anchor(faults, walk, keys, anchor)
    findings = faults.findings()
    origin = next(iter(walk.registered.origins), None)
    head = LogHead(walk.frontier.size, walk.frontier.root().hex(), walk.recorded_at or None)
    notes = [] if anchor is not None else [NO_ANCHOR]
    return Report(not findings, level, origin, len(walk.positions), head, findings, notes)


def keys_of(house: Iterable[Recorded], faults: Faults) -> list[PublicKey]:
    """The keys that the log's own streams register, each as last registered; what is no key is a fault."""
    keys: dict[str, PublicKey] = {}
    for event in house:
        if event.type != "KeyRegistered":
            continue
        try:
            key = registered(_fact.decode(from_bytes(event.body).data))
            key.raw()
        except ValueError as error:
            faults.at(Sign("wrong-key", f"not a key: {error}", event.position, event.stream))
        else:
            keys[key.key_id] = key
    return list(keys.values())


def _line(event: Recorded) -> Line:
    return Line(
        position=event.position,
        recorded_at=instant(event.recorded_at),
        envelope=event.body,
        signatures=[LineSignature(key_id=event.key_id, sig=event.signature)],
    )


def _origin(faults: Faults, walk: Walk) -> None:
    if len(walk.registered.origins) > 1:
        names: Sequence[str] = sorted(walk.registered.origins)
        faults.anywhere(Sign("wrong-key", f"keys are registered for more than one log: {', '.join(names)}"))


def _anchor(faults: Faults, walk: Walk, keys: Sequence[PublicKey], anchor: bytes) -> None:
    """Every key must be registered by the auditor's, or by one in a row of the log's keys that begins there."""
    trusted = trusted_keys(anchor, keys, walk.registered)
    strange = [name for name, signers in walk.registered.signers.items() if not signers & trusted]
    if strange or not trusted:
        names = ", ".join(strange) or "the log's keys"
        faults.anywhere(Sign("wrong-key", f"{names}: not registered by {key_id('log', anchor)}, nor by a key it did"))
