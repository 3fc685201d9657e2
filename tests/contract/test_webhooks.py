"""What every keeper of subscriptions promises: progress and attempt together, and people have the last word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from events.adapters.embedded import EmbeddedPostgres
from events.adapters.memory_webhooks import MemorySubscriptions
from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.webhooks import PostgresSubscriptions
from events.webhooks import Attempt, Progress, SigningKey, Subscription, Subscriptions
from tests.conftest import fresh_database
from tests.contract.making import ident

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
SUB, OTHER = sorted([ident("sub"), ident("other")])


@pytest.fixture(params=["memory", "postgres"])
async def rows(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[Subscriptions]:
    if request.param == "memory":
        yield MemorySubscriptions()
        return
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        yield PostgresSubscriptions(store.pool)
        await store.close()


def subscription(name: str = SUB, organisation: str = "OVO000001", **other: object) -> Subscription:
    """A receiver that agreed and has everything up to sequence 7."""
    made = Subscription(
        ident=name,
        organisation=organisation,
        person="p-1",
        url="https://stad.example/haak?a=1",
        types=("a.b", "c.d"),
        created_at=NOW,
        keys=(SigningKey(ident("new")), SigningKey(ident("old"), NOW)),
        progress=Progress("active", place=7, rate=60),
    )
    return replace(made, **other)  # type: ignore[arg-type]  # fields by name


def attempt(sequence: int = 8, **other: object) -> Attempt:
    """An attempt that the receiver took."""
    made = Attempt(SUB, "delivery", sequence, ident("event"), 1, NOW, 12, 204, None, "dank u")
    return replace(made, **other)  # type: ignore[arg-type]  # fields by name


async def test_a_subscription_comes_back_as_it_was_given(rows: Subscriptions) -> None:
    one = subscription(progress=Progress("paused", "dead", 7, 12, NOW, NOW + timedelta(hours=1), 60))

    assert await rows.add(one)
    assert await rows.find(SUB) == one
    assert await rows.find(OTHER) is None


async def test_an_id_is_taken_once(rows: Subscriptions) -> None:
    await rows.add(subscription())

    assert not await rows.add(subscription(url="https://ander.example/"))
    assert await rows.find(SUB) == subscription()


async def test_a_page_holds_one_organisation_or_all_by_id(rows: Subscriptions) -> None:
    await rows.add(subscription(OTHER, "OVO000002"))
    await rows.add(subscription(SUB))

    assert [row.ident for row in await rows.page(None, "", 10)] == [SUB, OTHER]
    assert [row.ident for row in await rows.page("OVO000002", "", 10)] == [OTHER]
    assert [row.ident for row in await rows.page(None, SUB, 10)] == [OTHER]
    assert [row.ident for row in await rows.page(None, "", 1)] == [SUB]


async def test_who_is_paused_does_not_work(rows: Subscriptions) -> None:
    await rows.add(subscription(SUB, progress=Progress("pending")))
    await rows.add(subscription(OTHER, progress=Progress("paused", "command")))

    assert [row.ident for row in await rows.working()] == [SUB]


async def test_who_is_paused_without_a_command_is_stuck(rows: Subscriptions) -> None:
    for number, progress in enumerate(
        [Progress("paused", "dead"), Progress("paused", "gone"), Progress("paused", "command"), Progress("active")]
    ):
        await rows.add(subscription(ident(f"sub {number}"), progress=progress))

    assert await rows.stuck() == 2


async def test_attempt_and_progress_are_noted_together(rows: Subscriptions) -> None:
    await rows.add(subscription())
    after = Progress("active", None, 8, 0, None, NOW + timedelta(seconds=1), 60)

    noted = await rows.note(attempt(), after, 0)

    assert noted == subscription(progress=after)
    assert await rows.find(SUB) == noted
    assert [one.attempt for one in await rows.attempts(SUB, None, 10)] == [attempt()]


async def test_a_failure_is_kept_with_its_reason(rows: Subscriptions) -> None:
    await rows.add(subscription())
    broken = attempt(status=None, error="no answer within 15 s", excerpt=None, number=3)
    after = Progress("active", None, 7, 3, NOW, NOW + timedelta(minutes=2), 60)

    noted = await rows.note(broken, after, 0)

    assert noted is not None
    assert noted.progress == after
    assert [one.attempt for one in await rows.attempts(SUB, None, 10)] == [broken]


async def test_a_place_never_moves_back(rows: Subscriptions) -> None:
    await rows.add(subscription())

    noted = await rows.note(attempt(3), Progress("active", place=3), 0)
    skipped = await rows.skip(SUB, 5)

    assert noted is not None
    assert noted.progress.place == 7
    assert skipped is not None
    assert skipped.progress.place == 7


async def test_what_concerns_nobody_is_skipped_without_an_attempt(rows: Subscriptions) -> None:
    await rows.add(subscription())

    assert await rows.skip(SUB, 90) == subscription(progress=replace(subscription().progress, place=90))
    assert await rows.attempts(SUB, None, 10) == []


async def test_a_command_counts_if_nobody_else_gave_one_meanwhile(rows: Subscriptions) -> None:
    await rows.add(subscription())
    pause = subscription(progress=Progress("paused", "command", place=0, rate=None), keys=(SigningKey(ident("third")),))

    assert await rows.change(pause)
    assert not await rows.change(pause), "its epoch has passed"

    stands = await rows.find(SUB)
    assert stands is not None
    assert (stands.epoch, stands.keys, stands.progress.status) == (1, pause.keys, "paused")
    assert (stands.progress.place, stands.progress.rate) == (7, 60), "these belong to the dispatcher"


async def test_an_attempt_that_was_under_way_does_not_undo_a_command(rows: Subscriptions) -> None:
    await rows.add(subscription())
    await rows.change(subscription(progress=Progress("paused", "command")))

    noted = await rows.note(attempt(8), Progress("active", place=8), 0)

    assert noted is not None
    assert (noted.progress.status, noted.progress.reason) == ("paused", "command")
    assert noted.progress.place == 8, "what arrived has arrived"
    assert len(await rows.attempts(SUB, None, 10)) == 1


async def test_an_event_is_asked_for_once_more_until_it_was_tried(rows: Subscriptions) -> None:
    await rows.add(subscription())
    for sequence in (5, 2, 5):
        await rows.ask_again(SUB, sequence)
    await rows.ask_again(OTHER, 1)

    assert [row.again for row in await rows.working()] == [(2, 5)]

    noted = await rows.note(attempt(2, sort="redelivery", status=500), subscription().progress, 0)
    assert noted is not None
    assert noted.again == (5,)
    noted = await rows.note(attempt(5), subscription().progress, 0)
    assert noted is not None
    assert noted.again == (5,), "an ordinary delivery of it is not the one that was asked for"


async def test_a_command_leaves_what_is_asked_for(rows: Subscriptions) -> None:
    await rows.add(subscription())
    await rows.ask_again(SUB, 5)
    await rows.change(subscription(progress=Progress("paused", "command")))

    stands = await rows.find(SUB)
    assert stands is not None
    assert stands.again == (5,)


async def test_attempts_come_newest_first_page_by_page(rows: Subscriptions) -> None:
    await rows.add(subscription())
    await rows.add(subscription(OTHER))
    for sequence in range(8, 13):
        await rows.note(attempt(sequence), Progress("active", place=sequence), 0)
        await rows.note(attempt(1, subscription=OTHER), Progress("active", place=1), 0)

    first = await rows.attempts(SUB, None, 3)
    second = await rows.attempts(SUB, first[-1].entry, 3)

    assert [one.attempt.sequence for one in [*first, *second]] == [12, 11, 10, 9, 8]


async def test_attempts_are_forgotten_after_a_while(rows: Subscriptions) -> None:
    await rows.add(subscription())
    for days in (3, 2, 1):
        await rows.note(attempt(at=NOW - timedelta(days=days)), Progress("active", place=7), 0)

    assert await rows.prune(NOW - timedelta(days=2)) == 1
    await rows.note(attempt(at=NOW), Progress("active", place=7), 0)

    kept = await rows.attempts(SUB, None, 10)
    assert [one.attempt.at for one in kept] == [NOW, NOW - timedelta(days=1), NOW - timedelta(days=2)]
    assert len({one.entry for one in kept}) == 3


async def test_an_attempt_for_nobody_changes_nothing(rows: Subscriptions) -> None:
    assert await rows.note(attempt(), Progress("active", place=8), 0) is None
    assert await rows.skip(SUB, 8) is None
    assert not await rows.change(subscription())
    assert await rows.attempts(SUB, None, 10) == []
