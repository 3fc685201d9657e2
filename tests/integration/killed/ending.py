"""What a play leaves behind, read by another process, to be laid beside what an undisturbed play leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from events.adapters.postgres.store import PostgresStore
from events.adapters.postgres.vault import PostgresVault
from events.store import Balance, Recorded
from projections.hashes import view_hash
from projections.memory import MemoryRunner
from projections.query import Query
from projections.runner import PostgresReads, compare_budget
from projections.view import RowT, View
from projections.views import VIEWS
from services import keys
from services.registry import SERVICES
from tests import comparing

CONSUMERS = {"timers", *VIEWS, *(f"react:{service}" for service in SERVICES)}


class Ended(msgspec.Struct):
    """The state after a play; `timers` says of each deadline when it is due and whether it has fired."""

    content: Mapping[str, Sequence[comparing.type_and_data]]
    balances: Sequence[Balance]
    views: Mapping[str, str]
    timers: Sequence[tuple[str, str, bool]]
    events: int


async def ending(dsn: str, folder: Path, consumers: Collection[str] = CONSUMERS) -> Ended:
    """Read it all; AssertionError for a hole, one of `consumers` short of the head, books that differ, a view unlike
    its log."""
    store = await PostgresStore.open(dsn, readers=1)
    try:
        log = await comparing.whole_log(store)
        assert [event.position for event in log] == list(range(1, len(log) + 1))
        assert (await store.head()).position == len(log)
        places = {row["consumer"]: row["position"] for row in await store.pool.fetch("TABLE store.consumer_place")}
        assert {name: places.get(name) for name in consumers} == dict.fromkeys(consumers, len(log))
        books = await compare_budget(store.pool)
        assert books is not None
        assert books.differences == []
        views = {name: await _shown(store, view, log) for name, view in VIEWS.items()}
        timers = await store.pool.fetch("SELECT timer_id, due_at::text, fired_at IS NOT NULL FROM store.timer")
        return Ended(
            content=await comparing.content(store, PostgresVault(store.pool, keys.secret(folder, "vault.master"))),
            balances=sorted(await store.balances(), key=lambda one: one.account),
            views=views,
            timers=sorted((row[0], row[1], row[2]) for row in timers),
            events=len(log),
        )
    finally:
        await store.close()


async def _shown(store: PostgresStore, view: View[RowT], log: Sequence[Recorded]) -> str:
    """The hash of a view's rows, which must be those that this very log gives when it is folded in one go."""
    rows = (await PostgresReads(store.pool, store).present(view, Query())).rows
    anew = MemoryRunner(view)
    await anew.apply(log)
    assert sorted(rows, key=view.key_of) == sorted(anew.rows.values(), key=view.key_of), f"{view.name} is not its log"
    return view_hash(view, rows)


def assert_same(one: Ended, other: Ended) -> None:
    """Two plays ended alike."""
    assert comparing.difference(one.content, other.content) is None
    assert one.balances == other.balances
    unlike = [name for name in VIEWS if one.views[name] != other.views[name]]
    assert not unlike, f"views differ: {unlike}"
    assert one.timers == other.timers
    assert one.events == other.events


def acknowledged(folder: Path) -> Mapping[str, int]:
    """Command id → position, as callers heard it before the process died."""
    heard: dict[str, int] = {}
    file = folder / "acknowledged"
    for line in file.read_text().splitlines() if file.exists() else ():
        command, position = line.split()
        assert heard.setdefault(command, int(position)) == int(position), f"{command} was answered in two ways"
    return heard


async def assert_nothing_lost(dsn: str, heard: Mapping[str, int]) -> None:
    """Everything that was acknowledged stands in the log, where the answer said."""
    store = await PostgresStore.open(dsn, readers=1)
    try:
        for command, position in heard.items():
            record = await store.find_command(command)
            assert record is not None, f"{command} was acknowledged and is lost"
            assert record.position == position
    finally:
        await store.close()
