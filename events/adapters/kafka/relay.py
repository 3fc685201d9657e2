"""The relay: from the store to Kafka, in strict order of position, nothing lost and nothing altered.

The log table is the outbox. One relay is active, by a lease; the others wait. The watermark in the store says what
Kafka has acknowledged; after any fault the relay compares it with what the partitions hold and goes on from there.
Whoever was frozen and wakes up can only send equal bytes again, and then steps down.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from events.adapters.kafka.beside import beside
from events.adapters.kafka.connect import CLIENT_ERRORS, DENIED, KafkaAccess, in_words
from events.adapters.kafka.sending import Shrunk
from events.adapters.kafka.session import Misplaced, Pace, Progress, Session, Stalled
from events.adapters.kafka.tenure import Tenure
from events.consumer import Fenced
from events.lease import Leases
from events.publication import LEASE, Publication
from events.store import EventStore, StoreUnavailable

log = structlog.get_logger()

MEASURE_SECONDS = 1.0

PASSING: tuple[type[Exception], ...] = (*CLIENT_ERRORS, StoreUnavailable, Shrunk, Stalled, Misplaced)


class Relay:
    """One relay process; `run` it, `stop` it. What it shows of itself is in `progress`, `active` and `alarm`."""

    def __init__(
        self,
        store: EventStore,
        publication: Publication,
        leases: Leases,
        access: KafkaAccess,
        holder: str,
        pace: Pace = Pace(),  # noqa: B008 -- it is frozen
    ) -> None:
        self._store = store
        self._publication = publication
        self._access = access
        self._pace = pace
        self._tenure = Tenure(leases, LEASE, holder, pace.lease_seconds)
        self._stopping = asyncio.Event()
        self.progress = Progress()
        self.active = False
        self.alarm: str | None = None

    async def run(self) -> None:
        """Relay until `stop`. Raises CannotRun where Kafka denies what a relay must be able to do, and Gap at a hole in
        the log; everything that may pass is waited for, with `alarm` saying what it is."""
        try:
            await beside(self._relay(), self._measure())
        finally:
            # Whoever keeps it going may run it again, after the database was away for one.
            self._stopping.clear()

    def stop(self) -> None:
        """Finish what is under way, then let this `run` return; a standby takes over at once."""
        self._stopping.set()

    async def _relay(self) -> None:
        while not self._stopping.is_set():
            if not await self._begin():
                continue
            try:
                await beside(self._serve(), self._tenure.keep())
            except Fenced as error:
                log.warning("the relay steps down", why=str(error))
            finally:
                self.active = False
                with suppress(StoreUnavailable):
                    await self._tenure.end()

    async def _begin(self) -> bool:
        """Take the lease, or wait a little; whether it is ours now."""
        try:
            self.active = await self._tenure.begin()
            if not self.active:
                # Who stands by is well; what is wrong, the active one says.
                self.alarm = None
        except StoreUnavailable as error:
            self.alarm = str(error)
        if not self.active:
            await self._pause()
        return self.active

    async def _serve(self) -> None:
        """One session after the other: each fault ends one, and the next begins with a look at what Kafka holds."""
        while not self._stopping.is_set():
            session = Session(self._store, self._publication, self._access, self._tenure, self._pace, self.progress)
            try:
                await session.run(self._stopping, self._well)
            except PASSING as error:
                if isinstance(error, DENIED):
                    raise in_words(error, self._access) from error
                self._alarmed(error)
                await self._pause()

    async def _measure(self) -> None:
        """Keep the progress true while nothing moves it."""
        while True:
            with suppress(StoreUnavailable):
                self.progress.head = (await self._store.head()).position
                if not self.active:
                    self.progress.position = (await self._publication.load()).position
            await asyncio.sleep(MEASURE_SECONDS)

    def _well(self) -> None:
        self.alarm = None

    def _alarmed(self, error: Exception) -> None:
        self.alarm = str(in_words(error, self._access))
        log.error("the relay starts afresh", why=self.alarm, position=self.progress.position)

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.pause_seconds):
                await self._stopping.wait()
