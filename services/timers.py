"""Deadlines are rows and act by themselves: set by facts, fired when due, once each.

A timer's command id follows from the event that set it and the timer's name, so firing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from events import codec
from events.catalog import FACT_TYPES, split_stream
from events.store import Recorded
from events.timers import TimerRow, TimerStore
from services.clock import Clock
from services.deciding import CancelTimer, Issue, Service, SetTimer
from services.reacting import Sender


class TimerSink:
    """Folds the facts of all services into deadlines (`events.consumer.Sink`)."""

    name = "timers"

    def __init__(self, services: Mapping[str, Service], store: TimerStore) -> None:
        self._services = services
        self._store = store
        self._place = 0

    async def place(self) -> int:
        """The last position whose deadlines are set."""
        self._place = await self._store.place()
        return self._place

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """Set and cancel what the batch says; the last word on a timer counts."""
        rows: dict[str, TimerRow] = {}
        cancelled: set[str] = set()
        for recorded in batch:
            event = codec.read(recorded)
            service = self._services.get(FACT_TYPES[recorded.type].service)
            for change in service.timers(event.fact) if service else ():
                match change:
                    case SetTimer():
                        rows[change.id] = _row(change, service.name if service else "", event.envelope.event_id)
                        cancelled.discard(change.id)
                    case CancelTimer(id=timer_id):
                        rows.pop(timer_id, None)
                        cancelled.add(timer_id)
        position = batch[-1].position
        await self._store.change(self._place, position, list(rows.values()), sorted(cancelled))
        self._place = position


class Alarm:
    """Fires what is due."""

    def __init__(self, services: Mapping[str, Service], store: TimerStore, sender: Sender, clock: Clock) -> None:
        self._services = services
        self._store = store
        self._sender = sender
        self._clock = clock

    async def fire_due(self) -> int:
        """Send the commands of all deadlines due by now, in order; how many were sent."""
        due = await self._store.due(self._clock.now())
        for row in due:
            await self._sender.send(row.service, self._issue(row), timer_command_id(row), row.cause, row.timer_id)
            await self._store.fired(row)
        return len(due)

    def _issue(self, row: TimerRow) -> Issue:
        kind, ident = split_stream(row.stream)
        models = {model.command_name: model for model in self._services[row.service].commands}
        return Issue(kind, ident, models[row.command].model_validate_json(row.body))


def timer_command_id(row: TimerRow) -> str:
    """The command id of a firing: the same event and timer give the same id."""
    return str(uuid5(UUID(row.cause), f"timer/{row.timer_id}/{row.command}"))


def _row(change: SetTimer, service: str, cause: str) -> TimerRow:
    return TimerRow(
        timer_id=change.id,
        due=change.due,
        service=service,
        stream=change.issue.stream,
        command=change.issue.command.command_name,
        body=change.issue.command.model_dump_json(by_alias=True).encode(),
        cause=cause,
    )
