"""One session of the active relay: look at what Kafka holds, then send and confirm until a fault or the end.

Pages go out without waiting for those before; a bounded number is under way. They are confirmed in their order, and
the watermark moves with what each partition then holds, in one transaction fenced by the lease.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

import structlog

from events.adapters.kafka.connect import CLIENT_ERRORS, KafkaAccess
from events.adapters.kafka.reader import PLACES, Reader, open_reader
from events.adapters.kafka.records import Outgoing
from events.adapters.kafka.resume import Plan, plan
from events.adapters.kafka.sending import Batch, Offsets, Producer, Shrunk
from events.adapters.kafka.walk import Walk
from events.beside import beside
from events.failures import CannotRun
from events.publication import ZEROS, PartitionEnd, Place, Publication, roll
from events.store import EventStore, Recorded
from events.tenure import Tenure

log = structlog.get_logger()

IDLE_SECONDS = 0.2
LOOK_MS = 3_000


class Stalled(Exception):
    """No acknowledgement came for too long."""


class Misplaced(Exception):
    """A topic of the log is not there; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, how often, how long. A standby takes over within `lease_seconds` and a pause.

    `breath_seconds` is what a relay waits after a page that was not full: what is recorded meanwhile goes together, and
    everybody who reads it is woken once.
    """

    page: int = 500
    breath_seconds: float = 0.03
    window: int = 8
    lease_seconds: float = 5.0
    pause_seconds: float = 0.5
    look_seconds: float = 10.0
    drain_seconds: float = 10.0
    stall_seconds: float = 6.0


@dataclass(slots=True)
class Progress:
    """What a relay shows of itself. Events: `sent` in all, of them `resent` (sent before by this relay) and `refilled`
    (lost by Kafka); `pending` are under way. `position` is the watermark, `head` where the log ends."""

    position: int = 0
    head: int = 0
    sent: int = 0
    resent: int = 0
    refilled: int = 0
    pending: int = 0
    furthest: int = 0

    @property
    def lag(self) -> int:
        """How many events are recorded and not yet acknowledged by Kafka."""
        return max(self.head - self.position, 0)


class _Page(NamedTuple):
    position: int
    changed: Mapping[Place, PartitionEnd] | None
    batches: Sequence[Batch]
    sent: int


class Session:
    """Made anew after every fault."""

    def __init__(
        self,
        store: EventStore,
        publication: Publication,
        access: KafkaAccess,
        tenure: Tenure,
        pace: Pace,
        progress: Progress,
    ) -> None:
        self._store = store
        self._publication = publication
        self._access = access
        self._tenure = tenure
        self._pace = pace
        self._progress = progress
        self._offsets = Offsets()
        self._pages: asyncio.Queue[_Page | None] = asyncio.Queue(pace.window)
        self._confirmed = 0
        self._changed: dict[Place, PartitionEnd] = {}
        self._news = asyncio.Event()
        self._finished = False

    async def run(self, stopping: asyncio.Event, moved: Callable[[], None]) -> None:
        """Relay until told to stop, or until a fault; it is raised as the client or the store raises it.

        `moved` is called when all is well: the session has begun, or the watermark has moved.
        """
        async with open_reader(self._access, request_timeout_ms=LOOK_MS) as reader:
            walk = await self._look(reader)
            producer = Producer(replace(self._access, bootstrap=reader.living()))
            await producer.start()
            moved()
            try:
                await beside(
                    self._move(moved),
                    self._feed(walk, producer, stopping),
                    self._confirm(),
                    self._watch(reader),
                    self._end_in_time(stopping),
                )
            except BaseException:  # however it ends, nothing is waited for
                await producer.discard()
                raise
            finally:
                self._progress.pending = 0
            await producer.close()

    async def _look(self, reader: Reader) -> Walk:
        """Compare what Kafka holds with what is known of it."""
        await self._all_there(reader)
        spans = await reader.spans(PLACES)
        lasts = await reader.lasts(spans)
        published = await self._publication.load()
        await self._same_log(lasts)
        found = plan(published, spans, lasts)
        _tell(found)
        self._offsets.ends = {place: span.end for place, span in spans.items()}
        self._progress.position = self._confirmed = published.position
        return Walk(published, found)

    async def _all_there(self, reader: Reader) -> None:
        missing = await reader.missing()
        if missing:
            raise Misplaced(f"Topics of the log are missing ({', '.join(missing)}): run wijkspoor topics apply.")

    async def _same_log(self, lasts: Mapping[Place, Recorded]) -> None:
        """What stands last in each partition must be what the store has there: never publish over another log."""
        head = (await self._store.head()).position
        for (topic, number), last in lasts.items():
            if last.position > head:
                raise CannotRun(
                    f"Kafka holds position {last.position}, the store ends at {head}: the store has lost events, or it"
                    " is not the one that is published there. Run wijkspoor restore --from kafka into an empty one."
                )
            (event,) = await self._store.read_all(last.position - 1, limit=1)
            if roll(ZEROS, event) != roll(ZEROS, last):
                raise CannotRun(
                    f"Position {last.position} in partition {number} of {topic} is not what the store has there:"
                    " another log is published on these topics, or somebody wrote on them."
                )

    async def _feed(self, walk: Walk, producer: Producer, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            await self._tenure.assure()
            if not await self._store.wait_for(walk.position + 1, IDLE_SECONDS):
                continue
            events = await self._store.read_all(walk.position, limit=self._pace.page)
            if events:
                step = walk.step(events)
                batches = await self._sent(producer, step.records)
                self._count(step.position, len(step.records), step.refilled)
                await self._pages.put(_Page(step.position, step.changed, batches, len(step.records)))
                if len(events) < self._pace.page:
                    await asyncio.sleep(self._pace.breath_seconds)
        await self._pages.put(None)

    async def _sent(self, producer: Producer, records: Sequence[Outgoing]) -> Sequence[Batch]:
        """Under way. A client that knows no leader, or has no answer about one, would wait as long as a batch may live,
        and nobody would hear of it."""
        try:
            async with asyncio.timeout(self._pace.stall_seconds):
                return await producer.send(records)
        except TimeoutError:
            waited = f"{self._pace.stall_seconds:.0f} seconds"
            raise Stalled(f"Kafka has taken nothing for {waited}.") from None

    def _count(self, position: int, sent: int, refilled: int) -> None:
        progress = self._progress
        progress.sent += sent
        progress.pending += sent
        progress.refilled += refilled
        if not refilled:
            progress.resent += min(max(progress.furthest - position + sent, 0), sent)
            progress.furthest = max(progress.furthest, position)

    async def _confirm(self) -> None:
        """Page by page, in the order in which they were sent."""
        while (page := await self._pages.get()) is not None:
            # A broker that is frozen keeps its connections: the client would wait as long as a batch may live.
            try:
                async with asyncio.timeout(self._pace.stall_seconds):
                    await self._offsets.confirm(page.batches)
            except TimeoutError:
                waited = f"{self._pace.stall_seconds:.0f} seconds"
                raise Stalled(f"Kafka has acknowledged nothing for {waited}.") from None
            self._progress.pending -= page.sent
            if page.changed is not None:
                self._confirmed = page.position
                self._changed.update(page.changed)
                self._news.set()
        self._finished = True
        self._news.set()

    async def _move(self, moved: Callable[[], None]) -> None:
        """Write down what is confirmed: at once, and all that came meanwhile together."""
        while not (self._finished and not self._changed):
            await self._news.wait()
            self._news.clear()
            if self._changed:
                changed, self._changed = self._changed, {}
                position = self._confirmed
                await self._publication.move(self._tenure.token, position, changed)
                self._progress.position = position
                moved()

    async def _watch(self, reader: Reader) -> None:
        """A topic that disappears or is emptied while nothing is sent there must be noticed too."""
        while True:
            await asyncio.sleep(self._pace.look_seconds)
            known = dict(self._offsets.ends)
            with suppress(*CLIENT_ERRORS):
                await self._all_there(reader)
                for (topic, number), span in (await reader.spans(PLACES)).items():
                    before = known[topic, number]
                    if span.end < before:
                        raise Shrunk(f"partition {number} of {topic} ended at {before}, now at {span.end}")

    async def _end_in_time(self, stopping: asyncio.Event) -> None:
        """Who stops waits for what is under way, but not for brokers that do not come back."""
        await stopping.wait()
        await asyncio.sleep(self._pace.drain_seconds)
        raise TimeoutError("Kafka did not acknowledge in time what was under way")


def _tell(found: Plan) -> None:
    for (topic, number), reason in found.refill.items():
        log.error("a partition has lost events and is refilled", topic=topic, partition=number, reason=reason)
