"""Reading an event so that whatever is wrong with it has a name: the reasons for which it goes to the stuck list."""

from __future__ import annotations

from collections.abc import Callable

from events import codec
from events.catalog import FACT_TYPES
from events.codec import Event, UnknownEvent
from events.feed import Broken
from events.parking import Poison
from events.store import Recorded


def read(recorded: Recorded, decode: Callable[[Recorded], Event] = codec.read) -> Event:
    """The event; Poison with its reason if this program cannot read it, or if its columns and bytes disagree."""
    check(recorded)
    try:
        event = decode(recorded)
    except UnknownEvent as error:
        raise Poison("future-version", str(error)) from error
    except (ValueError, LookupError, TypeError) as error:
        raise Poison("undecodable", f"{type(error).__name__}: {error}") from error
    frame = event.envelope
    if (frame.stream, frame.version, frame.type) != (recorded.stream, recorded.version, recorded.type):
        raise Poison("undecodable", f"its bytes say {frame.stream}, version {frame.version}, {frame.type}")
    return event


def check(recorded: Recorded) -> None:
    """Poison for what can be seen without reading the bytes: a record that came broken, a type that nobody knows."""
    if isinstance(recorded, Broken):
        raise Poison("undecodable", recorded.reason)
    if not recorded.type:
        raise Poison("undecodable", "its record could not be read, and the store has no such event")
    if recorded.type not in FACT_TYPES:
        raise Poison("unknown-type", f"event type {recorded.type} is not known here: upgrade")
