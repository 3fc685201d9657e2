"""What every event store promises: order, versions, repeats, and reads."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from events.store import Appended, CommandRecord, Conflict, Duplicate, Head, Unacceptable, Unchanged
from tests.changing import replace
from tests.contract.making import AnyStore, Clock, ident, prepared, request


def record(outcome: object) -> CommandRecord:
    assert isinstance(outcome, Appended), outcome
    return outcome.record


async def test_an_empty_log_ends_at_zero(log: AnyStore) -> None:
    assert await log.head() == Head(0, None)
    assert list(await log.read_all()) == []
    assert list(await log.read_stream("call-1")) == []
    assert list(await log.balances()) == []


async def test_what_was_appended_is_read_back_to_the_byte(log: AnyStore, clock: Clock) -> None:
    event = prepared("CallPublished", body='{"naam":"Sint-Niklaas – één"}'.encode())

    answer = record(await log.append(request("call-1", 0, [event])))

    [found] = await log.read_stream("call-1")
    assert (found.position, found.version, found.stream) == (1, 1, "call-1")
    assert found.recorded_at == clock.now
    assert (found.type, found.schema_version, found.correlation_id) == ("CallPublished", 1, event.correlation_id)
    assert (found.body, found.key_id, found.signature) == (event.body, event.key_id, event.signature)
    assert (answer.version, answer.position, answer.first_position, answer.count) == (1, 1, 1, 1)


async def test_positions_run_over_all_streams_and_versions_within_each(log: AnyStore) -> None:
    await log.append(request("call-1", 0, 2))
    await log.append(request("call-2", 0, 1))
    await log.append(request("call-1", 2, 3))

    found = await log.read_all()

    assert [one.position for one in found] == [1, 2, 3, 4, 5, 6]
    assert [(one.stream, one.version) for one in found] == [
        ("call-1", 1),
        ("call-1", 2),
        ("call-2", 1),
        ("call-1", 3),
        ("call-1", 4),
        ("call-1", 5),
    ]


async def test_a_lost_version_is_a_conflict_that_names_the_current_one(log: AnyStore) -> None:
    await log.append(request("call-1", 0, 2))

    assert await log.append(request("call-1", 0)) == Conflict("call-1", 2)
    assert await log.append(request("call-1", 3)) == Conflict("call-1", 2)
    assert await log.append(request("call-2", 1)) == Conflict("call-2", 0)
    assert (await log.head()).position == 2


async def test_a_conflict_writes_nothing_and_the_command_may_be_tried_again(log: AnyStore) -> None:
    await log.append(request("call-1", 0))
    late = request("call-1", 0, command="late")

    assert await log.append(late) == Conflict("call-1", 1)
    assert await log.find_command(late.command_id) is None
    assert record(await log.append(replace(late, expected_version=1))).version == 2


async def test_a_repeated_command_gets_its_first_answer_whatever_it_now_asks(log: AnyStore) -> None:
    first = record(await log.append(request("call-1", 0, 2, command="c", answer='{"ok":1}')))

    again = await log.append(request("call-9", 5, 1, command="c", answer='{"ok":2}'))

    assert again == Duplicate(first)
    assert first.answer == '{"ok":1}'
    assert (await log.head()).position == 2


async def test_a_repeat_is_seen_before_its_version_is_judged(log: AnyStore) -> None:
    one = request("call-1", 0, command="c")
    first = record(await log.append(one))

    assert await log.append(one) == Duplicate(first)


async def test_a_command_without_facts_is_remembered_and_takes_no_position(log: AnyStore) -> None:
    await log.append(request("call-1", 0, 3))

    empty = record(await log.append(request("call-1", 3, 0, command="nothing to do", answer="{}")))

    assert (empty.version, empty.position, empty.first_position, empty.count) == (3, 3, None, 0)
    assert await log.find_command(ident("nothing to do")) == empty
    assert isinstance(await log.append(request("call-1", 3, 0, command="nothing to do")), Duplicate)
    assert (await log.head()).position == 3


async def test_find_command_tells_what_append_answered(log: AnyStore) -> None:
    answer = record(await log.append(request("call-1", 0, 2, command="c", answer="{}")))

    assert await log.find_command(ident("c")) == answer
    assert await log.find_command(ident("unknown")) is None


async def test_requests_of_a_group_are_judged_each_after_those_before_it(log: AnyStore) -> None:
    outcomes = await log.append_many(
        [
            request("call-1", 0, 2, command="a"),
            request("call-1", 0, 1, command="b"),
            request("call-1", 2, 1, command="c"),
            request("call-1", 3, 1, command="a"),
            request("call-2", 0, 0, command="d"),
        ]
    )

    assert [type(one).__name__ for one in outcomes] == ["Appended", "Conflict", "Appended", "Duplicate", "Appended"]
    assert outcomes[1] == Conflict("call-1", 2)
    assert record(outcomes[2]).position == 3
    assert isinstance(outcomes[3], Duplicate) and outcomes[3].record == record(outcomes[0])
    assert (record(outcomes[4]).position, record(outcomes[4]).first_position) == (3, None)
    for one in outcomes[0], outcomes[2], outcomes[4]:
        assert await log.find_command(record(one).command_id) == record(one)


async def test_a_group_without_repeats_is_answered_and_remembered_alike(log: AnyStore) -> None:
    outcomes = await log.append_many([request("call-1", 0, 2), request("call-2", 0, 0), request("call-3", 0, 3)])

    found = [record(one) for one in outcomes]
    assert [(one.first_position, one.position, one.count) for one in found] == [(1, 2, 2), (None, 2, 0), (3, 5, 3)]
    assert [await log.find_command(one.command_id) for one in found] == found


async def test_a_guarded_stream_that_moved_is_a_conflict_naming_it(log: AnyStore) -> None:
    await log.append(request("call-1", 0, 2))

    moved = await log.append(request("call-2", 0, unchanged=[Unchanged("call-1", 1)]))
    unborn = await log.append(request("call-2", 0, unchanged=[Unchanged("call-1", 2), Unchanged("call-3", 1)]))
    still = await log.append(request("call-2", 0, unchanged=[Unchanged("call-1", 2), Unchanged("call-3", 0)]))

    assert moved == Conflict("call-1", 2)
    assert unborn == Conflict("call-3", 0)
    assert isinstance(still, Appended)


async def test_a_guard_sees_what_its_own_group_has_done(log: AnyStore) -> None:
    outcomes = await log.append_many(
        [
            request("call-1", 0),
            request("call-2", 0, unchanged=[Unchanged("call-1", 0)]),
            request("call-2", 0, unchanged=[Unchanged("call-1", 1)]),
        ]
    )

    assert outcomes[1] == Conflict("call-1", 1)
    assert isinstance(outcomes[2], Appended)


async def test_recording_time_never_runs_back(log: AnyStore, clock: Clock) -> None:
    await log.append(request("call-1", 0))
    clock.move(hours=-1)
    await log.append(request("call-1", 1))
    clock.move(hours=2)
    await log.append(request("call-1", 2))

    times = [one.recorded_at for one in await log.read_all()]

    assert times[0] == times[1] == datetime(2021, 3, 11, 9, tzinfo=UTC)
    assert times[2] == datetime(2021, 3, 11, 10, tzinfo=UTC)
    assert await log.head() == Head(3, times[2])


async def test_what_is_refused_does_not_move_the_recording_time(log: AnyStore, clock: Clock) -> None:
    await log.append(request("call-1", 0))
    clock.move(hours=1)
    await log.append(request("call-1", 0))
    clock.move(minutes=-30)
    await log.append(request("call-1", 1))

    assert (await log.head()).recorded_at == clock.now


async def test_read_all_pages_by_position_and_chooses_types(log: AnyStore) -> None:
    await log.append(request("call-1", 0, [prepared("A"), prepared("B"), prepared("A"), prepared("C")]))

    assert [one.position for one in await log.read_all(1, limit=2)] == [2, 3]
    assert [one.position for one in await log.read_all(types=["A", "C"])] == [1, 3, 4]
    assert [one.position for one in await log.read_all(1, types=["A"], limit=1)] == [3]
    assert list(await log.read_all(types=[])) == []


async def test_read_stream_goes_on_after_a_version(log: AnyStore) -> None:
    await log.append(request("call-1", 0, 4))

    assert [one.version for one in await log.read_stream("call-1", 2)] == [3, 4]


async def test_read_case_gathers_one_case_over_its_streams(log: AnyStore) -> None:
    await log.append(request("application-1", 0, [prepared(case="x"), prepared(case="y")]))
    await log.append(request("grant-1", 0, [prepared(case="x")]))

    assert [one.position for one in await log.read_case(ident("x"))] == [1, 3]


async def test_waiting_ends_when_the_log_gets_there_or_the_time_is_up(log: AnyStore) -> None:
    waiting = asyncio.create_task(log.wait_for(2, 10))
    await log.append(request("call-1", 0, 2))

    assert await waiting
    assert await log.wait_for(1, 0.5)
    assert not await log.wait_for(3, 0.01)


@pytest.mark.parametrize("wrong", ["command", "event"])
async def test_an_id_that_is_no_uuid_is_unacceptable_and_harms_nobody_else(log: AnyStore, wrong: str) -> None:
    bad = request("call-1", 0)
    if wrong == "command":
        bad = replace(bad, command_id="no uuid")
    else:
        bad = replace(bad, events=[replace(bad.events[0], event_id="no uuid")])

    good, failed = await asyncio.gather(log.append(request("call-2", 0)), log.append(bad), return_exceptions=True)

    assert isinstance(good, Appended)
    assert isinstance(failed, Unacceptable)
    assert (await log.head()).position == 1


async def test_an_event_id_serves_once(log: AnyStore) -> None:
    event = prepared()
    await log.append(request("call-1", 0, [event]))

    with pytest.raises(Unacceptable):
        await log.append(request("call-2", 0, [event]))
    with pytest.raises(Unacceptable):
        await log.append(request("call-3", 0, [one := prepared(), one]))
    assert (await log.head()).position == 1
    assert record(await log.append(request("call-2", 0))).position == 2
