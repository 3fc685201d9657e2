"""Facts of one service become commands of the next: the shell around pure reactions.

A reaction's command id follows from the event and the target, so a repeat after a crash finds its first answer. The
place moves after the commands were handled: at-least-once delivery, exactly-once effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

import stamina
import structlog

from events import codec
from events.catalog import FACT_TYPES
from events.codec import Event
from events.consumer import Places
from events.envelope import Actor
from events.store import EventStore, Recorded, StoreUnavailable
from events.vocabulary import Source
from services.answers import Busy, Done, Issued
from services.clock import Clock
from services.deciding import Issue, Reaction, Service
from services.handle import Handler
from services.loading import fold

log = structlog.get_logger()

NOT_YET = (StoreUnavailable, ConnectionError)
"""The world says wait: tried again with growing pauses, then left to the supervisor."""


class StillBusy(StoreUnavailable):
    """Others kept writing to the same streams."""


class Sender:
    """Sends a reaction's or timer's command as its service, with bounded retries while the store says wait."""

    def __init__(self, handler: Handler, clock: Clock, organisation: str) -> None:
        self._handler = handler
        self._clock = clock
        self._organisation = organisation

    async def send(self, service: str, issue: Issue, command_id: str, cause: str, why: str) -> None:
        """Handle one command; a refusal is on the log of the program, never retried."""
        await self._clock.refresh()
        issued = Issued(
            service=service,
            kind=issue.kind,
            id=issue.id,
            command=issue.command,
            actor=Actor(role="service", organisation=self._organisation, person=f"service:{service}"),
            at=self._clock.now(),
            command_id=command_id,
            causation_id=cause,
        )
        async for attempt in stamina.retry_context(on=NOT_YET, attempts=6, timeout=30.0):
            with attempt:
                answer = await self._handler.handle(issued)
                if isinstance(answer, Busy):
                    raise StillBusy(issue.stream)
        if not isinstance(answer, Done) or answer.refusal is not None:
            command = type(issue.command).__name__
            log.warning("command of a reaction refused", reaction=why, command=command, answer=repr(answer))


class ReactionSink:
    """All reactions of one service as one consumer (`events.consumer.Sink`)."""

    def __init__(
        self, service: Service, store: EventStore, places: Places, sender: Sender, name: str | None = None
    ) -> None:
        self._service = service
        self._name = name or f"react:{service.name}"
        self._store = store
        self._places = places
        self._sender = sender
        self._place = 0
        self._by_type: dict[str, list[Reaction]] = {}
        for reaction in service.reactions:
            self._by_type.setdefault(reaction.on.__name__, []).append(reaction)

    @property
    def name(self) -> str:
        """`react:<service>`, or with `/<topic>-<partition>` for a part of it."""
        return self._name

    async def place(self) -> int:
        """The last position whose commands were handled."""
        self._place = await self._places.load(self.name)
        return self._place

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """Send the commands of every event, in order, then move the place."""
        for recorded in batch:
            for reaction in self._by_type.get(recorded.type, ()):
                await self._react(reaction, codec.read(recorded))
        position = batch[-1].position
        await self._places.advance(self.name, self._place, position)
        self._place = position

    async def _react(self, reaction: Reaction, event: Event) -> None:
        source = Source(event_id=event.envelope.event_id, position=event.position)
        state = await self._state(reaction, event)
        for issue in reaction.react(event.fact, source, state):
            command_id = reaction_id(source.event_id, reaction.name, issue)
            await self._sender.send(self._service.name, issue, command_id, source.event_id, reaction.name)

    async def _state(self, reaction: Reaction, event: Event) -> object:
        if reaction.reads is None:
            return None
        stream = reaction.reads(event.fact)
        events = [codec.read(one) for one in await self._store.read_stream(stream)]
        return fold(self._service, stream, events).state


def reaction_id(event_id: str, reaction: str, issue: Issue) -> str:
    """The command id of a reaction: the same event gives the same id, for ever."""
    return str(uuid5(UUID(event_id), f"{reaction}/{issue.stream}/{issue.command.command_name}"))


def concerns(service: Service) -> list[str]:
    """The event types a service reacts to, in the catalog's order."""
    wanted = {reaction.on.__name__ for reaction in service.reactions}
    return [name for name in FACT_TYPES if name in wanted]
