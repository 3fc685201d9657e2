"""The guard around every event, and the attendant of what it set aside.

Failure is of three sorts. *Refused*: the rules say no; the program's log has it, and nobody tries again. *Not yet*: the
world says wait; it is raised, and whoever delivers comes back. *Broken*: the event cannot be digested; it goes to the
stuck list with its stream's later ones, in order, and all other streams go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

import structlog

from events.consumer import Fenced
from events.failures import CannotRun
from events.parking import Parked, Parking, Poison, Stuck
from events.poison import check
from events.store import EventStore, Recorded, StoreUnavailable
from services.logging import scrub
from services.proving import Proof

log = structlog.get_logger()

NOT_YET = (StoreUnavailable, ConnectionError)
"""The world says wait."""

DETAIL = 500
EVERY_SECONDS = 1.0

Act: TypeAlias = Callable[[Recorded], Awaitable[None]]


class Guard:
    """The guard of one consumer. Its steps are not taken at the same time: the consumer sees to that."""

    def __init__(self, consumer: str, parking: Parking, store: EventStore, proof: Proof | None = None) -> None:
        self._consumer = consumer
        self._parking = parking
        self._store = store
        self._proof = proof
        self._still: set[str] = set()

    async def begin(self) -> None:
        """Learn which streams stand still; StoreUnavailable."""
        self._still = set(await self._parking.streams(self._consumer))

    async def handle(self, event: Recorded, act: Act) -> None:
        """Act on the event, or set it aside. Raises what says wait, and Fenced."""
        if event.stream in self._still:
            # Somebody may have discarded what it stood behind.
            if await self._parking.follow(self._consumer, event):
                return
            self._still.discard(event.stream)
        if (poison := await self._poison(event, act)) is not None:
            self._still.add(event.stream)
            await self._parking.park(self._consumer, event, poison.reason, poison.detail)
            log.error(
                "an event was parked, its stream stands still",
                consumer=self._consumer,
                stream=event.stream,
                position=event.position,
                reason=poison.reason,
                detail=poison.detail,
                correlation=event.correlation_id,
            )

    async def again(self, stream: str, act: Act) -> None:
        """Try a stream again, in order, until it goes on or stops at something that is still broken."""
        while parked := await self._parking.of_stream(self._consumer, stream):
            for one in parked:
                poison = await self._poison(await self._recalled(one), act)
                if poison is not None:
                    await self._parking.keep(one, poison.reason, poison.detail)
                    log.warning("a parked event is still broken", consumer=self._consumer, number=one.number)
                    return
                await self._parking.release(one)
        self._still.discard(stream)
        log.info("a stream goes on", consumer=self._consumer, stream=stream)

    async def case_stands(self, event: Recorded) -> bool:
        """Whether something of the event's case stands still, so that its target may be missing for that reason."""
        return bool(self._still) and await self._parking.case_stands(self._consumer, event.correlation_id)

    async def _recalled(self, parked: Parked) -> Recorded:
        """The event as the store has it: what came may have been broken on its way."""
        there = await self._store.read_all(parked.event.position - 1, limit=1) if parked.event.position else ()
        same = there and there[0].position == parked.event.position and there[0].stream == parked.event.stream
        return there[0] if same else parked.event

    async def _poison(self, event: Recorded, act: Act) -> Poison | None:
        try:
            check(event)
            await self._prove(event)
            await act(event)
        except Poison as poison:
            return poison
        except (*NOT_YET, Fenced):
            raise
        except Exception as error:  # the boundary of one event: a bug stops its stream alone
            log.exception("an event could not be digested", consumer=self._consumer, position=event.position)
            return Poison("failed", scrub(f"{type(error).__name__}: {error}")[:DETAIL])
        return None

    async def _prove(self, event: Recorded) -> None:
        if self._proof is not None and (flaw := await self._proof.flaw(event)):
            raise Poison("wrong-signature", flaw)


class Retries(Protocol):
    """A consumer that can try a stream again."""

    async def retry(self, stream: str) -> None:
        """Try what stands on the list, in order; StoreUnavailable and the like leave the rest for later."""


Finds: TypeAlias = Callable[[str, str], Retries | None]
"""(consumer, stream) → who tries it again in this process; None when that is for another process."""


class Attendant:
    """Looks at the stuck list: what stands there, what is asked for again, what is not published yet.

    `parked` is what it saw last. `tell` publishes an event of the list, at least once.
    """

    def __init__(
        self,
        parking: Parking,
        consumers: Sequence[str],
        finds: Finds,
        tell: Callable[[Parked], Awaitable[None]] | None = None,
        every: float = EVERY_SECONDS,
    ) -> None:
        self._parking = parking
        self._consumers = list(consumers)
        self._finds = finds
        self._tell = tell
        self._every = every
        self.parked: Sequence[Stuck] = ()

    async def run(self) -> None:
        """Attend for ever; what the list or its publication cannot do now is tried at the next round."""
        while True:
            try:
                await self.attend()
            except (*NOT_YET, CannotRun) as error:
                log.warning("the stuck list waits", error=str(error))
            await asyncio.sleep(self._every)

    async def attend(self) -> None:
        """One round."""
        self.parked = await self._parking.stuck(self._consumers)
        for one in self.parked:
            if one.again and (who := self._finds(one.consumer, one.stream)):
                await self._retry(who, one)
        if self._tell is not None and self.parked:
            for parked in await self._parking.untold(self._consumers):
                await self._tell(parked)
                await self._parking.told(parked.number)

    async def _retry(self, who: Retries, one: Stuck) -> None:
        try:
            await who.retry(one.stream)
        except (*NOT_YET, Fenced) as error:
            # It is still asked for: here or in the process that has taken over, and the others come first.
            log.warning("a parked stream waits", consumer=one.consumer, stream=one.stream, error=str(error))


def among(sinks: Mapping[str, Retries]) -> Finds:
    """Finds by the consumer's name, where one process has all of each consumer."""
    return lambda consumer, _stream: sinks.get(consumer)
