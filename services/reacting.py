"""Facts of one service become commands of the next: the shell around pure reactions.

A reaction's command id follows from the event and the target, so a repeat after a crash finds its first answer. The
place moves after the commands were handled: at-least-once delivery, exactly-once effect. An event that cannot be
digested is set aside with its stream (`services.parking`); all other streams go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid5

import stamina
import structlog

from events import codec
from events.catalog import FACT_TYPES
from events.codec import Event
from events.consumer import Places
from events.envelope import Actor
from events.feed import Broken
from events.parking import Parking, Poison
from events.poison import read
from events.store import EventStore, Recorded, StoreUnavailable
from events.vocabulary import Source
from services.answers import Answer, Busy, Denied, Done, Issued, NotFound
from services.clock import Clock
from services.deciding import Issue, Reaction, Service
from services.handle import Handler
from services.loading import fold
from services.parking import NOT_YET, Guard
from services.proving import Proof

log = structlog.get_logger()


class StillBusy(StoreUnavailable):
    """Others kept writing to the same streams."""


class Sender:
    """Sends a reaction's or timer's command as its service, with bounded retries while the store says wait."""

    def __init__(self, handler: Handler, clock: Clock, organisation: str) -> None:
        self._handler = handler
        self._clock = clock
        self._organisation = organisation

    async def send(self, service: str, issue: Issue, command_id: str, cause: str, why: str) -> Answer:
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
        return answer


class ReactionSink:
    """All reactions of one service as one consumer, or as that of one partition (`events.consumer.Sink`).

    `name` is where its place is kept; the stuck list knows all partitions as `react:<service>`. Without `parking`
    whatever cannot be digested is raised. `proof` looks at each event that concerns the service before it acts.
    """

    def __init__(
        self,
        service: Service,
        store: EventStore,
        places: Places,
        sender: Sender,
        name: str | None = None,
        *,
        parking: Parking | None = None,
        proof: Proof | None = None,
    ) -> None:
        self._service = service
        self._name = name or f"react:{service.name}"
        self._store = store
        self._places = places
        self._sender = sender
        self._guard = Guard(f"react:{service.name}", parking, store, proof) if parking is not None else None
        # A stream that is tried again and the events that come take turns.
        self._one = asyncio.Lock()
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
        if self._guard is not None:
            await self._guard.begin()
        return self._place

    async def apply(self, batch: Sequence[Recorded]) -> None:
        """Send the commands of every event, in order, then move the place."""
        for recorded in batch:
            if self._concerned(recorded):
                async with self._one:
                    await self._handle(recorded)
        position = batch[-1].position
        await self._places.advance(self.name, self._place, position)
        self._place = position

    async def retry(self, stream: str) -> None:
        """Try a stream that stands still again (`services.parking.Retries`)."""
        if self._guard is not None:
            async with self._one:
                await self._guard.again(stream, self._act)

    def _concerned(self, recorded: Recorded) -> bool:
        """Whether the service reacts to it, or cannot know: then it goes to the stuck list."""
        if recorded.type in self._by_type:
            return True
        return self._guard is not None and (recorded.type not in FACT_TYPES or isinstance(recorded, Broken))

    async def _handle(self, recorded: Recorded) -> None:
        if self._guard is None:
            await self._act(recorded)
        else:
            await self._guard.handle(recorded, self._act)

    async def _act(self, recorded: Recorded) -> None:
        event = read(recorded, codec.read_again)
        for reaction in self._by_type.get(recorded.type, ()):
            await self._react(reaction, event, recorded)

    async def _react(self, reaction: Reaction, event: Event, recorded: Recorded) -> None:
        source = Source(event_id=event.envelope.event_id, position=event.position)
        state = await self._state(reaction, event)
        for issue in reaction.react(event.fact, source, state):
            command_id = reaction_id(source.event_id, reaction.name, issue)
            answer = await self._sender.send(self._service.name, issue, command_id, source.event_id, reaction.name)
            if isinstance(answer, NotFound | Denied) and self._guard and await self._guard.case_stands(recorded):
                raise Poison("behind", f"{issue.command.command_name} found no ground: its case stands still elsewhere")

    async def _state(self, reaction: Reaction, event: Event) -> object:
        if reaction.reads is None:
            return None
        stream = reaction.reads(event.fact)
        events = [codec.read_again(one) for one in await self._store.read_stream(stream)]
        return fold(self._service, stream, events).state


def reaction_id(event_id: str, reaction: str, issue: Issue) -> str:
    """The command id of a reaction: the same event gives the same id, for ever."""
    return str(uuid5(UUID(event_id), f"{reaction}/{issue.stream}/{issue.command.command_name}"))


def concerns(service: Service) -> list[str]:
    """The event types a service reacts to, in the catalog's order."""
    wanted = {reaction.on.__name__ for reaction in service.reactions}
    return [name for name in FACT_TYPES if name in wanted]
