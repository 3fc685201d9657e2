"""Two plays of one story, compared stream by stream: versions, types and opened data (decisions.md 20).

Identifiers and positions of events differ between plays, because reactions of different services run side by side.
Where a fact names another event, the comparison says which stream and version that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from events import codec
from events.codec import Event
from events.sealing import subjects_of, unseal
from events.store import EventStore, Recorded
from events.vault import Vault

type_and_data = tuple[str, Any]


async def whole_log(store: EventStore) -> list[Recorded]:
    """Every event, in order."""
    found: list[Recorded] = []
    while page := await store.read_all(len(found), limit=5_000):
        found.extend(page)
    return found


async def content(store: EventStore, vault: Vault) -> Mapping[str, list[type_and_data]]:
    """Stream → what it says, version by version, with personal data opened. House streams are left out."""
    events = [codec.read(recorded) for recorded in await whole_log(store)]
    subjects = sorted(set().union(*(subjects_of(event.fact) for event in events)) or ())
    keys = await vault.keys(subjects, create=False)
    names = {event.envelope.event_id: f"{event.envelope.stream}@{event.envelope.version}" for event in events}
    told: dict[str, list[type_and_data]] = {}
    for event in events:
        if event.envelope.type != "KeyRegistered":
            told.setdefault(event.envelope.stream, []).append(_told(event, keys, names))
    return told


def _told(event: Event, keys: Mapping[str, bytes], names: Mapping[str, str]) -> type_and_data:
    fact = unseal(event.fact, keys, event.envelope.command_id)
    actor = msgspec.to_builtins(event.envelope.actor)
    data = {"data": msgspec.to_builtins(fact), "actor": actor, "occurred_at": event.envelope.occurred_at}
    return event.envelope.type, _neutral(data, names)


def _neutral(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case {"event_id": str(event_id), "position": int()}:
            return {"event": names.get(event_id, event_id)}
        case dict():
            return {key: _neutral(item, names) for key, item in value.items()}
        case list():
            return [_neutral(item, names) for item in value]
        case str():
            return names.get(value, value)
        case _:
            return value


def difference(one: Mapping[str, Sequence[type_and_data]], other: Mapping[str, Sequence[type_and_data]]) -> str | None:
    """The first place where two plays differ, in words; None when they tell the same."""
    if missing := sorted(one.keys() ^ other.keys()):
        return f"only one play has {_list(missing)}"
    for stream in sorted(one):
        for version, (left, right) in enumerate(zip(one[stream], other[stream], strict=False), 1):
            if left != right:
                return f"{stream}@{version}: {left} is not {right}"
        if len(one[stream]) != len(other[stream]):
            return f"{stream} has {len(one[stream])} versions in one play and {len(other[stream])} in the other"
    return None


def _list(items: Iterable[str]) -> str:
    return ", ".join(items)
