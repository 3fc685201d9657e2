"""The port of a whole history: every event of a log from its first on, to be read more than once, from elsewhere than
its store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeAlias

from events.store import Appended, AppendRequest, Duplicate, Outcome, Recorded

Lack: TypeAlias = Literal["hole", "not-canonical"]


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read as an event: where the log has it (None: unknown), and why, in words."""

    kind: Lack
    position: int | None
    detail: str


class Former(NamedTuple):
    """One command as it was: the position of its first event, when it was recorded, and what it asked."""

    first: int
    recorded_at: datetime
    request: AppendRequest

    def stands(self, outcome: Outcome) -> bool:
        """Whether the outcome says that the command is in the log, where it was."""
        return isinstance(outcome, Appended | Duplicate) and outcome.record.first_position == self.first


class History(Protocol):
    """A log that can be read from its beginning to where it ended when it was first asked."""

    async def house(self) -> Sequence[Recorded]:
        """The events of the log's own streams, in order: they register the keys that signed all others."""

    def pages(self) -> AsyncGenerator[Sequence[Recorded], None]:
        """Every event in the order of the log, a page at a time; it ends before a position that is not there.

        Each call reads the same history from its beginning; one at a time.
        """

    @property
    def unread(self) -> Sequence[Unread]:
        """What the last reading to the end met that is no event, and the hole before which it ended."""
