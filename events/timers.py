"""The port of timers: deadlines as rows that act by themselves when they are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from events.times import Instant


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A deadline and the command it sends: `stream` is the target, `command` the kebab-case name, `body` its JSON.

    `cause` is the event that set it; `case` is for people.
    """

    timer_id: str
    due: Instant
    service: str
    stream: str
    command: str
    body: bytes
    cause: str


class TimerStore(Protocol):
    """Rows of deadlines, kept with the place of the consumer that sets them."""

    async def place(self) -> int:
        """The last position whose deadlines are set."""

    async def change(self, expected: int, position: int, rows: Sequence[TimerRow], cancelled: Sequence[str]) -> None:
        """Set and cancel deadlines and move the place, in one transaction; `events.consumer.Fenced` if superseded.

        A row set again replaces the one of the same id; if its due instant or cause changed it counts as not fired.
        """

    async def due(self, now: Instant) -> Sequence[TimerRow]:
        """Deadlines that are due at `now` and have not fired, earliest first, then by id."""

    async def next_due(self) -> Instant | None:
        """When the next deadline that has not fired is due."""

    async def fired(self, row: TimerRow) -> None:
        """The deadline's command was handled; it will not be due again unless it is set again."""
