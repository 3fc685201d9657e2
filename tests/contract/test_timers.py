"""What every keeper of deadlines promises: set, replaced, cancelled and fired, together with a place that is fenced."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory_timers import MemoryTimers
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.timers import PostgresTimers
from events.consumer import Fenced
from events.timers import TimerRow, TimerStore
from events.times import Instant
from tests.conftest import fresh_database
from tests.contract.making import ident

EARLY, NOON, LATE = (f"2021-07-10T{hour}:00:00.000000Z" for hour in ("09", "12", "15"))


@pytest.fixture(params=["memory", "postgres"])
async def timers(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[TimerStore]:
    if request.param == "memory":
        yield MemoryTimers()
        return
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        yield PostgresTimers(store.pool)
        await store.close()


def row(name: str = "call-1/close", due: Instant = NOON, cause: str = "first", body: bytes = b"{}") -> TimerRow:
    """A deadline; `cause` is a name from which the event id is made."""
    return TimerRow(name, due, "intake", "call-1", "close-call", body, ident(cause))


async def given(timers: TimerStore, *rows: TimerRow, cancelled: Sequence[str] = ()) -> None:
    """The next batch sets and cancels these."""
    place = await timers.place()
    await timers.change(place, place + 1, rows, cancelled)


async def names(timers: TimerStore, now: Instant = LATE) -> list[str]:
    """What is due, by id."""
    return [one.timer_id for one in await timers.due(now)]


async def test_at_first_nothing_is_set_and_nothing_was_seen(timers: TimerStore) -> None:
    assert await timers.place() == 0
    assert await timers.due(LATE) == []
    assert await timers.next_due() is None


async def test_a_deadline_is_due_at_its_instant_and_not_a_microsecond_before(timers: TimerStore) -> None:
    await given(timers, row(due="2021-07-10T12:00:00.000001Z"))

    assert await names(timers, NOON) == []
    assert await names(timers, "2021-07-10T12:00:00.000001Z") == ["call-1/close"]


async def test_a_row_comes_back_as_it_was_set(timers: TimerStore) -> None:
    one = row(due="2021-07-10T21:59:59.123456Z", body='{"reden":"één","zaak":{"b":1,"a":[2]}}'.encode())
    await given(timers, one)

    (found,) = await timers.due("2021-07-11T00:00:00.000000Z")
    assert replace(found, body=b"") == replace(one, body=b"")
    assert json.loads(found.body) == json.loads(one.body), "the same JSON, whatever its spaces"


async def test_what_is_due_comes_earliest_first_then_by_id(timers: TimerStore) -> None:
    await given(timers, row("b", NOON), row("a", LATE), row("c", EARLY), row("a-1", NOON), row("B", NOON))

    assert await names(timers) == ["c", "B", "a-1", "b", "a"]


async def test_the_next_deadline_is_the_earliest_that_has_not_fired(timers: TimerStore) -> None:
    await given(timers, row("a", LATE), row("b", EARLY), row("c", NOON))
    assert await timers.next_due() == EARLY

    await timers.fired(row("b", EARLY))
    assert await timers.next_due() == NOON


async def test_what_has_fired_is_not_due_again(timers: TimerStore) -> None:
    await given(timers, row("a"), row("b"))
    await timers.fired((await timers.due(NOON))[0])

    assert await names(timers) == ["b"]


async def test_set_again_for_the_same_cause_it_does_not_fire_twice(timers: TimerStore) -> None:
    await given(timers, row())
    await timers.fired(row())
    await given(timers, row())

    assert await names(timers) == []
    assert await timers.next_due() is None


async def test_another_command_for_the_same_cause_and_instant_is_no_new_deadline(timers: TimerStore) -> None:
    await given(timers, row())
    await timers.fired(row())
    await given(timers, replace(row(), command="open-call"))

    assert await names(timers) == []


@pytest.mark.parametrize("new", [row(cause="second"), row(due=LATE)], ids=["cause", "instant"])
async def test_set_again_for_a_new_cause_or_instant_it_fires_again(timers: TimerStore, new: TimerRow) -> None:
    await given(timers, row())
    await timers.fired(row())
    await given(timers, new)

    assert await timers.due(LATE) == [new]


async def test_set_again_it_is_replaced_whole(timers: TimerStore) -> None:
    await given(timers, row(due=EARLY))
    new = TimerRow("call-1/close", LATE, "payment", "report-2", "mark-report-overdue", b'{"a":1}', ident("second"))
    await given(timers, new)

    assert await timers.due(NOON) == []
    (found,) = await timers.due(LATE)
    assert replace(found, body=b"") == replace(new, body=b"")
    assert json.loads(found.body) == {"a": 1}


async def test_a_cancelled_deadline_is_never_due(timers: TimerStore) -> None:
    await given(timers, row("a"), row("b"))
    await given(timers, cancelled=["a", "never set"])

    assert await names(timers) == ["b"]


async def test_cancelled_and_set_again_it_is_due_again(timers: TimerStore) -> None:
    await given(timers, row())
    await timers.fired(row())
    await given(timers, cancelled=["call-1/close"])
    await given(timers, row())

    assert await names(timers) == ["call-1/close"]


async def test_a_firing_of_what_was_set_anew_meanwhile_does_not_count(timers: TimerStore) -> None:
    await given(timers, row())
    (firing,) = await timers.due(NOON)
    await given(timers, row(cause="second"))
    await timers.fired(firing)

    assert await timers.due(NOON) == [row(cause="second")]


async def test_a_firing_of_what_was_cancelled_or_moved_meanwhile_does_not_count(timers: TimerStore) -> None:
    await given(timers, row("a"), row("b"))
    await given(timers, row("b", LATE), cancelled=["a"])
    await timers.fired(row("a"))
    await timers.fired(row("b"))

    assert await timers.due(LATE) == [row("b", LATE)]


async def test_the_place_moves_with_the_rows_even_when_there_are_none(timers: TimerStore) -> None:
    await timers.change(0, 5, [row()], [])
    await timers.change(5, 9, [], [])

    assert await timers.place() == 9


@pytest.mark.parametrize("stale", [0, 4, 9])
async def test_a_zombie_sets_and_cancels_nothing(timers: TimerStore, stale: int) -> None:
    await timers.change(0, 5, [row("a")], [])

    with pytest.raises(Fenced):
        await timers.change(stale, 10, [row("b")], ["a"])
    assert await timers.place() == 5
    assert await names(timers) == ["a"]
