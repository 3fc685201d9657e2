"""The relay: from the store to Kafka, in strict order of position, nothing lost and nothing altered.

The log table is the outbox. One relay is active, by a lease; the others wait. The watermark in the store says what
Kafka has acknowledged; after any fault the relay compares it with what the partitions hold and goes on from there.
Whoever was frozen and wakes up can only send equal bytes again, and then steps down.
"""

from __future__ import annotations

from events.adapters.kafka.connect import CLIENT_ERRORS, KafkaAccess
from events.adapters.kafka.incumbent import Incumbent
from events.adapters.kafka.sending import Shrunk
from events.adapters.kafka.session import Misplaced, Pace, Progress, Session, Stalled
from events.lease import Leases
from events.publication import LEASE, Publication
from events.store import EventStore, StoreUnavailable
from events.tenure import Tenure

PASSING: tuple[type[Exception], ...] = (*CLIENT_ERRORS, StoreUnavailable, Shrunk, Stalled, Misplaced)


class Relay(Incumbent):
    """One relay process. What it shows of itself is in `progress`, `active` and `alarm`.

    `run` raises Gap at a hole in the log.
    """

    def __init__(
        self,
        store: EventStore,
        publication: Publication,
        leases: Leases,
        access: KafkaAccess,
        holder: str,
        pace: Pace = Pace(),  # noqa: B008 -- it is frozen
    ) -> None:
        super().__init__(
            "relay", Tenure(leases, LEASE, holder, pace.lease_seconds), access, PASSING, pace.pause_seconds
        )
        self._store = store
        self._publication = publication
        self._pace = pace
        self.progress = Progress()

    async def _session(self) -> None:
        session = Session(self._store, self._publication, self._access, self._tenure, self._pace, self.progress)
        await session.run(self._stopping, self._well)

    async def _measured(self) -> None:
        self.progress.head = (await self._store.head()).position
        if not self.active:
            self.progress.position = (await self._publication.load()).position

    def _well(self) -> None:
        self.alarm = None
