"""From the tail: the same figures as from Kafka, read on at every look."""

from __future__ import annotations

from collections.abc import Sequence

from events.adapters.memory import MemoryStore
from events.catalog import FACT_TYPES
from events.store import Head, Recorded
from events.times import moment
from projections.monitor import tail as module
from projections.monitor.tail import TailMonitor
from tests.changing import replace
from tests.unit.projections.monitor.making import recorded
from tests.unit.projections.samples import AT, appended, sample

NAMES = sorted(FACT_TYPES)


async def filled(*names: str) -> MemoryStore:
    store = MemoryStore(lambda: moment(AT))
    requests = [appended(sample(name), number) for number, name in enumerate(names, start=1)]
    # Money that is not there would be refused; here only the facts count.
    await store.append_many([replace(one, transfers=()) for one in requests])
    return store


async def test_every_fact_of_the_log_is_counted_once_however_often_one_looks() -> None:
    monitor = TailMonitor(await filled(*NAMES), lambda: AT)
    first, again = await monitor.figures(), await monitor.figures()
    assert first == again
    assert first.freshness.events == first.freshness.position == len(NAMES)
    assert (first.freshness.behind, first.freshness.missing) == (0, 0)


async def test_a_look_reads_on_from_the_last_one() -> None:
    store = await filled("CallPublished")
    monitor = TailMonitor(store, lambda: AT)
    assert (await monitor.figures()).freshness.events == 1
    await store.append(appended(sample("CallOpened"), 2))
    assert (await monitor.figures()).freshness.events == 2


class Long:
    """A log of a million events, all alike."""

    def __init__(self) -> None:
        self.event = recorded("CallClosed", 1)

    async def head(self) -> Head:
        return Head(1_000_000, moment(AT))

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        return [replace(self.event, position=after_position + number) for number in range(1, limit + 1)]


async def test_a_long_log_is_read_in_pieces_and_the_rest_is_told() -> None:
    monitor = TailMonitor(Long(), lambda: AT)
    fresh = (await monitor.figures()).freshness
    assert (fresh.events, fresh.behind) == (module.AT_ONCE, 1_000_000 - module.AT_ONCE)
    assert (await monitor.figures()).freshness.events == 2 * module.AT_ONCE


class Spoiled(Long):
    """The first event cannot be read."""

    async def head(self) -> Head:
        return Head(2, moment(AT))

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        return [replace(self.event, body=b"{}"), replace(self.event, position=2)][after_position:]


async def test_an_event_that_cannot_be_read_does_not_stop_the_others() -> None:
    fresh = (await TailMonitor(Spoiled(), lambda: AT).figures()).freshness
    assert (fresh.events, fresh.unreadable, fresh.missing, fresh.behind) == (1, 1, 0, 0)
