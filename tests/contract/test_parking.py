"""What every stuck list promises: a stream stands still as long as anything of it is there, and nothing gets lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory_parking import MemoryParking
from events.adapters.postgres.parking import PostgresParking
from events.adapters.postgres.store import PostgresStore
from events.feed import Broken
from events.parking import Parked, Parking
from events.store import Recorded
from tests.conftest import fresh_database
from tests.contract.making import ident

AT = datetime(2021, 3, 11, 9, tzinfo=UTC)
CALL, OTHER = f"call-{ident('a')}", f"call-{ident('b')}"
BODY = b'{"event_id":"018f-e","x":"\xc3\xa9"}'


@pytest.fixture(params=["memory", "postgres"])
async def parking(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[Parking]:
    if request.param == "memory":
        yield MemoryParking()
        return
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        yield PostgresParking(store.pool)
        await store.close()


def event(position: int, stream: str = CALL, body: bytes = BODY) -> Recorded:
    at = AT + timedelta(seconds=position)
    return Recorded(position, at, stream, position, "CallClosed", 1, "trace-1", body, "key-1", b"\x07" * 64)


async def places(parking: Parking, consumer: str = "jury", stream: str = CALL) -> list[tuple[int, str]]:
    return [(one.event.position, one.reason) for one in await parking.of_stream(consumer, stream)]


async def first(parking: Parking) -> Parked:
    return (await parking.listed())[0]


async def test_an_event_is_kept_with_its_exact_bytes_and_all_that_was_known(parking: Parking) -> None:
    await parking.park("jury", event(7), "unknown-type", "not known here")
    parked = await first(parking)

    assert parked.event == event(7)
    assert (parked.consumer, parked.event_id, parked.trace) == ("jury", "018f-e", "trace-1")
    assert (parked.reason, parked.detail, parked.again) == ("unknown-type", "not known here", False)
    assert parked.parked_at.tzinfo is not None
    assert await parking.find(parked.number) == parked
    assert await parking.find(parked.number + 1) is None


async def test_bytes_that_cannot_be_read_are_kept_too(parking: Parking) -> None:
    broken = Broken(9, AT, "call-\0x", 0, "", 0, "", b"\x00\xff{", "", b"", 3, "no envelope \0")
    await parking.park("jury", broken, "undecodable", broken.reason)
    parked = await first(parking)

    assert (parked.event.body, parked.event_id, parked.trace) == (b"\x00\xff{", None, "")
    assert type(parked.event) is Recorded


async def test_a_stream_stands_still_for_the_consumer_that_parked_it_and_nobody_else(parking: Parking) -> None:
    await parking.park("jury", event(3), "failed", "no")

    assert await parking.streams("jury") == {CALL}
    assert await parking.streams("payment") == frozenset()
    assert await parking.follow("jury", event(4))
    assert not await parking.follow("payment", event(4))
    assert not await parking.follow("jury", event(5, OTHER))
    assert await places(parking) == [(3, "failed"), (4, "behind")]


async def test_what_comes_again_is_there_once(parking: Parking) -> None:
    await parking.park("jury", event(3), "failed", "first")
    await parking.follow("jury", event(4))
    await parking.park("jury", event(3), "undecodable", "second")
    await parking.follow("jury", event(4))
    await parking.follow("jury", event(3))

    assert await places(parking) == [(3, "undecodable"), (4, "behind")]
    assert (await first(parking)).detail == "second"


async def test_what_stands_behind_can_turn_out_to_be_poison_itself(parking: Parking) -> None:
    await parking.park("jury", event(3), "failed", "")
    await parking.follow("jury", event(4))
    await parking.park("jury", event(4), "future-version", "v9")
    assert await places(parking) == [(3, "failed"), (4, "future-version")]


async def test_events_of_a_stream_are_told_in_the_order_of_the_log_whenever_they_were_parked(parking: Parking) -> None:
    for position in (5, 3, 9, 4):
        await parking.park("jury", event(position), "failed", "")
    assert [position for position, _ in await places(parking)] == [3, 4, 5, 9]


async def test_a_stream_goes_on_when_the_last_was_released(parking: Parking) -> None:
    await parking.park("jury", event(3), "failed", "")
    await parking.follow("jury", event(4))
    for parked in await parking.of_stream("jury", CALL):
        assert await parking.streams("jury") == {CALL}
        await parking.release(parked)
        await parking.release(parked)

    assert await parking.streams("jury") == frozenset()
    assert not await parking.follow("jury", event(5)), "nothing to stand behind"
    assert await places(parking) == []


async def test_who_asks_for_a_stream_is_heard_until_it_was_tried_in_vain(parking: Parking) -> None:
    await parking.park("jury", event(3), "failed", "first")
    await parking.follow("jury", event(4))
    assert not await parking.ask_again("jury", OTHER)
    assert not await parking.ask_again("payment", CALL)
    assert [one.again for one in await parking.stuck()] == [False]

    assert await parking.ask_again("jury", CALL)
    (stuck,) = await parking.stuck(["jury"])
    assert (stuck.consumer, stuck.stream, stuck.events, stuck.again) == ("jury", CALL, 2, True)

    await parking.keep(await first(parking), "undecodable", "again in vain")
    (stuck,) = await parking.stuck()
    assert not stuck.again
    assert await places(parking) == [(3, "undecodable"), (4, "behind")]


async def test_it_is_known_which_cases_have_something_on_the_list(parking: Parking) -> None:
    await parking.park("jury", event(3), "failed", "")
    assert await parking.case_stands("jury", "trace-1")
    assert not await parking.case_stands("jury", "trace-2")
    assert not await parking.case_stands("payment", "trace-1")


async def test_streams_are_told_in_the_order_in_which_they_came_to_stand_still(parking: Parking) -> None:
    await parking.park("payment", event(1, OTHER), "failed", "")
    await parking.park("jury", event(2, CALL), "failed", "")
    await parking.park("jury", event(3, OTHER), "failed", "")

    await parking.follow("payment", event(4, OTHER))
    found = await parking.stuck()
    assert [(one.consumer, one.stream) for one in found] == [("payment", OTHER), ("jury", CALL), ("jury", OTHER)]
    assert [one.number for one in found] == sorted(one.number for one in found)
    assert [one.consumer for one in await parking.stuck(["payment"])] == ["payment"]
    assert [one.event.position for one in await parking.listed()] == [1, 2, 3, 4]
    assert [one.event.position for one in await parking.listed(["jury"])] == [2, 3]
    assert list(await parking.stuck([])) == []


async def test_who_discards_is_on_record_with_the_reason_and_the_bytes(parking: Parking) -> None:
    await parking.park("jury", event(3), "failed", "")
    await parking.follow("jury", event(4))
    parked = await first(parking)

    assert await parking.discard(parked.number, "An Official", "sent by mistake, note 12")
    (gone,) = await parking.discarded()
    assert gone.parked == parked
    assert (gone.who, gone.why) == ("An Official", "sent by mistake, note 12")
    assert gone.at >= parked.parked_at
    assert await places(parking) == [(4, "behind")]
    assert (await parking.stuck())[0].again, "what stood behind goes on"
    assert not await parking.discard(parked.number, "x", "y")
    assert len(await parking.discarded()) == 1


async def test_what_is_not_published_yet_is_known(parking: Parking) -> None:
    await parking.park("jury", event(3), "failed", "")
    await parking.follow("jury", event(4))
    await parking.park("payment", event(3), "failed", "")
    three, four = await parking.untold(["jury"])
    await parking.told(three.number)

    assert await parking.untold(["jury"]) == [four]
    assert len(await parking.untold(["jury", "payment"])) == 2


async def test_no_event_slips_past_while_the_last_before_it_is_released(parking: Parking) -> None:
    """Whoever follows is either behind something that is still there, or told to go on: never on the list alone."""
    for start in range(0, 60, 3):
        await parking.park("jury", event(start + 1), "failed", "")
        (parked,) = await parking.of_stream("jury", CALL)
        followed, _ = await asyncio.gather(parking.follow("jury", event(start + 2)), parking.release(parked))
        left = [position for position, _ in await places(parking)]
        assert left == ([start + 2] if followed else [])
        for one in await parking.of_stream("jury", CALL):
            await parking.release(one)
