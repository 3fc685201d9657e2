"""Streams that commands only read, folded, as they last stood: a call is read by every command on its cases.

They may have moved on since. That does no harm to what is recorded, for the append is guarded by their versions
(`Unchanged`); whatever else comes of a decision that used one is decided again on what stands there now.
"""

from __future__ import annotations

from collections import OrderedDict

from services.loading import Loaded

MOST = 128
"""Streams kept: those that are read again soon; a state is some tens of kilobytes."""


class Seen:
    """The streams last read, by service: each folds another state from the same facts."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Loaded] = OrderedDict()

    def get(self, service: str, stream: str) -> Loaded | None:
        """How the stream stood, if it is still known."""
        found = self._kept.get((service, stream))
        if found is not None:
            self._kept.move_to_end((service, stream))
        return found

    def keep(self, service: str, loaded: Loaded) -> None:
        """Remember a stream as it was just read."""
        self._kept[service, loaded.stream] = loaded
        self._kept.move_to_end((service, loaded.stream))
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def forget(self, service: str, stream: str) -> None:
        """The service wrote to it: it stands otherwise now."""
        self._kept.pop((service, stream), None)

    def clear(self) -> None:
        """Whatever was read may be another log's by now."""
        self._kept.clear()
