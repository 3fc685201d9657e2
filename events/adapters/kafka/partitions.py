"""One consumer over several processes: each runs the engine over the partitions that the group gives it.

Each partition has its own place, moved after its effects; what is committed to Kafka is a hint where to begin: at the
last record that was handled, so that whoever begins gets one that it knows, and sees by it if the database has
forgotten a place. A process that froze and wakes up finds its places moved; what it then repeats changes nothing, for
command ids remember.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from events.adapters.kafka.connect import KafkaAccess, in_our_words
from events.adapters.kafka.partition import Partition, Stray, Turn, at_once, nowhere
from events.adapters.kafka.records import place_of
from events.adapters.kafka.silence import Silence
from events.adapters.kafka.starting import start, stop
from events.consumer import Sink
from events.feed import Broken
from events.parking import Parking
from events.store import Recorded

log = structlog.get_logger()

COMMIT_SECONDS = 2.0
IDLE_MS, BUSY_MS = 1_000, 20
MOST = 500


@dataclass(frozen=True, slots=True)
class GroupTimes:
    """How fast a group notices that a member is gone, in milliseconds; `topics`: that a topic was made anew."""

    session: int = 10_000
    heartbeat: int = 3_000
    rebalance: int = 20_000
    topics: int = 10_000


class Partitions(ConsumerRebalanceListener):  # type: ignore[misc]  # the client has no types
    """A member of a consumer group (`services.supervisor.Runs`).

    `sink` makes the sink of one partition by its name, `<name>/<topic>-<partition>`. Events of the types in `quiet`
    concern nobody here: the place moves past many at once. `turn` says of the others whether they may go on now.
    Records that are no events go to `parking`. `alarms` holds what does not go on by itself, by partition.
    """

    def __init__(
        self,
        access: KafkaAccess,
        group: str,
        name: str,
        topics: Sequence[str],
        sink: Callable[[str], Sink],
        *,
        quiet: frozenset[str] = frozenset(),
        turn: Turn = at_once,
        parking: Parking | None = None,
        times: GroupTimes | None = None,
    ) -> None:
        self._access = access
        self._group = group
        self._name = name
        self._topics = topics
        self._sink = sink
        self._quiet = quiet
        self._turn = turn
        self._parking = parking
        self._times = times or GroupTimes()
        self._client: AIOKafkaConsumer | None = None
        self._open: dict[TopicPartition, Partition] = {}
        self._commit_at = 0.0
        self.alarms: dict[str, str] = {}
        self.rebalances = 0

    @property
    def name(self) -> str:
        """The consumer's name."""
        return self._name

    @property
    def position(self) -> int:
        """The furthest of this process's partitions; below 0 when it has none."""
        return max((one.position for one in self._open.values()), default=-1)

    def positions(self) -> Mapping[str, int]:
        """How far each partition of this process has come."""
        return {one.name: one.position for one in self._open.values()}

    def behind(self, head: int = 0) -> int:
        """How many records of this process's partitions have no effect yet, as far as the brokers told. Most of the log
        concerns nobody here, so where it ends (`head`) says nothing."""
        return sum(one.behind() for one in self._open.values())

    def sink_of(self, stream: str) -> Sink | None:
        """Who handles this stream's events here; None when its partition is another member's."""
        try:
            topic, number = place_of(stream)
        except LookupError:
            # A stream that cannot be: whoever has anything may look at it.
            return next((one.sink for one in self._open.values()), None)
        one = self._open.get(TopicPartition(topic, number))
        return one.sink if one else None

    async def reached(self, position: int) -> None:
        """Nothing to wait for: how far all members are together stands in the places alone."""

    async def run(self) -> None:
        """As its port says; cancelled, it finishes the event in hand and leaves the group."""
        if not self._topics:
            await asyncio.Event().wait()
        client = AIOKafkaConsumer(
            **self._access.client(),
            client_id=f"wijkspoor {self._name}",
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=self._times.session,
            heartbeat_interval_ms=self._times.heartbeat,
            rebalance_timeout_ms=self._times.rebalance,
            # A topic that was missing at a rebalance is given to nobody until the members look again.
            metadata_max_age_ms=self._times.topics,
        )
        self._client = client
        with in_our_words(self._access):
            try:
                client.subscribe(list(self._topics), listener=self)
                await start(client)
                await self._serve(client)
            finally:
                await self._leave(client)

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Finish what is in hand: the next member goes on from the place."""
        closing = [self._open.pop(one) for one in revoked if one in self._open]
        await asyncio.gather(*(one.finish() for one in closing))
        await self._commit(closing)
        for one in closing:
            self.alarms.pop(one.name, None)

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Begin each partition where its place says."""
        self.rebalances += 1
        client = self._client
        if client is None:
            return
        for one in assigned:
            name = f"{self._name}/{one.topic}-{one.partition}"
            stray: Stray = nowhere if self._parking is None else self._park
            self._open[one] = Partition(
                client, one, name, self._sink(name), self.alarms, self._quiet, self._turn, stray
            )
            self._open[one].start()

    async def _park(self, event: Recorded) -> None:
        if self._parking is not None:
            detail = event.reason if isinstance(event, Broken) else ""
            await self._parking.park(self._name, event, "undecodable", detail)

    async def _serve(self, client: AIOKafkaConsumer) -> None:
        silence = Silence(client, self._name)
        while True:
            hungry = [one for one, partition in self._open.items() if partition.hungry]
            # Who is full is not asked, and looked at again soon.
            patience = IDLE_MS if len(hungry) == len(self._open) else BUSY_MS
            if not hungry and self._open:
                await asyncio.sleep(BUSY_MS / 1000)
                continue
            came: dict[TopicPartition, list[Any]] = await client.getmany(*hungry, timeout_ms=patience, max_records=MOST)
            if came:
                silence.broken()
            else:
                await silence.doubt(hungry)
            for where, records in came.items():
                if partition := self._open.get(where):
                    partition.put(records)
                else:
                    # Given to us a moment ago, and not begun yet.
                    with suppress(IllegalStateError):
                        client.seek(where, records[0].offset)
            now = asyncio.get_running_loop().time()
            if now >= self._commit_at:
                self._commit_at = now + COMMIT_SECONDS
                await self._commit(list(self._open.values()))

    async def _commit(self, partitions: Sequence[Partition]) -> None:
        due = {one.where: one.hint for one in partitions if one.hint is not None and one.unprocessed != one.committed}
        if not due or self._client is None:
            return
        # Not a member any more, or no broker: the place knows better anyway.
        with suppress(KafkaError, IllegalStateError, TimeoutError):
            await self._client.commit(due)
            for one in partitions:
                one.committed = one.unprocessed

    async def _leave(self, client: AIOKafkaConsumer) -> None:
        closing = list(self._open.values())
        self._open.clear()
        await asyncio.gather(*(one.finish() for one in closing))
        await self._commit(closing)
        self.alarms.clear()
        self._client = None
        await stop(client)
