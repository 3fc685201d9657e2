"""Deadlines are rows and act by themselves: set by facts, fired when due, once each.

A timer's command id follows from the event that set it and the timer's name, so firing twice changes nothing. An event
that cannot be digested is set aside with its stream; a stream's deadlines are its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from events import codec
from events.catalog import FACT_TYPES, split_stream
from events.parking import Parking, Poison
from events.poison import read
from events.store import EventStore, Recorded
from events.timers import TimerRow, TimerStore
from services.clock import Clock
from services.deciding import CancelTimer, Issue, Service, SetTimer
from services.parking import Guard
from services.proving import Proof
from services.reacting import Sender


class TimerSink:
    """Folds the facts of all services into deadlines (`events.consumer.Sink`).

    With `parking` and the `log` an event that cannot be digested is set aside, without them it is raised. `proof` looks
    at each event that sets or cancels something.
    """

    name = "timers"

    def __init__(
        self,
        services: Mapping[str, Service],
        store: TimerStore,
        *,
        parking: Parking | None = None,
        log: EventStore | None = None,
        proof: Proof | None = None,
    ) -> None:
        self._services = services
        self._store = store
        self._guard = Guard(self.name, parking, log) if parking is not None and log is not None else None
        self._proof = proof
        self._one = asyncio.Lock()
        self._place = 0

    async def place(self) -> int:
        """The last position whose deadlines are set."""
        self._place = await self._store.place()
        if self._guard is not None:
            await self._guard.begin()
        return self._place

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """Set and cancel what the batch says; the last word on a timer counts."""
        async with self._one:
            changes = _Changes()

            async def note(recorded: Recorded) -> None:
                changes.add(await self._changes(recorded))

            for recorded in batch:
                if self._guard is None:
                    await note(recorded)
                else:
                    await self._guard.handle(recorded, note)
            await self._change(batch[-1].position, changes)

    async def retry(self, stream: str) -> None:
        """Try a stream that stands still again (`services.parking.Retries`)."""

        async def set_now(recorded: Recorded) -> None:
            changes = _Changes()
            changes.add(await self._changes(recorded))
            await self._change(self._place, changes)

        if self._guard is not None:
            async with self._one:
                await self._guard.again(stream, set_now)

    async def _changes(self, recorded: Recorded) -> list[TimerRow | str]:
        """What an event sets, as rows, and what it cancels, by name."""
        event = read(recorded, codec.read_again)
        service = self._services.get(FACT_TYPES[recorded.type].service)
        changes: list[TimerRow | str] = []
        for change in service.timers(event.fact) if service else ():
            match change:
                case SetTimer():
                    changes.append(_row(change, service.name if service else "", event.envelope.event_id))
                case CancelTimer(id=timer_id):
                    changes.append(timer_id)
        if changes and self._proof is not None and (flaw := await self._proof.flaw(recorded)):
            raise Poison("wrong-signature", flaw)
        return changes

    async def _change(self, position: int, changes: _Changes) -> None:
        await self._store.change(self._place, position, list(changes.rows.values()), sorted(changes.cancelled))
        self._place = position


class _Changes:
    """What several events say together."""

    def __init__(self) -> None:
        self.rows: dict[str, TimerRow] = {}
        self.cancelled: set[str] = set()

    def add(self, changes: Sequence[TimerRow | str]) -> None:
        """The last word on a timer counts."""
        for one in changes:
            if isinstance(one, TimerRow):
                self.rows[one.timer_id] = one
                self.cancelled.discard(one.timer_id)
            else:
                self.rows.pop(one, None)
                self.cancelled.add(one)


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
